"""Names that a dialog offers to pick: conferences, queues and people.

The id behind a name is fixed when the dialog opens, so that a namesake who arrives later is never
meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from console.core.model.command import (
    AnyLeg,
    Command,
    Field,
    FieldKind,
    NoTarget,
    Target,
    Values,
    conference_of,
    legs_of,
)
from console.core.model.state import State
from console.view.context import ViewContext
from console.view.panes import conferences
from console.view.panes.people import visible
from console.view.panes.queue_order import legs_in_queue
from console.view.panes.queues import visible as queues
from console.view.text.labels import clean, conference_name, id_tail, leg_name


def names_to_pick(
    scene: ViewContext, command: Command, target: Target
) -> Mapping[str, Mapping[str, str]]:
    """Return, for each field name, the names that may be picked and the id behind each."""
    offers = {f.name: {c: c for c in f.choices} for f in command.fields if f.kind == FieldKind.PICK}
    return offers | {
        field.name: _of(scene, field.kind, target)
        for field in command.fields
        if field.kind in {FieldKind.CONFERENCE, FieldKind.QUEUE, FieldKind.LEG, FieldKind.LEGS}
    }


def names_for_field(scene: ViewContext, field: Field) -> Mapping[str, str]:
    """Map each name that may be picked for a field to its id, before the command has a target.

    The mapping is empty unless the field asks for a conference or a queue.
    """
    may_name = field.kind in {FieldKind.CONFERENCE, FieldKind.QUEUE}
    return _of(scene, field.kind, NoTarget()) if may_name else {}


def _of(scene: ViewContext, kind: FieldKind, target: Target) -> Mapping[str, str]:
    state = scene.state
    match kind:
        case FieldKind.CONFERENCE:
            left = target.from_conference if isinstance(target, AnyLeg) else None
            live = [id_ for id_ in conferences.visible(state) if id_ != left]
            return ids_by_name((conference_name(state, id_), id_) for id_ in live)
        case FieldKind.QUEUE:
            left = target.from_queue if isinstance(target, AnyLeg) else None
            return ids_by_name((clean(name), name) for name in queues(state) if name != left)
        case FieldKind.LEGS:
            here = _listeners(state, conference_of(target))
            others = [leg for leg in here if leg not in legs_of(target)]
            return ids_by_name((leg_name(state, leg), leg) for leg in others)
        case _:
            calls = [leg for queue in queues(state) for leg in legs_in_queue(state, queue)]
            return ids_by_name((leg_name(state, leg), leg) for leg in (*calls, *state.parked))


def _listeners(state: State, conference: str | None) -> tuple[str, ...]:
    """Return the people of a conference; of all live ones if the dialog has not chosen one yet."""
    chosen = conferences.visible(state) if conference is None else (conference,)
    return tuple(dict.fromkeys(leg for one in chosen for leg in visible(state, one)))


def names_in_conference(
    scene: ViewContext, command: Command, known: Mapping[str, Mapping[str, str]], values: Values
) -> Mapping[str, tuple[str, ...]]:
    """Return, for each field of listeners, the names in the conference that the dialog chose.

    Empty for a dialog that does not choose a conference.
    """
    listeners = [field.name for field in command.fields if field.kind == FieldKind.LEGS]
    if not listeners or not any(field.kind == FieldKind.CONFERENCE for field in command.fields):
        return {}
    there = visible(scene.state, values.get("room", ""))
    return {
        name: tuple(shown for shown, leg in known[name].items() if leg in there)
        for name in listeners
    }


def ids_by_name(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Map names to ids. Equal names get the end of their id. A comma becomes a space."""
    found: dict[str, list[str]] = {}
    for shown, meant in pairs:
        found.setdefault(shown.replace(",", " "), []).append(meant)
    return {
        name if len(same) == 1 else f"{name} {id_tail(meant)}": meant
        for name, same in found.items()
        for meant in same
    }
