"""What an operator writes down, put on the disk first and then believed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import asdict
from typing import TypeAlias

from console.core.beliefs import Note
from console.core.effects import KeepNote
from console.core.facts import NoteKept
from console.core.intents import Declined
from console.core.things import Moment
from console.runtime.journal import Table

Write: TypeAlias = Callable[[Table, str, bytes], Awaitable[bool]]


def keeping(
    write: Write, clock: Callable[[], Moment], post: Callable[[NoteKept | Declined], None]
) -> Callable[[KeepNote], Coroutine[None, None, None]]:
    """Write a note down, then tell it; where it cannot be written, that."""

    async def keep(effect: KeepNote) -> None:
        note = effect.note
        told = asdict(note)
        del told["at"]
        if await write(Table.NOTES, note.leg, json.dumps(told).encode()):
            post(NoteKept(clock(), note, effect.said))
        else:
            post(Declined(clock(), f"{effect.said}: the journal cannot be written"))

    return keep


def note_of(id_: str, body: bytes, at: Moment) -> NoteKept | None:
    """The fact that a row of the notes states; None of one that this version cannot read."""
    try:
        told = json.loads(body)
        note = Note(
            id_,
            str(told["alias"]),
            told["pinned"] is True,
            told["mine"] is True,
            _text(told["leg_id"]),
            _text(told["session_id"]),
            _text(told["number"]),
            at,
        )
    except (ValueError, KeyError, TypeError):  # another version's words
        return None
    return NoteKept(at, note)


def _text(told: object) -> str | None:
    return None if told is None else str(told)
