"""The engine that commands, as a process: what `telnyx-console` is without its terminal.

It is wired by ``console.composition``, as a console that is started beside a receiver: it reads on
from the receiver's journal, polls the API and keeps an audit of its own. In the terminal's place
it reads a JSON object a line and answers with one; at the end of its input it ends. Unasked it
says what becomes of a command, and ``{"journal": why}`` where it cannot keep anything.

    {"order": {"name", "conference", "legs", "queue", "values"}}    as a key and a dialog would ask
    {"look": N, "after": secs, "queue": name, "conferences": [id], "ever": [id]}   when all was read
    {"unread": N}                                             why it is not told yet
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
from console.commands.targeting import now_known, tier_of
from console.core.messages.intents import Asked
from console.core.messages.read_scopes import LIVE, CallsScope, QueuesScope, Scope
from console.core.messages.read_scopes import ParticipantsScope as PeopleOf
from console.core.model.command import (
    Aim,
    AnyLeg,
    Order,
    People,
    Queued,
    Target,
    WholeConference,
    WholeQueue,
)
from console.core.model.entities import Coverage
from console.core.model.policy import Policy
from console.core.model.stage import Stage
from console.core.model.state import State
from console.journal.locations import file_of, home
from console.runtime.store import Store
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
"""Waits are shortened, so that a shift's worth of them fits; what is done in between is not."""
QUIET_SECS = POLICY.eps + 1.0 + POLICY.sigma
"""After so long without a change, one reading of everything must show the truth (N1)."""


class Door:
    """Lines in and out, in place of keys and a screen."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looks: list[dict[str, Any]] = []
        self._stages: dict[str, Stage] = {}
        self._journal = ""

    def told(self) -> None:
        """The state has changed."""
        state = self._store.state
        if state.health.journal != self._journal:
            self._journal = state.health.journal
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
        """One line of the rig's."""
        match json.loads(line):
            case {"order": asked}:
                self._order(asked)
            case {"look": _} as look:
                self._looks.append(look)
                self.told()
            case {"unread": number}:
                health, state = self._store.state.health, self._store.state
                found = [one for one in self._looks if one["look"] == number]
                self._looks = [one for one in self._looks if one["look"] != number]
                why = [_unread(state, one) for one in found]
                _say({"look": number, "unread": f"{why} {health.stopped} {health.resumes}"})
            case _:
                raise ValueError(line)

    def _order(self, asked: dict[str, Any]) -> None:
        state, command, target = self._store.state, COMMANDS[asked["name"]], _target(asked)
        why = command.why_not(state, target)
        if why is not None:
            _say({"declined": asked["name"], "why": why})
            return
        values = {**now_known(command, target, state), **asked["values"]}
        order = Order(str(uuid.uuid4()), now(), command, target, "chaos", values)
        tier = tier_of(command, target, state, order.at)
        _say({"ordered": order.id, "name": command.name, "tier": int(tier)})
        self._store.post(Asked(order))


def _target(asked: dict[str, Any]) -> Target:
    legs = asked["legs"]
    match COMMANDS[asked["name"]].aims:
        case Aim.CONFERENCE:
            return WholeConference(asked["conference"])
        case Aim.CALL:
            return Queued(asked["queue"], legs[0])
        case Aim.LEG:
            return AnyLeg(legs[0], asked["conference"], asked["queue"])
        case Aim.QUEUE:
            return WholeQueue(asked["queue"])
        case _:
            return People(asked["conference"], tuple(legs))


def _unread(state: State, look: dict[str, Any]) -> str:
    """What of this corner of the world was not read since then; empty where all was."""
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
    """Who and what is there in this corner, in an order that can be compared."""
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


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Live until the input ends, or a signal comes."""
    chosen = settings.load({"receiver": False})
    store = Store(State(policy=POLICY, commands=COMMANDS))
    log = composition.journal(chosen, home(), store)
    engine = composition.Engine(chosen, None, store, log, file_of(home(), chosen.profile))
    door, stop, loop = Door(store), asyncio.Event(), asyncio.get_running_loop()
    engine.told = door.told
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)

    async def listen() -> None:
        while line := await reader.readline():
            door.take(line)
        stop.set()

    async with asyncio.TaskGroup() as group:
        listening = group.create_task(listen())
        _say({"ready": True})
        await engine.live(stop)
        listening.cancel()


if __name__ == "__main__":
    asyncio.run(main())
