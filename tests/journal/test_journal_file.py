"""The SQLite log: its file, its lock, bad disks and other processes."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from console.core.model.listed_resources import Moment
from console.journal import schema, sqlite
from console.journal.locations import file_of, prepare
from console.journal.lock import Lock, TakenError, lock_free_slot
from console.journal.log import JournalError, JournalTable, Kept, Record
from console.journal.retention import Retention, prune
from console.journal.schema import Connect, connect
from console.journal.sqlite import SqliteLog

WALL = 1_800_000_000.0


def event(id_: str, size: int = 10, *, wall: float = WALL) -> Record:
    return Record(
        JournalTable.EVENTS, id_, Moment(1.0, wall), "boot", b"x" * size, "d", "1", "s", "k"
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "telnyx-console" / "default.db"


@asynccontextmanager
async def opened(
    path: Path, connect: Connect = connect, keep: Retention | None = None
) -> AsyncIterator[tuple[SqliteLog, list[str]]]:
    said: list[str] = []
    log = SqliteLog(path, wall=lambda: WALL, notify=said.append, connect=connect, retention=keep)
    yield log, said
    await log.close()


def read(path: Path) -> bytes:
    return path.read_bytes()


def write(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)


async def ids(log: SqliteLog) -> list[str]:
    return [row.record.id for row in await log.read(0, 10_000)]


async def test_every_commit_is_synced_and_nobody_else_can_read_it(path: Path) -> None:
    mask = os.umask(0o022)
    try:
        async with opened(path) as (log, _):
            await log.append(event("a"))
            for name in path.parent.iterdir():
                assert stat.S_IMODE(name.stat().st_mode) == 0o600, name
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        os.umask(mask)
    with closing(connect(path)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert file.execute("PRAGMA synchronous").fetchone() == (2,)


async def test_what_was_kept_is_there_for_the_next_process(path: Path) -> None:
    async with opened(path) as (log, _):
        await log.append(event("a"))
    async with opened(path) as (log, _):
        assert await log.append(event("a")) is Kept.AGAIN
        await log.append(event("b"))
        assert await ids(log) == ["a", "b"]


@pytest.mark.parametrize("harm", ["header", "page", "empty of sense"])
async def test_a_torn_file_is_set_aside_and_said(path: Path, harm: str) -> None:
    async with opened(path) as (log, _):
        for n in range(200):
            await log.append(event(str(n), 500))
    raw = bytearray(read(path))
    if harm == "header":
        raw[:64] = b"\xff" * 64
    elif harm == "page":
        raw[8192:24576] = b"\xa5" * 16384
    else:
        raw = bytearray(b"not a database at all, but long enough to be looked at" * 100)
    write(path, bytes(raw))
    async with opened(path) as (log, said):
        assert await log.append(event("new")) is Kept.NEW
        assert await ids(log) == ["new"]
    assert len(said) == 1
    assert "set aside" in said[0]
    (away,) = path.parent.glob("*.broken-*.db")
    assert len(read(away)) == len(raw)
    assert away.name in said[0]


async def test_a_half_written_end_of_the_wal_is_not_taken_for_a_torn_file(path: Path) -> None:
    wal = path.with_name(path.name + "-wal")
    async with opened(path) as (log, _):
        await log.append(event("a"))
        before = read(wal), read(path)
    write(path, before[1])
    write(wal, before[0] + os.urandom(3000))
    async with opened(path) as (log, said):
        await log.append(event("b"))
        assert await ids(log) == ["a", "b"]
        assert said == []


async def test_a_full_disk_keeps_nothing_and_recovers(path: Path) -> None:
    conference = [40]

    def limited(file: Path) -> sqlite3.Connection:
        found = connect(file)
        found.execute(f"PRAGMA max_page_count = {conference[0]}")
        return found

    async with opened(path, limited) as (log, _):
        for n in range(20):
            await log.append(event(str(n), 4000))
        kept = await ids(log)
        with pytest.raises(JournalError, match="full"):
            await log.append(event("too big", 100_000))
        assert await ids(log) == kept
        conference[0] = 10_000
        assert await log.append(event("after", 4000)) is Kept.NEW
        assert await ids(log) == [*kept, "after"]


async def test_a_read_only_disk_keeps_nothing_and_recovers(path: Path) -> None:
    async with opened(path) as (log, _):
        await log.append(event("a"))
    wrong = [True]

    def sometimes(file: Path) -> sqlite3.Connection:
        return schema.read_only(file) if wrong[0] else connect(file)

    async with opened(path, sometimes) as (log, _):
        with pytest.raises(JournalError, match="readonly"):
            await log.append(event("b"))
        wrong[0] = False
        assert await log.append(event("b")) is Kept.NEW
        assert await ids(log) == ["a", "b"]


async def test_a_locked_file_keeps_nothing_and_recovers(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "LOCKED", 0.01)
    async with opened(path) as (log, _):
        await log.append(event("a"))
        with closing(connect(path)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalError, match="locked"):
                await log.append(event("b"))
            other.execute("ROLLBACK")
        assert await log.append(event("b")) is Kept.NEW


@pytest.mark.parametrize("table", [JournalTable.AUDIT, JournalTable.EVENTS])
async def test_a_number_that_somebody_else_took_is_a_failure_and_not_a_repetition(
    path: Path, table: JournalTable
) -> None:
    record = replace(event("mine"), table=table, id="mine")
    async with opened(path) as (log, _):
        await log.append(event("a"))
        with closing(connect(path)) as other:
            schema.put(other, 2, replace(record, id="theirs", digest=""))
        with pytest.raises(JournalError):
            await log.append(record)
        assert await log.append(record) is Kept.NEW
        (row,) = [row for row in await log.read(0, 9) if row.record.id == "mine"]
        assert (row.record.table, row.seq) == (table, 3)


async def test_what_is_old_goes_and_the_numbers_are_not_used_again(path: Path) -> None:
    async with opened(path, keep=Retention(days=1000)) as (log, _):
        await log.append(event("old", wall=WALL - 4 * 86400))
        await log.append(event("new"))
        last = (await log.read(0, 9))[-1].seq
    async with opened(path, keep=Retention(days=3)) as (log, _):
        await log.append(event("more"))
    left = list(schema.rows(path, 0, 9))
    assert [row.record.id for row in left] == ["new", "more"]
    assert left[-1].seq == last + 1
    with closing(connect(path)) as file:
        prune(file, WALL + 9 * 86400, Retention())
    async with opened(path) as (log, _):
        await log.append(event("again"))
        assert (await log.read(0, 9))[-1].seq == last + 2


async def test_nobody_waits_for_what_is_old_to_go_and_it_goes_by_and_by(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BITE", 2)
    answered, waited = threading.Event(), list[bool]()

    def watched(file: Path) -> sqlite3.Connection:
        found = connect(file)

        def step(statement: str) -> None:
            if statement.startswith("DELETE") and not waited:
                waited.append(not answered.wait(5.0))

        found.set_trace_callback(step)
        return found

    async with opened(path, keep=Retention(days=1000)) as (log, _):
        await asyncio.gather(*(log.append(event(f"old {n}", wall=WALL - 4e5)) for n in range(5)))
    async with opened(path, watched) as (log, _):
        await log.append(event("new"))
        answered.set()
        for n in range(4):
            await log.append(event(str(n)))
    assert waited == [False]
    with closing(connect(path)) as file:
        (count,) = file.execute("SELECT count(*) FROM events WHERE id LIKE 'old%'").fetchone()
    assert count == 0


async def test_what_is_too_much_goes_oldest_first(path: Path) -> None:
    async with opened(path) as (log, _):
        await asyncio.gather(*(log.append(event(f"{n:04}", 600)) for n in range(3000)))
    with closing(connect(path)) as file:
        assert prune(file, WALL, Retention(megabytes=1.0)) == 2000
    assert len(read(path)) < 1_100_000
    assert next(schema.rows(path, 0, 1)).record.id == "2000"


def test_the_first_holds_the_lock_and_says_who_it_is(path: Path) -> None:
    with Lock(path, {"pid": 7, "listen": "here"}):
        with pytest.raises(TakenError) as taken:
            Lock(path, {})
        assert taken.value.holder == {"pid": 7, "listen": "here"}
        with lock_free_slot(path.parent, "default", {}) as second:
            assert second.path == file_of(path.parent, "default", 2)
    Lock(path, {}).release()


def test_on_a_full_disk_it_is_held_by_somebody_unnamed(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with Lock(path, {"pid": 7}), pytest.raises(TakenError) as taken:
        Lock(path, {})
    assert "process ?" in taken.value.advice("default")


def test_who_only_looks_whether_it_is_held_keeps_nobody_out(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Lock(path, {}).release()
    looking = [os.open(path.with_suffix(".lock"), os.O_RDONLY)]
    fcntl.flock(looking[0], fcntl.LOCK_SH)
    flock = fcntl.flock

    def meanwhile(handle: int, how: int) -> None:
        try:
            flock(handle, how)
        except BlockingIOError:
            os.close(looking.pop())
            raise

    monkeypatch.setattr(fcntl, "flock", meanwhile)
    with Lock(path, {}) as held:
        assert held.path == path


def test_the_first_seat_is_left_to_whoever_receives(path: Path) -> None:
    with (
        lock_free_slot(path.parent, "default", {"role": "console"}) as beside,
        Lock(path, {}) as receiving,
    ):
        assert beside.path == file_of(path.parent, "default", 2)
        assert receiving.path == file_of(path.parent, "default")


@pytest.mark.parametrize("bad", ["folder is a link", "file is a link", "file has two names"])
def test_a_journal_that_others_could_steer_is_refused(path: Path, bad: str) -> None:
    other = path.parent.parent / "other"
    other.mkdir(parents=True)
    if bad == "folder is a link":
        path.parent.symlink_to(other)
    else:
        path.parent.mkdir()
        (other / "x").write_bytes(b"")
        make: Callable[[Path, Path], None] = os.symlink if "a link" in bad else os.link
        make(other / "x", path)
    with pytest.raises(JournalError):
        prepare(path)


def test_a_profile_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    assert file_of(tmp_path, "../x y").parent == tmp_path
