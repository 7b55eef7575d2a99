"""What an operator writes down or answers, put on the disk first and then believed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from console.core.messages.effects import KeepNote
from console.core.messages.facts import NoteKept
from console.core.messages.intents import Declined
from console.core.model.entities import Answers, Note
from console.core.model.resources import Moment
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.log import JournalTable

Write: TypeAlias = Callable[[JournalTable, str, bytes], Awaitable[bool]]


def keeping(
    write: Write,
    clock: Callable[[], Moment],
    post: Callable[[NoteKept | Declined], None],
    confidential: Confidentiality = UNSEALED,
) -> Callable[[KeepNote], Coroutine[None, None, None]]:
    """Write a note down, then tell it; where it cannot be written, that.

    What is told holds until this process ends, also what ``confidential`` keeps off the disk.
    """

    async def keep(effect: KeepNote) -> None:
        about, told = _told(effect.note, confidential)
        if await write(JournalTable.NOTES, about, json.dumps(told).encode()):
            post(NoteKept(clock(), effect.note, effect.said))
        else:
            post(Declined(clock(), f"{effect.said}: the journal cannot be written"))

    return keep


def _told(note: Note | Answers, confidential: Confidentiality) -> tuple[str, Mapping[str, object]]:
    """The id and the body of its row: the values of the one kind, or the alias of the other."""
    told = asdict(note)
    if isinstance(note, Answers):
        return note.command, {"place": note.place, **confidential.remembered(note.values)}
    del told["at"]
    return note.leg, told


def note_of(
    id_: str, body: bytes, at: Moment, confidential: Confidentiality = UNSEALED
) -> NoteKept | None:
    """The fact that a row of the notes states; None of one that this version cannot read."""
    try:
        told = json.loads(body)
        note = _answers(id_, told, confidential) if "values" in told else _note(id_, told, at)
    except (AttributeError, ValueError, KeyError, TypeError):  # another version's words
        return None
    return NoteKept(at, note)


def _answers(command: str, told: Mapping[str, Any], confidential: Confidentiality) -> Answers:
    if not isinstance(told["values"], dict):
        raise TypeError("answers are an object")
    return Answers(command, str(told["place"]), confidential.remembered_answers(told))


def _note(leg: str, told: Mapping[str, Any], at: Moment) -> Note:
    return Note(
        leg,
        str(told["alias"]),
        told["pinned"] is True,
        told["mine"] is True,
        _text(told["leg_id"]),
        _text(told["session_id"]),
        _text(told["number"]),
        at,
    )


def _text(told: object) -> str | None:
    return None if told is None else str(told)
