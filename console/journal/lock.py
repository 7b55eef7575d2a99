"""The lock that gives one process the right to write to a journal."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from console.journal.locations import SLOTS, file_of, prepare
from console.journal.log import JournalError, json_members
from console.journal.private_files import check_owner

TRIES = 10_000
"""Attempts to take a lock, some ms in all, while other processes only test it."""


class TakenError(JournalError):
    """Another process writes to this journal; ``holder`` is the description in its lock file."""

    def __init__(self, holder: Mapping[str, object]) -> None:
        super().__init__("another console writes to this journal")
        self.holder = holder

    def advice(self, profile: str) -> str:
        """Return one line for the operator."""
        return (
            f"another console (process {self.holder.get('pid', '?')}) receives for the profile"
            f" {profile} and has its journal: end it, or start with --no-receiver,"
            " which uses a journal of its own"
        )


class Lock:
    """The right to write to a journal, which the system releases when the process ends."""

    def __init__(self, path: Path, holder: Mapping[str, object]) -> None:
        """Take the lock of the journal at ``path`` and write ``holder`` into the lock file.

        Raise TakenError if another process has it, and JournalError if the folder is unusable.
        """
        prepare(path)
        self.path = path
        name = path.with_suffix(".lock")
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self._handle = os.open(name, flags, 0o600)
        except OSError as error:
            raise JournalError(f"{error.strerror}: {name}") from None
        try:
            check_owner(os.fstat(self._handle), name)
            _take(self._handle)
        except BlockingIOError:
            content = os.pread(self._handle, 4096, 0)
            os.close(self._handle)
            raise TakenError(json_members(content)) from None
        except JournalError:
            os.close(self._handle)
            raise
        self._unwritten = json.dumps(dict(holder)).encode()
        self.write_holder()

    def write_holder(self) -> None:
        """Write the description of this process into the lock file, unless it is written already.

        If the disk is full, do nothing. A later call tries again.
        """
        if self._unwritten:
            with suppress(OSError):
                os.ftruncate(self._handle, 0)
                os.pwrite(self._handle, self._unwritten, 0)
                self._unwritten = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Release the lock."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1


def _take(handle: int) -> None:
    """Take the lock. Raise BlockingIOError if another process holds it.

    A process that only tests the lock shares it for an instant, so the attempt is repeated while
    it can be shared.
    """
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_free_slot(folder: Path, profile: str, holder: Mapping[str, object]) -> Lock:
    """Lock the first free journal of a profile from slot 2, for a console without a receiver.

    Slot 1 stays free for the receiver, so that it can start at any time. Raise JournalError if no
    slot is free.
    """
    for slot in range(2, SLOTS + 1):
        try:
            return Lock(file_of(folder, profile, slot), holder)
        except TakenError:
            continue
    raise JournalError(f"{SLOTS} consoles of the profile {profile} run on this host already")


def holder_of(path: Path) -> Mapping[str, object]:
    """Return the description of the process that writes to a journal; empty if there is none."""
    return json_members(_lock_content(path) or b"")


def held(path: Path) -> bool:
    """True if a process writes to a journal."""
    return _lock_content(path) is not None


def _lock_content(path: Path) -> bytes | None:
    """Return the content of a journal's lock file, or None if no process holds the lock."""
    try:
        handle = os.open(path.with_suffix(".lock"), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(handle, 4096, 0)
    finally:
        os.close(handle)
    return None
