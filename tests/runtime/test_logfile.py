"""Tests for the log file: readable by its owner only, no secrets, nothing on the terminal."""

from __future__ import annotations

import logging
import os
import time
from io import StringIO
from pathlib import Path

import pytest

from console.runtime import crash_report
from console.runtime.crash_report import redact
from console.runtime.logfile import logging_to

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
    (tmp_path / "file").touch()
    with logging_to(tmp_path / "file" / "console.log", redact):
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


@pytest.mark.parametrize("kind", ["link", "dangling", "hard link", "fifo", "folder"])
def test_a_log_or_crash_file_that_is_not_a_plain_file_of_its_own_is_left_alone(
    tmp_path: Path, kind: str
) -> None:
    folder, victim = tmp_path / "state", tmp_path / "victim"
    folder.mkdir()
    path = folder / "console.log"
    if kind != "dangling":
        victim.write_text("another's")
    match kind:
        case "link" | "dangling":
            path.symlink_to(victim)
        case "hard link":
            path.hardlink_to(victim)
        case "fifo":
            os.mkfifo(path)
        case _:
            path.mkdir()
    said = StringIO()
    with logging_to(path, redact, logging.StreamHandler(said)):
        logging.getLogger("asyncio").error("a line")
    assert f"cannot write to the log file {path}" in said.getvalue()
    assert "a line" in said.getvalue()
    assert crash_report.write(path, ValueError("odd")) is False
    assert victim.exists() is (kind != "dangling")
    assert not victim.exists() or victim.read_text() == "another's"


def test_a_log_or_crash_file_in_a_folder_that_is_a_link_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "victim")
    path = tmp_path / "state" / "console.log"
    with logging_to(path, redact):
        logging.getLogger("asyncio").error("a line")
    assert crash_report.write(path, ValueError("odd")) is False
    assert list((tmp_path / "victim").iterdir()) == []


def test_a_log_or_crash_file_in_a_folder_of_another_user_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    path = tmp_path / "console.log"
    with logging_to(path, redact):
        logging.getLogger("asyncio").error("a line")
    assert crash_report.write(path, ValueError("odd")) is False
    assert not path.exists()


def test_a_folder_and_files_that_others_may_read_are_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "state" / "console.log"
    path.parent.mkdir(mode=0o755)
    for name in ("console.log", "crash.txt"):
        (path.parent / name).write_text("an older and longer text")
        (path.parent / name).chmod(0o644)
    with logging_to(path, redact):
        logging.getLogger("asyncio").error("a line")
    assert crash_report.write(path.parent / "crash.txt", ValueError("odd")) is True
    modes = [one.stat().st_mode & 0o777 for one in (path.parent, path, path.parent / "crash.txt")]
    assert modes == [0o700, 0o600, 0o600]
    assert path.read_text().startswith("an older and longer text")
    assert (path.parent / "crash.txt").read_text() == "ValueError: odd\n"


def test_a_path_of_ours_stays_whole_and_a_token_beside_it_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "call-centre-supervisors-of-prague" / "15125550142" / "telnyx-console"
    journal = folder / "night-shift-of-the-second-floor-and-the-third.db"
    beside = "dG9rZW4tb2Ytc2l4dHktZm91ci1jaGFyYWN0ZXJzLXRoYXQtaXMtYS1zZWNyZXQ="
    path = folder / "console.log"
    with logging_to(path, redact):
        logging.getLogger("journal").warning("torn: %s, key %s", journal, beside)
        try:
            redact(None)  # type: ignore[arg-type]  # it raises, with a frame of our code
        except TypeError:
            logging.getLogger("journal").exception("it failed")
    written = path.read_text()
    assert str(journal) in written
    assert f'File "{crash_report.__file__}", line' in written
    assert beside not in written
    assert beside[:32] not in written


def test_times_are_utc_as_in_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "XYZ-5")
    time.tzset()
    try:
        with logging_to(tmp_path / "console.log", redact):
            record = logging.makeLogRecord(
                {"msg": "a line", "levelno": logging.ERROR, "created": 1.8e9 + 0.25}
            )
            logging.getLogger().handle(record)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (tmp_path / "console.log").read_text().startswith("2027-01-15 08:00:00.250Z ")
