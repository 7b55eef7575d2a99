"""A crash report: the traceback of an unexpected error, without secrets or phone numbers."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from traceback import TracebackException
from typing import Final

from console.core.masking import HIDDEN, mask
from console.journal.log import JournalError
from console.journal.private_files import open_file

BROKEN: Final = 70
"""Exit code after an error of our own (EX_SOFTWARE)."""
_SECRET: Final = re.compile(r"\bKEY[0-9A-Za-z_-]{6,}|(?i:bearer|basic)\s+\S+")
_TOKEN: Final = re.compile(r"[0-9A-Za-z_+/=:-]{32,}")


def redact(text: str) -> str:
    """Return the text without keys and tokens, and with phone numbers cut to four digits."""
    return mask(_TOKEN.sub(HIDDEN, _SECRET.sub(HIDDEN, text)))


def redacted_traceback(error: BaseException) -> str:
    """Return the redacted traceback. Values of local variables are left out."""
    lines: list[str] = []
    for part in TracebackException.from_exception(error, capture_locals=False).format():
        frame = part.lstrip(" |+-").startswith("File ")
        lines.append(_SECRET.sub(HIDDEN, part) if frame else redact(part))
    return "".join(lines)


def write(path: Path, error: BaseException) -> bool:
    """Write the traceback to a file with mode 0600. Return False if it cannot be written."""
    with suppress(OSError, JournalError):
        descriptor = open_file(path, 0)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            os.ftruncate(descriptor, 0)  # only after open_file has checked the owner
            file.write(redacted_traceback(error))
        return True
    return False
