"""Files with each layout version are read, and upgraded when opened for writing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from console.core.model.listed_resources import Moment
from console.journal import shell_commands
from console.journal.log import JournalTable, Kept, Record
from console.journal.schema import connect, lay_out, notes, position, rows, version_of
from console.journal.sqlite import SqliteLog

WALL = 1_800_000_000.0
TOLD = Record(
    *(JournalTable.EVENTS, "e1", Moment(1.0, WALL), "boot", b"{}", "d", "1", "s", "k"),
    source="203.0.113.7",
    type="call.enqueued",
    occurred=WALL - 1.5,
)
PLAIN = "seq INTEGER PRIMARY KEY, id TEXT NOT NULL {}, wall REAL NOT NULL, mono REAL NOT NULL,"
PLAIN += " boot TEXT NOT NULL, body BLOB NOT NULL, digest TEXT NOT NULL, stamp TEXT NOT NULL,"
PLAIN += " signature TEXT NOT NULL, key TEXT NOT NULL"


def written_by(version: int, path: Path) -> Path:
    """Write a file with that layout version and a row in each table."""
    tables = [table for table in JournalTable if version > 1 or table is not JournalTable.NOTES]
    with closing(sqlite3.connect(path)) as file:
        for seq, table in enumerate(tables, 1):
            unique = "UNIQUE" if table is JournalTable.EVENTS else ""
            file.execute(f"CREATE TABLE {table} ({PLAIN.format(unique)})")
            file.execute(
                f"INSERT INTO {table} VALUES (?, 'old', ?, 1, 'boot', x'7B7D', 'd', '', '', '')",  # noqa: S608  # our own names
                (seq, WALL),
            )
        for verb in ("UPDATE", "DELETE"):
            file.execute(
                f"CREATE TRIGGER no_{verb} BEFORE {verb} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
        file.execute("CREATE TABLE meta (high INTEGER NOT NULL)")
        file.execute("INSERT INTO meta VALUES (9)")
        file.execute(f"PRAGMA user_version = {version}")
        file.commit()
    return path


def log_at(path: Path) -> SqliteLog:
    return SqliteLog(path, wall=lambda: WALL, notify=lambda _: None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path / "j.db"


async def test_a_row_says_where_it_came_from_what_it_is_and_when_it_happened(path: Path) -> None:
    log = log_at(path)
    assert await log.append(TOLD) is Kept.NEW
    assert [row.record for row in await log.read(0, 9)] == [TOLD]
    await log.close()
    with closing(connect(path)) as file:
        asked = "SELECT id FROM events WHERE source = ? AND type = ? AND occurred < wall"
        assert file.execute(asked, (TOLD.source, TOLD.type)).fetchall() == [("e1",)]


@pytest.mark.parametrize("version", [1, 2])
async def test_an_older_file_is_read_as_it_is_and_brought_up_when_it_is_written(
    path: Path, version: int
) -> None:
    written_by(version, path)
    before = list(rows(path, 0, 99))
    assert [row.record.table for row in before] == [*JournalTable][: 2 + version]
    assert {(r.record.source, r.record.type, r.record.occurred) for r in before} == {("", "", None)}
    assert len(notes(path)) == version - 1
    assert position(path, WALL) == 0
    log = log_at(path)
    assert await log.append(replace(TOLD, id="old")) is Kept.AGAIN
    noted = Record(JournalTable.NOTES, "v3:cy", Moment(1.0, WALL), "boot", b"{}")
    assert [await log.append(TOLD), await log.append(noted)] == [Kept.NEW, Kept.NEW]
    await log.close()
    after = list(rows(path, 0, 99))
    assert after[:-2] == before
    assert [(row.seq, row.record) for row in after[-2:]] == [(10, TOLD), (11, noted)]
    assert notes(path)[-1] == noted
    with closing(connect(path)) as file:
        assert version_of(file) == 3
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            file.execute("UPDATE audit SET source = 'x'")


def test_a_file_that_nobody_has_written_to_yet_is_empty_and_no_failure(path: Path) -> None:
    path.touch(mode=0o600)
    assert (list(rows(path, 0, 9)), notes(path), position(path, 0.0)) == ([], [], 0)
    said: list[str] = []
    where = shell_commands.Where(path.parent, "j", WALL)
    assert shell_commands.info(where, said.append) == 0
    assert said[-1].split() == ["last", "row", "0"]


async def test_an_export_says_where_each_row_came_from(path: Path) -> None:
    log = log_at(path)
    await log.append(TOLD)
    await log.close()
    said: list[str] = []
    where = shell_commands.Where(path.parent, "j", WALL)
    shell_commands.export(where, said.append, frozenset(JournalTable))
    (told,) = map(json.loads, said)
    assert (told["source"], told["type"], told["occurred"]) == (
        *("203.0.113.7", "call.enqueued", WALL - 1.5),
    )


def test_a_file_laid_out_twice_is_laid_out_once(path: Path) -> None:
    with closing(connect(path)) as file:
        lay_out(file)
        lay_out(file)
        assert version_of(file) == 3
