"""What we want done in the world: orders as values, never closures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from console.core.messages.read_scopes import Scope
    from console.core.model.command import Order
    from console.core.model.entities import Answers, Note


@dataclass(frozen=True, slots=True)
class Send:
    """Send this order's request, by its own retry class."""

    order: Order


@dataclass(frozen=True, slots=True)
class Refresh:
    """Read this scope after each of these delays, in seconds from now.

    What the operator asks for by a key does not wait for polls that pause because they failed.
    """

    scope: Scope
    delays: tuple[float, ...] = (0.0,)
    by_operator: bool = False


@dataclass(frozen=True, slots=True)
class Keep:
    """Write down an event that was had from the API: nothing signs it."""

    event_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeepNames:
    """Write down names of conferences, each with its id, for a later process."""

    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeepNote:
    """Put this note on the disk, then tell it as a fact. ``said``: what changed, for the log."""

    note: Note | Answers
    said: str


Effect: TypeAlias = Send | Refresh | Keep | KeepNames | KeepNote
