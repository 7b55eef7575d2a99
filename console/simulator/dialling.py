"""Outcome of a dialled number: busy, no answer, or answered and perhaps joined to a conference.

INFERRED stand-ins for the telephone network: a number that ends in 0486 is busy, one that ends in
0408 never answers, every other answers after ``Rules.ring_secs``. Dials are counted over five
seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.simulator import bridges, conferences, errors, legs, participants
from console.simulator.errors import ApiError
from console.simulator.models import Leg, LegState, Role, Status

if TYPE_CHECKING:
    from console.simulator.world import World

DIALS_OVER_SECS = 5
BUSY, SILENT = "0486", "0408"


@dataclass(frozen=True, slots=True)
class Into:
    """The conference to join on answer; if only the name is given, it may be created."""

    conference_id: str | None
    name: str | None
    terms: participants.Terms
    start_on_create: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The options of a dial; times in seconds."""

    timeout_secs: int
    time_limit_secs: int
    into: Into | None = None
    supervise: str | None = None
    role: Role = "barge"
    bridge_with: str | None = None


def count(world: World) -> None:
    """Count one dial against the limit.

    Raises:
        ApiError: 429/90103 if there were too many dials in the last five seconds.
    """
    while world.dials and world.dials[0] <= world.now - DIALS_OVER_SECS:
        world.dials.popleft()
    if len(world.dials) >= world.rules.dials_per_second * DIALS_OVER_SECS:
        raise errors.too_many_dials(world.rules.dials_per_second)
    world.dials.append(world.now)


def ring(world: World, leg: Leg, plan: Plan) -> None:
    """Plan the outcome of a dialled leg: busy, timeout or answer."""
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
        elif plan.bridge_with is not None:
            bridges.connect(world, leg, legs.find_answered(world, plan.bridge_with))
    except ApiError:
        # INFERRED: a call that cannot join its conference stays parked
        return


def _enter(world: World, leg: Leg, into: Into) -> None:
    conference = world.conferences.get(into.conference_id or "") or world.live_names.get(
        into.name or ""
    )
    if conference is not None:
        participants.join(world, conference, leg, into.terms)
    elif into.name is not None:
        conferences.create(
            world,
            leg,
            conferences.Opening(into.name, start_on_create=into.start_on_create),
            into.terms,
        )


def _supervise(world: World, leg: Leg, supervised: str, role: Role) -> None:
    other = world.legs.get(supervised)
    conference = world.conferences.get(other.conference_id or "") if other is not None else None
    if conference is not None and conference.status is not Status.COMPLETED:
        whisper_to = (supervised,) if role == "whisper" else ()
        participants.join(
            world, conference, leg, participants.Terms(role=role, whisper_to=whisper_to)
        )
