"""A world in virtual time for every test that wants one."""

import pytest
from simulator.driving import Still


@pytest.fixture
def still() -> Still:
    return Still()
