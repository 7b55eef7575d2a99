"""A setting of a person, a queue or a recording: how it is read, and what puts it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Generic, TypeVar

Beliefs = TypeVar("Beliefs")
Order = TypeVar("Order")


@dataclass(frozen=True, slots=True)
class Undo(Generic[Beliefs, Order]):
    """How an order is taken back exactly: the setting it changes is read before, and put back.

    A key is a leg, or the one conference or queue. A setting that is not known has no way back.
    """

    by: str
    """The name of the command that puts a setting back."""
    made: Callable[[Order], Mapping[str, str]]
    """What an order makes of the setting; nothing where it leaves it alone."""
    now: Callable[[Beliefs, Order, str, Mapping[str, str] | None], Mapping[str, str] | None]
    """A key's setting as it is believed to be, None where it is not known. Last comes what the
    newest command of our own made of it, None where there was none."""
    whole: bool = False
    """True where the members of the setting mean something together only: all are put back or
    none. False where each is put back by itself."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One setting of one target, compared with the value that a command would give it.

    ``same`` is None while nothing shows the setting. ``at`` is this host's monotonic time of what
    shows it.
    """

    same: bool | None = None
    at: float = -inf
