"""A wrong clock, a moved file or a fault of this program loses nothing of a journal."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from journal.process import CONFERENCE, Process, at, order

from console.core.messages import facts
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.stage import Stage
from console.journal import sqlite
from console.journal.lock import Lock, TakenError, held, holder_of
from console.journal.log import JournalError, JournalTable, Kept, Log, MemoryLog, Record
from console.journal.schema import connect, rows
from console.journal.sqlite import SqliteLog, open_log
from support.playbook import participant
from support.signing import event as body

WALL = at(0).wall
DAY = 86400.0
US: Mapping[str, object] = {"pid": 7, "role": "receiver"}


def event(id_: str, *, days: float = 0.0) -> Record:
    return Record(JournalTable.EVENTS, id_, Moment(1.0, WALL - days * DAY), "boot", b"x", "d")


def log_at(path: Path, *, ahead: float = 0.0) -> SqliteLog:
    return SqliteLog(path, wall=lambda: WALL + ahead * DAY, notify=lambda _: None)


def ids(path: Path) -> list[str]:
    return [row.record.id for row in rows(path, 0, 99)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "j" / "p.db"


async def test_a_clock_that_is_days_ahead_removes_nothing(path: Path) -> None:
    log = log_at(path)
    await log.append(event("kept", days=2.0))
    await log.append(event("newest"))
    await log.close()
    wrong = log_at(path, ahead=400.0)
    await wrong.append(Record(JournalTable.OBSERVATIONS, "started", at(400 * DAY), "b", b""))
    await wrong.close()
    assert ids(path) == ["kept", "newest", "started"]


async def test_what_was_written_to_a_file_that_is_gone_is_not_kept(path: Path) -> None:
    log = log_at(path)
    await log.append(event("a"))
    for part in list_of(path.parent):
        part.unlink()
    with pytest.raises(JournalError, match="moved or removed"):
        await log.append(event("b"))
    assert await log.append(event("b")) is Kept.NEW
    assert ids(path) == ["b"]
    with pytest.raises(TakenError):
        Lock(path, {})
    await log.close()


def list_of(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_mistake_in_the_pruning_ends_no_keeping(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> int:
        raise ArithmeticError("a mistake of ours")

    monkeypatch.setattr(sqlite, "prune", broken)
    log = log_at(path)
    assert [await log.append(event(id_)) for id_ in ("a", "b")] == [Kept.NEW, Kept.NEW]
    await log.close()
    assert "a mistake of ours" in caplog.text


def full(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Leave no space for the holder of the lock. Return a function that makes space."""
    pwrite = os.pwrite

    def no_conference(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(os, "pwrite", no_conference)
    return lambda: monkeypatch.setattr(os, "pwrite", pwrite)


def unusable(path: Path, _: pytest.MonkeyPatch) -> Callable[[], None]:
    """Put a file in the place of the folder. Return a function that removes it."""
    path.parent.touch()
    return path.parent.unlink


@pytest.mark.parametrize("harm", [full, unusable])
async def test_who_could_not_say_who_it_is_at_its_start_says_it_as_soon_as_it_can(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Path, pytest.MonkeyPatch], Callable[[], None]],
) -> None:
    mended = harm(path, monkeypatch)
    log = open_log(
        path.parent, "p", alone=True, holder=US, wall=lambda: WALL, notify=lambda _: None
    )
    assert holder_of(path) == {}
    mended()
    await log.append(event("a"))
    assert (held(path), holder_of(path)) == (True, US)
    await log.close()
    assert not held(path)


class Shaky(MemoryLog):
    """A log that cannot append records with this text until it is mended."""

    def __init__(self, harm: bytes) -> None:
        super().__init__()
        self.harm = harm
        self.well = False

    async def append(self, record: Record) -> Kept:
        if not self.well and self.harm in record.body:
            raise JournalError("no room")
        return await super().append(record)


async def test_the_end_of_a_command_is_written_once_there_is_space_for_it() -> None:
    log = Shaky(b'"effect"')
    process = Process(log)
    await process.hear(body("conference.created"))
    await process.command(order("record"))
    assert await audited(log) == ["intent", "attempt", "accepted"]
    await mended(process, log)
    assert await audited(log) == ["intent", "attempt", "accepted", "effect"]


async def test_what_was_done_unwritten_is_written_once_there_is_space_for_it() -> None:
    log = Shaky(b'"what"')
    process = Process(log, answer=Problem(ProblemKind.REFUSED, status=422))
    await process.hear(body("conference.created"))
    people = (participant("v3:x"), participant("v3:y"))
    reading = facts.Reading(at(0), at(0), at(0), None)
    process.store.restore([facts.ParticipantsListed(reading, CONFERENCE, people)])
    await process.command(order("mute", "v3:x"))
    assert len(process.sent) == 1, "what asks for no confirmation is done all the same"
    process.group = asyncio.TaskGroup()
    await process.command(order("end", id_="c2"))
    assert await audited(log) == []
    await mended(process, log)
    kept = [row.record for row in await log.read(0, 99) if row.record.table is JournalTable.AUDIT]
    told = [(record.id, json.loads(record.body)["what"]) for record in kept]
    assert [what for id_, what in told if id_ == "c1"] == ["intent", "attempt", "refused", "effect"]
    assert [what for id_, what in told if id_ == "c2"] == ["intent", "refused", "effect"]
    assert [record.at for record in kept] == [at(0)] * len(kept), (
        "when it was, not when there was room"
    )
    later = Process(log, now=60.0)
    await later.read_past()
    assert later.store.state.receipts["c1"].stage is Stage.REFUSED


async def mended(process: Process, log: Shaky) -> None:
    """Make space and let time pass."""
    log.well = True
    for _ in range(3):
        process.group = asyncio.TaskGroup()
        async with process.group:
            process.post(facts.Ticked(at(1.0)))


async def audited(log: Log) -> list[str]:
    """Return the kind of each audit row."""
    kept = [row.record for row in await log.read(0, 99)]
    return [json.loads(row.body)["what"] for row in kept if row.table is JournalTable.AUDIT]


def test_a_file_that_cannot_be_used_is_not_left_open(tmp_path: Path) -> None:
    """SQLite shares a failed write of one connection with all connections to the same file."""
    path = tmp_path / "j.db"
    path.write_bytes(b"no database " * 100)
    with pytest.raises(sqlite3.DatabaseError) as refused:
        connect(path)
    (found,) = [entry.locals["found"] for entry in refused.traceback if "found" in entry.locals]
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        found.execute("SELECT 1")
