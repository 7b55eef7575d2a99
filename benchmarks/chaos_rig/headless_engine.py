"""The engine that commands, as a process: `telnyx-console` without its terminal.

``console.composition`` wires it like a console that is started beside a receiver: it follows the
receiver's journal, polls the API and keeps its own audit. Instead of a terminal it reads one JSON
object a line and answers with one; it ends with its input. Without a request it reports the stages
of each command, and ``{"journal": why}`` if it cannot write.

    {"order": {"name", "conference", "legs", "queue", "values"}}    ask for a command
    {"look": N, "after": secs, "queue": name, "conferences": [id], "ever": [id]}   answered when
        everything was read since then
    {"unread": N}                                             the reason why a look is not answered
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import uuid
from typing import Any

from console import composition, settings
from console.commands import COMMANDS
from console.commands.targeting import frozen_values, level_of, observed, repeated
from console.core.messages.intents import OrderAsked
from console.core.messages.read_scopes import LIVE, CallsScope, QueuesScope, Scope
from console.core.messages.read_scopes import ParticipantsScope as PeopleOf
from console.core.model.command import (
    AnyLeg,
    Order,
    People,
    Queued,
    Target,
    TargetKind,
    WholeConference,
    WholeQueue,
)
from console.core.model.entities import Coverage
from console.core.model.policy import Policy
from console.core.model.stage import Stage
from console.core.model.state import State
from console.journal.locations import file_of, home, other_journals
from console.runtime.state_store import Store
from console.sources.clock import now

POLICY = Policy(
    sigma=0.5,
    skew=1.0,
    attempt=1.5,
    command=12.0,
    budget=200.0,
    queues_every=0.4,
    conferences_every=0.4,
    people_every=0.8,
    people_watched_every=0.8,
    key_every=1.0,
    calls_every=0.8,
    proof=3.0,
)
"""Shorter waits than the default, so that a run has more of them. The rules are the same."""
QUIET_SECS = POLICY.eps + 1.0 + POLICY.sigma
"""Seconds without a change after which one reading of everything must show the truth (N1)."""


class LineProtocol:
    """Lines of input and output, instead of keys and a screen."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looks: list[dict[str, Any]] = []
        self._stages: dict[str, Stage] = {}
        self._journal = ""

    def report_changes(self) -> None:
        """Report the changes of the state."""
        state = self._store.state
        if state.health.journal_problem != self._journal:
            self._journal = state.health.journal_problem
            _say({"journal": self._journal})
        for id_, receipt in state.receipts.items():
            if self._stages.get(id_) is not receipt.stage:
                self._stages[id_] = receipt.stage
                resumed = receipt.resumed is not None
                _say({"stage": receipt.stage.name, "id": id_, "resumed": resumed})
        for look in [one for one in self._looks if not _unread(state, one)]:
            self._looks.remove(look)
            _say({"look": look["look"], **believed(state, look)})

    def take(self, line: bytes) -> None:
        """Handle one line of input."""
        match json.loads(line):
            case {"order": order}:
                self._order(order)
            case {"look": _} as look:
                self._looks.append(look)
                self.report_changes()
            case {"unread": number}:
                health, state = self._store.state.health, self._store.state
                found = [one for one in self._looks if one["look"] == number]
                self._looks = [one for one in self._looks if one["look"] != number]
                why = [_unread(state, one) for one in found]
                _say(
                    {"look": number, "unread": f"{why} {health.key_refused} {health.polls_resume}"}
                )
            case _:
                raise ValueError(line)

    def _order(self, wanted: dict[str, Any]) -> None:
        state, command, target = self._store.state, COMMANDS[wanted["name"]], _target(wanted)
        why = command.why_not(state, target)
        if why is not None:
            _say({"declined": wanted["name"], "why": why})
            return
        values = {**frozen_values(command, target, state), **wanted["values"]}
        order = Order(
            *(str(uuid.uuid4()), now(), command, target, "chaos", values),
            observed=observed(command, target, state),
            repeats=repeated(command, target, state),
        )
        level = level_of(command, target, state, order.at)
        _say({"ordered": order.id, "name": command.name, "tier": int(level)})
        self._store.post(OrderAsked(order))


def _target(order: dict[str, Any]) -> Target:
    legs = order["legs"]
    match COMMANDS[order["name"]].target_kind:
        case TargetKind.CONFERENCE:
            return WholeConference(order["conference"])
        case TargetKind.CALL:
            return Queued(order["queue"], legs[0])
        case TargetKind.LEG:
            return AnyLeg(legs[0], order["conference"], order["queue"])
        case TargetKind.QUEUE:
            return WholeQueue(order["queue"])
        case _:
            return People(order["conference"], tuple(legs))


def _unread(state: State, look: dict[str, Any]) -> str:
    """Return the parts that were not read since ``look``; empty if all were."""
    here = {
        id_
        for id_, conference in state.conferences.items()
        if conference.membership.here and not conference.ended
    }
    wanted: list[Scope] = [QueuesScope(), LIVE]
    wanted += [PeopleOf(id_) for id_ in look["conferences"] if id_ in here]
    queue, line = look["queue"], state.queues.get(look["queue"])
    calls = any(one.membership.here for one in state.waiting.get(queue, {}).values())
    if calls or (line is not None and line.listed is not None and line.listed.size):
        wanted.append(CallsScope(queue))
    late = [scope for scope in wanted if not _since(state.coverage.get(scope), look["after"])]
    unsettled = [id_ for id_ in look["ever"] if id_ in here and state.conferences[id_].unsettled]
    return f"{late} {unsettled}" if late or unsettled else ""


def _since(known: Coverage | None, after: float) -> bool:
    return known is not None and known.asked is not None and known.asked.mono >= after


def believed(state: State, look: dict[str, Any]) -> dict[str, object]:
    """Return the conferences, people and calls in the state, sorted for comparison."""
    ever = set(look["ever"]) | set(look["conferences"])
    conferences = [
        r.id
        for r in state.conferences.values()
        if r.membership.here and not r.ended and r.id in ever
    ]
    people = [
        [conference, leg, *((person.listed and (person.listed.muted, person.listed.on_hold)) or ())]
        for conference in conferences
        for leg, person in state.people.get(conference, {}).items()
        if person.membership.here
    ]
    waiting = state.waiting.get(look["queue"], {})
    calls = [leg for leg, call in waiting.items() if call.membership.here]
    return {"conferences": sorted(conferences), "people": sorted(people), "calls": sorted(calls)}


def _say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Run until the input ends or a signal comes."""
    chosen = settings.load({"receiver": False})
    store = Store(State(policy=POLICY, commands=COMMANDS))
    log = composition.open_journal(chosen, home(), store)
    follows = file_of(home(), chosen.profile)
    beside = other_journals(chosen.profile, log.path, follows)
    engine = composition.engine(chosen, None, store, log, beside=beside, follows=follows)
    protocol, stop, loop = LineProtocol(store), asyncio.Event(), asyncio.get_running_loop()
    store.subscribe(protocol.report_changes)
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    async def listen() -> None:
        while line := await reader.readline():
            protocol.take(line)
        stop.set()

    async with asyncio.TaskGroup() as group:
        listening = group.create_task(listen())
        _say({"ready": True})
        await engine.live(stop)
        listening.cancel()


if __name__ == "__main__":
    asyncio.run(main())
