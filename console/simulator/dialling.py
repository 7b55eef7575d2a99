"""What becomes of a dialled number: busy, no answer, or an answer and perhaps a conference.

INFERRED stand-ins for the telephone network: a number that ends in 0486 is busy, one that ends in
0408 never answers, every other answers after ``Rules.ring_secs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.simulator import conferences, legs, members
from console.simulator.errors import ApiError
from console.simulator.things import Leg, LegState, Role, Status

if TYPE_CHECKING:
    from console.simulator.world import World

BUSY, SILENT = "0486", "0408"


@dataclass(frozen=True, slots=True)
class Into:
    """The conference to join on answer; one that only a name is given for may be made by it."""

    room_id: str | None
    name: str | None
    terms: members.Terms


@dataclass(frozen=True, slots=True)
class Plan:
    """What dial asks for; times in seconds."""

    timeout_secs: int
    time_limit_secs: int
    into: Into | None = None
    supervise: str | None = None
    role: Role = "barge"


def ring(world: World, leg: Leg, plan: Plan) -> None:
    """Settle what the callee will do, and when."""
    if leg.to.endswith(BUSY):
        legs.plan(world, leg, world.rules.ring_secs, lambda: _give_up(world, leg, "user_busy"))
    elif leg.to.endswith(SILENT) or plan.timeout_secs < world.rules.ring_secs:
        legs.plan(world, leg, plan.timeout_secs, lambda: _give_up(world, leg, "timeout"))
    else:
        legs.plan(world, leg, world.rules.ring_secs, lambda: _answer(world, leg, plan))


def _give_up(world: World, leg: Leg, cause: str) -> None:
    if leg.state is LegState.RINGING:
        legs.hang_up(world, leg, cause, "callee")


def _answer(world: World, leg: Leg, plan: Plan) -> None:
    if leg.state is not LegState.RINGING:
        return
    legs.answer(world, leg)
    legs.plan(world, leg, plan.time_limit_secs, lambda: legs.hang_up(world, leg, "time_limit"))
    try:
        if plan.into is not None:
            _enter(world, leg, plan.into)
        elif plan.supervise is not None:
            _supervise(world, leg, plan.supervise, plan.role)
    except ApiError:
        # INFERRED: a call that cannot enter its conference stays parked
        return


def _enter(world: World, leg: Leg, into: Into) -> None:
    room = world.conferences.get(into.room_id or "") or world.live_names.get(into.name or "")
    if room is not None:
        members.join(world, room, leg, into.terms)
    elif into.name is not None:
        conferences.create(world, leg, conferences.Opening(into.name), into.terms)


def _supervise(world: World, leg: Leg, supervised: str, role: Role) -> None:
    other = world.legs.get(supervised)
    room = world.conferences.get(other.conference_id or "") if other is not None else None
    if room is not None and room.status is not Status.COMPLETED:
        whisper_to = (supervised,) if role == "whisper" else ()
        members.join(world, room, leg, members.Terms(role=role, whisper_to=whisper_to))
