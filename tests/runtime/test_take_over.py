"""What comes in while the past is read is of now, and what is read on from may begin anew."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from runtime.process import ROOM, at, order

from console.catalog import COMMANDS
from console.core import facts
from console.core.effects import Effect, Send
from console.core.intents import Asked
from console.core.policy import Policy
from console.core.stage import Stage
from console.core.state import State
from console.core.webhooks import CallEnqueued
from console.runtime import follow
from console.runtime.journal import Log, MemoryLog
from console.runtime.journal_place import set_aside
from console.runtime.journal_sqlite import SqliteLog
from console.runtime.keeping import Delivery, Keeper
from console.runtime.store import Store
from console.telnyx.events import event, fingerprint
from support.signing import event as body


@dataclass
class Start:
    """A process that begins at ``now`` and is spoken to before it has read its past."""

    log: Log
    now: float
    store: Store = field(default_factory=lambda: Store(State(policy=Policy(), commands=COMMANDS)))
    done: list[Effect] = field(default_factory=list)

    async def hears(self, raw: bytes) -> None:
        """A webhook is kept, and told."""
        keeper = Keeper(
            self.log,
            clock=lambda: at(self.now),
            boot="b",
            post=self.store.post,
            decode=event,
            fingerprint=fingerprint,
        )
        assert await keeper.accept(Delivery(at(self.now), raw, "", "", ""))

    async def reads_its_past(self, began: float) -> None:
        """Then it folds all that it was told."""
        self.store.perform = self.done.append
        await follow.take_over(
            self.log,
            None,
            began=at(began),
            clock=lambda: at(self.now),
            boot="b",
            decode=event,
            commands=COMMANDS,
            fold=self.store.restore,
            post=self.store.post,
            lead=self.store.lead,
            ends=asyncio.Event(),
        )
        self.store.open(asyncio.get_running_loop())
        while self.store._scheduled or self.store._inbox:  # noqa: SLF001, ASYNC110  # no public sign
            await asyncio.sleep(0)


async def test_a_webhook_that_comes_during_the_start_hides_no_silence_before_it() -> None:
    log = MemoryLog()
    before = Start(log, 0.0)
    await before.hears(body("call.enqueued", "e1"))
    after = Start(log, 1800.0)
    await after.hears(body("call.enqueued", "e2"))
    after.now = 1803.0
    await after.reads_its_past(began=1800.0)
    said = [(entry.name, entry.text) for entry in after.store.state.log]
    assert ("not listening", "nothing was heard for 30 min before this start") in said
    health = after.store.state.health
    assert (health.gaps, health.verified, health.duplicates) == (1, 2, 0)
    assert ("journal", "read on from 1 rows of the past") in said


async def test_a_command_asked_for_during_the_start_is_not_an_earlier_ones() -> None:
    log = MemoryLog()
    await Start(log, 0.0).hears(body("conference.participant.joined", "e1"))
    start = Start(log, 60.0)
    start.store.post(Asked(order("record")))
    await start.reads_its_past(began=60.0)
    assert [effect for effect in start.done if isinstance(effect, Send)]
    receipt = start.store.state.receipts["c1"]
    assert (receipt.stage, receipt.resumed) == (Stage.SENT, None)
    assert ROOM in start.store.state.rooms


async def test_a_journal_that_was_set_aside_is_read_on_from_its_new_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "EVERY", 0.0)
    path, came = tmp_path / "j" / "default.db", asyncio.Queue[facts.Fact]()
    first = _kept_in(path)
    for number in range(3):
        await Start(first, 0.0).hears(body("call.enqueued", f"old{number}"))
    elsewhere = follow.Elsewhere(path)
    last = (await elsewhere.read(await elsewhere.position(0.0), 9))[-1].seq
    said: list[str] = []

    async def reading_on() -> None:
        await follow.follow(
            elsewhere, last, clock=lambda: at(0.0), boot="b", decode=event, post=came.put_nowait
        )

    async with asyncio.timeout(5.0), asyncio.TaskGroup() as group:
        following = group.create_task(reading_on())
        await first.close()
        set_aside(path, 1.0)
        second = _kept_in(path)
        await Start(second, 1.0).hears(body("call.enqueued", "new"))
        while "new" not in said:
            match await came.get():
                case facts.JournalNoted(text=text):
                    said.append(text)
                case CallEnqueued() as fact:
                    said.append(fact.origin.event_id)
        following.cancel()
        await second.close()
    assert "the receiver's journal was set aside: it is read from its new beginning" in said
    assert not [id_ for id_ in said if id_.startswith("old")]


def _kept_in(path: Path) -> SqliteLog:
    return SqliteLog(path, wall=lambda: at(0.0).wall, said=lambda _: None)
