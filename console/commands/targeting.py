"""What a key pressed in a pane is aimed at, by id, and how much is asked before it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.commands.preflight import already_sent, doubts, in_doubt
from console.core.audibility import role_of
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model.command import (
    Aim,
    AnyLeg,
    Command,
    ConfirmationLevel,
    Field,
    ListingProof,
    Nothing,
    Pane,
    People,
    Queued,
    SideEffect,
    Target,
    Values,
    WholeConference,
    WholeQueue,
    legs_of,
)
from console.core.model.entities import Participant
from console.core.model.identity import is_mine, is_pinned, own_leg
from console.core.model.orders import NOT_OBSERVED, Observed
from console.core.model.resources import Moment
from console.core.model.state import State

MANY = 10
"""Above this many people a verb is wide, whatever it is."""
REASON = Field("reason", "reason", hint="why; kept in the log and in the audit", again=False)
"""Asked before what is final or wide."""


def command_for(commands: Mapping[str, Command], key: str, pane: Pane) -> Command | None:
    """The command a key means in a pane."""
    return next((c for c in commands.values() if key in c.keys and pane in c.panes), None)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The selection on the screen: the focused pane, the row under each cursor, and the marks."""

    pane: Pane
    queue: str | None = None
    call: str | None = None
    """The leg under the cursor among the calls of ``queue``."""
    conference: str | None = None
    leg: str | None = None
    """The leg under the cursor among the people of ``conference``."""
    parked: str | None = None
    """The leg under the cursor among the parked legs."""
    marked: tuple[str, ...] = ()
    """Keys of the marked rows of ``pane``; some may be gone. They go before the cursor."""
    unseen: bool = False
    """True if some marked rows are not visible: a filter hides them, or they are gone."""
    named: bool = False
    """True if the row is marked or named in a typed line: the operator's own leg does not replace
    it."""


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
            return _in_conference(command, state, at)


def _caller(command: Command, at: Cursor) -> Target | str:
    if at.queue is None or at.call is None:
        return "no call is selected"
    if command.aims is Aim.LEG:
        return AnyLeg(at.call, from_queue=at.queue)
    return Queued(at.queue, at.call)


def _leg(at: Cursor) -> AnyLeg | None:
    if at.pane is Pane.PARKED:
        return AnyLeg(at.parked) if at.parked is not None else None
    if at.conference is None or at.leg is None:
        return None
    return AnyLeg(at.leg, from_conference=at.conference)


def _in_conference(command: Command, state: State, at: Cursor) -> Target | str:
    if at.conference is None:
        return "no conference is selected"
    if command.wide:
        return WholeConference(at.conference)
    own = own_leg(state, at.conference) if command.own_first and not at.named else None
    if own is not None:
        return People(at.conference, (own,))
    if at.pane is Pane.PEOPLE:
        return People(at.conference, (at.leg,)) if at.leg else "nobody is selected"
    return _those_concerned(command, state, at.conference)


def tier_of(command: Command, target: Target, state: State, now: Moment) -> ConfirmationLevel:
    """Return the confirmation level: higher for many people, side effects and doubts."""
    tier, count = command.tier, _count(command, target, state)
    if count > MANY:
        return ConfirmationLevel.TYPED
    if count > 1:
        tier = max(tier, command.many)
    tier = raised(tier, target, state, now)
    return max((tier, *(trip.tier for trip in trips_of(command, target, state, now))))


def raised(tier: ConfirmationLevel, target: Target, state: State, now: Moment) -> ConfirmationLevel:
    """One more than usual where what is shown of the target is old, or its listing fails."""
    return ConfirmationLevel(
        min(tier + bool(in_doubt(state, target, now)), ConfirmationLevel.TYPED)
    )


def _count(command: Command, target: Target, state: State) -> int:
    """How many people a command is about; a conference as such is none."""
    if isinstance(target, WholeConference) and command.many is not ConfirmationLevel.AT_ONCE:
        return sum(p.membership.here for p in state.people.get(target.conference, {}).values())
    return len(legs_of(target))


def asked_for(command: Command, tier: ConfirmationLevel) -> tuple[Field, ...]:
    """The questions of a command's dialog."""
    return (*command.fields, REASON) if tier is ConfirmationLevel.TYPED else command.fields


def trips_of(command: Command, target: Target, state: State, now: Moment) -> tuple[SideEffect, ...]:
    """What the command would also bring about, as it looks now, and what makes it doubtful."""
    own = () if command.trips is None else command.trips(state, target)
    return (*own, *doubts(command, target, state, now))


def now_known(command: Command, target: Target, state: State) -> Values:
    """Return the present settings that a command keeps with its answers."""
    return {} if command.current is None else command.current(state, target)


def observed(command: Command, target: Target, state: State) -> Observed:
    """Return what an order keeps of the present state of its target."""
    return NOT_OBSERVED if command.observe is None else command.observe(state, target)


def repeated(command: Command, target: Target, state: State) -> str | None:
    """Return the id of the order of unknown outcome that this command would repeat, if any."""
    before = already_sent(command, target, state)
    return None if before is None else before.order.id


def supervises(state: State, person: Participant) -> bool:
    """Whether a supervisor's role is known, from a whisper list or from our own command."""
    told = role_of(person, state.policy.sigma)
    return told is not None and told.role != "none"


def spared(state: State, conference: str) -> tuple[str, ...]:
    """Who is left out when a verb is aimed at a whole conference or at many.

    Supervisors, the operator's own leg and whoever is pinned.
    """
    here = state.people.get(conference, {}).values()
    return tuple(p.leg for p in here if p.membership.here and _is_spared(state, p))


def _is_spared(state: State, person: Participant) -> bool:
    leg = person.leg
    return supervises(state, person) or is_mine(state, leg) or is_pinned(state, leg)


def _those_concerned(command: Command, state: State, conference: str) -> Target | str:
    here = [p for p in state.people.get(conference, {}).values() if p.membership.here]
    coverage = state.coverage.get(PeopleScope(conference))
    if coverage is None or coverage.answered is None:
        return "its people have not been listed yet"
    left_out = set(spared(state, conference))
    concerned = [p for p in here if p.leg not in left_out]
    if not concerned:
        return "only supervisors and those who are pinned are there" if here else "nobody is there"
    changing = _changing(command, state, conference)
    legs = tuple(p.leg for p in concerned if p.leg in changing or not _already(command, p))
    return People(conference, legs) if legs else everyone_already(command)


def everyone_already(command: Command) -> str:
    """Why a command has no target: a listing shows everyone as the command would make them."""
    return f"everyone is {command.done} already"


def _changing(command: Command, state: State, conference: str) -> set[str]:
    """Legs that an open order of the opposite meaning may change, whatever is listed of them."""
    opposite = [
        receipt.order
        for receipt in state.receipts.values()
        if receipt.stage.open and receipt.order.command.name == command.inverse
    ]
    return {leg for order in opposite if order.conference == conference for leg in order.legs}


def _already(command: Command, person: Participant) -> bool:
    proof = command.proof
    if not isinstance(proof, ListingProof) or person.listed is None:
        return False
    return getattr(person.listed, proof.field) is proof.value
