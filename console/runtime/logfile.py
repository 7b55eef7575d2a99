"""The program's own log: a file that only its owner can read, and nothing on the terminal."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

LARGEST = 1_000_000
"""Bytes of one file; two older ones are kept."""


class _Redacting(logging.Formatter):
    """Formats a record, traceback included, and takes keys and numbers out of it."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """One record as it is written. Its time is no number to take out."""
        return f"{self.formatTime(record)} {self._redact(super().format(record))}"


class _File(RotatingFileHandler):
    """A file, and what takes a record that cannot be written to it: the disk may be full."""

    def __init__(self, path: Path, otherwise: logging.Handler) -> None:
        super().__init__(path, maxBytes=LARGEST, backupCount=2, encoding="utf-8")
        self._otherwise = otherwise

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own name
        """One record that was not written."""
        self._otherwise.handle(record)


@contextmanager
def logging_to(
    path: Path, redact: Callable[[str], str], otherwise: logging.Handler | None = None
) -> Iterator[None]:
    """Write what every library logs from INFO on to ``path``.

    Where it cannot be, ``otherwise`` has it, or nobody. ``redact`` takes out what must not stand
    there.
    """
    root = logging.getLogger()
    instead = otherwise or logging.NullHandler()
    instead.setFormatter(_Redacting(redact))
    handler: logging.Handler
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
        handler = _File(path, instead)
    except OSError:
        handler = instead
    handler.setFormatter(_Redacting(redact))
    before, others = root.level, root.handlers[:]
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.handlers[:] = others
        root.setLevel(before)
        with suppress(OSError):  # what was not written yet cannot be
            handler.close()
