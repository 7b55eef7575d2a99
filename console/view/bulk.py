"""A dialog for many: who is meant, who is left out and who has gone, each by name."""

from __future__ import annotations

from dataclasses import replace

from console.catalog.aim import takes_own, trips_of
from console.catalog.bulk import Aimed, trips_for
from console.core.command import (
    AnyLeg,
    Command,
    Field,
    Nothing,
    People,
    Queued,
    Target,
    Tier,
    WholeQueue,
    WholeRoom,
    legs_of,
    queue_of,
    room_of,
)
from console.core.state import State
from console.view.board import Cell, Confirm, Form, Role, Span, Values
from console.view.form import code
from console.view.scene import Scene, cell
from console.view.words import clean, people, place, room_name, who

INCLUDE = "include"
"""The question whether those who are left out shall be in after all; never sent."""
TAIL = 4
"""The last characters of an id, which tell namesakes apart."""


def widened(scene: Scene, form: Form, command: Command, aimed: Aimed, tier: Tier) -> Form:
    """The dialog of the first target, made one for all of them."""
    fields, values = form.fields, dict(form.values)
    if aimed.spared:
        names = _names(scene, aimed.spared)
        include = Field(INCLUDE, f"include {names}", kind="flag", default="no", again=False)
        fields = (*fields, include)
        values[INCLUDE] = "no"
    wide = len(aimed.targets) > 1
    final = tier is Tier.TYPED
    return replace(
        form,
        title=_title(scene, command, aimed) if wide else form.title,
        targets=chips(scene, command, aimed) or form.targets,
        notes=(*_notes(scene, command, aimed), *_kept(scene, form, command, aimed)),
        fields=fields,
        values=values,
        run=_run(command, aimed) if wide else form.run,
        typed=_typed(form, aimed) if final else "",
        confirm=Confirm.TYPED if final else form.confirm,
        warn=lambda answers: _warn(scene, form, command, aimed, answers),
    )


def chips(scene: Scene, command: Command, aimed: Aimed) -> Cell:
    """Each target by name and the end of its id; struck out where it has gone."""
    if takes_own(command):  # whom it is for is a question of its own
        return ()
    state = scene.state
    spans: list[Span] = []
    for target in aimed.targets:
        several = len(aimed.targets) > 1
        if isinstance(target, Nothing) or (
            isinstance(target, WholeRoom | WholeQueue) and not several
        ):
            continue
        legs = legs_of(target)
        if legs and not (several and isinstance(target, People) and len(legs) > 1):
            for leg in legs:
                spans += _chip(who(state, leg), leg, gone=not _leg_here(state, target, leg))
        else:
            count = f": {people(len(legs))}" if legs else ""
            name = place(state, room_of(target), queue_of(target)) + count
            key = room_of(target) or queue_of(target) or ""
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
    """Whether a leg is still where it was aimed at."""
    match target:
        case People(room=room) | AnyLeg(from_room=str(room)):
            person = state.people.get(room, {}).get(leg)
            return person is not None and person.register.here
        case Queued(queue=queue) | AnyLeg(from_queue=str(queue)):
            call = state.waiting.get(queue, {}).get(leg)
            return call is not None and call.register.here
        case AnyLeg():
            return leg in state.parked
        case _:
            return True


def _place_gone(state: State, target: Target) -> bool:
    room, line = state.rooms.get(room_of(target) or ""), state.lines.get(queue_of(target) or "")
    if room is not None:
        return room.ended or not room.register.here
    return line is None or not line.register.here


def _title(scene: Scene, command: Command, aimed: Aimed) -> str:
    places = {(room_of(t), queue_of(t)) for t in aimed.targets}
    where = place(scene.state, *next(iter(places))) if len(places) == 1 else ""
    what = _count(aimed)
    return f"{command.words} {what} in {where}" if where else f"{command.words} {what}"


def _count(aimed: Aimed) -> str:
    number = len(aimed.targets)
    match aimed.targets[0]:
        case WholeRoom():
            return f"{number} conferences"
        case WholeQueue():
            return f"{number} queues"
        case Queued():
            return f"{number} calls"
        case AnyLeg(from_queue=str()):
            return f"{number} calls"
        case _:
            return people(sum(len(legs_of(target)) for target in aimed.targets))


def _run(command: Command, aimed: Aimed) -> str:
    verb = command.button or command.name.removesuffix("_room").replace("_", " ")
    return f"{verb} {_count(aimed)}"


def _notes(scene: Scene, command: Command, aimed: Aimed) -> list[Cell]:
    notes: list[Cell] = []
    if aimed.spared:
        names = _names(scene, aimed.spared)
        notes.append((Span("not touched: ", Role.DIM), Span(names)))
    if aimed.skipped:
        left = "; ".join(f"{_named(scene, key)} ({why})" for key, why in aimed.skipped)
        notes.append((Span("marked, and left out: ", Role.SOON), Span(left)))
    if len(aimed.targets) > 1:
        notes += [
            cell(trip.text, Role.NOW) for trip in trips_for(command, aimed, scene.state, scene.now)
        ]
        notes.append(cell(f"{len(aimed.targets)} requests, and a result for each.", Role.DIM))
    return notes


def _kept(scene: Scene, form: Form, command: Command, aimed: Aimed) -> list[Cell]:
    """The first target's notes, less what is said of all together."""
    if len(aimed.targets) == 1:
        return list(form.notes)
    alone = {trip.text for trip in trips_of(command, aimed.targets[0], scene.state, scene.now)}
    return [note for note in form.notes if "".join(span.text for span in note) not in alone]


def _typed(form: Form, aimed: Aimed) -> str:
    """What must be typed: for several a code, which no one name can stand for."""
    if len(aimed.targets) == 1:
        return form.typed
    return code("".join(str(target) for target in aimed.targets))


def _warn(scene: Scene, form: Form, command: Command, aimed: Aimed, answers: Values) -> str:
    if command.warn is None:
        return ""
    read = form.read(answers)
    said = (command.warn(scene.state, target, read) for target in aimed.targets)
    return " ".join(dict.fromkeys(text for text in said if text))


def _names(scene: Scene, legs: tuple[str, ...]) -> str:
    return ", ".join(who(scene.state, leg) for leg in legs)


def _named(scene: Scene, key: str) -> str:
    if key in scene.state.rooms:
        return room_name(scene.state, key)
    return clean(key) if key in scene.state.lines else who(scene.state, key)
