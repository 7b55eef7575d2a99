"""The temporary folder of a demo, which the next demo removes where this one was killed."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from console.journal.log import JournalError
from console.journal.private_files import check_owner

PREFIX: Final = "telnyx-console-demo-"
_NAME = re.compile(re.escape(PREFIX) + r"([0-9]+)-\w+")
"""The process that made the folder, and a random part."""


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Make a folder that is gone after the block; remove those of demos that were killed.

    The folder is locked while its demo runs, and the kernel lets go of the lock when the process
    ends, however it ends.
    """
    remove_stale(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-") as name:
        lock = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Path(name)
        finally:
            os.close(lock)


def remove_stale(parent: Path) -> None:
    """Remove the folders in ``parent`` that demos of this user left when they were killed.

    A folder goes only where nobody has its lock and its process does not run: between its making
    and its locking it is the process that tells. What cannot be removed stays.
    """
    with suppress(OSError):
        for path in parent.iterdir():
            match = _NAME.fullmatch(path.name)
            if match is not None and not _runs(int(match[1])):
                with suppress(OSError, JournalError):
                    _remove(path)


def _remove(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        check_owner(os.fstat(handle), path)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path)
    finally:
        os.close(handle)


def _runs(pid: int) -> bool:
    """True where another process has this number now."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return pid > 0
