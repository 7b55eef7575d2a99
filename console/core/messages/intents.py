"""What an operator asked for, stamped where it entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from console.core.model.command import ConfirmationLevel

if TYPE_CHECKING:
    from console.core.key_guards import Press
    from console.core.messages.read_scopes import OneResourceScope
    from console.core.model.command import Order
    from console.core.model.entities import Answers
    from console.core.model.resources import Moment


@dataclass(frozen=True, slots=True)
class Asked:
    """Run this order, whose targets were frozen when the key was pressed."""

    order: Order


@dataclass(frozen=True, slots=True)
class UndoAsked:
    """Take back the newest command that can be taken back, under the new command id.

    With ``redo`` it is the newest undoing that is taken back.
    """

    at: Moment
    id: str
    operator: str
    redo: bool = False
    confirmation: ConfirmationLevel = ConfirmationLevel.AT_ONCE
    """The confirmation level that the screen asked for."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The operator looks at this queue and this conference, so they are polled first."""

    at: Moment
    queue: str | None
    conference: str | None


@dataclass(frozen=True, slots=True)
class RefreshAsked:
    """Poll again now; a stop because of a refused key is lifted."""

    at: Moment


@dataclass(frozen=True, slots=True)
class InspectAsked:
    """Read this one thing now."""

    at: Moment
    scope: OneResourceScope


@dataclass(frozen=True, slots=True)
class NoteAsked:
    """Write this down about a leg; what is None stays as it is. An empty alias takes it away."""

    at: Moment
    leg: str
    alias: str | None = None
    pinned: bool | None = None
    mine: bool | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Keep these answers, to be offered again also after a restart."""

    at: Moment
    answers: Answers


@dataclass(frozen=True, slots=True)
class LockAsked:
    """No command until it is asked again, for a hand that only wants to look."""

    at: Moment


@dataclass(frozen=True, slots=True)
class Declined:
    """A key that could not become a command, and why."""

    at: Moment
    text: str
    about: str = ""
    """Names what is declined, where the text grows with every key: the newest line about it
    replaces the one before. Empty: the text itself, and the log counts how often it was said."""


@dataclass(frozen=True, slots=True)
class Hurried:
    """Command keys came too fast for a hand. ``taken`` are those that were let through first."""

    at: Moment
    taken: tuple[Press, ...]
    left_out: int
    """Keys that were left out so far."""


Intent: TypeAlias = (
    Asked
    | UndoAsked
    | Watched
    | RefreshAsked
    | InspectAsked
    | NoteAsked
    | Answered
    | LockAsked
    | Declined
    | Hurried
)
