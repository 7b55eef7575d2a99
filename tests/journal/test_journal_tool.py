"""The shell commands ``telnyx-console journal`` and ``telnyx-console audit``."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from console import cli
from console.core.model.listed_resources import Moment
from console.journal.locations import file_of, home
from console.journal.lock import Lock
from console.journal.log import JournalTable, Record
from console.journal.schema import connect
from console.journal.sqlite import SqliteLog
from console.sources.clock import now
from support.signing import PUBLIC, event, headers

_DROP = "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)"
AS_ANYBODY = [sys.executable, "-I", "-c", f"{_DROP}; os.execvp(sys.argv[1], sys.argv[1:])"]
"""Runs what follows without root's right to overlook permissions (PR_CAPBSET_DROP, 24), if any."""


@pytest.fixture
def path() -> Path:
    """A journal of one signed event and three audit rows."""
    path = file_of(home(), "default")
    body = event("call.enqueued", id_="e1")
    stamp, signature = (value for _, value in headers(body))

    async def fill() -> None:
        log = SqliteLog(path, wall=lambda: now().wall, notify=lambda _: None)
        await log.append(
            Record(JournalTable.EVENTS, "e1", now(), "b", body, "d", stamp, signature, PUBLIC)
        )
        for what in ("intent", "accepted", "effect"):
            told = {"what": what, "operator": "ana", "why": "rude\x1b[2J"}
            await log.append(
                Record(JournalTable.AUDIT, "c" * 9, now(), "b", json.dumps(told).encode())
            )
        old = Moment(1.0, now().wall - 5 * 86400)
        await log.append(Record(JournalTable.OBSERVATIONS, "old", old, "b", b"\xff"))
        await log.close()

    asyncio.run(fill())
    return path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*arguments: str) -> tuple[int, str]:
        code = cli.main(arguments)
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


Said = Callable[..., tuple[int, str]]


def test_info_counts_what_there_is(path: Path, said: Said) -> None:
    code, text = said("journal", "info")
    assert code == 0
    assert str(path) in text
    assert "audit         3" in text
    assert f"signed by     {PUBLIC} 1, last 20" in text
    assert "nobody now" in text
    with Lock(path, {}):
        assert "written by    process ?" in said("journal", "info")[1]


def test_verify_finds_an_event_that_was_changed(path: Path, said: Said) -> None:
    assert said("journal", "verify")[0] == 0
    with closing(connect(path)) as file:
        file.execute("UPDATE events SET body = replace(body, 'vip', 'vop')")
    code, text = said("journal", "verify")
    assert code == 1
    assert "not signed: 1 at 1" in text


def test_export_writes_every_row_as_json(path: Path, said: Said) -> None:
    assert path.exists()
    rows = [json.loads(line) for line in said("journal", "export")[1].splitlines()]
    assert [row["table"] for row in rows] == ["events", *["audit"] * 3, "observations"]
    assert rows[4]["body"] == {"base64": "/w=="}
    assert len(said("audit", "export")[1].splitlines()) == 3


def test_prune_keeps_the_audit_and_waits_for_no_console(path: Path, said: Said) -> None:
    with Lock(path, {}):
        assert said("journal", "prune", "--days", "0")[0] == 2
    assert said("journal", "prune", "--days", "3") == (0, "1 rows removed; the audit is kept\n")
    assert said("audit", "verify")[0] == 0


def test_show_writes_nothing_that_a_terminal_obeys(path: Path, said: Said) -> None:
    assert path.exists()
    code, text = said("audit", "show")
    assert code == 0
    assert "operator=" in text
    assert "\x1b" not in text


def test_a_journal_can_be_read_where_nobody_may_write(path: Path) -> None:
    """The folder is read-only, like a remounted disk or an archived copy."""
    path.chmod(0o400)
    path.parent.chmod(0o500)
    command = [sys.executable, "-P", "-m", "console", "audit", "show"]
    done = subprocess.run([*AS_ANYBODY, *command], capture_output=True, text=True, check=False)
    path.parent.chmod(0o700)
    assert (done.returncode, done.stderr) == (0, "")
    assert "operator=" in done.stdout


def test_help_names_every_verb_and_option(said: Said) -> None:
    code, text = said("journal", "--help")
    assert code == 0
    assert set(re.findall(r"--[a-z]+", text)) == {
        *("--days", "--megabytes", "--head", "--profile", "--raw", "--seat")
    }
    assert max(map(len, text.splitlines())) <= 90


TAMPERING = {
    "edited": "UPDATE audit SET body = replace(body, 'ana', 'bob') WHERE seq = 3",
    "renamed": "UPDATE audit SET id = 'other' WHERE seq = 3",
    "removed": "DELETE FROM audit WHERE seq = 3",
    "swapped": "UPDATE audit SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END;"
    " UPDATE audit SET seq = abs(seq)",
    "inserted": "INSERT INTO audit SELECT 9, id, wall, mono, boot, body, digest,"
    " '', '', '', '', '', NULL FROM audit WHERE seq = 2",
    "cut off": "DELETE FROM audit WHERE seq = 4",
    "rewritten": "DELETE FROM audit",
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found(path: Path, said: Said, how: str) -> None:
    code, text = said("audit", "verify")
    head = text.split("head ")[1].strip()
    assert (code, said("audit", "verify", "--head", head)[0]) == (0, 0)
    with closing(connect(path)) as file:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            file.execute("DELETE FROM audit")
        for trigger in ("no_UPDATE", "no_DELETE"):
            file.execute(f"DROP TRIGGER {trigger}")
        file.executescript(TAMPERING[how])
    code, text = said("audit", "verify", "--head", head)
    assert code == 1
    assert "BROKEN" in text


@pytest.mark.parametrize(
    "arguments", [("journal", "info"), ("journal", "levitate"), ("audit", "show", "--oops")]
)
def test_what_cannot_be_done_is_one_line(said: Said, arguments: tuple[str, ...]) -> None:
    code, text = said(*arguments)
    assert code == 2
    assert len(text.splitlines()) == 1
