"""Keep what operators write down: aliases, pins, own legs, the last answers to dialogs."""

from __future__ import annotations

from dataclasses import replace

from console.core.masking import mask
from console.core.messages.effects import KeepNote
from console.core.messages.facts import NoteKept
from console.core.messages.intents import AnswersAsked, NoteAsked
from console.core.model.draft import Draft
from console.core.model.entities import Answers, Identity, Note
from console.core.model.state import Sign


def keep_note(draft: Draft, intent: NoteAsked) -> None:
    """Add the effect that writes a changed note to disk. A number in an alias is masked.

    The state changes only when the note is on disk.
    """
    leg = intent.leg
    identity = draft.identities.get(leg) or Identity()
    old = draft.notes.get(leg) or Note(leg)
    new = replace(
        old,
        alias=old.alias if intent.alias is None else mask(intent.alias),
        pinned=old.pinned if intent.pinned is None else intent.pinned,
        mine=old.mine if intent.mine is None else intent.mine,
        leg_id=identity.leg_id or old.leg_id,
        session_id=identity.session_id or old.session_id,
        number=identity.number or old.number,
        at=intent.at,
    )
    draft.effects.append(KeepNote(new, _change_words(old, new)))


def keep_answers(draft: Draft, intent: AnswersAsked) -> None:
    """Add the effect that writes the answers to a command to disk, unless they are kept already."""
    new = intent.answers
    if draft.answers.get((new.command, new.place)) != new:
        draft.effects.append(KeepNote(new, f"the answers to {new.command}"))


def note_kept(draft: Draft, fact: NoteKept) -> None:
    """Take a note or answers that are on disk into the state, and log a change."""
    match fact.note:
        case Answers(command, place):
            draft.answers.put((command, place), fact.note)
        case Note(leg):
            draft.notes.put(leg, fact.note)
            if fact.change:
                draft.log(fact.at, Sign.OPERATOR, "noted", fact.change, leg=leg)


def _change_words(old: Note, new: Note) -> str:
    if new.alias != old.alias:
        return f"alias {new.alias}" if new.alias else f"alias {old.alias} removed"
    if new.pinned != old.pinned:
        return "pinned" if new.pinned else "no longer pinned"
    if new.mine != old.mine:
        return "is you" if new.mine else "is not you"
    return "unchanged"
