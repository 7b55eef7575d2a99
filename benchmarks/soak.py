"""A day and a night of a console, in made time, with faults all along.

    python -m benchmarks.soak [--hours 24] [--seed 1]

The real core, store, poller, pace, runner, keeper and restart over the simulator's world; modelled
are HTTP itself and the disk (the journal is in memory). Every 12 minutes all falls quiet: the
poller reads everything by its own schedule, and what is believed must be what is true; then every
webhook that was late comes at once, and it must still be so. The same run without one rule of the
merge must diverge, or the rig would see nothing. Under 5 minutes of a quiet core; exits non-zero
where a target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from benchmarks.day import EVERY, Day
from benchmarks.judge import Judge
from benchmarks.virtual import VirtualLoop
from console.commands import COMMANDS
from console.core.messages.facts import Fact, Reading, Resumed, Ticked
from console.core.messages.intents import Asked, Watched
from console.core.messages.read_scopes import INIT, LIVE, CallsScope, QueuesScope, Scope
from console.core.messages.read_scopes import ParticipantsScope as PeopleOf
from console.core.model.command import Order, People
from console.core.model.entities import Membership
from console.core.model.policy import Policy
from console.core.model.resources import Source
from console.core.model.state import State
from console.core.sync import reconcile
from console.journal.log import MemoryLog
from console.journal.recorder import Delivery, WebhookRecorder
from console.journal.replay import LogCursor, resume
from console.runtime.rate_limited_api import RateLimitedApi
from console.runtime.rate_limiter import RateLimiter
from console.runtime.runner import Runner
from console.runtime.store import Store
from console.sources.poller import Poller
from console.telnyx.events import ParsedWebhook, event
from support.mutants import MUTANTS, Mutant
from support.twin import Seen, believed_of, true_of

POLICY = replace(
    Policy(),
    queues_every=20.0,
    conferences_every=20.0,
    calls_watched_every=15.0,
    calls_every=30.0,
    people_watched_every=15.0,
    budget=1.5,
)
"""Slower than on a desk, since made time costs work; what may be believed when is the same."""
HOUR = 3_600.0
CHECK_EVERY = 720.0
RESTART_EVERY = 7_000.0
OUTAGE_EVERY = 1_500.0
PRESSED = 0.02
"""Of the deeds, how many come with a key of the operator's."""
QUIET = POLICY.eps + POLICY.sigma + 1.0
LONGEST_POLL = 300.0
WITHOUT = "floor"
"""The rule that the control does without."""
LASTED = 300.0
KINDS = 18
"""Of fault, in a whole day."""


@dataclass
class Told:
    """What a run came to."""

    checks: int = 0
    diverged: list[str] = field(default_factory=list)
    reverted: int = 0
    commands: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    reads: int = 0

    def heard(self, state: State) -> None:
        """What a console's commands came to, at its end."""
        self.stages.update(str(receipt.stage) for receipt in state.receipts.values())


