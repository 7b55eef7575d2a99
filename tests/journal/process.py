"""A process with its journal, and its successor, without a terminal or network."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console import composition, settings
from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.effects import Send
from console.core.messages.intents import Declined, OrderAsked
from console.core.model.command import Order, People, WholeConference
from console.core.model.listed_resources import Moment, Problem
from console.core.model.policy import Policy
from console.core.model.state import State
from console.journal.audit_writer import Auditor
from console.journal.locations import other_journals
from console.journal.log import JournalError, Kept, Log, MemoryLog, Record
from console.journal.notes import note_writer
from console.journal.recorder import Delivery, WebhookRecorder
from console.journal.replay import LogCursor, resume
from console.runtime.effect_runner import Runner
from console.runtime.state_store import Store
from console.telnyx.events import ParsedWebhook, event

CONFERENCE = "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3"


def at(seconds: float) -> Moment:
    return Moment(1000.0 + seconds, 1_800_000_000.0 + seconds)


class Broken(MemoryLog):
    """A log on a disk that is full."""

    async def append(self, record: Record) -> Kept:
        raise JournalError(f"no space for {record.id}")


@dataclass(frozen=True)
class Done:
    problem: Problem | None = None
    date: float | None = 1_800_000_000.0
    leg: str | None = None
    conference: str | None = None


@dataclass
class Process:
    """The recorder, store, runner and auditor of one process."""

    log: Log
    now: float = 0.0
    sent: list[Order] = field(default_factory=list)
    seen_before: list[int] = field(default_factory=list)
    answer: Problem | None = None
    made: str | None = None
    hangs: bool = False
    group: asyncio.TaskGroup = field(default_factory=asyncio.TaskGroup)

    def __post_init__(self) -> None:
        self.store = Store(State(policy=Policy(), commands=COMMANDS))
        self.keeper = WebhookRecorder(
            self.log,
            clock=lambda: at(self.now),
            boot="b",
            post=lambda fact: self.store.restore([fact]),
            parse=ParsedWebhook,
        )
        self.auditor = Auditor(
            self.keeper.write,
            who={"user": "ana"},
            clock=lambda: at(self.now),
            latest=lambda: self.store.state,
            spawn=self.spawn,
        )
        self.runner = Runner(
            self,
            policy=Policy(),
            clock=lambda: at(self.now),
            post=self.post,
            refresh=lambda _: None,
            spawn=self.spawn,
            permit=self.auditor.write_intent,
            keep=self.keeper.recover,
            may_repeat=lambda: True,
            note=note_writer(self.keeper.write, lambda: at(self.now), self.note),
        )

    def note(self, message: facts.NoteKept | Declined) -> None:
        self.store.restore([message])

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        self.group.create_task(work)

    def post(self, fact: facts.Fact) -> None:
        answers = facts.CommandAccepted | facts.CommandRefused | facts.CommandUnanswered
        if isinstance(fact, facts.CommandSent | answers):
            self.auditor.write_result(fact)
        self.store.restore([fact])
        self.auditor.write_outcomes()

    def unfit(self, _: Order) -> Problem | None:
        """Return None: the request of every order can be built."""
        return None

    async def send(self, order: Order) -> Done:
        self.sent.append(order)
        self.seen_before.append(len(await self.log.read(0, 99)))
        if self.hangs:
            await asyncio.Event().wait()
        return Done(self.answer, conference=self.made)

    async def hear(self, *bodies: bytes) -> None:
        for number, raw in enumerate(bodies):
            assert await self.keeper.accept(Delivery(at(self.now + number), raw, "", "", ""))

    async def read_past(self, *others: Log) -> None:
        def fold(past: Sequence[facts.Fact]) -> None:
            self.store.restore(past)
            self.auditor.take_over(past)

        rows = await resume(
            *map(LogCursor, (self.log, *others)),
            now=at(self.now),
            boot="b",
            decode=event,
            commands=COMMANDS,
            apply=fold,
            ends=asyncio.Event(),
        )
        self.store.restore([facts.Resumed(at(self.now), rows)])

    async def command(self, order: Order) -> None:
        self.store.restore([OrderAsked(order)])
        async with self.group:
            self.runner.perform(Send(order))


async def started(account: settings.Settings, folder: Path) -> State:
    """Return the state of the engine after it has replayed the journal in this folder."""
    stop, changed, store = asyncio.Event(), asyncio.Event(), Store(State(commands=COMMANDS))
    log = composition.open_journal(account, folder, store)
    beside = other_journals(account.profile, log.path)
    engine = composition.engine(account, None, store, log, beside=beside)
    store.subscribe(changed.set)
    async with asyncio.timeout(10.0), asyncio.TaskGroup() as group:
        group.create_task(engine.live(stop))
        await changed.wait()
        stop.set()
    return store.state


def order(name: str, *legs: str, id_: str = "c1", **values: str) -> Order:
    target = People(CONFERENCE, legs) if legs else WholeConference(CONFERENCE)
    return Order(id_, at(0), COMMANDS[name], target, "ana", values=values)
