"""What a dialog offers to pick from: conferences, queues and people by the names they are shown by.

What a name stands for is fixed when the dialog opens, so that a namesake that comes meanwhile is
never meant by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from console.core.model.command import (
    AnyLeg,
    Command,
    Field,
    FieldKind,
    Nothing,
    Target,
    Values,
    conference_of,
    legs_of,
)
from console.core.model.state import State
from console.view.context import ViewContext
from console.view.panes import conferences
from console.view.panes.people import visible
from console.view.panes.queue_order import waiting_in
from console.view.panes.queues import visible as lines
from console.view.text.labels import clean, conference_name, who


def picks(scene: ViewContext, command: Command, target: Target) -> Mapping[str, Mapping[str, str]]:
    """By field name, what may be picked, as shown, and what is meant by it."""
    offers = {f.name: {c: c for c in f.choices} for f in command.fields if f.kind == FieldKind.PICK}
    return offers | {
        field.name: _of(scene, field.kind, target)
        for field in command.fields
        if field.kind in {FieldKind.CONFERENCE, FieldKind.QUEUE, FieldKind.LEG, FieldKind.LEGS}
    }


def offered(scene: ViewContext, field: Field) -> Mapping[str, str]:
    """What may be picked for one question before the command is aimed at anything."""
    return (
        _of(scene, field.kind, Nothing())
        if field.kind in {FieldKind.CONFERENCE, FieldKind.QUEUE}
        else {}
    )


def _of(scene: ViewContext, kind: FieldKind, target: Target) -> Mapping[str, str]:
    state = scene.state
    match kind:
        case FieldKind.CONFERENCE:
            left = target.from_conference if isinstance(target, AnyLeg) else None
            live = [r.id for r in state.conferences.values() if r.membership.here and not r.ended]
            return named((conference_name(state, id_), id_) for id_ in live if id_ != left)
        case FieldKind.QUEUE:
            left = target.from_queue if isinstance(target, AnyLeg) else None
            return named((clean(name), name) for name in lines(state) if name != left)
        case FieldKind.LEGS:
            here = _listeners(state, conference_of(target))
            others = [leg for leg in here if leg not in legs_of(target)]
            return named((who(state, leg), leg) for leg in others)
        case _:
            calls = [leg for queue in lines(state) for leg in waiting_in(state, queue)]
            return named((who(state, leg), leg) for leg in (*calls, *state.parked))


def _listeners(state: State, conference: str | None) -> tuple[str, ...]:
    """The people of a conference; of every live one where the dialog has yet to choose it."""
    chosen = conferences.visible(state) if conference is None else (conference,)
    return tuple(dict.fromkeys(leg for one in chosen for leg in visible(state, one)))


def in_chosen_conference(
    scene: ViewContext, command: Command, known: Mapping[str, Mapping[str, str]], values: Values
) -> Mapping[str, tuple[str, ...]]:
    """By field name, the people of the chosen conference, where the dialog chooses one."""
    listeners = [field.name for field in command.fields if field.kind == FieldKind.LEGS]
    if not listeners or not any(field.kind == FieldKind.CONFERENCE for field in command.fields):
        return {}
    there = visible(scene.state, values.get("room", ""))
    return {
        name: tuple(shown for shown, leg in known[name].items() if leg in there)
        for name in listeners
    }


def named(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """By name; those that share one are told apart by the tail of their id. No name has a comma."""
    found: dict[str, list[str]] = {}
    for shown, meant in pairs:
        found.setdefault(shown.replace(",", " "), []).append(meant)
    return {
        name if len(same) == 1 else f"{name} ..{clean(meant[-4:])}": meant
        for name, same in found.items()
        for meant in same
    }
