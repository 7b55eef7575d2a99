"""Preparation of this process before the start: standard streams, file limit, terminal size."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

NEEDED: Final = 256
"""Least limit on open files: 64 webhooks and 32 requests at once, journals, Python's own files."""
_ENOUGH: Final = 1024
_STREAMS: Final = ("stdin", "stdout", "stderr")


def open_standard_streams() -> None:
    """Open the null device for each standard stream that is closed.

    Otherwise the next opened file gets the number of that stream, and an error message is written
    into a journal or to a client of the receiver.
    """
    for number, name in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  # stays open
            setattr(sys, name, stream)


def raise_file_limit() -> int | None:
    """Raise this process's limit on open files, up to 1024.

    Returns the limit if it is still below ``NEEDED``, else None.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited or soft >= _ENOUGH:
        return None
    wanted = _ENOUGH if hard == unlimited else min(hard, _ENOUGH)
    if wanted > soft:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return soft if soft < NEEDED else None


def drop_stale_terminal_size(descriptor: int) -> None:
    """Remove COLUMNS and LINES from the environment if the terminal knows its size.

    Python prefers both variables to the terminal (shutil.get_terminal_size). They are stale: a
    shell exported them for another terminal, or for an earlier size of this one.
    """
    with suppress(OSError):
        if all(os.get_terminal_size(descriptor)):
            for name in ("COLUMNS", "LINES"):
                os.environ.pop(name, None)
