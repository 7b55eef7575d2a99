"""Files and folders that belong to this user alone, and are no links to anything else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from console.journal.log import JournalError

OTHERS = 0o077
"""The permissions that nobody but the owner may have."""


def open_folder(folder: Path) -> int:
    """Make the folder (0700) and open it; the caller closes the descriptor.

    Raises OSError where it cannot be opened or is a link, and JournalError where it is not ours.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(handle)
        check_owner(found, folder)
        if found.st_mode & OTHERS:
            os.fchmod(handle, 0o700)
    except BaseException:
        os.close(handle)
        raise
    return handle


def open_file(path: Path, flags: int) -> int:
    """Open a file for writing, made if need be (0600), in a folder of ours.

    ``flags`` are added to those of ``os.open``. Raises OSError where it cannot be opened, and
    JournalError where folder or file is not ours, or the file is a link or no plain file.
    """
    flags |= os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    folder = open_folder(path.parent)
    try:
        handle = os.open(path.name, flags, 0o600, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        found = os.fstat(handle)
        check_plain(found, path)
        if found.st_mode & OTHERS:
            os.fchmod(handle, 0o600)
    except BaseException:
        os.close(handle)
        raise
    return handle


def check_plain(found: os.stat_result, path: Path) -> None:
    """Raise JournalError where this is not a plain file of ours with one name."""
    if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1:
        raise JournalError(f"{path} is no plain file of its own: move it away")
    check_owner(found, path)


def check_owner(found: os.stat_result, path: Path) -> None:
    """Raise JournalError where this belongs to another user."""
    if found.st_uid != os.geteuid():
        raise JournalError(f"{path} belongs to somebody else: move it away")
