"""The texts of a dialog: title, targets by name, notes and button.

They are computed again whenever an answer or the state changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from console.commands.bulk_targeting import TargetSelection, side_effects_for, with_answers
from console.commands.targeting import side_effects_of
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    NoTarget,
    Order,
    People,
    Queued,
    SideEffect,
    Target,
    Values,
    WholeConference,
    WholeQueue,
    conference_of,
    legs_of,
    queue_of,
)
from console.core.model.identity import is_mine
from console.core.model.proofs import EndProof, EventProof, NoProof, ShownProof
from console.core.model.state import State
from console.view.context import ViewContext, cell
from console.view.dialogs.undo import probe_order, undo_text
from console.view.display import Cell, Role, Span, Wording
from console.view.panes.people import visible
from console.view.text.labels import clean, conference_name, leg_name, people_count, place_name

TAIL = 4
"""Characters of the end of an id, which distinguish namesakes."""


def wording(
    scene: ViewContext, command: Command, aimed: TargetSelection, values: Values
) -> Wording:
    """Return the texts for a command with these targets. ``values``: the answers, names as ids."""
    meant = with_answers(aimed, values)
    several = len(meant.targets) > 1
    first = meant.targets[0]
    return Wording(
        title=_title(scene, command, meant) if several else _title_of_one(scene, command, first),
        targets=_chips(scene, meant) or _everyone_there(scene, command, first),
        notes=(*_notes(scene, command, meant), *_notes_of_one(scene, command, meant, values)),
        run=_run(command, meant) if several else _run_one(command, first),
    )


def _title_of_one(scene: ViewContext, command: Command, target: Target) -> str:
    words = command.verb if command.toward == "from" else command.words
    return f"{words} {_target_text(scene, command, target)}".strip()


def _target_text(scene: ViewContext, command: Command, target: Target) -> str:
    state, legs = scene.state, legs_of(target)
    where = place_name(state, conference_of(target), queue_of(target))
    if command.is_for_conference or not legs:
        return where
    name = leg_name(state, legs[0]) if len(legs) == 1 else people_count(len(legs))
    between = "from" if command.toward == "from" else "in"
    return f"{name} {between} {where}" if where else name


def _run_one(command: Command, target: Target) -> str:
    """Return the label of the button, short enough for any dialog."""
    legs = target.legs if isinstance(target, People) else ()
    return f"{command.verb} {people_count(len(legs))}" if len(legs) > 1 else command.verb


def _everyone_there(scene: ViewContext, command: Command, target: Target) -> Cell:
    """Return the people of a conference as a whole; empty for any other target."""
    if not isinstance(target, WholeConference):
        return ()
    legs = tuple(visible(scene.state, target.conference))
    if not legs:
        return cell("nobody has been listed there yet", Role.SOON)
    spans: list[Span] = []
    if all(field.hidden_at_first for field in command.fields):
        spans.append(Span(f"{people_count(len(legs))}: ", Role.DIM))
    for leg in legs:
        spans += _chip(leg_name(scene.state, leg), leg, gone=False)
    return tuple(spans[:-1])


def _notes_of_one(
    scene: ViewContext, command: Command, aimed: TargetSelection, values: Values
) -> list[Cell]:
    """Return refusal, help, side effects, proof and undo.

    For several targets ``_notes`` has the side effects.
    """
    target = aimed.targets[0]
    notes = _refusal(scene, command, aimed)
    notes += [cell(command.help, Role.DIM)] if command.help else []
    notes += _own_leg_note(scene, command, target)
    if len(aimed.targets) == 1:
        notes += _side_effects(scene, side_effects_of(command, target, scene.state, scene.now))
    probe = probe_order(scene, command, target, values)
    notes.append((Span("proof: ", Role.DIM), Span(_proof(probe))))
    notes.append((Span("undo:  ", Role.DIM), Span(_undo(scene, command, aimed, values))))
    return notes


def _undo(scene: ViewContext, command: Command, aimed: TargetSelection, values: Values) -> str:
    """Say what undo restores, for all targets together."""
    texts = {undo_text(scene, command, target, values) for target in aimed.targets}
    return texts.pop() if len(texts) == 1 else "z, for some of them; not known for the others"


def why_no_target(scene: ViewContext, command: Command, aimed: TargetSelection) -> str | None:
    """Return the reason why no target can be reached any more; None if one still can."""
    reasons = [command.why_not(scene.state, target) for target in aimed.targets]
    return None if None in reasons else reasons[0]


def _refusal(scene: ViewContext, command: Command, aimed: TargetSelection) -> list[Cell]:
    why = why_no_target(scene, command, aimed)
    return [] if why is None else [cell(f"Nothing will be done: {why}.", Role.NOW)]


def _own_leg_note(scene: ViewContext, command: Command, target: Target) -> list[Cell]:
    """Say how to act on the row, if the command acts on the operator's own leg instead."""
    legs, at = legs_of(target), scene.cursor
    if not command.prefers_own_leg or at.named or at.leg in {None, *legs}:
        return []
    if at.leg in at.marked or not is_mine(scene.state, legs[0]):
        return []
    text = f"This is for your own leg. For another: mark the row, or :{command.typed} and the name."
    return [cell(text, Role.DIM)]


