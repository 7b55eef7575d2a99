"""Pruning removes old events, keeps their ids longer, and never removes audit and notes."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from journal.process import at

from console.core.messages import facts
from console.core.model.listed_resources import Moment
from console.journal.log import JournalTable, Kept, Record
from console.journal.recorder import Delivery, WebhookRecorder
from console.journal.retention import ID, SHARE, Retention, prune
from console.journal.schema import connect, rows
from console.journal.sqlite import SqliteLog
from console.telnyx.events import ParsedWebhook
from support.signing import event as body

WALL = at(0).wall
DAY = 86400.0


def event_row(id_: str, size: int = 10, *, days: float = 0.0, digest: str = "d") -> Record:
    moment = Moment(1.0, WALL - days * DAY)
    return Record(JournalTable.EVENTS, id_, moment, "boot", b"x" * size, digest)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "j" / "default.db"


def log_at(path: Path) -> SqliteLog:
    kept_all = Retention(days=1000, megabytes=1000)
    return SqliteLog(path, wall=lambda: WALL, notify=lambda _: None, retention=kept_all)


async def filled(path: Path, *records: Record) -> None:
    log = log_at(path)
    await asyncio.gather(*(log.append(record) for record in records))
    await log.close()


def pruned(path: Path, keep: Retention | None = None, *, days: float = 0.0) -> int:
    """Prune as if some days had passed. Return the number of removed rows."""
    with closing(connect(path)) as file:
        return prune(file, WALL + days * DAY, keep or Retention())


def ids(path: Path) -> list[str]:
    return [row.record.id for row in rows(path, 0, 10_000)]


async def test_an_event_is_the_same_one_for_days_after_its_body_went(path: Path) -> None:
    await filled(path, event_row("old", days=4), event_row("new"))
    assert (pruned(path), ids(path)) == (1, ["new"])
    log = log_at(path)
    assert await log.append(event_row("old")) is Kept.LONG_AGO
    assert await log.append(event_row("old", digest="other")) is Kept.COLLIDED
    assert [(row.record.table, row.record.id) for row in await log.read(0, 9)] == [
        (JournalTable.EVENTS, "new"),
        (JournalTable.OBSERVATIONS, "old"),
    ]
    await log.close()
    pruned(path, days=2)
    assert await _again(path, "old") is Kept.LONG_AGO
    pruned(path, days=4)
    assert await _again(path, "old") is Kept.NEW, "a week after it came nothing is known of it"


async def _again(path: Path, id_: str) -> Kept:
    log = log_at(path)
    kept = await log.append(event_row(id_))
    await log.close()
    return kept


async def test_an_event_that_comes_again_days_later_is_counted_and_not_believed(
    path: Path,
) -> None:
    told: list[facts.Fact] = []
    raw = body("call.enqueued", id_="e1")
    log = log_at(path)
    keeper = WebhookRecorder(
        log, clock=lambda: at(0), boot="b", post=told.append, parse=ParsedWebhook
    )
    assert await keeper.accept(Delivery(at(-4 * DAY), raw, "", "", ""))
    told.clear()
    for before in ("its body is there", "its body went"):
        assert await keeper.accept(Delivery(at(0), raw, "", "", "")), before
        pruned(path)
    await log.close()
    assert told == [facts.DeliveryRepeated(at(0), "e1", collided=False)] * 2


async def test_what_operators_did_pushes_no_event_out(path: Path) -> None:
    audit = [Record(JournalTable.AUDIT, f"c{n}", at(0), "b", b"x" * 2000) for n in range(600)]
    noted = [replace(record, table=JournalTable.NOTES) for record in audit]
    events = [event_row(str(n), 600) for n in range(500)]
    await filled(path, *audit, *noted, *events)
    assert pruned(path, Retention(megabytes=1.0)) == 0
    assert pruned(path, Retention(megabytes=0.1)) == 500
    assert len(ids(path)) == 1200


async def test_of_too_much_the_oldest_goes_whatever_it_is(path: Path) -> None:
    found = [replace(event_row(f"o{n}", 600), table=JournalTable.OBSERVATIONS) for n in range(2000)]
    await filled(path, *found, *(event_row(f"e{n}", 600) for n in range(1000)))
    assert pruned(path, Retention(megabytes=1.0)) == 2000
    assert ids(path) == [f"e{n}" for n in range(1000)]


async def test_what_is_remembered_of_the_past_has_its_share_and_no_more(path: Path) -> None:
    await filled(path, *(event_row(f"{n:04}", 600) for n in range(3000)))
    pruned(path, Retention(megabytes=0.2))
    with closing(connect(path)) as file:
        (count, oldest) = file.execute("SELECT count(*), min(id) FROM ids").fetchone()
    assert count == 200_000 * SHARE / ID
    assert int(oldest) == 3000 - len(ids(path)) - count
