"""The log is a file of one's own, without secrets, and never the terminal."""

from __future__ import annotations

import logging
from io import StringIO
from pathlib import Path

import pytest

from console.runtime.logfile import logging_to
from console.ui.crash import redact

KEY = "KEY0123456789abcdef_secret"


def test_what_is_logged_stands_in_a_file_of_the_owners_without_the_key(tmp_path: Path) -> None:
    path = tmp_path / "console.log"
    with logging_to(path, redact):
        logging.getLogger("asyncio").error("a callback failed with %s", KEY)
    written = path.read_text()
    assert "a callback failed with" in written
    assert KEY not in written
    assert path.stat().st_mode & 0o077 == 0


def test_where_no_file_can_be_nothing_reaches_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with logging_to(tmp_path / "absent" / "console.log", redact):
        logging.getLogger("asyncio").error("over the screen")
    assert capfd.readouterr() == ("", "")


def test_on_a_full_disk_nothing_reaches_the_terminal_but_what_stands_in(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said = StringIO()
    for otherwise in (None, logging.StreamHandler(said)):
        with (
            Path("/dev/full").open("w", encoding="utf-8") as full,
            logging_to(tmp_path / "console.log", redact, otherwise),
        ):
            (handler,) = logging.getLogger().handlers
            assert isinstance(handler, logging.FileHandler)
            written = handler.setStream(full)
            assert written is not None
            written.close()
            logging.getLogger("asyncio").error("with %s over the screen", KEY)
    assert capfd.readouterr() == ("", "")
    assert "over the screen" in said.getvalue()
    assert KEY not in said.getvalue()


def test_other_handlers_are_back_afterwards(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    with logging_to(tmp_path / "console.log", redact):
        assert root.handlers != before[1]
    assert (root.level, root.handlers) == before
