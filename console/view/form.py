"""A dialog, derived from a command's record, its targets and what is believed of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from console.catalog.aim import asked_for, chosen, now_known, takes_own, trips_of
from console.core.command import (
    AnyLeg,
    Command,
    EndProof,
    EventProof,
    Field,
    ListingProof,
    NoProof,
    ShownProof,
    Target,
    Tier,
    Values,
    WholeRoom,
    legs_of,
    queue_of,
    room_of,
)
from console.core.command import People as PeopleTarget
from console.view.board import Cell, Confirm, Form, Role, Span, no_warning
from console.view.earshot import preview
from console.view.people import visible
from console.view.picks import picks
from console.view.refusals import complaints as refused_answers
from console.view.refusals import refused_last
from console.view.scene import Scene, cell
from console.view.undoing import says
from console.view.words import clean, people, place, who

LONGEST_NAME = 24
"""A longer name is not typed: a code stands for it."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"


def form(
    scene: Scene,
    command: Command,
    target: Target,
    tier: Tier,
    last: Values,
    *,
    told: Values = MappingProxyType({}),
) -> Form:
    """What is asked before this command runs.

    ``last``: the answers given last time. ``told``: those typed behind the command's line.
    """
    state = scene.state
    final = tier is Tier.TYPED
    now = now_known(command, target, state)
    fields = _questions(command, tier)
    refused = refused_last(state, command, target)
    if refused is not None:
        last = refused.order.values
    values = {
        field.name: told.get(field.name)
        or now.get(field.name)
        or last.get(field.name)
        or field.default
        for field in fields
    }
    needs = any(field.required for field in fields) or complaints(command, values)
    asks = Confirm.RUN if needs or (command.fields and tier is not Tier.CONFIRM) else Confirm.YES
    known = picks(scene, command, target)
    read = _reader(known)
    warn = command.warn
    asks_who = takes_own(command)
    if asks_who:
        values = {**values, **_about(scene, target)}
    return Form(
        title=_title(scene, command, target, asks_who=asks_who),
        final=final and command.inverse is None,
        targets=() if asks_who else _targets(scene, command, target),
        notes=tuple(_notes(scene, command, target)),
        fields=fields,
        values=_as_shown(values, known),
        confirm=Confirm.TYPED if final else asks,
        run=_run(command, target),
        typed=typed(scene, target) if final else "",
        complain=lambda answers: {
            **_strangers(command, known, answers),
            **complaints(command, read(answers)),
        },
        warn=(lambda answers: warn(state, chosen(target, read(answers)), read(answers)))
        if warn
        else no_warning,
        preview=lambda answers: preview(scene, command, target, read(answers)),
        known=known,
        read=read,
        refused=refused_answers(refused),
    )


def _questions(command: Command, tier: Tier) -> tuple[Field, ...]:
    """What is asked; a dialog that would hide all of it, and has nothing to confirm, hides none."""
    fields = asked_for(command, tier)
    if tier is Tier.DIALOG and all(field.folded for field in fields):
        return tuple(replace(field, folded=False) for field in fields)
    return fields


def _reader(known: Mapping[str, Mapping[str, str]]) -> Callable[[Values], Values]:
    def read(values: Values) -> Values:
        return {name: _meant(known.get(name), value) for name, value in values.items()}

    return read


def _meant(known: Mapping[str, str] | None, value: str) -> str:
    if known is None:
        return value
    words = [word.strip() for word in value.split(",")]
    return known.get(value.strip()) or ",".join(known.get(word, word) for word in words)


def _as_shown(values: Values, known: Mapping[str, Mapping[str, str]]) -> Values:
    """Last time's answers in today's words: an id is shown by its name."""
    names = {
        name: {meant: shown for shown, meant in picked.items()} for name, picked in known.items()
    }
    return {name: names.get(name, {}).get(value, value) for name, value in values.items()}


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


