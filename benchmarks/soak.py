"""Run a console for a simulated day with constant faults, and compare its state with the truth.

    python -m benchmarks.soak [--hours 24] [--seed 1]

The real core, store, poller, rate limiter, runner, recorder and restart run against the simulator's
world in virtual time. Only HTTP and the disk are modelled; the journal is in memory. Every 12
minutes all becomes quiet: the poller reads everything on its own schedule, and the state must match
the truth. Then all late webhooks arrive at once, and it must still match. The same run without one
rule of the merge must fail, or the benchmark would prove nothing. It takes less than 5 minutes on a
quiet core and exits with 1 if a target is missed.
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

from benchmarks.simulated_day import EVERY, Day
from benchmarks.targets import Targets
from benchmarks.virtual_time import VirtualLoop
from console.commands import COMMANDS
from console.core.messages.facts import Fact, Reading, Resumed, Ticked
from console.core.messages.intents import OrderAsked, WatchAsked
from console.core.messages.read_scopes import INIT, LIVE, CallsScope, QueuesScope, Scope
from console.core.messages.read_scopes import ParticipantsScope as PeopleOf
from console.core.model.command import Order, People
from console.core.model.entities import Membership
from console.core.model.listed_resources import Source
from console.core.model.policy import Policy
from console.core.model.state import State
from console.core.sync import merge_rules
from console.journal.log import MemoryLog
from console.journal.recorder import Delivery, WebhookRecorder
from console.journal.replay import LogCursor, resume
from console.runtime.effect_runner import Runner
from console.runtime.rate_limited_api import RateLimitedApi
from console.runtime.rate_limiter import RateLimiter
from console.runtime.state_store import Store
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
"""Slower than the default, since virtual time costs work. The rules of the merge are the same."""
HOUR = 3_600.0
CHECK_EVERY = 720.0
RESTART_EVERY = 7_000.0
OUTAGE_EVERY = 1_500.0
PRESSED = 0.02
"""Share of the actions that come with a key press of the operator."""
QUIET = POLICY.eps + POLICY.sigma + 1.0
LONGEST_POLL = 300.0
WITHOUT = "floor"
"""The rule that the control runs without."""
LASTED = 300.0
KINDS = 18
"""Kinds of fault in a whole day."""


@dataclass
class SoakResults:
    """The results of a run."""

    checks: int = 0
    diverged: list[str] = field(default_factory=list)
    reverted: int = 0
    commands: int = 0
    stages: Counter[str] = field(default_factory=Counter)
    reads: int = 0

    def add_stages(self, state: State) -> None:
        """Add the stages of a console's commands at its end."""
        self.stages.update(str(receipt.stage) for receipt in state.receipts.values())


class Console:
    """One process of the console: it knows only the journal, and its tasks end with it."""

    def __init__(self, day: Day, log: MemoryLog, results: SoakResults) -> None:
        self.day = day
        self.results = results
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
        """Run until cancelled."""
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
                may_repeat=pace.take_repetition,
            )
            store.open(asyncio.get_running_loop(), runner.perform)
            day.report = store.post
            day.hook = lambda raw: self._hook(group, raw)
            group.create_task(poller.run())
            group.create_task(self._tick())

    def _restore(self, facts: Sequence[Fact]) -> None:
        self.store.restore(facts)

    def _post(self, fact: Fact) -> None:
        self.results.reads += 1
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
        """Press a command key on a random known participant, and watch its conference."""
        there = [key for key in believed_of(self.store.state)["people"] if isinstance(key, tuple)]
        if not there:
            return
        conference, leg = self._chance.choice(there)
        verb = self._chance.choice(("mute", "unmute", "hold", "unhold"))
        target = People(conference, (leg,))
        order = Order(f"c{number}", self.day.moment(), COMMANDS[verb], target, "ana")
        self.store.post(WatchAsked(self.day.moment(), "vip", conference))
        self.store.post(OrderAsked(order))


async def _unkept(_: object) -> None:
    """Keep nothing: API read history and notes are not part of this run."""


async def _always(_: Order) -> bool:
    return True


async def soak(seed: int, hours: float, results: SoakResults, *, stop_when_diverged: bool) -> Day:
    """Run for ``hours`` of virtual time; return the day."""
    loop = asyncio.get_running_loop()
    day, log = Day(seed, loop.time), MemoryLog()
    end, restart, check = hours * HOUR, RESTART_EVERY, CHECK_EVERY
    outage = day.chance.expovariate(1 / OUTAGE_EVERY)
    async with asyncio.TaskGroup() as group:
        console = Console(day, log, results)
        life = group.create_task(console.live())
        while loop.time() < end and not (stop_when_diverged and results.diverged):
            await asyncio.sleep(day.chance.expovariate(1 / EVERY))
            day.random_action()
            if day.chance.random() < PRESSED:
                results.commands += 1
                console.press(results.commands)
            if loop.time() > outage:
                day.outage()
                outage = loop.time() + day.chance.expovariate(1 / OUTAGE_EVERY)
            if loop.time() > restart:
                await _end_console(life, day)
                results.add_stages(console.store.state)
                console = Console(day, log, results)
                life = group.create_task(console.live())
                day.faults["restart"] += 1
                restart = loop.time() + RESTART_EVERY
            if loop.time() > check:
                await compare(day, console, results)
                check = loop.time() + CHECK_EVERY
        results.add_stages(console.store.state)
        await _end_console(life, day)
    return day


