"""The state of the core, one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from console.core.model import entities
from console.core.model.frozen_maps import sealed
from console.core.model.listed_resources import Moment, Problem
from console.core.model.name_index import NameIndex
from console.core.model.policy import Policy
from console.core.model.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.core.messages.facts import ResourceRead
    from console.core.messages.read_scopes import Scope
    from console.core.model.command import Command, Order, Values


@dataclass(frozen=True, slots=True)
class Receipt:
    """The progress of an order, from the key press to its end."""

    order: Order
    stage: Stage
    sent: Moment | None = None
    accepted: Moment | None = None
    accepted_date: float | None = None
    """Time of acceptance on Telnyx's clock, in whole seconds."""
    proof_since: Moment | None = None
    """Time from which a proof is looked for: acceptance, or the end of waiting for an answer."""
    closed: Moment | None = None
    listed_before: Mapping[str, bool | None] = field(default_factory=dict)
    """By target, the last listed value of the changed field at the key press."""
    settings_before: Mapping[str, Values] = field(default_factory=dict)
    """By target, the setting before the order, if it was known and can be put back."""
    left_alone: tuple[str, ...] = ()
    """Targets that an undo leaves out, because they changed since the order it takes back."""
    proved: frozenset[str] = frozenset()
    """Targets whose proof came."""
    webhook_times: Mapping[str, float] = field(default_factory=dict)
    """By target, the time on Telnyx's clock of a webhook that may prove it. An early webhook is
    judged once the answer is there."""
    lost: frozenset[str] = frozenset()
    """Targets that left before their proof came."""
    not_sent_for: tuple[str, ...] = ()
    """Targets left out when sending: they had left, or the same command was under way."""
    problem: Problem | None = None
    note: str = ""
    undo_passes: bool = False
    """True if every target changed since. Undo then takes the order before this one."""
    resumed: Moment | None = None
    """When a later process than the one that sent it took it over."""


