"""Tests for the health report and the answer of ``/healthz``."""

from __future__ import annotations

import asyncio

import pytest

from console.core.messages.facts import Fact
from console.core.model.state import Health
from console.journal.log import JournalTable, Kept, MemoryLog, Record
from console.journal.recorder import WebhookRecorder
from console.runtime.health_report import health_report
from console.telnyx.events import ParsedWebhook
from support.playbook import at


def test_before_anything_nothing_is_wrong_and_nothing_is_known() -> None:
    told = health_report(Health(), at(0.0), 0.0)
    assert told.well
    assert told.figures["last_event_age"] is None
    assert told.figures["clock_offset"] is None


def test_the_figures() -> None:
    health = Health(last_webhook=at(-3.0), api_ok=at(-1.04), refused=2, gaps=1, clock_ahead=-61.23)
    assert health_report(health, at(0.0), 0.01234).figures == {
        "wrong": [],
        "key_refused": False,
        "last_event_age": 3.0,
        "last_answer_age": 1.0,
        "journal_lag": 0.0123,
        "verified": 0,
        "repeated": 0,
        "refused": 2,
        "gaps": 1,
        "recovered": 0,
        "clock_offset": -61.2,
    }


@pytest.mark.parametrize(
    ("health", "wrong"),
    [
        (Health(journal_problem="disk full"), ["journal"]),
        (Health(webhooks_missing=True, clock_wrong=True), ["webhooks missing", "clock"]),
        (Health(key_refused=at(0.0), unreachable=at(0.0)), []),
    ],
)
def test_it_is_well_while_webhooks_are_received_and_kept(health: Health, wrong: list[str]) -> None:
    told = health_report(health, at(1.0), 0.0)
    assert (told.well, told.figures["wrong"]) == (not wrong, wrong)
    assert told.figures["key_refused"] is (health.key_refused is not None)


class Slow(MemoryLog):
    """A journal whose writes wait until the test releases them."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def append(self, record: Record) -> Kept:
        await self.gate.wait()
        return await super().append(record)


async def test_the_journals_lag_is_the_age_of_what_waits_and_then_what_it_waited() -> None:
    log, told, passed = Slow(), list[Fact](), [0.0]
    keeper = WebhookRecorder(
        log,
        clock=lambda: at(passed[0]),
        boot="b",
        post=told.append,
        parse=ParsedWebhook,
    )
    assert keeper.lag(at(0.0)) == 0.0
    async with asyncio.TaskGroup() as group:
        group.create_task(keeper.write(JournalTable.OBSERVATIONS, "x", b""))
        await asyncio.sleep(0)
        passed[0] = 1.5
        assert keeper.lag(at(1.5)) == 1.5
        log.gate.set()
    assert keeper.lag(at(9.0)) == 1.5