class Console:
    """One process of the console: it knows what the journal tells it, and ends with its tasks."""

    def __init__(self, day: Day, log: MemoryLog, told: Told) -> None:
        self.day = day
        self.told = told
        self.log = log
        self.store = Store(State(policy=POLICY, commands=COMMANDS))
        self.keeper = WebhookRecorder(
            log,
            clock=day.moment,
            boot="soak",
            post=self.store.post,
            parse=ParsedWebhook,
        )
        self._chance = random.Random(3)  # noqa: S311  # a seed, not a secret
        self._group: asyncio.TaskGroup | None = None

    async def live(self) -> None:
        """Until cancelled."""
        day, store = self.day, self.store
        count = await resume(
            LogCursor(self.log),
            now=day.moment(),
            boot="soak",
            decode=event,
            commands=COMMANDS,
            apply=self._restore,
            ends=asyncio.Event(),
        )
        store.post(Resumed(day.moment(), count))
        pace = RateLimiter(POLICY.budget, day.moment().mono, self._chance.random)
        async with asyncio.TaskGroup() as group:
            poller = Poller(
                day, latest=lambda: store.state, post=self._post, clock=day.moment, pace=pace
            )
            runner = Runner(
                RateLimitedApi(day, pace, day.moment),
                policy=POLICY,
                clock=day.moment,
                post=store.post,
                refresh=poller.refresh,
                spawn=group.create_task,
                permit=_always,
                keep=_unkept,
                note=_unkept,
                spare=pace.repeat,
            )
            store.perform = runner.perform
            store.open(asyncio.get_running_loop())
            day.report = store.post
            day.hook = lambda raw: self._hook(group, raw)
            group.create_task(poller.run())
            group.create_task(self._tick())

    def _restore(self, facts: Sequence[Fact]) -> None:
        self.store.restore(facts)

    def _post(self, fact: Fact) -> None:
        self.told.reads += 1
        self.store.post(fact)

    def _hook(self, group: asyncio.TaskGroup, raw: bytes) -> None:
        delivery = Delivery(self.day.moment(), raw, "", "", "")
        group.create_task(self._accept(delivery))

    async def _accept(self, delivery: Delivery) -> None:
        await self.keeper.accept(delivery)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            self.store.post(Ticked(self.day.moment()))

    def press(self, number: int) -> None:
        """A key on somebody who is believed to be there, and a look at the conference."""
        there = [key for key in believed_of(self.store.state)["people"] if isinstance(key, tuple)]
        if not there:
            return
        conference, leg = self._chance.choice(there)
        verb = self._chance.choice(("mute", "unmute", "hold", "unhold"))
        target = People(conference, (leg,))
        order = Order(f"c{number}", self.day.moment(), COMMANDS[verb], target, "ana")
        self.store.post(Watched(self.day.moment(), "vip", conference))
        self.store.post(Asked(order))


async def _unkept(_: object) -> None:
    """What is had from the API, and notes, are not part of this day."""


async def _always(_: Order) -> bool:
    return True


async def soak(seed: int, hours: float, told: Told, *, stop_when_diverged: bool) -> Day:
    """So many hours of made time."""
    loop = asyncio.get_running_loop()
    day, log = Day(seed, loop.time), MemoryLog()
    end, restart, check = hours * HOUR, RESTART_EVERY, CHECK_EVERY
    outage = day.chance.expovariate(1 / OUTAGE_EVERY)
    async with asyncio.TaskGroup() as group:
        console = Console(day, log, told)
        life = group.create_task(console.live())
        while loop.time() < end and not (stop_when_diverged and told.diverged):
            await asyncio.sleep(day.chance.expovariate(1 / EVERY))
            day.deed()
            if day.chance.random() < PRESSED:
                told.commands += 1
                console.press(told.commands)
            if loop.time() > outage:
                day.outage()
                outage = loop.time() + day.chance.expovariate(1 / OUTAGE_EVERY)
            if loop.time() > restart:
                await _ended(life, day)
                told.heard(console.store.state)
                console = Console(day, log, told)
                life = group.create_task(console.live())
                day.faults["restart"] += 1
                restart = loop.time() + RESTART_EVERY
            if loop.time() > check:
                await compare(day, console, told)
                check = loop.time() + CHECK_EVERY
        told.heard(console.store.state)
        await _ended(life, day)
    return day


async def _ended(life: asyncio.Task[None], day: Day) -> None:
    """The process dies; for 5 s nobody hears a webhook."""

    def nobody(_: bytes) -> None:
        day.faults["webhook lost in a restart"] += 1

    day.hook = nobody
    life.cancel()
    await asyncio.wait([life])
    await asyncio.sleep(5.0)


async def compare(day: Day, console: Console, told: Told) -> None:
    """All falls quiet; what is believed must be what is true."""
    loop = asyncio.get_running_loop()
    day.calm, day.api_down = True, 0.0
    while day.now() - day.told_at < QUIET:  # noqa: ASYNC110  made time alone passes
        await asyncio.sleep(1.0)
    since = day.moment().mono
    patience = loop.time() + LONGEST_POLL
    while not _all_read(console.store.state, since) and loop.time() < patience:  # noqa: ASYNC110
        await asyncio.sleep(1.0)
    told.checks += 1
    _same(day, console, told, "after a quiet while and one whole poll")
    day.release()
    await asyncio.sleep(0.01)
    _same(day, console, told, "after every late webhook came")


