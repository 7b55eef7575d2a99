"""What a key pressed in a pane is aimed at, by id, and how much is asked before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.core.beliefs import Person
from console.core.command import (
    Aim,
    AnyLeg,
    Command,
    ListingProof,
    Nothing,
    Pane,
    People,
    Queued,
    Target,
    Tier,
    Trip,
    Values,
    WholeQueue,
    WholeRoom,
    room_of,
)
from console.core.scopes import People as PeopleScope
from console.core.state import State
from console.core.things import Moment

MANY = 10
"""Above this many people a verb is wide, whatever it is."""


def command_for(commands: Mapping[str, Command], key: str, pane: Pane) -> Command | None:
    """The command a key means in a pane."""
    return next((c for c in commands.values() if c.key == key and pane in c.panes), None)


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a key is aimed with: the pane that has the focus, and what every pane's cursor is on."""

    pane: Pane
    queue: str | None = None
    call: str | None = None
    """The leg under the cursor among the calls of ``queue``."""
    room: str | None = None
    leg: str | None = None
    """The leg under the cursor among the people of ``room``."""
    parked: str | None = None
    """The leg under the cursor on the shelf."""


def aim(command: Command, state: State, at: Cursor) -> Target | str:
    """The target, frozen now, or why there is none."""
    match command.aims:
        case Aim.NOTHING:
            return Nothing()
        case Aim.QUEUE:
            return WholeQueue(at.queue) if at.queue is not None else "no queue is selected"
        case Aim.CALL | Aim.LEG if at.pane is Pane.CALLS:
            return _caller(command, at)
        case Aim.LEG:
            return _leg(at) or "nobody is selected"
        case _:
            return _in_room(command, state, at)


def _caller(command: Command, at: Cursor) -> Target | str:
    if at.queue is None or at.call is None:
        return "no call is selected"
    if command.aims is Aim.LEG:
        return AnyLeg(at.call, from_queue=at.queue)
    return Queued(at.queue, at.call)


def _leg(at: Cursor) -> AnyLeg | None:
    if at.pane is Pane.PARKED:
        return AnyLeg(at.parked) if at.parked is not None else None
    if at.room is None or at.leg is None:
        return None
    return AnyLeg(at.leg, from_room=at.room)


def _in_room(command: Command, state: State, at: Cursor) -> Target | str:
    if at.room is None:
        return "no conference is selected"
    if command.wide:
        return WholeRoom(at.room)
    if at.pane is Pane.PEOPLE:
        return People(at.room, (at.leg,)) if at.leg else "nobody is selected"
    return _those_concerned(command, state, at.room)


def tier_of(command: Command, target: Target, state: State, now: Moment) -> Tier:
    """How much is asked: more for many people, and more when what is shown is old."""
    tier = command.tier
    if isinstance(target, People):
        if len(target.legs) > MANY:
            return Tier.TYPED
        if len(target.legs) > 1:
            tier = max(tier, command.many)
    room = room_of(target)
    if tier is Tier.AT_ONCE and room is not None and is_stale(state, room, now):
        tier = Tier.CONFIRM
    return max((tier, *(trip.tier for trip in trips_of(command, target, state))))


def trips_of(command: Command, target: Target, state: State) -> tuple[Trip, ...]:
    """What the command would also bring about, as it looks now."""
    return () if command.trips is None else command.trips(state, target)


def now_known(command: Command, target: Target, state: State) -> Values:
    """What is frozen with an order beside its answers."""
    return {} if command.current is None else command.current(state, target)


def is_stale(state: State, room: str, now: Moment) -> bool:
    """Whether the people of a room were listed too long ago to act on without a question."""
    coverage = state.coverage.get(PeopleScope(room))
    if coverage is None or coverage.answered is None:
        return True
    policy = state.policy
    watched = room == state.watched_room
    every = policy.people_watched_every if watched else policy.people_every
    return now.mono - coverage.answered.mono > every * policy.stale_after


def supervises(person: Person) -> bool:
    """Whether a supervisor's role is known: only a whisper list shows one."""
    return person.fields is not None and bool(person.fields.whisper_to)


def spared(state: State, room: str) -> tuple[str, ...]:
    """Who is left out when a verb is aimed at a whole room."""
    here = state.people.get(room, {}).values()
    return tuple(p.leg for p in here if p.register.here and supervises(p))


def _those_concerned(command: Command, state: State, room: str) -> Target | str:
    here = [p for p in state.people.get(room, {}).values() if p.register.here]
    coverage = state.coverage.get(PeopleScope(room))
    if coverage is None or coverage.answered is None:
        return "its people have not been listed yet"
    left_out = set(spared(state, room))
    concerned = [p for p in here if p.leg not in left_out]
    if not concerned:
        return "only supervisors are there" if here else "nobody is there"
    legs = tuple(p.leg for p in concerned if not _already(command, p))
    return People(room, legs) if legs else f"everyone is {command.done} already"


def _already(command: Command, person: Person) -> bool:
    proof = command.proof
    if not isinstance(proof, ListingProof) or person.fields is None:
        return False
    return getattr(person.fields, proof.field) is proof.value
