"""Fixtures of the simulator's tests: a world in virtual time, and the official SDK."""

from importlib import import_module
from types import ModuleType

import pytest
from simulator.harness import VirtualSimulator


@pytest.fixture
def sim() -> VirtualSimulator:
    return VirtualSimulator()


@pytest.fixture
def telnyx() -> ModuleType:
    """Import and return the SDK only if a test needs it, because its import is slow.

    mypy does not read its types either; the tests run what they call.
    """
    return import_module("telnyx")
