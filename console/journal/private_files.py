"""Opening of files and folders that only this user can access."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from console.journal.log import JournalError

OTHERS = 0o077
"""Permission bits of group and others, which must be unset."""


def open_folder(folder: Path) -> int:
    """Make a folder (0700) if needed and return its open descriptor, which the caller closes.

    Raise OSError if it cannot be opened or is a link, and JournalError if another user owns it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    return _private(handle, folder, check_owner, 0o700)


def open_file(path: Path, flags: int) -> int:
    """Open a file for writing and return its descriptor. Make it (0600) and its folder if needed.

    ``flags`` are added to those of ``os.open``. Raise OSError if it cannot be opened. Raise
    JournalError if another user owns file or folder, or if it is a link or no regular file.
    """
    flags |= os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    folder = open_folder(path.parent)
    try:
        handle = os.open(path.name, flags, 0o600, dir_fd=folder)
    finally:
        os.close(folder)
    return _private(handle, path, check_plain, 0o600)


def _private(
    handle: int, path: Path, check: Callable[[os.stat_result, Path], None], mode: int
) -> int:
    try:
        found = os.fstat(handle)
        check(found, path)
        if found.st_mode & OTHERS:
            os.fchmod(handle, mode)
    except BaseException:
        os.close(handle)
        raise
    return handle


def check_plain(found: os.stat_result, path: Path) -> None:
    """Raise JournalError if this is not a regular file of this user without hard links."""
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise JournalError(f"{path} is no regular file or has several names: move it away")
    check_owner(found, path)


def check_owner(found: os.stat_result, path: Path) -> None:
    """Raise JournalError if this belongs to another user."""
    if found.st_uid != os.geteuid():
        raise JournalError(f"{path} belongs to another user: move it away")
