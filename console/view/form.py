"""A dialog, derived from a command's record, its targets and what is believed of them."""

from __future__ import annotations

from collections.abc import Mapping

from console.catalog.aim import is_stale, spared
from console.core.command import (
    Command,
    EndProof,
    EventProof,
    ListingProof,
    NoProof,
    Target,
    Tier,
    Values,
    WholeRoom,
)
from console.core.command import People as PeopleTarget
from console.view.board import Cell, Confirm, Form, Role, Span
from console.view.people import visible
from console.view.scene import Scene, cell
from console.view.words import people, room_name, who

LONGEST_NAME = 24
"""A longer name is not typed: a code stands for it."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"


def form(scene: Scene, command: Command, target: Target, tier: Tier, last: Values) -> Form:
    """What is asked before this command runs. ``last``: the answers given last time."""
    room = room_name(scene.state, target.room)
    whom = _whom(scene, target)
    final = tier is Tier.TYPED
    confirm = Confirm.TYPED if final else Confirm.RUN if command.fields else Confirm.YES
    values = {field.name: last.get(field.name) or field.default for field in command.fields}
    return Form(
        title=f"{command.words} {room if command.wide else whom + ' in ' + room}",
        final=final and command.inverse is None,
        targets=_targets(scene, command, target),
        notes=tuple(_notes(scene, command, target)),
        fields=command.fields,
        values=values,
        confirm=confirm,
        run=_run(command, target),
        typed=typed(scene, target.room) if final else "",
        complain=lambda answers: complaints(command, answers),
    )


def complaints(command: Command, values: Values) -> Mapping[str, str]:
    """What is wrong with these answers, by field."""
    found = dict(command.check(values)) if command.check is not None else {}
    for field in command.fields:
        value = values.get(field.name, "")
        if field.required and not value.strip():
            found[field.name] = "this is needed"
        elif field.limit is not None and len(value) > field.limit:
            found[field.name] = f"{len(value)} of at most {field.limit} characters"
        elif value and field.check is not None and (why := field.check(value)) is not None:
            found[field.name] = why
    return found


def typed(scene: Scene, room: str) -> str:
    """What must be typed: the room's name, or a code where that cannot be typed safely."""
    known = scene.state.rooms.get(room)
    name = known.fields.name if known is not None and known.fields is not None else ""
    easy = name.isascii() and name.isprintable() and name == name.strip()
    if name and easy and len(name) <= LONGEST_NAME:
        return name
    number = sum(ord(letter) * 31**place for place, letter in enumerate(room))
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(4))


def _run(command: Command, target: Target) -> str:
    """The button: short enough for any dialog."""
    verb = command.name.removesuffix("_room").replace("_", " ")
    legs = target.legs if isinstance(target, PeopleTarget) else ()
    return f"{verb} {people(len(legs))}" if len(legs) > 1 else verb


def _whom(scene: Scene, target: Target) -> str:
    if isinstance(target, PeopleTarget):
        only = len(target.legs) == 1
        return who(scene.state, target.legs[0]) if only else people(len(target.legs))
    return room_name(scene.state, target.room)


def _targets(scene: Scene, command: Command, target: Target) -> Cell:
    if isinstance(target, PeopleTarget):
        legs: tuple[str, ...] = target.legs
    else:
        legs = tuple(visible(scene.state, target.room))
    if not legs:
        return cell("nobody was listed there yet", Role.SOON)
    spans: list[Span] = []
    if isinstance(target, WholeRoom) and not command.fields:
        spans.append(Span(f"{people(len(legs))}: ", Role.DIM))
    for leg in legs:
        spans += [Span(who(scene.state, leg), Role.STRONG), Span("   ")]
    return tuple(spans[:-1])


def _notes(scene: Scene, command: Command, target: Target) -> list[Cell]:
    notes = [cell(command.help, Role.DIM)] if command.help else []
    if isinstance(target, PeopleTarget):
        left_out = [leg for leg in spared(scene.state, target.room) if leg not in target.legs]
        if left_out and len(target.legs) > 1:
            names = ", ".join(who(scene.state, leg) for leg in left_out)
            notes.append((Span("not touched: ", Role.DIM), Span(names)))
    if is_stale(scene.state, target.room, scene.now):
        notes.append(cell("What is shown of this room is old.", Role.SOON))
    notes.append((Span("proof: ", Role.DIM), Span(_proof(command))))
    undo = "z, exactly as it was" if command.inverse and _listed(command) else "none"
    notes.append((Span("undo:  ", Role.DIM), Span(undo)))
    return notes


def _listed(command: Command) -> bool:
    return isinstance(command.proof, ListingProof)


def _proof(command: Command) -> str:
    match command.proof:
        case ListingProof():
            return "the participants listing"
        case EventProof(kinds):
            return " or ".join(f"a {kind} webhook" for kind in kinds)
        case EndProof():
            return "conference.ended, or a read of the conference"
        case NoProof(later):
            return f"none now; later {later}" if later else "none: Telnyx offers nothing"
