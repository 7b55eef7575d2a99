"""Gate: importing a pure package loads no module that does I/O, also not by a lazy import."""

import subprocess
import sys
from dataclasses import is_dataclass
from enum import Enum
from importlib import import_module

import pytest

from support.checkout import ROOT

# Modules that a pure package may import beside ours, with the modules that these load.
QUIET = """
    __future__ base64 bisect collections.abc dataclasses datetime enum functools itertools json math
    operator re rich.cells types typing unicodedata urllib.parse
"""

LOADED = """
import importlib, sys
quiet, ours = sys.argv[1].split(), sys.argv[2].split()
for name in quiet:
    importlib.import_module(name)
before = set(sys.modules)
for name in ours:
    importlib.import_module(name)
print(*sorted(set(sys.modules) - before))
"""
PACKAGES = {
    "core": ("console.core",),
    "commands": ("console.commands", "console.core"),
    "view": ("console.view", "console.commands", "console.core"),
}


def modules(package: str) -> list[str]:
    """Return the names of all modules of a package."""
    files = (ROOT / "console" / package).rglob("*.py")
    names = [path.relative_to(ROOT).with_suffix("").parts for path in files]
    return [".".join(parts).removesuffix(".__init__") for parts in names]


def loaded_by(names: list[str]) -> set[str]:
    """Return the modules that importing these loads, without those that the quiet ones load."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOADED, QUIET, " ".join(names)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("package", PACKAGES)
def test_a_pure_package_loads_nothing_but_the_quiet_library(package: str) -> None:
    loaded = loaded_by(modules(package))
    assert modules(package)
    assert set(modules(package)) <= loaded
    near = ("console", *PACKAGES[package])
    assert {
        name
        for name in loaded
        if name not in near and not name.startswith(tuple(f"{each}." for each in PACKAGES[package]))
    } == set()


def changing(value: object) -> bool:
    """True if an object of the console's own class can change."""
    kind = type(value)
    frozen = is_dataclass(value) and kind.__hash__ is not None
    own = kind.__module__.startswith(("console.", __name__))
    return own and not frozen and not isinstance(value, (Enum, type, str))


def test_no_module_of_the_core_holds_an_object_that_changes() -> None:
    found = {
        f"{name}.{word}"
        for package in ("core", "commands")
        for name in modules(package)
        for word, value in vars(import_module(name)).items()
        if changing(value)
    }
    assert found == set()


def test_an_object_that_changes_is_seen() -> None:
    class Kept:
        """An object with members of its own."""

    assert changing(Kept())


def test_a_package_that_is_not_pure_is_seen() -> None:
    assert {"httpx", "socket", "asyncio"} <= loaded_by(["console.telnyx.client"])