def _side_effects(scene: ViewContext, effects: Sequence[SideEffect]) -> list[Cell]:
    lines: list[Cell] = []
    for effect in effects:
        names = ", ".join(leg_name(scene.state, leg) for leg in effect.legs)
        role = Role.NOW if effect.confirmation >= ConfirmationLevel.CONFIRM else Role.SOON
        lines.append((Span(effect.text, role), Span(f" {names}" if names else "")))
    return lines


def _proof(probe: Order) -> str:
    match probe.command.proof:
        case EventProof(kinds):
            return " or ".join(f"a {kind} webhook" for kind in kinds)
        case EndProof():
            return "conference.ended, or a read of the conference"
        case ShownProof(listing=among, event_types=kinds, why_unprovable=blind):
            why = "" if blind is None else blind(probe)
            return f"none: {why}" if why else " or ".join((*kinds, among.value))
        case NoProof(later):
            return f"none now; later {later}" if later else "none: Telnyx offers nothing"


def _chips(scene: ViewContext, aimed: TargetSelection) -> Cell:
    """Return each target by name and the end of its id, struck out if it is gone."""
    state = scene.state
    spans: list[Span] = []
    for target in aimed.targets:
        several = len(aimed.targets) > 1
        if isinstance(target, NoTarget) or (
            isinstance(target, WholeConference | WholeQueue) and not several
        ):
            continue
        legs = legs_of(target)
        if legs and not (several and isinstance(target, People) and len(legs) > 1):
            for leg in legs:
                spans += _chip(leg_name(state, leg), leg, gone=not _leg_here(state, target, leg))
        else:
            count = f": {people_count(len(legs))}" if legs else ""
            name = place_name(state, conference_of(target), queue_of(target)) + count
            key = conference_of(target) or queue_of(target) or ""
            spans += _chip(name, key, gone=_place_gone(state, target))
    return tuple(spans[:-1])


def _chip(name: str, key: str, *, gone: bool) -> list[Span]:
    tail = f"..{clean(key[-TAIL:])}"
    known = name.endswith(tail)
    if gone:
        whole = name if known else f"{name} {tail}"
        return [Span(whole, Role.GONE), Span(" left", Role.SOON), Span("   ")]
    return [Span(name, Role.STRONG), Span("" if known else f" {tail}", Role.FAINT), Span("   ")]


def _leg_here(state: State, target: Target, leg: str) -> bool:
    """Return True if a leg is still in the place of the target."""
    match target:
        case People(conference=conference) | AnyLeg(from_conference=str(conference)):
            person = state.people.get(conference, {}).get(leg)
            return person is not None and person.membership.here
        case Queued(queue=queue) | AnyLeg(from_queue=str(queue)):
            call = state.waiting.get(queue, {}).get(leg)
            return call is not None and call.membership.here
        case AnyLeg():
            return leg in state.parked
        case _:
            return True


def _place_gone(state: State, target: Target) -> bool:
    conference = state.conferences.get(conference_of(target) or "")
    queue = state.queues.get(queue_of(target) or "")
    if conference is not None:
        return conference.ended or not conference.membership.here
    return queue is None or not queue.membership.here


def _title(scene: ViewContext, command: Command, aimed: TargetSelection) -> str:
    places = {(conference_of(t), queue_of(t)) for t in aimed.targets}
    where = place_name(scene.state, *next(iter(places))) if len(places) == 1 else ""
    out = command.toward == "from"
    what = f"{command.verb if out else command.words} {_count(aimed)}"
    return f"{what} {'from' if out else 'in'} {where}" if where else what


def _count(aimed: TargetSelection) -> str:
    number = len(aimed.targets)
    match aimed.targets[0]:
        case WholeConference():
            return f"{number} conferences"
        case WholeQueue():
            return f"{number} queues"
        case Queued():
            return f"{number} calls"
        case AnyLeg(from_queue=str()):
            return f"{number} calls"
        case _:
            return people_count(sum(len(legs_of(target)) for target in aimed.targets))


def _run(command: Command, aimed: TargetSelection) -> str:
    return f"{command.verb} {_count(aimed)}"


def _notes(scene: ViewContext, command: Command, aimed: TargetSelection) -> list[Cell]:
    notes: list[Cell] = []
    if aimed.excluded:
        names = _names(scene, aimed.excluded)
        notes.append((Span("not touched: ", Role.DIM), Span(names)))
    if aimed.skipped:
        left = "; ".join(f"{_named(scene, key)} ({why})" for key, why in aimed.skipped)
        notes.append((Span("marked, but left out: ", Role.SOON), Span(left)))
    if len(aimed.targets) > 1:
        notes += _side_effects(scene, side_effects_for(command, aimed, scene.state, scene.now))
        notes.append(cell(f"{len(aimed.targets)} requests, each with its own result.", Role.DIM))
    return notes


def _names(scene: ViewContext, legs: tuple[str, ...]) -> str:
    return ", ".join(leg_name(scene.state, leg) for leg in legs)


def _named(scene: ViewContext, key: str) -> str:
    if key in scene.state.conferences:
        return conference_name(scene.state, key)
    return clean(key) if key in scene.state.queues else leg_name(scene.state, key)
