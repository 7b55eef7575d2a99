"""The dialog of a command, derived from its record, its targets and the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from console.commands.bulk_targeting import TargetSelection, with_answers
from console.commands.request_builders import split_list
from console.commands.second_question import second_question
from console.commands.targeting import frozen_values, questions_of
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
from console.view.dialogs.suggestions import names_in_conference, names_to_pick
from console.view.dialogs.wording import why_no_target, wording
from console.view.panes.people import visible
from console.view.screen_elements import Cell, Confirm, Form
from console.view.text.error_text import refused_fields, refused_last
from console.view.text.labels import conference_name, leg_name

LONGEST_NAME = 24
"""Most characters of a name to type. A code replaces a longer name."""
LETTERS = "abcdefghjkmnpqrstuvwxyz"


def _whisper_offer(scene: ViewContext, command: Command, target: Target) -> Values:
    """Offer a whisper to the person under the cursor if the operator's own leg is the target."""
    row = scene.cursor.leg
    if not command.prefers_own_leg or scene.cursor.named or row is None or row in legs_of(target):
        return {}
    return {"whisper_call_control_ids": row} if is_mine(scene.state, legs_of(target)[0]) else {}


def form(
    scene: ViewContext,
    command: Command,
    target: Target,
    level: ConfirmationLevel,
    last: Values,
    *,
    typed_values: Values = MappingProxyType({}),
) -> Form:
    """Return the dialog of a command for one target.

    ``level``: its confirmation level. ``last``: the answers given last time. ``typed_values``: the
    answers typed after the command's line.
    """
    final = level is ConfirmationLevel.TYPED
    fields = _questions(command, level)
    refused = refused_last(scene.state, command, target)
    before = last if refused is None else refused.order.values
    offered = (before, frozen_values(command, target, scene.state), typed_values)
    first = {field.name: _first_filled(field, offered) for field in fields}
    known = names_to_pick(scene, command, target)
    values = {**_without_the_ended(fields, known, first), **_whisper_offer(scene, command, target)}
    aimed = TargetSelection((target,), whole=(target,))
    words = wording(scene, command, aimed, values)
    asked = Form(
        title=words.title,
        irreversible=final and command.inverse is None,
        targets=words.targets,
        notes=words.notes,
        fields=fields,
        values=_as_shown(values, known),
        confirm=_confirm(command, level, fields, first),
        run=words.run,
        typed=text_to_type(scene, target) if final else "",
        known=known,
        read=lambda answers: {n: _to_ids(known.get(n), value) for n, value in answers.items()},
        refused=refused_fields(refused),
    )
    return live_form(asked, lambda: scene, command, aimed)


def _first_filled(field: Field, offered: Sequence[Values]) -> str:
    """Return the last answer offered for the field that is not empty, else its default."""
    answers = (values.get(field.name) for values in reversed(offered))
    return next(filter(None, answers), field.default)


def _confirm(
    command: Command, level: ConfirmationLevel, fields: tuple[Field, ...], first: Values
) -> Confirm:
    """Return the way to confirm: typing, ctrl+g if there are questions to answer, else ``y``."""
    if level is ConfirmationLevel.TYPED:
        return Confirm.TYPED
    needed = any(field.required for field in fields) or complaints(command, first)
    offered = command.fields and level is not ConfirmationLevel.CONFIRM
    return Confirm.RUN if needed or offered else Confirm.YES


def _without_the_ended(
    fields: tuple[Field, ...], known: Mapping[str, Mapping[str, str]], values: Values
) -> Values:
    """Clear the answers that name a conference which has ended or which the target is in."""
    conferences = {field.name for field in fields if field.kind == FieldKind.CONFERENCE}
    return {
        name: "" if name in conferences and value not in known[name].values() else value
        for name, value in values.items()
    }


def live_form(
    asked: Form, look: Callable[[], ViewContext], command: Command, aimed: TargetSelection
) -> Form:
    """Let the dialog compute its texts from the current answers and the context of ``look``.

    The targets and the ids behind the offered names stay as they were when the dialog opened.
    """
    read, known = asked.read, asked.known

    def warn(answers: Values) -> str:
        now, values = look(), read(answers)
        if why_no_target(now, command, with_answers(aimed, values)) is not None:
            return ""
        return second_question(command, aimed, values, now.state, now.now)

    def show(answers: Values) -> tuple[Cell, ...]:
        now, values = look(), read(answers)
        meant = with_answers(aimed, values)
        if why_no_target(now, command, meant) is not None:
            return ()
        return preview(now, command, meant.targets, values)

    def complain(answers: Values) -> Mapping[str, str]:
        values = read(answers)
        return {**not_in_conference(look(), command, values), **complaints(command, values)}

    return replace(
        asked,
        wording=lambda answers: wording(look(), command, aimed, read(answers)),
        warn=warn,
        preview=show,
        complain=complain,
        offered=lambda answers: names_in_conference(look(), command, known, read(answers)),
    )


def not_in_conference(scene: ViewContext, command: Command, values: Values) -> Mapping[str, str]:
    """Return complaints about whisper listeners who are not in the chosen conference.

    Empty while that conference has not been listed.
    """
    conference = values.get("room", "")
    known = scene.state.coverage.get(PeopleScope(conference))
    if known is None or known.answered is None or values.get("supervisor_role") != "whisper":
        return {}
    there, name = visible(scene.state, conference), conference_name(scene.state, conference)
    return {
        field.name: f"{leg_name(scene.state, leg)} is not in {name}"
        for field in command.fields
        if field.kind == FieldKind.LEGS
        for leg in split_list(values.get(field.name, ""))
        if leg not in there
    }


def _questions(command: Command, level: ConfirmationLevel) -> tuple[Field, ...]:
    """Return the questions of the dialog. If it asks nothing else, none is folded."""
    fields = questions_of(command, level)
    if level is ConfirmationLevel.DIALOG and all(field.hidden_at_first for field in fields):
        return tuple(replace(field, hidden_at_first=False) for field in fields)
    return fields


def _to_ids(known: Mapping[str, str] | None, value: str) -> str:
    if known is None:
        return value
    words = [word.strip() for word in value.split(",")]
    return known.get(value.strip()) or ",".join(known.get(word, word) for word in words)


def _as_shown(values: Values, known: Mapping[str, Mapping[str, str]]) -> Values:
    """Replace ids in the answers by the names that stand for them now."""
    names = {
        name: {meant: shown for shown, meant in picked.items()} for name, picked in known.items()
    }
    return {name: names.get(name, {}).get(value, value) for name, value in values.items()}


def complaints(command: Command, values: Values) -> Mapping[str, str]:
    """Return what is wrong with these answers, by field name."""
    found = dict(command.check(values)) if command.check is not None else {}
    for field in command.fields:
        value = values.get(field.name, "")
        if field.required and not value.strip():
            found[field.name] = "required"
        elif field.limit is not None and len(value) > field.limit:
            found[field.name] = f"{len(value)} of at most {field.limit} characters"
        elif value and field.check is not None and (why := field.check(value)) is not None:
            found[field.name] = why
    return found


def text_to_type(scene: ViewContext, target: Target) -> str:
    """Return the text to type: the target's name, or a code if that is hard to type."""
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
    return typed_code(conference or queue or "code")


def typed_code(text: str) -> str:
    """Return four letters, derived from ``text``, to type in its place."""
    number = sum(ord(letter) * 31**place for place, letter in enumerate(text))
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(4))