def _all_read(state: State, since: float) -> bool:
    """Whether the poller has begun every reading it owes later than this instant."""
    conferences = [r.id for r in state.conferences.values() if r.membership.here and not r.ended]
    wanted: list[Scope] = [LIVE, INIT, QueuesScope(), *map(PeopleOf, conferences)]
    wanted += [CallsScope(queue) for queue, calls in state.waiting.items() if _any(calls.values())]
    lines = [line for line in state.queues.values() if line.membership.here and line.listed]
    wanted += [CallsScope(line.name) for line in lines if line.listed and line.listed.size]
    read = [state.coverage.get(scope) for scope in wanted]
    unsettled = any(conference.unsettled for conference in state.conferences.values())
    return not unsettled and all(
        known is not None and known.asked is not None and known.asked.mono > since for known in read
    )


def _any(calls: object) -> bool:
    return any(call.membership.here for call in calls)  # type: ignore[attr-defined]  # Waiting


def _same(day: Day, console: Console, told: Told, when: str) -> None:
    day.world.catch_up()
    believed, true = believed_of(console.store.state), true_of(day.world)
    wrong = [_words(kind, believed, true) for kind in true if believed[kind] != true[kind]]
    if wrong:
        told.diverged.append(f"{day.now():.0f} s, {when}: {', '.join(wrong)}")


def _words(kind: str, believed: Seen, true: Seen) -> str:
    more, less = (
        believed[kind].keys() - true[kind].keys(),
        true[kind].keys() - believed[kind].keys(),
    )
    return f"{kind} (+{len(more)} -{len(less)})"


def run(
    seed: int, hours: float, mutant: Mutant | None = None, *, stop_when_diverged: bool = False
) -> tuple[Told, Day]:
    """One run; ``reverted`` counts where a listing overturned what a webhook had said."""
    told = Told()
    shown = reconcile.shown

    def counted(
        register: Membership, *, here: bool, reading: Reading, policy: Policy
    ) -> Membership:
        after = shown(register, here=here, reading=reading, policy=policy)
        turned = register.source is Source.WEBHOOK and after.here != register.here
        told.reverted += turned
        return after

    reconcile.shown = counted
    try:
        with (
            mutant.applied() if mutant is not None else nullcontext(),
            asyncio.Runner(loop_factory=VirtualLoop) as loop,
        ):
            day = loop.run(soak(seed, hours, told, stop_when_diverged=stop_when_diverged))
    finally:
        reconcile.shown = shown
    return told, day


def main() -> int:
    """The run, and its control."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    judge, began = Judge(), time.perf_counter()
    told, day = run(asked.seed, asked.hours)
    wall, work = time.perf_counter() - began, time.process_time()
    share = asked.hours / 24.0
    judge.say("events of the world", day.events, "")
    judge.say("readings that came to something", told.reads, "")
    judge.say("keys pressed", told.commands, "")
    for stage, count in sorted(told.stages.items()):
        judge.say(f"commands that ended: {stage}", count, "")
    for kind, count in sorted(day.faults.items()):
        judge.say(kind, count, "")
    spoilt = sum(day.faults.values())
    judge.least("faults that took effect", spoilt, 20_000 * share, "")
    judge.least("kinds of fault", len(day.faults), KINDS if share >= 1.0 else 1, "")
    judge.say("what a webhook said overturned by a listing", told.reverted, "")
    judge.least("quiet checks", told.checks, int(100 * share), "")
    for each in told.diverged[:10]:
        print(f"        {each}")
    judge.same("diverged", len(told.diverged), 0, "")
    judge.say("of which this process had a core", work, "s")
    judge.most("wall time of the run", wall, LASTED, "s")
    control, _ = run(asked.seed, asked.hours, _mutant(WITHOUT), stop_when_diverged=True)
    judge.least(f"the control, without: {WITHOUT}; diverged", len(control.diverged), 1, "")
    for each in control.diverged[:1]:
        print(f"        {each}")
    return judge.code()


def _mutant(rule: str) -> Mutant:
    return next(mutant for mutant in MUTANTS if mutant.rule == rule)


if __name__ == "__main__":
    sys.exit(main())
