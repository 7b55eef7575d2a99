"""Targets of a command on several rows.

Marked rows replace the cursor, even if all of them are gone: a key never falls back to a row that
the operator did not mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from console.commands.targeting import (
    MANY,
    Cursor,
    excluded_legs,
    level_of,
    raised_level,
    side_effects_of,
    target_at,
)
from console.core.lifecycle.availability import listing_refusal
from console.core.messages.read_scopes import (
    LIVE,
    CallsScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Pane,
    People,
    SideEffect,
    Target,
    TargetKind,
    Values,
    legs_of,
)
from console.core.model.listed_resources import Moment
from console.core.model.state import State

INCLUDE = "include"
"""Name of the question that includes the excluded people. The console only; never sent."""
GONE = "the marked rows are gone; \\ clears the marks"


@dataclass(frozen=True, slots=True)
class TargetSelection:
    """Targets frozen at the key press. Each target is one request."""

    targets: tuple[Target, ...]
    excluded: tuple[str, ...] = ()
    """Legs that a command for many people excludes."""
    whole: tuple[Target, ...] = ()
    """The targets with the excluded people, for an operator who includes them."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Marked rows that are not targets: (row key, reason)."""
    asked: int = 1
    """Number of people or rows that the operator meant, with the excluded and skipped ones."""

    @property
    def wide(self) -> bool:
        """True if the operator meant more than one, even if fewer remain."""
        return self.asked > 1


def with_answers(aimed: TargetSelection, values: Values) -> TargetSelection:
    """Return the targets with the excluded people if the answers include them, else unchanged."""
    included = values.get(INCLUDE) == "yes"
    return replace(aimed, targets=aimed.whole, excluded=()) if included else aimed


def select_targets(command: Command, state: State, at: Cursor) -> TargetSelection | str:
    """Return the targets of a key pressed at ``at``, or the reason why there are none."""
    found = _aimed(command, state, at)
    return found if isinstance(found, str) else pane_refusal(command, state, at) or found


def _aimed(command: Command, state: State, at: Cursor) -> TargetSelection | str:
    if at.marked and acts_on_rows(command, at.pane):
        return _marked(command, state, at)
    target = target_at(command, state, at)
    if isinstance(target, str):
        return target
    if (why := command.why_not(state, target)) is not None:
        return why
    if at.pane is not Pane.CONFERENCES or not isinstance(target, People):
        return TargetSelection((target,), whole=(target,))
    return _with_spared((target,), state)


def pane_refusal(command: Command, state: State, at: Cursor) -> str | None:
    """Return the reason why a command cannot run on the rows of the pane, or None.

    The listing that shows the rows was never read or is forbidden. A command that makes something
    new needs no listing.
    """
    kind = command.target_kind
    if kind is TargetKind.NOTHING:
        return None
    shown: list[tuple[Scope, str]] = []
    match at.pane:
        case Pane.QUEUES:
            shown.append((QueuesScope(), "queues"))
        case Pane.CALLS if at.queue is not None:
            shown.append((CallsScope(at.queue), "calls"))
        case Pane.CONFERENCES:
            shown.append((LIVE, "conferences"))
    chosen_there = at.pane is Pane.CONFERENCES and kind in {TargetKind.PEOPLE, TargetKind.ONE}
    if (at.pane is Pane.PEOPLE or chosen_there) and at.conference is not None:
        shown.append((ParticipantsScope(at.conference), "people"))
    refusals = (listing_refusal(state, scope, what) for scope, what in shown)
    return next(filter(None, refusals), None)


def acts_on_rows(command: Command, pane: Pane) -> bool:
    """Return True if a command acts on rows of the pane, and not on the conference around them."""
    return command.target_kind is not TargetKind.NOTHING and not (
        pane is Pane.PEOPLE and command.target_kind is TargetKind.CONFERENCE
    )


def _excludes_supervisors(command: Command) -> bool:
    """Return True for a command that sets a listed flag. On many people it spares supervisors."""
    return command.flag is not None


def is_here(state: State, at: Cursor, key: str) -> bool:
    """Return True if the row ``key`` of the pane is still there."""
    match at.pane:
        case Pane.QUEUES:
            found = state.queues.get(key)
            return found is not None and found.is_here
        case Pane.CALLS:
            call = state.waiting.get(at.queue or "", {}).get(key)
            return call is not None and call.is_here
        case Pane.CONFERENCES:
            conference = state.conferences.get(key)
            return conference is not None and conference.is_live
        case Pane.PARKED:
            return key in state.parked
        case _:
            person = state.people.get(at.conference or "", {}).get(key)
            return person is not None and person.is_here


