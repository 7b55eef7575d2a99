"""A delivery that was written is applied, even if the write was reported as failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from journal.process import at

from console.core.messages import facts
from console.core.model.state import State
from console.core.update import update
from console.journal.log import MemoryLog
from console.journal.recorder import FAULT, Delivery, WebhookRecorder, fact_in
from console.journal.sqlite import SqliteLog
from console.telnyx.events import ParsedWebhook
from support.signing import event as body


class Lying(sqlite3.Connection):
    """A disk that reports the first commit of an event as failed, although it succeeded."""

    lies = True
    holds = False

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:  # type: ignore[override]
        done = super().execute(sql, values)
        if sql.startswith("INSERT INTO events"):
            self.holds = True
        if sql == "COMMIT" and self.holds and Lying.lies:
            Lying.lies = False
            raise sqlite3.OperationalError("disk I/O error")
        return done


def lying(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Lying)


async def test_an_event_that_was_kept_though_that_failed_is_believed_when_it_comes_again(
    tmp_path: Path,
) -> None:
    told: list[facts.Fact] = []
    log = SqliteLog(
        tmp_path / "j" / "x.db", wall=lambda: at(0).wall, notify=lambda _: None, connect=lying
    )
    keeper = WebhookRecorder(
        log,
        clock=lambda: at(0),
        boot="b",
        post=told.append,
        parse=ParsedWebhook,
    )
    raw = body("call.enqueued", queue="vip")
    answers = [await keeper.accept(Delivery(at(n), raw, "", "", "")) for n in range(3)]
    await log.close()
    assert answers == [False, True, True]
    state, _ = update(State(), told)
    assert "vip" in state.queues
    assert (state.health.verified, state.health.duplicates) == (1, 1)
    assert state.health.last_webhook == at(2), "a repetition shows that webhooks come"
    assert state.health.journal_problem == ""


async def test_a_body_that_names_a_member_twice_is_kept_as_it_came_and_counted_unreadable() -> None:
    told: list[facts.Fact] = []
    log = MemoryLog()
    keeper = WebhookRecorder(
        log, clock=lambda: at(0), boot="b", post=told.append, parse=ParsedWebhook
    )
    raw = body("call.enqueued").replace(b'"id"', b'"id": "another", "id"', 1)
    assert await keeper.accept(Delivery(at(0), raw, "", "", ""))
    (row,) = await log.read(0, 9)
    assert row.record.body == raw
    state, _ = update(State(), told)
    assert (state.health.unreadable, state.health.verified) == (1, 1)


async def test_a_webhook_that_our_own_mistake_cannot_read_is_kept_and_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> NoReturn:
        raise ArithmeticError("a mistake of ours")

    told: list[facts.Fact] = []
    log = MemoryLog()
    keeper = WebhookRecorder(log, clock=lambda: at(0), boot="b", post=told.append, parse=broken)
    raw = body("call.enqueued")
    assert [await keeper.accept(Delivery(at(0), raw, "", "", "")) for _ in range(2)] == [True, True]
    (row,) = await log.read(0, 9)
    assert row.record.body == raw
    unread = facts.UnreadableReceived(at(0), FAULT)
    assert told == [unread, facts.DeliveryRepeated(at(0), row.record.id, collided=False)]
    assert fact_in(row.record, at(0), broken) == unread, "by whoever reads it later"
    assert "a mistake of ours" in caplog.text


async def test_a_delivery_is_parsed_once() -> None:
    parsed: list[bytes] = []

    def parse(raw: bytes) -> ParsedWebhook:
        parsed.append(raw)
        return ParsedWebhook(raw)

    log, told = MemoryLog(), list[facts.Fact]()
    keeper = WebhookRecorder(log, clock=lambda: at(0), boot="b", post=told.append, parse=parse)
    raw = body("call.enqueued")
    assert await keeper.accept(Delivery(at(0), raw, "", "", ""))
    (row,) = await log.read(0, 9)
    assert parsed == [raw]
    assert row.record.digest == ParsedWebhook(raw).digest()
    assert told == [ParsedWebhook(raw).fact(at(0))]