def typed(scene: Scene, target: Target) -> str:
    """What must be typed: the name, or a code where that cannot be typed safely."""
    room, queue = room_of(target), queue_of(target)
    if isinstance(target, AnyLeg):
        room, queue = target.from_room, target.from_queue
    name = queue or ""
    if room is not None:
        known = scene.state.rooms.get(room)
        name = (known.fields.name if known is not None and known.fields is not None else "") or ""
    easy = name.isascii() and name.isprintable() and name == name.strip()
    if name and easy and len(name) <= LONGEST_NAME:
        return name
    return code(room or queue or "code")


def code(text: str) -> str:
    """Four letters that stand for what cannot be typed."""
    number = sum(ord(letter) * 31**place for place, letter in enumerate(text))
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(4))


def _run(command: Command, target: Target) -> str:
    """The button: short enough for any dialog."""
    verb = command.button or command.name.removesuffix("_room").replace("_", " ")
    legs = target.legs if isinstance(target, PeopleTarget) else ()
    return f"{verb} {people(len(legs))}" if len(legs) > 1 else verb


def _about(scene: Scene, target: Target) -> Values:
    """Who it is for to begin with, and that a whisper would be for the row under the cursor."""
    legs = legs_of(target)
    row = scene.leg if scene.leg is not None and scene.leg not in legs else None
    return {"who": legs[0]} | ({"whisper_call_control_ids": row} if row is not None else {})


def _strangers(
    command: Command, known: Mapping[str, Mapping[str, str]], answers: Values
) -> Mapping[str, str]:
    """Who must be one of those that are there, and is not."""
    return {
        field.name: "nobody of this name is there: down picks"
        for field in command.fields
        if field.kind == "one" and answers.get(field.name, "").strip() not in known[field.name]
    }


def _title(scene: Scene, command: Command, target: Target, *, asks_who: bool) -> str:
    if asks_who:  # whom is the first question
        return f"{command.name} in {place(scene.state, room_of(target), None)}"
    return f"{command.words} {_whom(scene, command, target)}".strip()


def _whom(scene: Scene, command: Command, target: Target) -> str:
    state, legs = scene.state, legs_of(target)
    where = place(state, room_of(target), queue_of(target))
    if command.wide or not legs:
        return where
    whom = who(state, legs[0]) if len(legs) == 1 else people(len(legs))
    return f"{whom} in {where}" if where else whom


def _targets(scene: Scene, command: Command, target: Target) -> Cell:
    legs = legs_of(target)
    if isinstance(target, WholeRoom):
        legs = tuple(visible(scene.state, target.room))
        if not legs:
            return cell("nobody was listed there yet", Role.SOON)
    elif not legs:
        return ()
    spans: list[Span] = []
    if isinstance(target, WholeRoom) and all(field.folded for field in command.fields):
        spans.append(Span(f"{people(len(legs))}: ", Role.DIM))
    for leg in legs:
        name, tail = who(scene.state, leg), f"..{clean(leg[-4:])}"
        spans.append(Span(name, Role.STRONG))
        if not name.endswith(tail):
            spans.append(Span(f" {tail}", Role.FAINT))
        spans.append(Span("   "))
    return tuple(spans[:-1])


def _notes(scene: Scene, command: Command, target: Target) -> list[Cell]:
    notes = [cell(command.help, Role.DIM)] if command.help else []
    for trip in trips_of(command, target, scene.state, scene.now):
        names = ", ".join(who(scene.state, leg) for leg in trip.legs)
        role = Role.NOW if trip.tier >= Tier.CONFIRM else Role.SOON
        notes.append((Span(trip.text, role), Span(f" {names}" if names else "")))
    notes.append((Span("proof: ", Role.DIM), Span(_proof(command))))
    undo = says(scene, command, target)
    notes.append((Span("undo:  ", Role.DIM), Span(undo)))
    return notes


def _proof(command: Command) -> str:
    match command.proof:
        case ListingProof():
            return "the participants listing"
        case EventProof(kinds):
            return " or ".join(f"a {kind} webhook" for kind in kinds)
        case EndProof():
            return "conference.ended, or a read of the conference"
        case ShownProof(among, _, kinds):
            return " or ".join((*kinds, among.value))
        case NoProof(later):
            return f"none now; later {later}" if later else "none: Telnyx offers nothing"
