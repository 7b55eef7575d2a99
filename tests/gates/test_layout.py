"""The root of the repository is a table of contents: a newcomer reads it in one glance."""

from __future__ import annotations

import pytest

from support.checkout import top_level

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
