"""The target of a key at the cursor, with its confirmation level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.commands.doubts import already_sent, doubts, in_doubt
from console.core.audibility import role_of
from console.core.messages.read_scopes import ParticipantsScope
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    Field,
    NoTarget,
    Pane,
    People,
    Queued,
    SideEffect,
    Target,
    TargetKind,
    Values,
    WholeConference,
    WholeQueue,
    legs_of,
)
from console.core.model.entities import Participant
from console.core.model.identity import is_mine, is_pinned, own_leg
from console.core.model.listed_resources import Moment
from console.core.model.orders import NOT_OBSERVED, Observed
from console.core.model.state import State

MANY = 10
"""A command on more people than this needs the typed name."""
REASON = Field("reason", "reason", hint="kept in the log and the audit", remembered=False)
"""Question before a command with a typed name."""


def command_for(commands: Mapping[str, Command], key: str, pane: Pane) -> Command | None:
    """Return the command that a key runs in a pane, or None."""
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


def target_at(command: Command, state: State, at: Cursor) -> Target | str:
    """Return the target of a command at the cursor, or the reason why there is none."""
    match command.target_kind:
        case TargetKind.NOTHING:
            return NoTarget()
        case TargetKind.QUEUE:
            return WholeQueue(at.queue) if at.queue is not None else "no queue is selected"
        case TargetKind.CALL | TargetKind.LEG if at.pane is Pane.CALLS:
            return _caller(command, at)
        case TargetKind.LEG:
            return _leg(at) or "nobody is selected"
        case _:
            return _in_conference(command, state, at)


def _caller(command: Command, at: Cursor) -> Target | str:
    if at.queue is None or at.call is None:
        return "no call is selected"
    if command.target_kind is TargetKind.LEG:
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
    if command.is_for_conference:
        return WholeConference(at.conference)
    own = own_leg(state, at.conference) if command.prefers_own_leg and not at.named else None
    if own is not None:
        return People(at.conference, (own,))
    if at.pane is Pane.PEOPLE:
        return People(at.conference, (at.leg,)) if at.leg else "nobody is selected"
    return _those_concerned(command, state, at.conference)


def level_of(command: Command, target: Target, state: State, now: Moment) -> ConfirmationLevel:
    """Return the confirmation level on one target, raised for many people, effects and doubts."""
    level, count = command.confirmation, _count(command, target, state)
    if count > MANY:
        return ConfirmationLevel.TYPED
    if count > 1:
        level = max(level, command.confirmation_of_many)
    effects = side_effects_of(command, target, state, now)
    return max([raised_level(level, target, state, now), *(each.confirmation for each in effects)])


def raised_level(
    level: ConfirmationLevel, target: Target, state: State, now: Moment
) -> ConfirmationLevel:
    """Return the next higher level if the data of the target is in doubt, else ``level``."""
    raised = level + bool(in_doubt(state, target, now))
    return ConfirmationLevel(min(raised, ConfirmationLevel.TYPED))


def _count(command: Command, target: Target, state: State) -> int:
    """Return the number of people that a command affects. A conference as a whole counts 0."""
    asks_for_many = command.confirmation_of_many is not ConfirmationLevel.AT_ONCE
    if isinstance(target, WholeConference) and asks_for_many:
        return len(state.people_in(target.conference))
    return len(legs_of(target))


def questions_of(command: Command, level: ConfirmationLevel) -> tuple[Field, ...]:
    """Return the questions of a command's dialog. A typed name also asks for a reason."""
    return (*command.fields, REASON) if level is ConfirmationLevel.TYPED else command.fields


def side_effects_of(
    command: Command, target: Target, state: State, now: Moment
) -> tuple[SideEffect, ...]:
    """Return the side effects of a command on this target, and the doubts about it."""
    own = () if command.side_effects is None else command.side_effects(state, target)
    return (*own, *doubts(command, target, state, now))


def frozen_values(command: Command, target: Target, state: State) -> Values:
    """Return the present settings that a command keeps with its answers."""
    return {} if command.current is None else command.current(state, target)


def observed(command: Command, target: Target, state: State) -> Observed:
    """Return what an order keeps of the present state of its target."""
    return NOT_OBSERVED if command.observe is None else command.observe(state, target)


def repeated(command: Command, target: Target, state: State) -> str | None:
    """Return the id of the order of unknown outcome that this command would repeat, if any."""
    before = already_sent(command, target, state)
    return None if before is None else before.order.id


def _is_supervisor(state: State, person: Participant) -> bool:
    """Return True if a whisper list or our own command shows a supervisor's role."""
    known = role_of(person, state.policy.sigma)
    return known is not None and known.role != "none"


def excluded_legs(state: State, conference: str) -> tuple[str, ...]:
    """Return the legs that a command on a whole conference or on many people excludes.

    These are supervisors, the operator's own legs and pinned people.
    """
    return tuple(
        leg
        for leg, person in state.people_in(conference).items()
        if _is_supervisor(state, person) or is_mine(state, leg) or is_pinned(state, leg)
    )


def _those_concerned(command: Command, state: State, conference: str) -> Target | str:
    here = state.people_in(conference).values()
    coverage = state.coverage.get(ParticipantsScope(conference))
    if coverage is None or coverage.answered is None:
        return "its people have not been listed yet"
    left_out = set(excluded_legs(state, conference))
    concerned = [p for p in here if p.leg not in left_out]
    if not concerned:
        return "only supervisors and pinned people are there" if here else "nobody is there"
    changing = _changing(command, state, conference)
    legs = tuple(p.leg for p in concerned if p.leg in changing or not _already(command, p))
    return People(conference, legs) if legs else everyone_already(command)


def everyone_already(command: Command) -> str:
    """Return the refusal of a command that would change nobody."""
    return f"everyone is {command.done} already"


def _changing(command: Command, state: State, conference: str) -> set[str]:
    """Return the legs that an open order of the opposite command may still change."""
    orders = [receipt.order for receipt in state.receipts.values() if receipt.stage.open]
    opposite = [order for order in orders if order.command.name == command.inverse]
    return {leg for order in opposite if order.conference == conference for leg in order.legs}


def _already(command: Command, person: Participant) -> bool:
    flag = command.flag
    if flag is None or person.listed is None:
        return False
    return getattr(person.listed, flag.field) is flag.value
