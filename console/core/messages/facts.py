"""What happened, stamped where it entered and already trusted. Names end in a past participle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.core.messages.read_scopes import OneResourceScope, Scope
    from console.core.model.command import Order, Values
    from console.core.model.entities import Answers, Note
    from console.core.model.resources import (
        ConferenceResource,
        Moment,
        Odd,
        ParticipantResource,
        Problem,
        QueuedCallResource,
        QueueResource,
    )
    from console.core.model.stage import Stage
from console.core.messages.webhooks import CallReported, Webhook
from console.core.model.resources import ParticipantStatus


@dataclass(frozen=True, slots=True)
class UnreadableReceived:
    """A verified body that is not an event: counted and acknowledged, a retry would not help."""

    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryRefused:
    """A delivery that was not trusted. ``reason`` is for the operator, never for the sender."""

    at: Moment
    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryRepeated:
    """An event that was kept before came again; ``collided``: with another content."""

    at: Moment
    event_id: str
    collided: bool


@dataclass(frozen=True, slots=True)
class JournalTold:
    """Nothing can be kept, for this reason; or, without one, everything is kept again."""

    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class JournalNoted:
    """Something of the journal that the operator should know."""

    at: Moment
    text: str


@dataclass(frozen=True, slots=True)
class ReceiverOpened:
    """The receiver listens at ``address``."""

    at: Moment
    address: str


@dataclass(frozen=True, slots=True)
class ReceiverClosed:
    """The receiver does not listen, and why."""

    at: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """When and how completely something was read.

    ``date`` is the provider's clock in the first answer, in whole seconds (HTTP Date).
    ``atomic``: all items were there at one instant, so what is absent was absent.
    """

    asked: Moment
    first_answer: Moment
    answered: Moment
    date: float | None
    atomic: bool = True
    left_out: tuple[str, ...] = ()
    """The reason for each item that has no identity; then ``atomic`` is False, for an item that
    is not in the reading may be one of these."""


@dataclass(frozen=True, slots=True)
class ConferencesListed:
    """Every conference of one status."""

    reading: Reading
    status: str
    items: tuple[ConferenceResource, ...]


@dataclass(frozen=True, slots=True)
class ConferenceRead:
    """One conference; None when Telnyx answered 404."""

    reading: Reading
    id: str
    item: ConferenceResource | None


@dataclass(frozen=True, slots=True)
class ParticipantsListed:
    """Every participant of a conference; None when Telnyx answered 404."""

    reading: Reading
    conference: str
    items: tuple[ParticipantResource, ...] | None

    def present(self) -> dict[str, ParticipantResource]:
        """Return the items whose status is not "left", by leg."""
        return {
            item.leg: item for item in self.items or () if item.status != ParticipantStatus.LEFT
        }


@dataclass(frozen=True, slots=True)
class QueuesListed:
    """Every queue."""

    reading: Reading
    items: tuple[QueueResource, ...]


@dataclass(frozen=True, slots=True)
class CallsListed:
    """Every call of a queue; None when Telnyx answered 404 (empty queues are collected)."""

    reading: Reading
    queue: str
    items: tuple[QueuedCallResource, ...] | None


@dataclass(frozen=True, slots=True)
class CallTold:
    """What Telnyx remembers of one leg's call."""

    reading: Reading
    leg_id: str
    reports: tuple[CallReported, ...]


@dataclass(frozen=True, slots=True)
class EventsTold:
    """What Telnyx remembers of one connection's webhooks, each with the body that states it."""

    reading: Reading
    connection: str
    events: tuple[tuple[Webhook, bytes], ...]
    whole: bool = True
    """Whether that is all of it."""


@dataclass(frozen=True, slots=True)
class DeliveryTold:
    """How an event's delivery went, in words; None where Telnyx does not know of one."""

    reading: Reading
    event_id: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class ResourceRead:
    """One thing as Telnyx spells it, member by member; None when Telnyx answered 404."""

    reading: Reading
    scope: OneResourceScope
    members: tuple[tuple[str, str], ...] | None
    odd: Odd = ()


@dataclass(frozen=True, slots=True)
class ReadingFailed:
    """A listing or read that brought nothing."""

    at: Moment
    scope: Scope
    problem: Problem
    pause: float = 0.0
    """Seconds for which no reading at all begins."""


@dataclass(frozen=True, slots=True)
class LoadingTold:
    """A scope that was never read is being read; so many of its pages have come.

    ``pages``: how many there are, where the answers say (Telnyx API, meta.total_pages).
    ``again``: they all came before, and are read once more to be sure.
    """

    at: Moment
    scope: Scope
    page: int = 0
    pages: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class ApiAnswered:
    """Any answer of the API: its round trip in seconds, and what it said of the rate limit.

    ``reset`` is in seconds from now (Telnyx API, Rate limiting).
    """

    at: Moment
    seconds: float
    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None
    date: float | None = None
    """The provider's clock when it answered, in whole seconds (HTTP Date)."""


@dataclass(frozen=True, slots=True)
class PollsPaused:
    """Polls kept failing and pause for so many seconds; commands do not."""

    at: Moment
    seconds: float


@dataclass(frozen=True, slots=True)
class PollsResumed:
    """A poll was answered after polls had paused."""

    at: Moment


@dataclass(frozen=True, slots=True)
class CommandSent:
    """Attempt number ``attempt`` of a command is on its way."""

    at: Moment
    id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class CommandAccepted:
    """Telnyx said ok, which is not done. ``date`` as in Reading."""

    at: Moment
    id: str
    date: float | None
    leg: str | None = None
    """The call_control_id that the answer names, where it names one."""
    conference: str | None = None
    """The id of the conference that was made, where one was."""


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A definite no: the command was not done."""

    at: Moment
    id: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class CommandUnanswered:
    """No attempt was answered: it may or may not have been done."""

    at: Moment
    id: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class CommandRecalled:
    """An earlier process was about to send this order, or sent it."""

    at: Moment
    order: Order
    former: Mapping[str, Values] = field(default_factory=dict)
    """The setting of each key before it."""


@dataclass(frozen=True, slots=True)
class CommandSettled:
    """An earlier process saw the end of a command."""

    at: Moment
    id: str
    stage: Stage
    note: str


@dataclass(frozen=True, slots=True)
class ConferencesNamed:
    """Names of conferences that an earlier process learned, each with its id."""

    at: Moment
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NoteKept:
    """What an operator wrote down about a leg, or answered, is on the disk."""

    at: Moment
    note: Note | Answers
    said: str = ""
    """What changed, for the log; empty where it was read back."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """All that earlier processes kept was told: so many rows.

    ``alone``: nobody listened for webhooks between them and this one.
    """

    at: Moment
    rows: int
    alone: bool = True


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
    | CallTold
    | EventsTold
    | DeliveryTold
    | ResourceRead
)
CommandFact: TypeAlias = CommandSent | CommandAccepted | CommandRefused | CommandUnanswered
HealthFact: TypeAlias = (
    UnreadableReceived
    | DeliveryRefused
    | DeliveryRepeated
    | JournalTold
    | JournalNoted
    | ReceiverOpened
    | ReceiverClosed
    | ApiAnswered
    | PollsPaused
    | PollsResumed
)
PastFact: TypeAlias = CommandRecalled | CommandSettled | ConferencesNamed | NoteKept | Resumed
ReadingFact: TypeAlias = ReadingFailed | LoadingTold
Fact: TypeAlias = Webhook | Listed | CommandFact | PastFact | HealthFact | ReadingFact | Ticked
