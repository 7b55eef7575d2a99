"""Proofs: the sign by which a command counts as done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from console.core.model.resources import (
    ConferenceResource,
    ParticipantResource,
    QueuedCallResource,
    QueueResource,
)

if TYPE_CHECKING:
    from console.core.model.command import Order, Values


@dataclass(frozen=True, slots=True)
class EventProof:
    """Seen when one of these webhooks arrives, in its conference form or one per chosen person."""

    kinds: tuple[str, ...]
    """Stems of the event type: ``playback.started`` stands for both of its forms."""


@dataclass(frozen=True, slots=True)
class EndProof:
    """Seen when conference.ended arrives or a read shows the conference completed."""


@dataclass(frozen=True, slots=True)
class NoProof:
    """Telnyx offers nothing to see it with. ``later`` names what may still tell, if anything."""

    later: str | None = None


class Among(StrEnum):
    """Which listing shows it."""

    PEOPLE = "the participants listing"
    CALLS = "the queue's listing"
    QUEUES = "the queues listing"
    CONFERENCES = "the conferences listing"


ListedResource: TypeAlias = (
    ParticipantResource | QueuedCallResource | QueueResource | ConferenceResource
)


@dataclass(frozen=True, slots=True)
class ListedFlag:
    """A flag of the participants listing, with the value that a command gives it."""

    field: str
    """The member of core.model.resources.ParticipantResource."""
    value: bool


@dataclass(frozen=True, slots=True)
class ShownProof:
    """Seen when a listing shows its target as the order wants it, or a webhook says so.

    ``shows`` is given the listed item, None where it is not listed, and answers None while
    nothing can be said. With ``presence`` it is the being there or not that counts, else an
    item that is not listed is lost.
    """

    among: Among
    shows: Callable[[Order, ListedResource | None], bool | None]
    kinds: tuple[str, ...] = ()
    """Event types that prove it of the leg they name."""
    presence: bool = True
    blind: Callable[[Values], str] | None = None
    """The reason why no listing can show these answers done; empty where one can."""
    flag: ListedFlag | None = None
    """The flag that ``shows`` reads, if it reads nothing else."""


Proof: TypeAlias = EventProof | EndProof | ShownProof | NoProof
