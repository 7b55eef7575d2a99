"""The root of the repository is a table of contents: a newcomer reads it in one glance."""

from support.checkout import top_level

ALLOWED = {
    "pyproject.toml",
    "console",
    "tests",
    "styles",
    "README.md",
    "benchmarks",
    "docs",
    "LICENSE",
    "CHANGELOG.md",
}


def test_the_root_holds_nothing_else() -> None:
    names = top_level()
    assert {"pyproject.toml", "console", "tests"} <= names
    assert {name for name in names if not name.startswith(".")} - ALLOWED == set()
