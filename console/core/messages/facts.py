"""Facts: what happened, with its time of entry, verified. Names end in a past participle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from console.core.messages.read_scopes import OneResourceScope, Scope
from console.core.messages.webhooks import CallReported, Webhook
from console.core.model.command import Order, Values
from console.core.model.entities import Answers, Note
from console.core.model.listed_resources import (
    ConferenceResource,
    Moment,
    Odd,
    ParticipantResource,
    ParticipantStatus,
    Problem,
    QueuedCallResource,
    QueueResource,
)
from console.core.model.stage import Stage


@dataclass(frozen=True, slots=True)
class UnreadableReceived:
    """A verified body is not an event. It is counted and acknowledged: a retry would not help."""

    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryRefused:
    """A delivery was not verified. ``reason`` is for the operator, never for the sender."""

    at: Moment
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryRepeated:
    """A stored event came again. ``collided`` is true if its content differs."""

    at: Moment
    event_id: str
    collided: bool


@dataclass(frozen=True, slots=True)
class JournalHealthReported:
    """The journal cannot be written, for ``reason``. An empty reason: it can be written again."""

    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class JournalMessageReported:
    """The journal has a message for the operator."""

    at: Moment
    text: str


@dataclass(frozen=True, slots=True)
class ReceiverOpened:
    """The receiver listens at ``address``."""

    at: Moment
    address: str


@dataclass(frozen=True, slots=True)
class ReceiverClosed:
    """The receiver does not listen, for ``reason``."""

    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Times and completeness of one reading.

    ``date`` is Telnyx's clock in the first answer, in whole seconds (HTTP Date). ``atomic`` is
    true if all items were there at one instant, so that an absent item did not exist then.
    """

    asked: Moment
    first_answer: Moment
    answered: Moment
    date: float | None
    atomic: bool = True
    left_out: tuple[str, ...] = ()
    """The reason for each item without an id. Then ``atomic`` is false, because an absent item may
    be one of these."""


@dataclass(frozen=True, slots=True)
class ConferencesListed:
    """All conferences with ``status`` were listed."""

    reading: Reading
    status: str
    items: tuple[ConferenceResource, ...]


@dataclass(frozen=True, slots=True)
class ConferenceRead:
    """One conference was read. ``item`` is None when Telnyx answered 404."""

    reading: Reading
    id: str
    item: ConferenceResource | None


@dataclass(frozen=True, slots=True)
class ParticipantsListed:
    """All participants of a conference were listed. None when Telnyx answered 404."""

    reading: Reading
    conference: str
    items: tuple[ParticipantResource, ...] | None

    def present(self) -> dict[str, ParticipantResource]:
        """Return the items whose status is not "left", by leg."""
        items = self.items or ()
        return {item.leg: item for item in items if item.status != ParticipantStatus.LEFT}


@dataclass(frozen=True, slots=True)
class QueuesListed:
    """All queues were listed."""

    reading: Reading
    items: tuple[QueueResource, ...]


@dataclass(frozen=True, slots=True)
class CallsListed:
    """All calls of a queue were listed. None on 404, which Telnyx answers for an empty queue."""

    reading: Reading
    queue: str
    items: tuple[QueuedCallResource, ...] | None


@dataclass(frozen=True, slots=True)
class CallEventsRead:
    """The call events of one leg were read."""

    reading: Reading
    leg_id: str
    reports: tuple[CallReported, ...]


@dataclass(frozen=True, slots=True)
class MissedEventsRead:
    """The events of one connection were read, each with its body."""

    reading: Reading
    connection: str
    events: tuple[tuple[Webhook, bytes], ...]
    whole: bool = True
    """True if no event was left out."""


@dataclass(frozen=True, slots=True)
class DeliveryRead:
    """The delivery of an event was looked up. ``outcome`` is None if Telnyx knows no delivery."""

    reading: Reading
    event_id: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ResourceRead:
    """One resource was read. ``members`` are as Telnyx spells them, None when it answered 404."""

    reading: Reading
    scope: OneResourceScope
    members: tuple[tuple[str, str], ...] | None
    odd: Odd = ()


