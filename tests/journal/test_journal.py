"""The interface of a log, tested with each implementation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from console.core.model.listed_resources import Moment
from console.journal.log import (
    GENESIS,
    PAST,
    JournalError,
    JournalTable,
    Kept,
    Log,
    MemoryLog,
    Record,
    link,
)
from console.journal.sqlite import SqliteLog

WALL = 1_800_000_000.0


def event(id_: str, body: bytes = b"{}", *, digest: str = "d", at: float = 0.0) -> Record:
    moment = Moment(at, WALL + at)
    return Record(
        JournalTable.EVENTS, id_, moment, "boot", body, digest, "1800000000", "sig", "key"
    )


def audit(id_: str, body: bytes = b"{}") -> Record:
    return Record(JournalTable.AUDIT, id_, Moment(1.5, WALL), "boot", body)


def _memory(_: Path) -> Log:
    return MemoryLog()


def _sqlite(folder: Path) -> Log:
    return SqliteLog(folder / "j" / "one.db", wall=lambda: WALL, notify=lambda _: None)


@pytest.fixture(params=[_memory, _sqlite], ids=["memory", "sqlite"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Log]:
    make: Callable[[Path], Log] = request.param
    made = make(tmp_path)
    yield made
    await made.close()


async def test_what_was_appended_is_read_back_in_its_order_and_whole(log: Log) -> None:
    sent = [event("a", b"\x00raw\xff"), event("b", at=2.25)]
    assert [await log.append(each) for each in sent] == [Kept.NEW, Kept.NEW]
    found = await log.read(0, 10)
    assert [row.record for row in found] == sent
    assert found[0].seq < found[1].seq


async def test_reading_goes_on_after_what_was_read(log: Log) -> None:
    await asyncio.gather(*(log.append(event(str(n))) for n in range(7)))
    seen, after = [], 0
    while page := await log.read(after, 3):
        assert len(page) <= 3
        seen += [row.record.id for row in page]
        after = page[-1].seq
    assert sorted(seen) == [str(n) for n in range(7)]
    await log.append(event("late"))
    assert [row.record.id for row in await log.read(after, 3)] == ["late"]


async def test_an_event_is_kept_once_whatever_its_attempt(log: Log) -> None:
    await log.append(event("a", b'{"attempt":1}'))
    assert await log.append(event("a", b'{"attempt":2}')) is Kept.AGAIN
    assert [row.record.body for row in await log.read(0, 9)] == [b'{"attempt":1}']


async def test_what_no_start_would_read_back_came_long_ago(log: Log) -> None:
    await log.append(event("a"))
    assert await log.append(event("a", at=PAST)) is Kept.AGAIN
    assert await log.append(event("a", at=PAST + 1.0)) is Kept.LONG_AGO
    assert await log.append(event("a", at=PAST + 1.0, digest="e")) is Kept.COLLIDED


async def test_once_also_when_both_come_at_the_same_time(log: Log) -> None:
    kept = await asyncio.gather(*(log.append(event("a")) for _ in range(20)))
    assert sorted(kept) == [Kept.AGAIN] * 19 + [Kept.NEW]


async def test_the_same_id_with_another_content_is_counted_and_kept_aside(log: Log) -> None:
    await log.append(event("a", b"first"))
    assert await log.append(event("a", b"second", digest="e")) is Kept.COLLIDED
    assert await log.append(event("a", b"first")) is Kept.AGAIN
    found = [(row.record.table, row.record.body) for row in await log.read(0, 9)]
    assert found == [(JournalTable.EVENTS, b"first"), (JournalTable.OBSERVATIONS, b"second")]


async def test_audit_rows_are_a_chain_over_the_other_tables(log: Log) -> None:
    await log.append(audit("one"))
    await log.append(event("a"))
    await log.append(audit("one", b"outcome"))
    rows = [row for row in await log.read(0, 9) if row.record.table is JournalTable.AUDIT]
    head = GENESIS
    for row in rows:
        head = link(head, row.seq, row.record)
        assert row.record.digest == head
    assert len(rows) == 2


async def test_a_position_reads_everything_since(log: Log) -> None:
    for at in (0.0, 10.0, 20.0):
        await log.append(event(str(at), at=at))
    after = await log.position(WALL + 10.0)
    assert [row.record.id for row in await log.read(after, 9)] == ["10.0", "20.0"]
    assert await log.read(await log.position(WALL + 99.0), 9) == []


async def test_what_is_closed_keeps_nothing_and_says_so(log: Log) -> None:
    await log.close()
    with pytest.raises(JournalError):
        await log.append(event("a"))
