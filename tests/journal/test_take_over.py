"""Webhooks that arrive during the replay, and journals that are followed or replaced."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pytest
from journal.process import CONFERENCE, at, order, started

from console import headless, settings
from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.effects import Effect, Send
from console.core.messages.intents import OrderAsked
from console.core.messages.webhooks import CallEnqueued
from console.core.model.draft import Draft
from console.core.model.entities import Note
from console.core.model.listed_resources import Moment
from console.core.model.policy import Policy
from console.core.model.stage import Stage
from console.core.model.state import State
from console.core.sync import expiry
from console.journal import follower, host_journal
from console.journal.audit_writer import intent
from console.journal.locations import other_journals, set_aside
from console.journal.lock import Lock
from console.journal.log import JournalError, JournalRow, JournalTable, Log, MemoryLog, Record
from console.journal.recorder import Delivery, WebhookRecorder
from console.journal.sqlite import SqliteLog
from console.runtime.state_store import Store
from console.telnyx.events import ParsedWebhook, event
from support.signing import PUBLIC
from support.signing import event as body


@dataclass
class Start:
    """A process that starts at ``now`` and gets deliveries before it has replayed its journal."""

    log: Log
    now: float
    store: Store = field(default_factory=lambda: Store(State(policy=Policy(), commands=COMMANDS)))
    done: list[Effect] = field(default_factory=list)

    async def hears(self, raw: bytes) -> None:
        """Record a webhook and post its fact."""
        keeper = WebhookRecorder(
            self.log,
            clock=lambda: at(self.now),
            boot="b",
            post=self.store.post,
            parse=ParsedWebhook,
        )
        assert await keeper.accept(Delivery(at(self.now), raw, "", "", ""))

    async def reads_its_past(
        self, began: float, *beside: Path, follows: follower.OtherJournal | None = None
    ) -> int | None:
        """Replay the journals, then apply the posted facts. Return the seq to follow from."""
        last = await follower.take_over(
            self.log,
            follows,
            beside,
            began=at(began),
            clock=lambda: at(self.now),
            boot="b",
            decode=event,
            commands=COMMANDS,
            apply=self.store.restore,
            store=self.store,
            ends=asyncio.Event(),
        )
        self.store.open(asyncio.get_running_loop(), self.done.append)
        while self.store._scheduled or self.store._inbox:  # noqa: SLF001, ASYNC110  # no public sign
            await asyncio.sleep(0)
        return last

    @property
    def said(self) -> list[str]:
        """The texts about the journal in the log pane."""
        return [entry.text for entry in self.store.state.log if entry.name == "journal"]


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
    assert ("journal", "replayed 1 rows") in said


async def test_a_command_asked_for_during_the_start_is_not_an_earlier_ones() -> None:
    log = MemoryLog()
    await Start(log, 0.0).hears(body("conference.participant.joined", "e1"))
    start = Start(log, 60.0)
    start.store.post(OrderAsked(order("record")))
    await start.reads_its_past(began=60.0)
    assert [effect for effect in start.done if isinstance(effect, Send)]
    receipt = start.store.state.receipts["c1"]
    assert (receipt.stage, receipt.resumed) == (Stage.SENT, None)
    assert CONFERENCE in start.store.state.conferences


async def reading_on(
    elsewhere: follower.OtherJournal, after: int | None, came: asyncio.Queue[facts.Fact]
) -> None:
    """Return a console that started at 0 and follows the journal."""
    await follower.follow(
        *(elsewhere, after, at(0.0)),
        clock=lambda: at(2.0),
        boot="b",
        decode=event,
        post=came.put_nowait,
    )


async def test_a_journal_that_was_set_aside_is_read_on_from_its_new_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "EVERY", 0.0)
    path, came = tmp_path / "j" / "default.db", asyncio.Queue[facts.Fact]()
    first = await _with_three(path, 0.0)
    elsewhere = follower.OtherJournal(path)
    last = (await elsewhere.read(await elsewhere.position(0.0), 9))[-1].seq
    said: list[str] = []

    async with asyncio.timeout(5.0), asyncio.TaskGroup() as group:
        following = group.create_task(reading_on(elsewhere, last, came))
        await first.close()
        set_aside(path, 1.0)
        second = _kept_in(path)
        await Start(second, 1.0).hears(body("call.enqueued", "new"))
        while "new" not in said:
            match await came.get():
                case facts.JournalMessageReported(text=text):
                    said.append(text)
                case CallEnqueued() as fact:
                    said.append(fact.origin.event_id)
        following.cancel()
        await second.close()
    assert "the receiver's journal was set aside: reading starts at its new beginning" in said
    assert not [id_ for id_ in said if id_.startswith("old")]


class Unreadable(follower.OtherJournal):
    """A journal that cannot be read at first."""

    well = False

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        if self.well:
            return await super().read(after, limit)
        raise JournalError("disk I/O error")


async def test_a_past_that_cannot_be_read_is_said_and_not_told_as_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "EVERY", 0.0)
    path, came = tmp_path / "j" / "default.db", asyncio.Queue[facts.Fact]()
    received = await _with_three(path, -3600.0)
    await Start(received, 1.0).hears(body("call.enqueued", "new"))
    start, elsewhere = Start(MemoryLog(), 0.0), Unreadable(path)
    last = await start.reads_its_past(0.0, follows=elsewhere)
    assert "the receiver's past cannot be read: disk I/O error" in start.said
    assert last is None
    elsewhere.well = True
    async with asyncio.timeout(5.0), asyncio.TaskGroup() as group:
        following = group.create_task(reading_on(elsewhere, last, came))
        news = [await came.get() for _ in range(2)]
        following.cancel()
    await received.close()
    assert [type(fact).__name__ for fact in news] == ["ReceiverClosed", "CallEnqueued"]
    assert isinstance(news[1], CallEnqueued)
    assert news[1].origin.event_id == "new"


async def _left_at(path: Path, alias: str, ago: float) -> None:
    """Write the journal of a console of another slot that was killed during a command."""
    log = _kept_in(path)
    asked = replace(order("mute", "v3:x", id_=f"c {alias}"), at=at(-ago))
    told = json.dumps({**asdict(Note("v3:x", alias)), "at": None}).encode()
    for record in (
        Record(JournalTable.NOTES, "v3:x", at(-ago), "b", told),
        Record(
            JournalTable.AUDIT,
            asked.id,
            at(-ago),
            "b",
            intent(asked, asked.command.confirmation, {}),
        ),
    ):
        await log.append(record)
    await log.close()


async def test_what_other_seats_left_is_known_and_the_newest_name_holds(tmp_path: Path) -> None:
    first, third = tmp_path / "j" / "p.db", tmp_path / "j" / "p.3.db"
    await _left_at(first, "newer", 60.0)
    await _left_at(third, "older", 120.0)
    own = _kept_in(tmp_path / "j" / "p.2.db")
    start = Start(own, 0.0)
    beside = other_journals("p", own.path)
    assert beside == [first, third]
    await start.reads_its_past(0.0, *beside)
    await own.close()
    assert start.store.state.notes["v3:x"].alias == "newer"
    stages = {id_: receipt.stage for id_, receipt in start.store.state.receipts.items()}
    assert stages == {"c newer": Stage.UNCERTAIN, "c older": Stage.UNCERTAIN}
    assert [effect for effect in start.done if isinstance(effect, Send)] == []


async def test_a_console_without_a_receiver_knows_what_the_one_that_received_left(
    tmp_path: Path,
) -> None:
    await _left_at(tmp_path / "j" / "demo.db", "Cy", 0.0)
    account = settings.for_demo({"receiver": False})
    account = account.model_copy(update={"base_url": "http://127.0.0.1:9/v2"})
    state = await started(account, tmp_path / "j")
    assert other_journals("demo", tmp_path / "j" / "demo.db") == [tmp_path / "j" / "demo.2.db"]
    assert state.notes["v3:x"].alias == "Cy"


def test_a_receiver_takes_over_what_no_console_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_left_at(tmp_path / "j" / "demo.2.db", "Cy", 0.0))
    beside: list[Sequence[Path]] = []

    async def take_over(_: Log, __: object, paths: Sequence[Path], **___: object) -> None:
        beside.append(paths)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(host_journal, "take_over", take_over)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        account = settings.for_demo({}).model_copy(
            update={"base_url": "http://127.0.0.1:9/v2", "public_keys": (PUBLIC,)}
        )
        assert headless.receive(account, (listener,), tmp_path / "j") == 0
    assert beside == [()]


async def test_of_a_seat_that_is_taken_only_the_names_are_known(tmp_path: Path) -> None:
    path = tmp_path / "j" / "p.db"
    await _left_at(path, "theirs", 60.0)
    start = Start(MemoryLog(), 0.0)
    with Lock(path, {}):
        await start.reads_its_past(0.0, path)
    assert start.store.state.notes["v3:x"].alias == "theirs"
    assert start.store.state.receipts == {}
    assert start.said == []


async def test_a_past_that_nothing_can_follow_is_forgotten_and_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log = MemoryLog()
    await Start(log, -60.0).hears(body("call.enqueued", "e1"))

    def broken(draft: Draft, at: Moment) -> None:
        if draft.health.verified:
            raise ArithmeticError("a mistake of ours")
        sound(draft, at)

    sound = expiry.drop_expired
    monkeypatch.setattr(expiry, "drop_expired", broken)
    start = Start(log, 0.0)
    await start.reads_its_past(0.0)
    (said,) = start.said
    assert said.startswith("the restored state cannot be used and is dropped")
    assert (start.store.state.queues, start.store.state.health.verified) == ({}, 0)
    assert [record.getMessage() for record in caplog.records] == ["the restored state is dropped"]


async def _with_three(path: Path, when: float) -> SqliteLog:
    """Write a receiver's journal with three past events."""
    log = _kept_in(path)
    for number in range(3):
        await Start(log, when).hears(body("call.enqueued", f"old{number}"))
    return log


def _kept_in(path: Path) -> SqliteLog:
    return SqliteLog(path, wall=lambda: at(0.0).wall, notify=lambda _: None)
