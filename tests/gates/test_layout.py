"""Gate: the root of the repository holds few names, and no test imports from a test."""

from __future__ import annotations

import re

import pytest

from support.checkout import ROOT, python_files, top_level

ALLOWED = {
    "pyproject.toml",
    "console",
    "tests",
    "styles",
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "benchmarks",
    "docs",
    "LICENSE",
    "CHANGELOG.md",
}
HIDDEN = {".ci", ".github", ".gitignore", ".pre-commit-config.yaml"}


def test_the_root_holds_nothing_else() -> None:
    names = top_level()
    assert {"pyproject.toml", "console", "tests"} <= names
    assert names - ALLOWED - HIDDEN == set()


def test_a_gate_is_marked(request: pytest.FixtureRequest) -> None:
    """``pytest -m "not gate"`` leaves out this folder."""
    assert request.node.get_closest_marker("gate") is not None


_IMPORTS_A_TEST = re.compile(r"^\s*(?:from|import) +(?:\w+\.)*test_\w+", re.MULTILINE)


def test_no_test_imports_from_a_test() -> None:
    assert _IMPORTS_A_TEST.search("from ui.test_bench import Bench")
    paths = python_files("tests")
    assert [str(p.relative_to(ROOT)) for p in paths if _IMPORTS_A_TEST.search(p.read_text())] == []
