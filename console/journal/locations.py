"""Paths of a profile's journals, with the creation and setting aside of their files."""

from __future__ import annotations

import os
from pathlib import Path

from console.journal.log import JournalError
from console.journal.private_files import OTHERS, check_plain, open_folder
from console.user_folders import folder_of

SLOTS = 9
"""Most consoles of one profile that can have a journal of their own at the same time."""


def home() -> Path:
    """Return the folder of all journals. Raise JournalError for a user without a home folder."""
    base = folder_of("XDG_STATE_HOME", ".local", "state")
    if base is None:
        raise JournalError(
            "this user has no home folder to keep a journal in:"
            " set XDG_STATE_HOME to the absolute path of a folder"
        )
    return base / "telnyx-console"


def file_of(folder: Path, profile: str, slot: int = 1) -> Path:
    """Return the path of a journal. Slot 1 is the receiver's; other consoles have slots from 2."""
    name = "".join(c if c.isalnum() or c in "-_" else f"%{ord(c):x}" for c in profile)
    return folder / (f"{name}.db" if slot == 1 else f"{name}.{slot}.db")


def prepare(path: Path) -> None:
    """Make the folder (0700) and the file (0600) if needed, and check that they are private.

    Raise JournalError if they cannot be made, belong to another user or are links.
    """
    folder = path.parent
    try:
        os.close(open_folder(folder))
        _prepare_file(path)
    except OSError as error:
        raise JournalError(f"{error.strerror}: {error.filename or folder}") from None


def _prepare_file(path: Path) -> None:
    """Make the file, or check it without opening it.

    Closing a descriptor of it would release the locks that SQLite has on it in this process.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        found = path.lstat()
        check_plain(found, path)
        if found.st_mode & OTHERS:
            path.chmod(0o600)


def other_journals(profile: str, ours: Path, follows: Path | None = None) -> list[Path]:
    """Return the existing journals of a profile's other slots, except ``ours`` and ``follows``."""
    slots = (file_of(ours.parent, profile, slot) for slot in range(1, SLOTS + 1))
    try:
        return [path for path in slots if path not in {ours, follows} and path.exists()]
    except OSError:  # the folder cannot be read
        return []


def set_aside(path: Path, wall: float) -> Path:
    """Rename the files of a damaged journal and return the new path.

    ``wall`` (epoch seconds) is part of the new name. Raise JournalError if that fails.
    """
    away = path.with_name(f"{path.stem}.broken-{wall:.3f}.db")
    try:
        for tail in ("-wal", "-shm", ""):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.rename(away.with_name(away.name + tail))
    except OSError as error:
        raise JournalError(f"{path} is damaged and cannot be moved: {error.strerror}") from None
    return away