async def _end_console(life: asyncio.Task[None], day: Day) -> None:
    """End the console; for 5 s no webhook is received."""

    def nobody(_: bytes) -> None:
        day.faults["webhook lost in a restart"] += 1

    day.hook = nobody
    life.cancel()
    await asyncio.wait([life])
    await asyncio.sleep(5.0)


async def compare(day: Day, console: Console, results: SoakResults) -> None:
    """Let all become quiet, then compare the console's state with the truth."""
    loop = asyncio.get_running_loop()
    day.calm, day.api_down = True, 0.0
    while day.now() - day.last_event_at < QUIET:  # noqa: ASYNC110  only virtual time passes
        await asyncio.sleep(1.0)
    since = day.moment().mono
    patience = loop.time() + LONGEST_POLL
    while not _all_read(console.store.state, since) and loop.time() < patience:  # noqa: ASYNC110
        await asyncio.sleep(1.0)
    results.checks += 1
    _same(day, console, results, "after a quiet while and one whole poll")
    day.release()
    await asyncio.sleep(0.01)
    _same(day, console, results, "after every late webhook came")


def _all_read(state: State, since: float) -> bool:
    """Return True if the poller has started every due reading after this time."""
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


def _same(day: Day, console: Console, results: SoakResults, when: str) -> None:
    day.world.catch_up()
    believed, true = believed_of(console.store.state), true_of(day.world)
    wrong = [_words(kind, believed, true) for kind in true if believed[kind] != true[kind]]
    if wrong:
        results.diverged.append(f"{day.now():.0f} s, {when}: {', '.join(wrong)}")


def _words(kind: str, believed: Seen, true: Seen) -> str:
    more, less = (
        believed[kind].keys() - true[kind].keys(),
        true[kind].keys() - believed[kind].keys(),
    )
    return f"{kind} (+{len(more)} -{len(less)})"


def run(
    seed: int, hours: float, mutant: Mutant | None = None, *, stop_when_diverged: bool = False
) -> tuple[SoakResults, Day]:
    """Run once; ``reverted`` counts the listings that overruled a webhook."""
    results = SoakResults()
    shown = merge_rules.merge_reading

    def counted(
        membership: Membership, *, here: bool, reading: Reading, policy: Policy
    ) -> Membership:
        after = shown(membership, here=here, reading=reading, policy=policy)
        turned = membership.source is Source.WEBHOOK and after.here != membership.here
        results.reverted += turned
        return after

    merge_rules.merge_reading = counted
    try:
        with (
            mutant.applied() if mutant is not None else nullcontext(),
            asyncio.Runner(loop_factory=VirtualLoop) as loop,
        ):
            day = loop.run(soak(seed, hours, results, stop_when_diverged=stop_when_diverged))
    finally:
        merge_rules.merge_reading = shown
    return results, day


def main() -> int:
    """Run the day and its control; return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak")
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    targets, began = Targets(), time.perf_counter()
    results, day = run(args.seed, args.hours)
    wall, work = time.perf_counter() - began, time.process_time()
    share = args.hours / 24.0
    targets.show("events of the world", day.events, "")
    targets.show("readings with a result", results.reads, "")
    targets.show("keys pressed", results.commands, "")
    for stage, count in sorted(results.stages.items()):
        targets.show(f"commands that ended: {stage}", count, "")
    for kind, count in sorted(day.faults.items()):
        targets.show(kind, count, "")
    spoilt = sum(day.faults.values())
    targets.at_least("faults that took effect", spoilt, 20_000 * share, "")
    targets.at_least("kinds of fault", len(day.faults), KINDS if share >= 1.0 else 1, "")
    targets.show("webhooks overruled by a listing", results.reverted, "")
    targets.at_least("quiet checks", results.checks, int(100 * share), "")
    for each in results.diverged[:10]:
        print(f"        {each}")
    targets.equal("failed comparisons", len(results.diverged), 0, "")
    targets.show("processor time of the run", work, "s")
    targets.at_most("wall time of the run", wall, LASTED, "s")
    control, _ = run(args.seed, args.hours, _mutant(WITHOUT), stop_when_diverged=True)
    targets.at_least(f"control without {WITHOUT}: failed comparisons", len(control.diverged), 1, "")
    for each in control.diverged[:1]:
        print(f"        {each}")
    return targets.exit_code()


def _mutant(rule: str) -> Mutant:
    return next(mutant for mutant in MUTANTS if mutant.rule == rule)


if __name__ == "__main__":
    sys.exit(main())
