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
class JoinOnAnswer:
    """The conference to join on answer; if only the name is given, it may be created."""

    conference_id: str | None
    name: str | None
    join_options: participants.JoinOptions
    start_on_create: bool = True


@dataclass(frozen=True, slots=True)
class DialOptions:
    """The options of a dial; times in seconds."""

    timeout_secs: int
    time_limit_secs: int
    join_on_answer: JoinOnAnswer | None = None
    supervise: str | None = None
    role: Role = "barge"
    bridge_with: str | None = None


def count_dial(world: World) -> None:
    """Count one dial against the limit.

    Raises:
        ApiError: 429/90103 if there were too many dials in the last five seconds.
    """
    while world.dials and world.dials[0] <= world.now - DIALS_OVER_SECS:
        world.dials.popleft()
    if len(world.dials) >= world.rules.dials_per_second * DIALS_OVER_SECS:
        raise errors.too_many_dials(world.rules.dials_per_second)
    world.dials.append(world.now)


def plan_outcome(world: World, leg: Leg, options: DialOptions) -> None:
    """Plan the outcome of a dialled leg: busy, timeout or answer."""
    if leg.to.endswith(BUSY):
        legs.schedule(world, leg, world.rules.ring_secs, lambda: _give_up(world, leg, "user_busy"))
    elif leg.to.endswith(SILENT) or options.timeout_secs < world.rules.ring_secs:
        legs.schedule(world, leg, options.timeout_secs, lambda: _give_up(world, leg, "timeout"))
    else:
        legs.schedule(world, leg, world.rules.ring_secs, lambda: _answer(world, leg, options))


def _give_up(world: World, leg: Leg, cause: str) -> None:
    if leg.state is LegState.RINGING:
        legs.hang_up(world, leg, cause, "callee")


def _answer(world: World, leg: Leg, options: DialOptions) -> None:
    if leg.state is not LegState.RINGING:
        return
    legs.answer(world, leg)
    legs.schedule(
        world, leg, options.time_limit_secs, lambda: legs.hang_up(world, leg, "time_limit")
    )
    try:
        if options.join_on_answer is not None:
            _enter(world, leg, options.join_on_answer)
        elif options.supervise is not None:
            _supervise(world, leg, options.supervise, options.role)
        elif options.bridge_with is not None:
            bridges.connect(world, leg, legs.find_answered(world, options.bridge_with))
    except ApiError:
        # INFERRED: a call that cannot join its conference stays parked
        return


def _enter(world: World, leg: Leg, wanted: JoinOnAnswer) -> None:
    conference = world.conferences.get(wanted.conference_id or "") or world.live_names.get(
        wanted.name or ""
    )
    if conference is not None:
        participants.join(world, conference, leg, wanted.join_options)
    elif wanted.name is not None:
        conferences.create(
            world,
            leg,
            conferences.ConferenceOptions(wanted.name, start_on_create=wanted.start_on_create),
            wanted.join_options,
        )


def _supervise(world: World, leg: Leg, supervised: str, role: Role) -> None:
    other = world.legs.get(supervised)
    conference = world.conferences.get(other.conference_id or "") if other is not None else None
    if conference is not None and conference.status is not Status.COMPLETED:
        whisper_to = (supervised,) if role == "whisper" else ()
        participants.join(
            world, conference, leg, participants.JoinOptions(role=role, whisper_to=whisper_to)
        )