def level_for(
    command: Command, aimed: TargetSelection, state: State, now: Moment
) -> ConfirmationLevel:
    """Return the confirmation level: the highest of any target, raised for many."""
    levels = [level_of(command, target, state, now) for target in aimed.targets]
    if aimed.wide:
        many = max(command.confirmation_of_many, ConfirmationLevel.CONFIRM)
        levels += [raised_level(many, target, state, now) for target in aimed.targets]
    levels += [effect.confirmation for effect in side_effects_for(command, aimed, state, now)]
    people = sum(len(legs_of(target)) for target in aimed.targets)
    too_many = max(people, len(aimed.targets)) > MANY
    return ConfirmationLevel.TYPED if too_many else max(levels)


def side_effects_for(
    command: Command, aimed: TargetSelection, state: State, now: Moment
) -> tuple[SideEffect, ...]:
    """Return the side effects of all targets together, each once."""
    joint = _together(aimed.targets)
    if joint is not None:
        return side_effects_of(command, joint, state, now)
    each = (side_effects_of(command, target, state, now) for target in aimed.targets)
    return tuple(dict.fromkeys(chain.from_iterable(each)))


def _marked(command: Command, state: State, at: Cursor) -> TargetSelection | str:
    if len(at.marked) > 1 and command.why_one_at_a_time:
        return f"{command.why_one_at_a_time}, and {len(at.marked)} are marked"
    there = tuple(key for key in at.marked if is_here(state, at, key))
    skipped = [(key, "gone") for key in at.marked if key not in there]
    if not there:
        return GONE
    together = at.pane is Pane.PEOPLE and command.target_kind is TargetKind.PEOPLE
    if together and at.conference is not None:
        return _people(command, state, at, there, skipped)
    targets: list[Target] = []
    for key in there:
        target = target_at(command, state, _on(at, key))
        why = target if isinstance(target, str) else command.why_not(state, target)
        if why is None and not isinstance(target, str):
            targets.append(target)
        else:
            skipped.append((key, why or ""))
    if not targets:
        return skipped[-1][1]
    found = TargetSelection(tuple(targets), whole=tuple(targets))
    if at.pane is Pane.CONFERENCES and _excludes_supervisors(command):
        found = _with_spared(tuple(targets), state)
    return replace(found, skipped=tuple(skipped), asked=max(found.asked, len(at.marked)))


def _people(
    command: Command,
    state: State,
    at: Cursor,
    there: tuple[str, ...],
    skipped: list[tuple[str, str]],
) -> TargetSelection | str:
    conference = at.conference or ""
    if (why := command.why_not(state, People(conference, there))) is not None:
        return why
    left_out: set[str] = set()
    if _excludes_supervisors(command) and len(at.marked) > 1:
        left_out = set(excluded_legs(state, conference))
    rest = tuple(leg for leg in there if leg not in left_out)
    if not rest:
        return "only excluded people are marked; mark one alone to include them"
    return TargetSelection(
        targets=(People(conference, rest),),
        excluded=tuple(leg for leg in there if leg in left_out),
        whole=(People(conference, there),),
        skipped=tuple(skipped),
        asked=len(at.marked),
    )


def _with_spared(targets: tuple[Target, ...], state: State) -> TargetSelection:
    """Return the targets with the people that are excluded from each conference."""
    whole: list[Target] = []
    left_out: list[str] = []
    for target in targets:
        if isinstance(target, People):
            others = excluded_legs(state, target.conference)
            left_out += others
            whole.append(People(target.conference, (*target.legs, *others)))
    asked = len(left_out) + sum(len(legs_of(target)) for target in targets)
    return TargetSelection(targets, tuple(left_out), tuple(whole), asked=asked)


def _on(at: Cursor, key: str) -> Cursor:
    """Return the cursor moved to a marked row."""
    match at.pane:
        case Pane.QUEUES:
            return replace(at, queue=key)
        case Pane.CALLS:
            return replace(at, call=key)
        case Pane.CONFERENCES:
            return replace(at, conference=key)
        case Pane.PARKED:
            return replace(at, parked=key)
        case _:
            return replace(at, leg=key, named=True)


def _together(targets: Iterable[Target]) -> People | None:
    """Merge targets that are people of the same conference into one, else return None."""
    people = [target for target in targets if isinstance(target, People)]
    conferences = {target.conference for target in people}
    if len(conferences) != 1 or len(people) != len(tuple(targets)):
        return None
    return People(conferences.pop(), tuple(leg for target in people for leg in target.legs))