@dataclass(frozen=True, slots=True)
class ReadingFailed:
    """A listing or read failed."""

    at: Moment
    scope: Scope
    problem: Problem
    pause: float = 0.0
    """Seconds in which no reading begins."""


@dataclass(frozen=True, slots=True)
class LoadingProgressed:
    """The first reading of a scope made progress: ``page`` pages have come.

    ``pages`` is the number of all pages, if the answers say it (Telnyx API, meta.total_pages).
    ``again`` is true while all pages are read a second time, to see that they are consistent.
    """

    at: Moment
    scope: Scope
    page: int = 0
    pages: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class ApiAnswered:
    """The API answered a request.

    ``seconds`` is the round trip. The other members come from the rate-limit headers; ``reset``
    is in seconds from now (Telnyx API, Rate limiting).
    """

    at: Moment
    seconds: float
    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None
    date: float | None = None
    """Telnyx's clock at the answer, in whole seconds (HTTP Date)."""


@dataclass(frozen=True, slots=True)
class PollsPaused:
    """Polls kept failing and pause for ``seconds``. Commands go on."""

    at: Moment
    seconds: float


@dataclass(frozen=True, slots=True)
class PollsResumed:
    """A poll was answered after polls had paused."""

    at: Moment


@dataclass(frozen=True, slots=True)
class CommandSent:
    """Attempt number ``attempt`` of a command was started."""

    at: Moment
    id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class CommandAccepted:
    """Telnyx accepted a command, which does not mean that it is done.

    ``date`` is Telnyx's clock at the answer, in whole seconds (HTTP Date).
    """

    at: Moment
    id: str
    date: float | None
    leg: str | None = None
    """The call_control_id in the answer, if any."""
    conference: str | None = None
    """Id of the conference that the command created, if it did."""


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """Telnyx refused a command: it was not carried out."""

    at: Moment
    id: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class CommandUnanswered:
    """No attempt of a command was answered. It may or may not have been carried out."""

    at: Moment
    id: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class CommandRecalled:
    """The journal has an order that an earlier process sent, or was about to send."""

    at: Moment
    order: Order
    settings_before: Mapping[str, Values] = field(default_factory=dict)
    """By target, the setting before the order."""


@dataclass(frozen=True, slots=True)
class CommandSettled:
    """The journal has the end of a command of an earlier process."""

    at: Moment
    id: str
    stage: Stage
    note: str


@dataclass(frozen=True, slots=True)
class ConferencesNamed:
    """The journal has names of conferences. Each pair is (id, name)."""

    at: Moment
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NoteKept:
    """A note about a leg, or the last answers to a command, are stored on the disk."""

    at: Moment
    note: Note | Answers
    change: str = ""
    """The change, for the log. Empty if the note was read back."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """All ``rows`` that earlier processes stored were read back.

    ``unattended`` is true if no process received webhooks between them and this one.
    """

    at: Moment
    rows: int
    unattended: bool = True


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time passed."""

    at: Moment


Listed: TypeAlias = (
    ConferencesListed
    | ConferenceRead
    | ParticipantsListed
    | QueuesListed
    | CallsListed
    | CallEventsRead
    | MissedEventsRead
    | DeliveryRead
    | ResourceRead
)
CommandFact: TypeAlias = CommandSent | CommandAccepted | CommandRefused | CommandUnanswered
HealthFact: TypeAlias = (
    UnreadableReceived
    | DeliveryRefused
    | DeliveryRepeated
    | JournalHealthReported
    | JournalMessageReported
    | ReceiverOpened
    | ReceiverClosed
    | ApiAnswered
    | PollsPaused
    | PollsResumed
)
PastFact: TypeAlias = CommandRecalled | CommandSettled | ConferencesNamed | NoteKept | Resumed
ReadingFact: TypeAlias = ReadingFailed | LoadingProgressed
Fact: TypeAlias = Webhook | Listed | CommandFact | PastFact | HealthFact | ReadingFact | Ticked
