"""The texts of a dialog: title, targets by name, notes and button.

They are computed again whenever an answer or the state changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from console.view.panes.people import visible
from console.view.screen_elements import Cell, Role, Span, Wording
from console.view.text import labels


def wording(
    scene: ViewContext, command: Command, aimed: TargetSelection, values: Values
) -> Wording:
    """Return the texts for a command with these targets. ``values``: the answers, names as ids."""
    meant = with_answers(aimed, values)
    return Wording(
        title=_title(scene, command, meant),
        targets=_chips(scene, meant) or _everyone_there(scene, command, meant.targets[0]),
        notes=tuple(_notes(scene, command, meant, values)),
        run=_run(command, meant),
    )


def _title(scene: ViewContext, command: Command, aimed: TargetSelection) -> str:
    places = {(conference_of(target), queue_of(target)) for target in aimed.targets}
    where = labels.place_name(scene.state, *places.pop()) if len(places) == 1 else ""
    legs = () if command.is_for_conference else legs_of(aimed.targets[0])
    who = labels.leg_name(scene.state, legs[0]) if legs else ""
    if len(aimed.targets) > 1 or len(legs) > 1:
        who = _count(aimed)
    out = command.toward == "from"
    place = f"{'from' if out else 'in'} {where}" if who and where else where
    return " ".join(filter(None, (command.verb if out else command.words, who, place)))


def _run(command: Command, aimed: TargetSelection) -> str:
    """Return the label of the button, short enough for any dialog."""
    target = aimed.targets[0]
    several = len(aimed.targets) > 1 or (isinstance(target, People) and len(target.legs) > 1)
    return f"{command.verb} {_count(aimed)}" if several else command.verb


def _everyone_there(scene: ViewContext, command: Command, target: Target) -> Cell:
    """Return the people of a conference as a whole; empty for any other target."""
    if not isinstance(target, WholeConference):
        return ()
    legs = tuple(visible(scene.state, target.conference))
    if not legs:
        return cell("nobody has been listed there yet", Role.SOON)
    spans: list[Span] = []
    if all(field.hidden_at_first for field in command.fields):
        spans.append(Span(f"{labels.people_count(len(legs))}: ", Role.DIM))
    for leg in legs:
        spans += _chip(labels.leg_name(scene.state, leg), leg, gone=False)
    return tuple(spans[:-1])


def _notes(
    scene: ViewContext, command: Command, aimed: TargetSelection, values: Values
) -> Iterator[Cell]:
    """Yield who is left out, refusal, help, side effects, proof and undo."""
    target, several = aimed.targets[0], len(aimed.targets) > 1
    if aimed.excluded:
        names = ", ".join(labels.leg_name(scene.state, leg) for leg in aimed.excluded)
        yield (Span("not touched: ", Role.DIM), Span(names))
    if aimed.skipped:
        left = "; ".join(f"{_named(scene, key)} ({why})" for key, why in aimed.skipped)
        yield (Span("marked, but left out: ", Role.SOON), Span(left))
    if several:
        yield from _side_effects(scene, side_effects_for(command, aimed, scene.state, scene.now))
        yield cell(f"{len(aimed.targets)} requests, each with its own result.", Role.DIM)
    refusal = why_no_target(scene, command, aimed)
    if refusal is not None:
        yield cell(f"Nothing will be done: {refusal}.", Role.NOW)
    if command.help:
        yield cell(command.help, Role.DIM)
    yield from _own_leg_note(scene, command, target)
    if not several:
        yield from _side_effects(scene, side_effects_of(command, target, scene.state, scene.now))
    proof = _proof(probe_order(scene, command, target, values))
    yield (Span("proof: ", Role.DIM), Span(proof))
    texts = {undo_text(scene, command, one, values) for one in aimed.targets}
    undo = texts.pop() if len(texts) == 1 else "z, for some of them; not known for the others"
    yield (Span("undo:  ", Role.DIM), Span(undo))


def why_no_target(scene: ViewContext, command: Command, aimed: TargetSelection) -> str | None:
    """Return the reason why no target can be reached any more; None if one still can."""
    reasons = [command.why_not(scene.state, target) for target in aimed.targets]
    return None if None in reasons else reasons[0]


def _own_leg_note(scene: ViewContext, command: Command, target: Target) -> list[Cell]:
    """Say how to act on the row, if the command acts on the operator's own leg instead."""
    legs, at = legs_of(target), scene.cursor
    if not command.prefers_own_leg or at.named or at.leg in {None, *legs}:
        return []
    if at.leg in at.marked or not is_mine(scene.state, legs[0]):
        return []
    text = f"This is for your own leg. For another: mark the row, or :{command.typed} and the name."
    return [cell(text, Role.DIM)]


def _side_effects(scene: ViewContext, effects: Sequence[SideEffect]) -> Iterator[Cell]:
    for effect in effects:
        names = ", ".join(labels.leg_name(scene.state, leg) for leg in effect.legs)
        role = Role.NOW if effect.confirmation >= ConfirmationLevel.CONFIRM else Role.SOON
        yield (Span(effect.text, role), Span(f" {names}" if names else ""))


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
                gone = not _leg_here(state, target, leg)
                spans += _chip(labels.leg_name(state, leg), leg, gone=gone)
        else:
            count = f": {labels.people_count(len(legs))}" if legs else ""
            name = labels.place_name(state, conference_of(target), queue_of(target)) + count
            key = conference_of(target) or queue_of(target) or ""
            spans += _chip(name, key, gone=_place_gone(state, target))
    return tuple(spans[:-1])


def _chip(name: str, key: str, *, gone: bool) -> list[Span]:
    tail = labels.id_tail(key)
    known = name.endswith(tail)
    if gone:
        whole = name if known else f"{name} {tail}"
        return [Span(whole, Role.GONE), Span(" left", Role.SOON), Span("   ")]
    return [Span(name, Role.STRONG), Span("" if known else f" {tail}", Role.FAINT), Span("   ")]


def _leg_here(state: State, target: Target, leg: str) -> bool:
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


def _count(aimed: TargetSelection) -> str:
    number = len(aimed.targets)
    match aimed.targets[0]:
        case WholeConference():
            return f"{number} conferences"
        case WholeQueue():
            return f"{number} queues"
        case Queued() | AnyLeg(from_queue=str()):
            return f"{number} calls"
        case _:
            return labels.people_count(sum(len(legs_of(target)) for target in aimed.targets))


def _named(scene: ViewContext, key: str) -> str:
    if key in scene.state.conferences:
        return labels.conference_name(scene.state, key)
    return labels.clean(key) if key in scene.state.queues else labels.leg_name(scene.state, key)
