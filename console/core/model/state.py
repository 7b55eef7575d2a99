"""All that we believe, where it comes from and what we wait for. Never written once published."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from itertools import compress, islice
from math import inf
from operator import is_, is_not
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from console.core.model.entities import Answers, ManualPoll, Note, Phone
from console.core.model.policy import Policy
from console.core.model.resources import Moment, Problem
from console.core.model.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.core.messages.facts import ResourceRead
    from console.core.messages.read_scopes import Scope
    from console.core.model.command import Command, Order, Values
    from console.core.model.entities import (
        Conference,
        Coverage,
        Gap,
        Identity,
        Parked,
        Participant,
        Queue,
        QueuedCall,
    )

K = TypeVar("K")
V = TypeVar("V")


def copied(entries: Mapping[K, V]) -> dict[K, V]:
    """A copy to write to; a sealed map copies itself far faster than ``dict`` reads it."""
    return entries.copy() if isinstance(entries, MappingProxyType) else dict(entries)


def sealed(entries: Mapping[K, V] | None = None) -> Mapping[K, V]:
    """A read-only view, so that a published state cannot be written by mistake."""
    return MappingProxyType(copied(entries or {}))


def changes(before: Mapping[str, V], after: Mapping[str, V]) -> list[str]:
    """The keys whose value is another object, is new or is gone: a fast walk, and no comparing.

    A map that was copied and written to keeps the places of its keys: then nothing is looked up.
    """
    size = len(before)
    if size <= len(after) and all(map(is_, before, after)):
        found = list(compress(after, map(is_not, before.values(), after.values())))
        return found + list(islice(after, size, None))
    found = list(compress(after, map(is_not, map(before.get, after), after.values())))
    if size + sum(key not in before for key in found) > len(after):
        found += sorted(before.keys() - after.keys())
    return found


@dataclass(frozen=True, slots=True)
class Receipt:
    """A command's story, from the key to the proof."""

    order: Order
    stage: Stage
    sent: Moment | None = None
    accepted: Moment | None = None
    accepted_date: float | None = None
    """The provider's time at acceptance, in whole seconds."""
    looking: Moment | None = None
    """Since when a proof is looked for: accepted, or given up on an answer."""
    closed: Moment | None = None
    before: Mapping[str, bool | None] = field(default_factory=dict)
    """What was last seen of each person when the key was pressed."""
    former: Mapping[str, Values] = field(default_factory=dict)
    """The setting of each key before it, where it can be put back and was known."""
    left_alone: tuple[str, ...] = ()
    """Who an undoing does not touch: they were changed since what it takes back."""
    proved: frozenset[str] = frozenset()
    """The legs (or the conference) whose proof came."""
    heard: Mapping[str, float] = field(default_factory=dict)
    """Those of whom a webhook told, and when that was by the provider's clock. What came before
    the answer is weighed when it is there."""
    lost: frozenset[str] = frozenset()
    """The legs that left before their proof came."""
    dropped: tuple[str, ...] = ()
    """Those it was meant for and not sent for: they had left, or the same was under way."""
    problem: Problem | None = None
    note: str = ""
    passed_over: bool = False
    """Everybody it changed was changed since: undo goes on to what was before it."""
    resumed: Moment | None = None
    """When a later process than the one that sent it took it over."""


