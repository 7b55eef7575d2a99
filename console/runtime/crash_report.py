"""What is left of an error that should not have happened: a trace without values or secrets."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from traceback import TracebackException
from typing import TYPE_CHECKING, Final

from console.core.masking import HIDDEN, mask
from console.journal.log import JournalError
from console.journal.private_files import open_file

if TYPE_CHECKING:
    from pathlib import Path

_SECRET: Final = re.compile(r"\bKEY[0-9A-Za-z_-]{6,}|(?i:bearer|basic)\s+\S+")
_TOKEN: Final = re.compile(r"[0-9A-Za-z_+/=:-]{32,}")


def redact(text: str) -> str:
    """The text without keys, without tokens and with no more than the last four of a number."""
    return mask(_TOKEN.sub(HIDDEN, _SECRET.sub(HIDDEN, text)))


def trace(error: BaseException) -> str:
    """Where it happened, line by line; values only from messages, and those without secrets."""
    lines: list[str] = []
    for part in TracebackException.from_exception(error, capture_locals=False).format():
        frame = part.lstrip(" |+-").startswith("File ")
        lines.append(_SECRET.sub(HIDDEN, part) if frame else redact(part))
    return "".join(lines)


def write(path: Path, error: BaseException) -> bool:
    """Leave the trace in a file that only its owner can read; false when that cannot be."""
    with suppress(OSError, JournalError):
        descriptor = open_file(path, 0)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            os.ftruncate(descriptor, 0)  # not before it is known to be ours
            file.write(trace(error))
        return True
    return False