class Sign(StrEnum):
    """The sign that shows the source of a log entry."""

    WEBHOOK = "w"
    POLL = "p"
    OPERATOR = ">"
    INFERRED = "~"
    API = "a"
    NOTE = "!"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. The view cleans texts from outside."""

    number: int
    at: Moment
    sign: Sign
    name: str
    conference: str | None = None
    queue: str | None = None
    leg: str | None = None
    text: str = ""
    lag: float | None = None
    """Seconds from the event to its receipt, measured by two clocks."""
    attempt: int = 1
    order: str | None = None
    """Id of the order whose present stage the line shows."""
    times: int = 1
    """Number of repetitions that the line stands for. ``at`` is the time of the last."""
    first: Moment | None = None
    """Time of the first repetition."""
    legs: tuple[str, ...] = ()
    """The legs of a line about several legs."""
    about: str = ""
    """Subject of a declined key press. Repetitions with the same subject share a line."""


@dataclass(frozen=True, slots=True)
class Health:
    """The health of the connection to Telnyx: webhooks, polls, journal, clock."""

    receiver: str | None = None
    """Address at which the receiver listens. None while it does not listen."""
    receiver_note: str = "starting"
    last_webhook: Moment | None = None
    lag: float | None = None
    verified: int = 0
    duplicates: int = 0
    unknown: int = 0
    unreadable: int = 0
    refused: int = 0
    refused_last: Moment | None = None
    refused_reason: str = ""
    collided: int = 0
    """Number of events that came again with other content."""
    journal_problem: str = ""
    """Reason why the journal cannot be written. Empty while it can."""
    retried: int = 0
    """Number of deliveries whose attempt was above one."""
    api_ok: Moment | None = None
    rtt: float | None = None
    limit: int | None = None
    remaining: int | None = None
    polls_resume: Moment | None = None
    """Time when polls continue after a 429."""
    key_refused: Moment | None = None
    """Time of the last refusal (401) of the API key. None while the key is not refused."""
    unreachable: Moment | None = None
    """Time since which the API has not answered. None while it answers."""
    polls_paused_until: Moment | None = None
    """Time when polls that kept failing are tried again. None while they run."""
    polls_held_until: Moment | None = None
    """Time before which no poll begins, because one failed."""
    listening_since: Moment | None = None
    """Time since which webhooks can arrive. None while they cannot."""
    listening_since_telnyx: float | None = None
    """The same time on Telnyx's clock, if it is known."""
    connections: frozenset[str] = frozenset()
    """Ids of the connections whose webhooks come to this console."""
    gaps: int = 0
    """Number of events without a webhook, less those that came late or from the API."""
    recovered: int = 0
    """Number of events read from the API."""
    polled_changes: int = 0
    """Number of changes that polls found since the last webhook."""
    polled_changes_since: Moment | None = None
    webhooks_missing: bool = False
    """True while polls show changes and no webhook comes."""
    clock_ahead: float | None = None
    """Seconds by which this host's clock is ahead of Telnyx's."""
    clock_wrong: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Everything the console holds true. Frozen: `update` makes a new state for each change."""

    policy: Policy = field(default_factory=Policy)
    commands: Mapping[str, Command] = field(default_factory=sealed)
    """Every command by name."""
    conferences: Mapping[str, entities.Conference] = field(default_factory=sealed)
    names: Mapping[str, str] = field(default_factory=sealed)
    """Conference name by id, also of ended conferences. A name never changes."""
    people: Mapping[str, Mapping[str, entities.Participant]] = field(default_factory=sealed)
    """Participants by conference id and leg."""
    conferences_of: Mapping[str, tuple[str, ...]] = field(default_factory=sealed)
    """By leg, the conferences that have the leg in ``people``."""
    queues: Mapping[str, entities.Queue] = field(default_factory=sealed)
    waiting: Mapping[str, Mapping[str, entities.QueuedCall]] = field(default_factory=sealed)
    """Queued calls by queue name and leg."""
    queues_of: Mapping[str, tuple[str, ...]] = field(default_factory=sealed)
    """By leg, the queues that have the leg in ``waiting``."""
    identities: Mapping[str, entities.Identity] = field(default_factory=sealed)
    parked: Mapping[str, entities.Parked] = field(default_factory=sealed)
    """By leg, the legs in no conference and no queue."""
    notes: Mapping[str, entities.Note] = field(default_factory=sealed)
    """Operators' notes by leg."""
    name_index: NameIndex = field(default_factory=NameIndex, compare=False, repr=False)
    """The names in ``identities`` and ``notes``. A draft keeps it up to date."""
    answers: Mapping[tuple[str, str], entities.Answers] = field(default_factory=sealed)
    """Operators' last answers by command name and place."""
    phone: entities.Phone = field(default_factory=entities.Phone)
    coverage: Mapping[Scope, entities.Coverage] = field(default_factory=sealed)
    gaps: Mapping[tuple[str, str, str], entities.Gap] = field(default_factory=sealed)
    """Missing events by event name, place and leg."""
    receipts: Mapping[str, Receipt] = field(default_factory=sealed)
    """Receipts by order id."""
    log: tuple[Entry, ...] = ()
    logged: int = 0
    """Number of log entries ever written, from which each entry gets its number."""
    seen_event_ids: tuple[Mapping[str, None], ...] = ()
    """Ids of events already applied, newest generation first."""
    health: Health = Health()
    inspected: ResourceRead | None = None
    """The resource that was last read for the operator to inspect."""
    manual_poll: entities.ManualPoll | None = None
    """The last poll that the operator asked for."""
    locked: bool = False
    """True if the operator locked the console against commands."""
    watched_queue: str | None = None
    watched_conference: str | None = None
    expired_at: float = -inf
    """Time of the last expiry of gone entities, in monotonic seconds."""

    def people_in(self, conference: str) -> dict[str, entities.Participant]:
        """Return the participants who are in a conference now, by leg."""
        people = self.people.get(conference, {})
        return {leg: person for leg, person in people.items() if person.is_here}
