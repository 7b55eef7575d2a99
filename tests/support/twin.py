"""A console's core beside the simulator's world, in virtual time, with a bad network between.

The world is driven through its own API. Its webhooks wait until they are delivered, late, twice,
out of order or never; listings are captured at one instant and answer at another.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from console.catalog import COMMANDS
from console.core import facts
from console.core.effects import Refresh
from console.core.scopes import INIT, LIVE, Calls, Conferences, OneConference, People, Queues, Scope
from console.core.state import State
from console.core.things import Moment
from console.core.update import Message, update
from console.simulator import api, legs
from console.simulator import state as truth
from console.simulator.events import Event, body
from console.simulator.things import Leg
from console.simulator.wire import Request, encode
from console.simulator.world import World
from console.telnyx import events, resources

START = 1_800_000_000.0
OFFSET = 4_321.5
"""The provider's clock is so far from ours: the two must never be compared."""
LAG = 1.0
"""How stale a stale read is, in seconds; the policy allows three."""


@dataclass(frozen=True)
class Captured:
    """What the API would have answered at one instant, and when that was by our clock."""

    scope: Scope
    status: int
    body: bytes
    at: float


class Twin:
    """See the module."""

    def __init__(self, *, callers: int) -> None:
        self.now = 0.0
        self.pending: list[bytes] = []
        self.delivered: list[bytes] = []
        self.captured: list[Captured] = []
        self.lost = 0
        self.state = State(commands=COMMANDS)
        self.asked: list[Scope] = []
        self.world = World(lambda: START + self.now, random.Random(1), self._emitted)  # noqa: S311  # a seed, not a secret
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

    def call(self, method: str, path: str, **sent: object) -> int:
        """One request to the API; its status."""
        asked = Request(method, path, {}, {}, json.dumps(sent).encode())
        status = api.answer(self.world, asked).status
        self.wait(0.03)
        return status

    def leg(self, number: int) -> str:
        """The call_control_id of a caller, who calls again if they had hung up."""
        if self.callers[number].ended_at is not None:
            self._call_in(number)
            self.callers[number] = self.callers.pop()
        return self.callers[number].call_control_id

    def hang_up(self, number: int) -> None:
        """A caller hangs up."""
        legs.hang_up(self.world, self.callers[number])

    # -- the network ------------------------------------------------------------------------

    def deliver(self, index: int, *, again: bool = False) -> None:
        """A webhook arrives; with ``again`` it will arrive once more."""
        if self.pending:
            place = index % len(self.pending)
            raw = self.pending[place] if again else self.pending.pop(place)
            self.delivered.append(raw)
            self.fold(events.event(raw, self.moment()))

    def repeat(self, index: int) -> None:
        """A webhook that arrived before arrives again."""
        if self.delivered:
            raw = self.delivered[index % len(self.delivered)]
            self.fold(events.event(raw, self.moment()))

    def lose(self, index: int) -> None:
        """A webhook never arrives."""
        if self.pending:
            self.pending.pop(index % len(self.pending))
            self.lost += 1

    def capture(self, scope: Scope) -> Captured:
        """Ask the API now; the answer may come later."""
        path, query = _address(scope)
        response = api.answer(self.world, Request("GET", path, query))
        captured = Captured(scope, response.status, response.body, self.now)
        self.captured.append(captured)
        return captured

    def answer(self, captured: Captured, *, stale: bool = False) -> None:
        """The answer arrives. A stale read was true a little before it was asked for."""
        if captured in self.captured:
            self.captured.remove(captured)
        asked = min(self.now, captured.at + (LAG if stale else 0.0))
        reading = facts.Reading(
            asked=self._at(asked),
            first_answer=self._at(asked),
            answered=self.moment(),
            date=float(int(START + asked)),
        )
        self.fold(_fact(captured, reading))

    def poll(self) -> None:
        """One whole poll, and whatever it makes the core ask for."""
        whole: tuple[Scope, ...] = (Queues(), LIVE, INIT)
        for scope in whole:
            self.answer(self.capture(scope))
        for room in list(self.state.rooms.values()):
            if room.register.here and not room.ended:
                self.answer(self.capture(People(room.id)))
        for queue in list(self.state.lines):
            self.answer(self.capture(Calls(queue)))
        for _ in range(2):
            wanted, self.asked = self.asked, []
            for scope in dict.fromkeys(wanted):
                if isinstance(scope, OneConference):
                    self.answer(self.capture(scope))

    # -- what both believe --------------------------------------------------------------------

    def fold(self, message: Message) -> None:
        """Give the core one message."""
        self.state, effects = update(self.state, [message])
        self.asked += [effect.scope for effect in effects if isinstance(effect, Refresh)]

    def moment(self) -> Moment:
        """Now, by our own clocks."""
        return self._at(self.now)

    def _at(self, seconds: float) -> Moment:
        return Moment(77.0 + seconds, START + OFFSET + seconds)

    def believed(self) -> dict[str, object]:
        """Rooms, people with every listed field, queues and calls as the console has them."""
        rooms = {r.id: r for r in self.state.rooms.values() if r.register.here and not r.ended}
        return {
            "rooms": {id_: room.fields and room.fields.status for id_, room in rooms.items()},
            "people": {
                (id_, leg): person.fields
                and (person.fields.muted, person.fields.on_hold, person.fields.end_on_exit)
                for id_ in rooms
                for leg, person in self.state.people.get(id_, {}).items()
                if person.register.here
            },
            "calls": {
                (queue, leg)
                for queue, calls in self.state.waiting.items()
                for leg, call in calls.items()
                if call.register.here
            },
            "queues": {
                name: line.fields and line.fields.max_size
                for name, line in self.state.lines.items()
                if line.register.here
            },
        }

    def true(self) -> dict[str, object]:
        """The same of the world itself."""
        told: Mapping[str, object] = truth.as_json(self.world)  # type: ignore[assignment]  # it is an object
        rooms = [room for room in told["conferences"] if not room["completed"]]  # type: ignore[attr-defined]  # parsed JSON
        return {
            "rooms": {room["id"]: room["status"] for room in rooms},
            "people": {
                (room["id"], one["call_control_id"]): (
                    one["muted"],
                    one["on_hold"],
                    one["end_conference_on_exit"],
                )
                for room in rooms
                for one in room["participants"]
            },
            "calls": {
                (queue["name"], call["call_control_id"])
                for queue in told["queues"]  # type: ignore[attr-defined]  # parsed JSON
                for call in queue["calls"]
            },
            "queues": {queue["name"]: queue["max_size"] for queue in told["queues"]},  # type: ignore[attr-defined]  # parsed JSON
        }

    def shelf(self) -> tuple[set[str], set[str], set[str]]:
        """Who must be on the shelf, for they went and are alive; who is; and who may be."""
        told: Mapping[str, Any] = truth.as_json(self.world)  # type: ignore[assignment]  # it is an object
        went = {leg for room in self.state.people.values() for leg in room}
        went |= {leg for queue in self.state.waiting.values() for leg in queue}
        may = {one["call_control_id"] for one in told["parked"]}
        return may & went, set(self.state.parked), may

    def placed(self) -> set[str]:
        """Who is in a room or a queue, in truth."""
        people, calls = self.true()["people"], self.true()["calls"]
        return {leg for _, leg in (*people, *calls)}  # type: ignore[misc]  # both hold pairs

    def members(self) -> tuple[set[object], set[object]]:
        """Who is in which live room: as believed, and in truth."""
        believed, true = self.believed(), self.true()
        return set(believed["people"]), set(true["people"])  # type: ignore[call-overload]  # both are dicts


