"""Where a journal lies, whom its folder belongs to, and who may write to it."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from console.journal.log import JournalError
from console.journal.private_files import OTHERS, check_owner, check_plain, open_folder
from console.places import folder_of

SEATS = 9
"""How many consoles of one profile may each have a journal of their own."""


LOOKS = 10_000
"""Times that it is tried, some ms, while others only look who has it."""


class TakenError(JournalError):
    """Another process writes to this journal; ``holder`` is what it says of itself."""

    def __init__(self, holder: Mapping[str, object]) -> None:
        super().__init__("another console writes to this journal")
        self.holder = holder

    def advice(self, profile: str) -> str:
        """One line for the operator."""
        return (
            f"another console (process {self.holder.get('pid', '?')}) receives for the profile"
            f" {profile} and has its journal: end it, or look on beside it with --no-receiver,"
            " which brings a journal of its own"
        )


def home() -> Path:
    """The folder of all journals; raises JournalError for a user without a home."""
    base = folder_of("XDG_STATE_HOME", ".local", "state")
    if base is None:
        raise JournalError(
            "this user has no home folder to keep a journal in:"
            " set XDG_STATE_HOME to the absolute path of a folder"
        )
    return base / "telnyx-console"


def file_of(folder: Path, profile: str, seat: int = 1) -> Path:
    """The journal of whoever receives for a profile; consoles beside it have further seats."""
    name = "".join(c if c.isalnum() or c in "-_" else f"%{ord(c):x}" for c in profile)
    return folder / (f"{name}.db" if seat == 1 else f"{name}.{seat}.db")


def prepare(path: Path) -> None:
    """Make the folder (0700) and the file (0600), ours and no link; raises JournalError."""
    folder = path.parent
    try:
        os.close(open_folder(folder))
        _file(path)
    except OSError as error:
        raise JournalError(f"{error.strerror}: {error.filename or folder}") from None


def _file(path: Path) -> None:
    """Make the file, or look at it without opening it.

    To close it would let go of the locks that SQLite has on it in this process.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        os.close(os.open(path, flags, 0o600))
    except FileExistsError:
        found = path.lstat()
        check_plain(found, path)
        if found.st_mode & OTHERS:
            path.chmod(0o600)


class Lock:
    """The right to write to a journal, held by one process until it ends, however it ends."""

    def __init__(self, path: Path, holder: Mapping[str, object]) -> None:
        """Take it, or raise TakenError; JournalError where the folder cannot be used."""
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
            said = os.pread(self._handle, 4096, 0)
            os.close(self._handle)
            raise TakenError(_holder(said)) from None
        except JournalError:
            os.close(self._handle)
            raise
        self._unsaid = json.dumps(dict(holder)).encode()
        self.say()

    def say(self) -> None:
        """Write down who has it, unless that was done: on a full disk it is held by the unnamed."""
        if self._unsaid:
            with suppress(OSError):
                os.ftruncate(self._handle, 0)
                os.pwrite(self._handle, self._unsaid, 0)
                self._unsaid = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let others write to it."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1


def _take(handle: int) -> None:
    """Take it; raises BlockingIOError where another process has it, and does not only look.

    Whoever looks shares it for an instant, which whoever has it does not.
    """
    for _ in range(LOOKS):
        with suppress(BlockingIOError):
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def own(folder: Path, profile: str, holder: Mapping[str, object]) -> Lock:
    """The first free journal of a profile for one that does not receive.

    The first seat is left to whoever receives, so that a receiver can start, or start again, while
    others are at work. Raises JournalError where none is free.
    """
    for seat in range(2, SEATS + 1):
        try:
            return Lock(file_of(folder, profile, seat), holder)
        except TakenError:
            continue
    raise JournalError(f"{SEATS} consoles of the profile {profile} run on this host already")


def others(profile: str, ours: Path, follows: Path | None = None) -> list[Path]:
    """The journals that lie beside these: of other seats of the profile, taken or not."""
    seats = (file_of(ours.parent, profile, seat) for seat in range(1, SEATS + 1))
    try:
        return [path for path in seats if path not in {ours, follows} and path.exists()]
    except OSError:  # a folder that may not be looked into has nothing for us
        return []


def holder_of(path: Path) -> Mapping[str, object]:
    """What the process that writes to a journal says of itself; nothing where there is none."""
    return _holder(_said(path) or b"")


def held(path: Path) -> bool:
    """Whether a process writes to a journal, also one that could not say who it is."""
    return _said(path) is not None


def _said(path: Path) -> bytes | None:
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


def _holder(said: bytes) -> Mapping[str, object]:
    try:
        told = json.loads(said)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def set_aside(path: Path, wall: float) -> Path:
    """Move a journal that cannot be read out of the way; where its file now lies.

    ``wall`` (epoch seconds) names it. Raises JournalError.
    """
    away = path.with_name(f"{path.stem}.broken-{wall:.3f}.db")
    try:
        for tail in ("-wal", "-shm", ""):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.rename(away.with_name(away.name + tail))
    except OSError as error:
        raise JournalError(f"{path} is torn and cannot be moved: {error.strerror}") from None
    return away
