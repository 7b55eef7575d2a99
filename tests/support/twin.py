"""A console's core beside the simulator's world, in virtual time, with a bad network between.

The world is driven through its own API. Its webhooks wait until they are delivered: late, twice,
out of order or never. Listings are read a page at a time, and may be answered long after.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import TypeAlias

from console.commands import COMMANDS
from console.core.messages.effects import Effect, Refresh
from console.core.messages.facts import Ticked
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallsScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.listed_resources import Moment
from console.core.model.policy import Policy
from console.core.model.state import State
from console.core.update import Message, update
from console.simulator import api, legs
from console.simulator.http_types import Request, encode
from console.simulator.models import Leg
from console.simulator.webhook_events import Event, body
from console.simulator.world import World
from console.sources import schedule
from console.telnyx import events
from support.reads import Clock, UnderWay

START = 1_800_000_000.0
OFFSET = 4_321.5
"""Seconds between the provider's clock and ours: the two must never be compared."""

Seen: TypeAlias = "dict[str, dict[object, object]]"
"""Conferences with their status, people with their listed fields, calls, queues with size."""


class Twin:
    """The core and the world. ``offset`` is the difference of the two wall clocks, in seconds."""

    def __init__(self, *, callers: int, offset: float = OFFSET, page: int = 250) -> None:
        self.now = 0.0
        self.clock = Clock(START, offset)
        self.pending: list[bytes] = []
        self.delivered: list[bytes] = []
        self.under_way: list[UnderWay] = []
        self.lost = 0
        self.state = State(policy=Policy(), commands=COMMANDS)
        self.asked: list[Scope] = []
        self.page = page
        self.world = World(lambda: self.clock.provider(self.now), random.Random(1), self._emitted)  # noqa: S311  # a seed, not a secret
        self.past: list[tuple[float, Seen]] = [(0.0, self.true())]
        """The truth at each time, with the time from which it held."""
        self.callers: list[Leg] = []
        for number in range(callers):
            self._call_in(number)
        self.pending.clear()

    def _call_in(self, number: int) -> None:
        leg = legs.incoming(self.world, f"+1512555{number:04}", "+15125550199")
        legs.answer(self.world, leg)
        self.callers.append(leg)

    def _emitted(self, event: Event) -> None:
        self.pending.append(encode(body(event, 1, "http://127.0.0.1/webhooks")))

    def wait(self, seconds: float) -> None:
        """Let time pass for both."""
        self.now += seconds
        self.world.catch_up()
        self.note()
        self.fold(Ticked(self.moment()))

    def note(self) -> None:
        """Record the truth from now on."""
        true = self.true()
        if true != self.past[-1][1]:
            self.past.append((self.now, true))

    def call(self, method: str, path: str, **sent: object) -> int:
        """Send one API request; return its status."""
        status = self.request(method, path, sent)[0]
        self.wait(0.03)
        return status

    def request(self, method: str, path: str, sent: Mapping[str, object]) -> tuple[int, bytes]:
        """Send one API request at once; return its status and its body."""
        asked = Request(method, path, {}, {}, json.dumps(sent).encode())
        response = api.answer(self.world, asked)
        self.note()
        return response.status, response.body

    def leg(self, number: int) -> str:
        """Return the call_control_id of a caller, who calls again after a hang-up."""
        if self.callers[number].ended_at is not None:
            self._call_in(number)
            self.callers[number] = self.callers.pop()
        return self.callers[number].call_control_id

    def hang_up(self, number: int) -> None:
        """Hang up a caller."""
        legs.hang_up(self.world, self.callers[number])
        self.note()

    # -- the network ------------------------------------------------------------------------

    def deliver(self, index: int, *, again: bool = False) -> None:
        """Deliver a webhook; with ``again`` it will arrive once more."""
        if self.pending:
            place = index % len(self.pending)
            raw = self.pending[place] if again else self.pending.pop(place)
            self.delivered.append(raw)
            self.fold(events.event(raw, self.moment()))

    def repeat(self, index: int) -> None:
        """Deliver a webhook again that arrived before."""
        if self.delivered:
            raw = self.delivered[index % len(self.delivered)]
            self.delivered.append(raw)
            self.fold(events.event(raw, self.moment()))

    def lose(self, index: int) -> None:
        """Drop a webhook."""
        if self.pending:
            self.pending.pop(index % len(self.pending))
            self.lost += 1

    def begin(self, scope: Scope) -> UnderWay | None:
        """Start to read a scope as the poller would: never twice at once.

        A reading that takes too long is given up for it (console.sources.poller.Poller).
        """
        if not self._free(scope):
            old = [each for each in self.under_way if each.scope == scope]
            if any(self.now - each.since <= self.state.policy.attempt for each in old):
                return None
            for each in old:
                self.give_up(each)
        begun = UnderWay(scope, self.world, self.now, self.page)
        self.under_way.append(begun)
        return begun

    def _free(self, scope: Scope) -> bool:
        now = self.moment()
        busy = {each.scope for each in self.under_way}
        return schedule.next_read(self.state, now, busy, {scope: now.mono}, {}) == scope

    def answer(self, reading: UnderWay, *, lag: float = 0.0, error: int = 0) -> bool:
        """Let the answer to its request arrive; return True if it was the last."""
        told = reading.answer(self.now, self.clock, lag=lag, error=error)
        if told is None:
            return False
        self.under_way.remove(reading)
        self.fold(told)
        return True

    def fail(self, reading: UnderWay) -> None:
        """Let the answer to its request never come."""
        self.under_way.remove(reading)
        self.fold(reading.fail(self.now, self.clock))

    def give_up(self, reading: UnderWay) -> None:
        """Ignore all further answers of the reading."""
        self.under_way.remove(reading)
        reading.close()

    def read(self, scope: Scope) -> None:
        """Read a scope at once, if possible."""
        reading = self.begin(scope)
        while reading is not None and not self.answer(reading):
            pass

    def poll(self) -> None:
        """Poll everything once, with all reads that the core requests then."""
        whole: tuple[Scope, ...] = (QueuesScope(), LIVE, INIT)
        for scope in whole:
            self.read(scope)
        for conference in list(self.state.conferences.values()):
            if conference.membership.here and not conference.ended:
                self.read(ParticipantsScope(conference.id))
        for queue in list(self.state.queues):
            self.read(CallsScope(queue))
        for _ in range(2):
            wanted, self.asked = self.asked, []
            for scope in dict.fromkeys(wanted):
                if isinstance(scope, OneConferenceScope):
                    self.read(scope)

    # -- state and truth ---------------------------------------------------------------------

    def fold(self, message: Message) -> tuple[Effect, ...]:
        """Apply one message to the core."""
        self.state, effects = update(self.state, [message])
        self.asked += [effect.scope for effect in effects if isinstance(effect, Refresh)]
        return effects

    def moment(self) -> Moment:
        """Return the time by our own clocks."""
        return self.clock.ours(self.now)

    def believed(self) -> Seen:
        """Return the state of the console."""
        return believed_of(self.state)

    def true(self) -> Seen:
        """Return the truth of the world."""
        return true_of(self.world)


