"""The surroundings of a process: standard streams, open files, terminal size."""

from __future__ import annotations

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

NEEDED: Final = 256
"""Open files that suffice: 64 webhooks and 32 requests at once, journals, Python's own."""
_ENOUGH: Final = 1024
_STREAMS: Final = ("stdin", "stdout", "stderr")


def open_standard_streams() -> None:
    """Put the null device in the place of each standard stream that is closed.

    Without it the next file that is opened gets the number of that stream, and an error message
    is written into a journal or to a caller of the receiver.
    """
    for number, name in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  # until the end
            setattr(sys, name, stream)


def open_files() -> int | None:
    """Raise the limit on open files as far as this user may, up to 1024.

    Returns the limit where it is less than ``NEEDED``, else None.
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


def trust_the_terminal_with_its_size(descriptor: int) -> None:
    """Remove COLUMNS and LINES where the terminal itself knows its size.

    Both win over the terminal (shutil.get_terminal_size), and whoever exports them means another
    terminal or an earlier size of this one.
    """
    with suppress(OSError):
        if all(os.get_terminal_size(descriptor)):
            for name in ("COLUMNS", "LINES"):
                os.environ.pop(name, None)
