"""Effects: what the core asks the engine to do, as values and never as closures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from console.core.messages.read_scopes import Scope
from console.core.model.command import Order
from console.core.model.entities import Answers, Note


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request of this order, by the retry rule of its command."""

    order: Order


@dataclass(frozen=True, slots=True)
class Refresh:
    """Read ``scope`` after each of ``delays``, in seconds from now.

    A read ``by_operator`` does not wait while polls pause after failures.
    """

    scope: Scope
    delays: tuple[float, ...] = (0.0,)
    by_operator: bool = False


@dataclass(frozen=True, slots=True)
class KeepEvent:
    """Store an event that was read from the API. It has no signature."""

    event_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeepNames:
    """Store names of conferences for a later process. Each pair is (id, name)."""

    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeepNote:
    """Store this note, then report it as a fact. ``change`` is the text of it, for the log."""

    note: Note | Answers
    change: str


Effect: TypeAlias = Send | Refresh | KeepEvent | KeepNames | KeepNote
