"""A world in virtual time for every test that wants one, and the official SDK."""

from importlib import import_module
from types import ModuleType

import pytest
from simulator.driving import Still


@pytest.fixture
def still() -> Still:
    return Still()


@pytest.fixture
def telnyx() -> ModuleType:
    """The SDK, loaded where it is used: it is larger than all else together.

    So its types are not read either; what the tests call of it, they run.
    """
    return import_module("telnyx")
