"""The temporary folder of a demo; the next demo removes it if this one was killed."""

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
"""Matches a demo's folder name. The group is the id of the process that made it."""


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Make a folder and remove it after the block. First remove folders of killed demos.

    The demo holds a lock on its folder while it runs. The kernel releases the lock when the
    process ends, also when it is killed.
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
    """Remove the folders in ``parent`` that killed demos of this user left.

    A folder is removed only if it is unlocked and the process in its name does not run. The
    process id protects a folder that was made but is not locked yet. Errors leave the folder.
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
    """Return True if another process has this id now."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return pid > 0
