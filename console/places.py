"""The folders of this user (XDG Base Directory Specification), where there is a home or not."""

from __future__ import annotations

import os
import pwd
from pathlib import Path


def folder_of(variable: str, *below: str) -> Path | None:
    """The folder that an XDG variable names, else the one ``below`` the user's home.

    None without either. A relative path in the variable is ignored, as the specification asks.
    """
    named = Path(os.environ.get(variable, ""))
    if named.is_absolute():
        return named
    home = _home()
    return None if home is None else home.joinpath(*below)


def _home() -> Path | None:
    """HOME, else what the user database says; a container may run as a number that it lacks."""
    named = Path(os.environ.get("HOME", ""))
    if named.is_absolute():
        return named
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError:
        return None
