"""Proofs: the sign by which a command counts as done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from console.core.model.listed_resources import ListedResource

if TYPE_CHECKING:
    from console.core.model.command import Order


@dataclass(frozen=True, slots=True)
class EventProof:
    """Proved by one of these webhooks, for the conference or for each chosen participant."""

    event_types: tuple[str, ...]
    """Ends of event types. ``playback.started`` matches the conference and the participant form."""


@dataclass(frozen=True, slots=True)
class EndProof:
    """Proved by conference.ended or by a read that shows the conference completed."""


@dataclass(frozen=True, slots=True)
class NoProof:
    """No proof exists at Telnyx. ``later`` names the event that may still show the effect."""

    later: str | None = None


class Among(StrEnum):
    """The listing that proves a command."""

    PEOPLE = "the participants listing"
    CALLS = "the queue's listing"
    QUEUES = "the queues listing"
    CONFERENCES = "the conferences listing"


@dataclass(frozen=True, slots=True)
class ListedFlag:
    """A flag of the participants listing, with the value that a command gives it."""

    field: str
    """The member of core.model.listed_resources.ParticipantResource."""
    value: bool


@dataclass(frozen=True, slots=True)
class ShownProof:
    """Proved when a listing shows the target as ordered, or when a webhook names the target."""

    listing: Among
    shows: Callable[[Order, ListedResource | None], bool | None]
    """True if the listed item (None if it is not listed) shows the order done. None if the item
    cannot tell."""
    event_types: tuple[str, ...] = ()
    """Event types that prove the order for the leg that they name."""
    by_presence: bool = True
    """True if being listed is itself the proof. False if an item that is not listed is lost."""
    why_unprovable: Callable[[Order], str] | None = None
    """Returns the reason why no listing can prove this order, or an empty text."""
    flag: ListedFlag | None = None
    """The flag that ``shows`` reads, if it reads nothing else."""


Proof: TypeAlias = EventProof | EndProof | ShownProof | NoProof