def true_of(world: World) -> Seen:
    """Return conferences, people with their listed fields, calls and queues of the world."""
    conferences = [
        conference for conference in world.conferences.values() if conference.ended_at is None
    ]
    return {
        "conferences": {conference.id: str(conference.status) for conference in conferences},
        "people": {
            (conference.id, leg): (one.muted, one.on_hold, one.end_on_exit)
            for conference in conferences
            for leg, one in conference.people.items()
        },
        "calls": {
            (queue.name, call.leg.call_control_id): None
            for queue in world.queues.values()
            for call in queue
        },
        "queues": {queue.name: queue.max_size for queue in world.queues.values()},
    }


def believed_of(state: State) -> Seen:
    """Return the same of the console's state."""
    conferences = {r.id: r for r in state.conferences.values() if r.membership.here and not r.ended}
    everyone = raw(state)
    return {
        **everyone,
        "conferences": {
            id_: conference.listed and conference.listed.status
            for id_, conference in conferences.items()
        },
        "people": {key: said for key, said in everyone["people"].items() if key[0] in conferences},  # type: ignore[index]  # a pair
    }


def raw(state: State) -> Seen:
    """Return the state of each key alone, whatever the state of its conference."""
    return {
        "conferences": {
            conference.id: conference.listed and conference.listed.status
            for conference in state.conferences.values()
            if conference.membership.here and not conference.ended
        },
        "people": {
            (conference, leg): person.listed
            and (person.listed.muted, person.listed.on_hold, person.listed.end_on_exit)
            for conference, people in state.people.items()
            for leg, person in people.items()
            if person.membership.here
        },
        "calls": {
            (queue, leg): None
            for queue, calls in state.waiting.items()
            for leg, call in calls.items()
            if call.membership.here
        },
        "queues": {
            name: line.listed and line.listed.max_size
            for name, line in state.queues.items()
            if line.membership.here
        },
    }
