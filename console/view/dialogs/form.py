"""A dialog, derived from a command's record, its targets and what is believed of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from console.commands.bulk_targeting import Aimed, as_answered
from console.commands.request_builders import listed
from console.commands.second_question import second_question
from console.commands.targeting import asked_for, now_known
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    Field,
    FieldKind,
    Target,
    Values,
    conference_of,
    legs_of,
    queue_of,
)
from console.core.model.identity import is_mine
from console.view.audibility import preview
from console.view.context import ViewContext
from console.view.dialogs.suggestions import in_chosen_conference, picks
from console.view.dialogs.wording import why_nothing, wording
from console.view.display import Cell, Confirm, Form
from console.view.panes.people import visible
from console.view.text.error_text import complaints as refused_answers
from console.view.text.error_text import refused_last
from console.view.text.labels import conference_name, who

LONGEST_NAME = 24
"""A longer name is not typed: a code stands for it."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"


def _about(scene: ViewContext, command: Command, target: Target) -> Values:
    """Offer a whisper to the row under the cursor, where the operator's own leg is meant."""
    row = scene.leg
    if not command.own_first or scene.named or row is None or row in legs_of(target):
        return {}
    return {"whisper_call_control_ids": row} if is_mine(scene.state, legs_of(target)[0]) else {}


def form(
    scene: ViewContext,
    command: Command,
    target: Target,
    tier: ConfirmationLevel,
    last: Values,
    *,
    told: Values = MappingProxyType({}),
) -> Form:
    """What is asked before this command runs.

    ``last``: the answers given last time. ``told``: those typed behind the command's line.
    """
    state = scene.state
    final = tier is ConfirmationLevel.TYPED
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
    asks = (
        Confirm.RUN
        if needs or (command.fields and tier is not ConfirmationLevel.CONFIRM)
        else Confirm.YES
    )
    known = picks(scene, command, target)
    values = {**_without_the_ended(fields, known, values), **_about(scene, command, target)}
    aimed = Aimed((target,), whole=(target,))
    said = wording(scene, command, aimed, values)
    asked = Form(
        title=said.title,
        final=final and command.inverse is None,
        targets=said.targets,
        notes=said.notes,
        fields=fields,
        values=_as_shown(values, known),
        confirm=Confirm.TYPED if final else asks,
        run=said.run,
        typed=typed(scene, target) if final else "",
        known=known,
        read=_reader(known),
        refused=refused_answers(refused),
    )
    return kept_true(asked, lambda: scene, command, aimed)


def _without_the_ended(
    fields: tuple[Field, ...], known: Mapping[str, Mapping[str, str]], values: Values
) -> Values:
    """Offer no conference again that has ended, or that the target is in."""
    conferences = {field.name for field in fields if field.kind == FieldKind.CONFERENCE}
    return {
        name: "" if name in conferences and value not in known[name].values() else value
        for name, value in values.items()
    }


def kept_true(asked: Form, look: Callable[[], ViewContext], command: Command, aimed: Aimed) -> Form:
    """Compute every sentence from the answers as they stand and from the scene of ``look``.

    The targets, and what a picked name stands for, stay as they were when the dialog opened.
    """
    read, known = asked.read, asked.known

    def warn(answers: Values) -> str:
        now, values = look(), read(answers)
        if why_nothing(now, command, as_answered(aimed, values)) is not None:
            return ""
        return second_question(command, aimed, values, now.state, now.now)

    def ahead(answers: Values) -> tuple[Cell, ...]:
        now, values = look(), read(answers)
        meant = as_answered(aimed, values)
        if why_nothing(now, command, meant) is not None:
            return ()
        return preview(now, command, meant.targets, values)

    def complain(answers: Values) -> Mapping[str, str]:
        values = read(answers)
        return {**outside(look(), command, values), **complaints(command, values)}

    return replace(
        asked,
        wording=lambda answers: wording(look(), command, aimed, read(answers)),
        warn=warn,
        preview=ahead,
        complain=complain,
        offered=lambda answers: in_chosen_conference(look(), command, known, read(answers)),
    )


def outside(scene: ViewContext, command: Command, values: Values) -> Mapping[str, str]:
    """Complain about listeners who are not in the chosen conference, as far as it is listed."""
    conference = values.get("room", "")
    known = scene.state.coverage.get(PeopleScope(conference))
    if known is None or known.answered is None or values.get("supervisor_role") != "whisper":
        return {}
    there = visible(scene.state, conference)
    return {
        field.name: f"{who(scene.state, leg)} is not in {conference_name(scene.state, conference)}"
        for field in command.fields
        if field.kind == FieldKind.LEGS
        for leg in listed(values.get(field.name, ""))
        if leg not in there
    }


def _questions(command: Command, tier: ConfirmationLevel) -> tuple[Field, ...]:
    """What is asked; a dialog that would hide all of it, and has nothing to confirm, hides none."""
    fields = asked_for(command, tier)
    if tier is ConfirmationLevel.DIALOG and all(field.folded for field in fields):
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


def typed(scene: ViewContext, target: Target) -> str:
    """What must be typed: the name, or a code where that cannot be typed safely."""
    conference, queue = conference_of(target), queue_of(target)
    if isinstance(target, AnyLeg):
        conference, queue = target.from_conference, target.from_queue
    name = queue or ""
    if conference is not None:
        known = scene.state.conferences.get(conference)
        name = (known.listed.name if known is not None and known.listed is not None else "") or ""
    easy = name.isascii() and name.isprintable() and name == name.strip()
    if name and easy and len(name) <= LONGEST_NAME:
        return name
    return code(conference or queue or "code")


def code(text: str) -> str:
    """Four letters that stand for what cannot be typed."""
    number = sum(ord(letter) * 31**place for place, letter in enumerate(text))
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(4))