def _address(scope: Scope) -> tuple[str, dict[str, str]]:
    whole = {"page[size]": "250"}
    match scope:
        case Queues():
            return "/queues", whole
        case Calls(queue):
            return f"/queues/{quote(queue, safe='')}/calls", whole
        case Conferences(status):
            return "/conferences", {**whole, "filter[status]": status}
        case People(room):
            return f"/conferences/{room}/participants", whole
        case OneConference(id_):
            return f"/conferences/{id_}", {}
        case _:
            raise AssertionError(scope)


def _fact(captured: Captured, reading: facts.Reading) -> facts.Listed:
    missing = captured.status == 404
    match captured.scope:
        case Queues():
            items = resources.page(captured.body, resources.queue).items
            return facts.QueuesListed(reading, items)
        case Calls(queue):
            calls = None if missing else resources.page(captured.body, resources.queued_call).items
            return facts.CallsListed(reading, queue, calls)
        case Conferences(status):
            rooms = resources.page(captured.body, resources.conference).items
            return facts.ConferencesListed(reading, status, rooms)
        case People(room):
            people = None if missing else resources.page(captured.body, resources.participant).items
            return facts.ParticipantsListed(reading, room, people)
        case OneConference(id_):
            one = None if missing else resources.single(captured.body, resources.conference)
            return facts.ConferenceRead(reading, id_, one)
        case _:
            raise AssertionError(captured.scope)