class Sign(StrEnum):
    """Where a log entry comes from."""

    WEBHOOK = "w"
    POLL = "p"
    OPERATOR = ">"
    INFERRED = "~"
    API = "a"
    NOTE = "!"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. Texts from outside are cleaned where they enter the view."""

    number: int
    at: Moment
    sign: Sign
    name: str
    conference: str | None = None
    queue: str | None = None
    leg: str | None = None
    text: str = ""
    lag: float | None = None
    """Seconds from the event to its receipt, by two clocks."""
    attempt: int = 1
    order: str | None = None
    """The command whose stage this line shows as it changes."""
    times: int = 1
    """The number of times that the same was said; ``at`` is the last of them."""
    first: Moment | None = None
    """The first of several times."""
    legs: tuple[str, ...] = ()
    """The legs that the line is about, where they are several."""
    about: str = ""
    """Names what was declined, so that the same again does not fill the log."""


@dataclass(frozen=True, slots=True)
class Health:
    """How well we hear the provider."""

    receiver: str | None = None
    """The address it listens at; None while it does not."""
    receiver_note: str = "starting"
    webhook: Moment | None = None
    lag: float | None = None
    verified: int = 0
    duplicates: int = 0
    unknown: int = 0
    unreadable: int = 0
    refused: int = 0
    refused_last: Moment | None = None
    refused_reason: str = ""
    collided: int = 0
    """Events that came again with another content."""
    journal: str = ""
    """Why nothing can be kept; empty while everything is."""
    retried: int = 0
    """Deliveries whose attempt was above one."""
    api_ok: Moment | None = None
    rtt: float | None = None
    limit: int | None = None
    remaining: int | None = None
    resumes: Moment | None = None
    """When polls go on after a 429."""
    stopped: Moment | None = None
    """When a key that was refused (401) was tried last; None while nothing says it is refused."""
    unreachable: Moment | None = None
    """Since when the API has not answered."""
    paused: Moment | None = None
    """When polls that kept failing are tried again; None while they go on."""
    held: Moment | None = None
    """Before when no poll begins, since one failed."""
    listening: Moment | None = None
    """Since when webhooks can be heard; None while they cannot."""
    since: float | None = None
    """The same by the provider's clock, as far as it is known."""
    connections: frozenset[str] = frozenset()
    """Whose webhooks come here: what happens on others is not told to us."""
    gaps: int = 0
    """Events of which no webhook told, less those that were had late or from the API."""
    recovered: int = 0
    """Events that were had from the API."""
    unheard: int = 0
    """Changes that polls found since the last webhook."""
    unheard_since: Moment | None = None
    deaf: bool = False
    """Polls show changes, and no webhook comes."""
    clock: float | None = None
    """Seconds by which this host's clock is ahead of Telnyx's."""
    clock_wrong: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Everything. Maps are partitioned as the world is: people by conference, calls by queue."""

    policy: Policy = field(default_factory=Policy)
    commands: Mapping[str, Command] = field(default_factory=sealed)
    """Every command by name, so that an inverse can be found."""
    conferences: Mapping[str, Conference] = field(default_factory=sealed)
    names: Mapping[str, str] = field(default_factory=sealed)
    """The name of each conference by its id, also of one that has ended: it never changes."""
    people: Mapping[str, Mapping[str, Participant]] = field(default_factory=sealed)
    conferences_of: Mapping[str, tuple[str, ...]] = field(default_factory=sealed)
    """By leg, the conferences that ``people`` has it in."""
    queues: Mapping[str, Queue] = field(default_factory=sealed)
    waiting: Mapping[str, Mapping[str, QueuedCall]] = field(default_factory=sealed)
    queues_of: Mapping[str, tuple[str, ...]] = field(default_factory=sealed)
    """By leg, the queues that ``waiting`` has it in."""
    identities: Mapping[str, Identity] = field(default_factory=sealed)
    parked: Mapping[str, Parked] = field(default_factory=sealed)
    """By leg, who is in no conference and no queue."""
    notes: Mapping[str, Note] = field(default_factory=sealed)
    """What operators wrote down, by leg."""
    answers: Mapping[tuple[str, str], Answers] = field(default_factory=sealed)
    """What operators last answered, by command and place."""
    phone: Phone = field(default_factory=Phone)
    coverage: Mapping[Scope, Coverage] = field(default_factory=sealed)
    gaps: Mapping[tuple[str, str, str], Gap] = field(default_factory=sealed)
    """What no webhook told of, or not yet: by event, place and leg."""
    receipts: Mapping[str, Receipt] = field(default_factory=sealed)
    log: tuple[Entry, ...] = ()
    logged: int = 0
    """Entries ever written, so that each has a number of its own."""
    heard: tuple[Mapping[str, None], ...] = ()
    """Event ids already folded, newest generation first."""
    health: Health = Health()
    inspected: ResourceRead | None = None
    """The thing that was last read by itself for the operator to look at."""
    manual_poll: ManualPoll | None = None
    """The poll that the operator last asked for."""
    locked: bool = False
    """The operator wants no key to do anything to a call."""
    watched_queue: str | None = None
    watched_conference: str | None = None
    swept: float = -inf
    """When what is long gone was last forgotten, in monotonic seconds."""

    def people_in(self, conference: str) -> dict[str, Participant]:
        """Return the participants who are in a conference now, by leg."""
        people = self.people.get(conference, {})
        return {leg: person for leg, person in people.items() if person.is_here}
