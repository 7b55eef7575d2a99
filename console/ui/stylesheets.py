"""Where the style sheets are: packed into the wheel, or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path, PurePath

PACKAGE = Path(__file__).resolve().parents[1]


def paths() -> list[str | PurePath]:
    """Return the paths of all style sheets, sorted by name."""
    packed = PACKAGE / "styles"
    folder = packed if packed.is_dir() else PACKAGE.parent / "styles"
    return sorted(folder.glob("*.tcss"))
