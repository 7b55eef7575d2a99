"""Operators' notes and last answers: written to the journal, and read back from it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from console.core.messages.effects import KeepNote
from console.core.messages.facts import NoteKept
from console.core.messages.intents import Declined
from console.core.model.entities import Answers, Note
from console.core.model.listed_resources import Moment
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.log import JournalTable, text_or_none

Write: TypeAlias = Callable[[JournalTable, str, bytes], Awaitable[bool]]


def note_writer(
    write: Write,
    clock: Callable[[], Moment],
    post: Callable[[NoteKept | Declined], None],
    confidential: Confidentiality = UNSEALED,
) -> Callable[[KeepNote], Coroutine[None, None, None]]:
    """Return a function that writes a note, then posts NoteKept, or Declined after a failure.

    The posted note is complete, including the texts that ``confidential`` keeps off the disk.
    """

    async def keep(effect: KeepNote) -> None:
        id_, members = _row(effect.note, confidential)
        if await write(JournalTable.NOTES, id_, json.dumps(members).encode()):
            post(NoteKept(clock(), effect.note, effect.change))
        else:
            post(Declined(clock(), f"{effect.change}: the journal cannot be written"))

    return keep


def _row(note: Note | Answers, confidential: Confidentiality) -> tuple[str, Mapping[str, object]]:
    if isinstance(note, Answers):
        return note.command, {"place": note.place, **confidential.remembered(note.values)}
    members = asdict(note)
    del members["at"]
    return note.leg, members


def note_of(
    id_: str, body: bytes, at: Moment, confidential: Confidentiality = UNSEALED
) -> NoteKept | None:
    """Return the fact in a row of the notes, or None if this version cannot read the row."""
    try:
        row = json.loads(body)
        note = _answers(id_, row, confidential) if "values" in row else _note(id_, row, at)
    except (AttributeError, ValueError, KeyError, TypeError):  # a row of another version
        return None
    return NoteKept(at, note)


def _answers(command: str, row: Mapping[str, Any], confidential: Confidentiality) -> Answers:
    if not isinstance(row["values"], dict):
        raise TypeError("answers are an object")
    return Answers(command, str(row["place"]), confidential.remembered_answers(row))


def _note(leg: str, row: Mapping[str, Any], at: Moment) -> Note:
    alias, pinned, mine = str(row["alias"]), row["pinned"] is True, row["mine"] is True
    leg_id, session_id = text_or_none(row["leg_id"]), text_or_none(row["session_id"])
    return Note(leg, alias, pinned, mine, leg_id, session_id, text_or_none(row["number"]), at)
