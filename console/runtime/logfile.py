"""The program's log file, which only its owner can read. Nothing is logged to the terminal."""

from __future__ import annotations

import logging
import os
import re
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from console.journal.log import JournalError
from console.journal.private_files import open_file

_LOG = logging.getLogger(__name__)
_CODE = (Path(__file__).parents[1], *(Path(sysconfig.get_path(n)) for n in ("stdlib", "purelib")))
"""Folders of the source files that a traceback names."""
LARGEST = 1_000_000
"""Largest size of a log file in bytes. Two older files are kept."""


class _Redacting(logging.Formatter):
    """Formats a record with its traceback, with keys and phone numbers removed.

    Times are UTC, as in the journal. Local times repeat when daylight saving ends.
    """

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redact = redact

    def formatTime(self, record: logging.LogRecord, _: str | None = None) -> str:  # noqa: N802
        """Return the time of a record in UTC."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(" ", "milliseconds").replace("+00:00", "Z")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a record. The time is added after the redaction."""
        return f"{self.formatTime(record)} {self._redact(super().format(record))}"


class _File(RotatingFileHandler):
    """A log file. Passes records that cannot be written (full disk) to ``otherwise``."""

    def __init__(self, path: Path, otherwise: logging.Handler) -> None:
        super().__init__(
            path, maxBytes=LARGEST, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
        self._otherwise = otherwise

    def _open(self) -> TextIOWrapper:
        """Open the file at the start and after each rotation. Links are not followed."""
        handle = open_file(Path(self.baseFilename), os.O_APPEND)
        return os.fdopen(handle, "a", encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own name
        """Pass on a record that could not be written."""
        self._otherwise.handle(record)


def keep_paths(folders: Iterable[Path], redact: Callable[[str], str]) -> Callable[[str], str]:
    """Return a ``redact`` that leaves paths below these folders as they are.

    Without this a path would be redacted: it looks like a token.
    """
    roots = "|".join(re.escape(str(folder)) for folder in folders if len(folder.parts) > 1)
    path = re.compile(rf"(?<![\w/.-])((?:{roots})(?:/[\w.@%+-]*)*)(?![\w-])")

    def redact_around(text: str) -> str:
        parts = path.split(text)
        parts[::2] = map(redact, parts[::2])
        return "".join(parts)

    return redact_around


@contextmanager
def logging_to(
    path: Path, redact: Callable[[str], str], otherwise: logging.Handler | None = None
) -> Iterator[None]:
    """Write all log records from INFO on to ``path``, redacted, until the block ends.

    ``otherwise`` gets the records that cannot be written; without it they are lost. Paths of our
    own files are not redacted. File and folder need the same owner and mode as the journal.
    """
    redact = keep_paths((path.parent, *_CODE), redact)
    root = logging.getLogger()
    fallback = otherwise or logging.NullHandler()
    fallback.setFormatter(_Redacting(redact))
    handler: logging.Handler
    unwritable: Exception | None = None
    try:
        handler = _File(path, fallback)
    except (OSError, JournalError) as failure:
        handler, unwritable = fallback, failure
    handler.setFormatter(_Redacting(redact))
    before, others = root.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    if unwritable is not None:
        _LOG.warning("cannot write to the log file %s: %s", path, unwritable)
    try:
        yield
    finally:
        root.handlers[:] = others
        root.setLevel(before)
        with suppress(OSError):  # the last records may not fit on a full disk
            handler.close()
