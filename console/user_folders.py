"""The folders of this user, found by the XDG Base Directory Specification."""

from __future__ import annotations

import os
import pwd
from pathlib import Path


def folder_of(variable: str, *below: str) -> Path | None:
    """Return the folder in an XDG variable, else the folder ``below`` the user's home.

    Returns None if there is neither. A relative path in the variable is ignored, as the
    specification asks.
    """
    named = Path(os.environ.get(variable, ""))
    if named.is_absolute():
        return named
    home = _home()
    return None if home is None else home.joinpath(*below)


def _home() -> Path | None:
    """Return HOME, else the home in the user database; None if that lacks this user id."""
    named = Path(os.environ.get("HOME", ""))
    if named.is_absolute():
        return named
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return None
