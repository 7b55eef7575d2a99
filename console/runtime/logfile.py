"""The program's own log: a file that only its owner can read, and nothing on the terminal."""

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
"""Folders of the code that a traceback names."""
LARGEST = 1_000_000
"""Bytes of one file; two older ones are kept."""


class _Redacting(logging.Formatter):
    """Formats a record, traceback included, and takes keys and numbers out of it.

    Times are UTC, as in the journal: local ones come twice when daylight saving ends.
    """

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redact = redact

    def formatTime(self, record: logging.LogRecord, _: str | None = None) -> str:  # noqa: N802
        """The time of a record in UTC."""
        at = datetime.fromtimestamp(record.created, UTC)
        return at.isoformat(" ", "milliseconds").replace("+00:00", "Z")

    def format(self, record: logging.LogRecord) -> str:
        """One record as it is written. Its time is no number to take out."""
        return f"{self.formatTime(record)} {self._redact(super().format(record))}"


class _File(RotatingFileHandler):
    """A file, and what takes a record that cannot be written to it: the disk may be full."""

    def __init__(self, path: Path, otherwise: logging.Handler) -> None:
        super().__init__(
            path, maxBytes=LARGEST, backupCount=2, encoding="utf-8", errors="backslashreplace"
        )
        self._otherwise = otherwise

    def _open(self) -> TextIOWrapper:
        """Open it anew, at the start and after each rotation: never through a link."""
        handle = open_file(Path(self.baseFilename), os.O_APPEND)
        return os.fdopen(handle, "a", encoding=self.encoding, errors=self.errors)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own name
        """One record that was not written."""
        self._otherwise.handle(record)


def sparing(folders: Iterable[Path], redact: Callable[[str], str]) -> Callable[[str], str]:
    """Return ``redact`` for all text but the paths of files below these folders.

    A path is as long as a token and made of the same characters.
    """
    roots = "|".join(re.escape(str(folder)) for folder in folders if len(folder.parts) > 1)
    path = re.compile(rf"(?<![\w/.-])((?:{roots})(?:/[\w.@%+-]*)*)(?![\w-])")

    def spare(text: str) -> str:
        parts = path.split(text)
        parts[::2] = map(redact, parts[::2])
        return "".join(parts)

    return spare


@contextmanager
def logging_to(
    path: Path, redact: Callable[[str], str], otherwise: logging.Handler | None = None
) -> Iterator[None]:
    """Write what every library logs from INFO on to ``path``.

    Where it cannot be, ``otherwise`` has it, or nobody. ``redact`` takes out what must not stand
    there; the paths of our own files stay whole. File and folder are held to what the journal's are
    held to.
    """
    redact = sparing((path.parent, *_CODE), redact)
    root = logging.getLogger()
    instead = otherwise or logging.NullHandler()
    instead.setFormatter(_Redacting(redact))
    handler: logging.Handler
    unkept: Exception | None = None
    try:
        handler = _File(path, instead)
    except (OSError, JournalError) as failure:
        handler, unkept = instead, failure
    handler.setFormatter(_Redacting(redact))
    before, others = root.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    if unkept is not None:
        _LOG.warning("nothing is written to %s: %s", path, unkept)
    try:
        yield
    finally:
        root.handlers[:] = others
        root.setLevel(before)
        with suppress(OSError):  # what was not written yet cannot be
            handler.close()
