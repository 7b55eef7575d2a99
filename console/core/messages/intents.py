"""Intents: what an operator asked for, with the time of entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from console.core.key_guards import Press
from console.core.messages.read_scopes import OneResourceScope
from console.core.model.command import ConfirmationLevel, Order
from console.core.model.entities import Answers
from console.core.model.listed_resources import Moment


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """Run this order. Its targets were frozen at the key press."""

    order: Order


@dataclass(frozen=True, slots=True)
class UndoAsked:
    """Take back the newest command, or with ``redo`` the newest undo. ``id`` is the new order's."""

    at: Moment
    id: str
    operator: str
    redo: bool = False
    confirmation: ConfirmationLevel = ConfirmationLevel.AT_ONCE
    """The confirmation level that the screen asked for."""


@dataclass(frozen=True, slots=True)
class WatchAsked:
    """Poll this queue and this conference more often, because the operator looks at them."""

    at: Moment
    queue: str | None
    conference: str | None


@dataclass(frozen=True, slots=True)
class RefreshAsked:
    """Poll everything now, also if polls stopped because the API key was refused."""

    at: Moment


@dataclass(frozen=True, slots=True)
class InspectAsked:
    """Read this one resource now."""

    at: Moment
    scope: OneResourceScope


@dataclass(frozen=True, slots=True)
class NoteAsked:
    """Change the note about a leg. None leaves a member unchanged; an empty alias removes it."""

    at: Moment
    leg: str
    alias: str | None = None
    pinned: bool | None = None
    mine: bool | None = None


@dataclass(frozen=True, slots=True)
class AnswersAsked:
    """Store these answers as the next defaults, also after a restart."""

    at: Moment
    answers: Answers


@dataclass(frozen=True, slots=True)
class LockAsked:
    """Lock the console against commands, or unlock it if it is locked."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Declined:
    """Log that a key press did not become a command. ``text`` is the reason."""

    at: Moment
    text: str
    about: str = ""
    """Subject of a text that grows with every key: the newest line replaces the one before.
    Empty: the text is the subject, and the log counts its repetitions."""


@dataclass(frozen=True, slots=True)
class KeysTooFast:
    """Report command keys that came faster than a hand types. ``taken`` are those that ran."""

    at: Moment
    taken: tuple[Press, ...]
    left_out: int
    """Number of keys left out so far."""


Intent: TypeAlias = (
    OrderAsked
    | UndoAsked
    | WatchAsked
    | RefreshAsked
    | InspectAsked
    | NoteAsked
    | AnswersAsked
    | LockAsked
    | Declined
    | KeysTooFast
)
