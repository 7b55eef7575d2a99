"""What we believe of each thing, and where every value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Protocol

from console.core.model.policy import Policy
from console.core.model.resources import (
    LONG_AGO,
    ConferenceResource,
    Moment,
    ParticipantResource,
    Problem,
    QueuedCallResource,
    QueueResource,
    Source,
)

if TYPE_CHECKING:
    from console.core.messages.read_scopes import Scope


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether one key is there, and everything needed to weigh the next word on it.

    ``stamp``, ``decided`` and ``floor`` are the provider's seconds; ``known_at``, ``asked_at``
    and ``answered_at`` are this host's monotonic seconds.
    """

    here: bool = False
    stamp: float = -inf
    rank: int = -1
    decided: float = -inf
    known_at: float = -inf
    asked_at: float = -inf
    answered_at: float = -inf
    floor: float = -inf
    source: Source = Source.NEVER
    seen: Moment = LONG_AGO
    """When we were last told, by ``source``."""


@dataclass(frozen=True, slots=True)
class OwnRole:
    """The supervisor's role that an accepted command of ours gave somebody.

    No listing shows a role; what one does show may speak against it.
    """

    role: str
    """``monitor``, ``whisper``, ``barge`` or ``none``."""
    to: tuple[str, ...]
    """The legs a whisper is for."""
    since: Moment


@dataclass(frozen=True, slots=True)
class Accounted:
    """The listed values that the first reading, an own command or a log line accounts for."""

    fields: ParticipantResource
    logged: float = -inf
    """When the last reading was asked for that a log line tells of, in monotonic seconds."""


@dataclass(frozen=True, slots=True)
class Participant:
    """One leg in one conference. ``fields`` is what the last listing said of it, if any did."""

    leg: str
    conference: str
    membership: Membership
    listed: ParticipantResource | None = None
    listed_seen: Moment | None = None
    """When the listing that brought ``fields`` was answered."""
    joined_at: float | None = None
    own_role: OwnRole | None = None
    """For this stay; unknown after a restart."""
    accounted: Accounted | None = None
    """For this stay; None before its first reading."""

    @property
    def is_here(self) -> bool:
        """True if it is in the conference now, as far as is known."""
        return self.membership.here


@dataclass(frozen=True, slots=True)
class Audio:
    """Audio of a conference or, with ``leg``, of a participant. ``kind``: ``play`` or ``speak``.

    What has ended is kept with ``playing`` false, so that a late start cannot bring it back.
    """

    kind: str
    media: str | None
    leg: str | None
    playing: bool
    stamp: float
    since: Moment


@dataclass(frozen=True, slots=True)
class Recording:
    """What our own commands and recording.saved let us believe; Telnyx cannot be asked.

    ``state`` is ``on``, ``paused`` or ``off``.
    """

    state: str
    since: Moment
    source: Source
    date: float | None = None
    """The provider's time when it was accepted, in whole seconds."""


@dataclass(frozen=True, slots=True)
class RecordingWish:
    """A pause or a resume that Telnyx accepted while no recording was known to run.

    It proves neither a recording nor its state: the recording stays unknown.
    """

    verb: str
    """``pause`` or ``resume``."""
    accepted: Moment


@dataclass(frozen=True, slots=True)
class Floor:
    """Who spoke last. ``stamp`` in the provider's seconds."""

    leg: str
    stamp: float
    since: Moment


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference as we believe it. ``fields`` is None until a listing or a read showed it."""

    id: str
    membership: Membership
    listed: ConferenceResource | None = None
    listed_seen: Moment | None = None
    ended: bool = False
    """Absorbing: a conference id never restarts."""
    ended_at: Moment | None = None
    end_reason: str | None = None
    floor: Floor | None = None
    audio: tuple[Audio, ...] = ()
    recording: Recording | None = None
    recording_wish: RecordingWish | None = None
    """Set only while ``recording`` is None."""
    born: bool = False
    """Its beginning was seen, so that what was not announced since is not."""
    creator: str | None = None
    """The leg it was made from, where its beginning was heard of."""
    state_name: str | None = None
    """The name in the client_state given at creation, which each of its webhooks repeats."""
    unsettled: bool = False
    """It vanished from the listings and a read of its own is under way."""

    @property
    def is_live(self) -> bool:
        """True if it exists and has not ended, as far as is known."""
        return self.membership.here and not self.ended


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as we believe it."""

    name: str
    membership: Membership
    listed: QueueResource | None = None
    listed_seen: Moment | None = None

    @property
    def is_here(self) -> bool:
        """True if it exists, as far as is known."""
        return self.membership.here


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """One call in one queue. ``enqueued_at`` in the provider's seconds."""

    leg: str
    queue: str
    membership: Membership
    listed: QueuedCallResource | None = None
    listed_seen: Moment | None = None
    enqueued_at: float | None = None
    position: int | None = None

    @property
    def is_here(self) -> bool:
        """True if it is in the queue now, as far as is known."""
        return self.membership.here


@dataclass(frozen=True, slots=True)
class Identity:
    """What was ever learned of who a leg is."""

    number: str | None = None
    agent: str | None = None
    name: str | None = None
    caller: bool = False
    """Was seen in a queue, or came in by an incoming call."""
    over: bool = False
    """The call has ended: absorbing, for a call never comes back under its id."""
    label: str | None = None
    """Given by the application; only the read of a single participant shows it."""
    leg_id: str | None = None
    session_id: str | None = None
    source: Source = Source.NEVER
    """Who told what was learned last."""
    seen: Moment = LONG_AGO
    """When that was."""

    @property
    def known(self) -> bool:
        """Whether there is any name or number to show."""
        return bool(self.number or self.agent or self.name or self.label)


@dataclass(frozen=True, slots=True)
class Note:
    """What an operator wrote down about a leg, and what else it can be found again by."""

    leg: str
    alias: str = ""
    pinned: bool = False
    """Left out when many are muted or held."""
    mine: bool = False
    """The operator's own."""
    leg_id: str | None = None
    session_id: str | None = None
    number: str | None = None
    at: Moment = LONG_AGO


@dataclass(frozen=True, slots=True)
class Answers:
    """What was last answered to a command's questions about a place, to be offered again."""

    command: str
    place: str
    """The conference's id or the queue's name."""
    values: Mapping[str, str]
    """By field name."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What the operator's own phone is dialled with; empty where nobody has said.

    Telnyx API, Dial: connection_id, from, to.
    """

    connection_id: str = ""
    from_number: str = ""
    operator_number: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """An event that must have happened and of which no webhook told, or none has yet.

    ``since`` and ``until`` are the provider's seconds between which it happened, ``due`` this
    host's monotonic seconds from which its webhook counts as missing.
    """

    name: str
    connection: str
    conference: str | None
    queue: str | None
    leg: str | None
    since: float
    until: float
    due: float
    how: str
    """What shows that it happened."""
    marked: Moment | None = None
    asked: int = 0
    """How often Telnyx was asked for it, and did not have it."""
    event_id: str | None = None
    """It was had from the API; why no webhook brought it is not known yet."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A leg that went out of a conference or a queue and has been seen nowhere since.

    ``sure``: it was alive when it went, for it was taken out or waited too long, or a read of the
    call showed so later. Else it may as well have hung up, which nobody told.
    """

    leg: str
    since: Moment
    """When we were told that it went."""
    stamp: float | None
    """When it went, in the provider's seconds, where a webhook said so."""
    conference: str | None
    queue: str | None
    sure: bool
    reason: str = ""
    """Why it left its queue (Telnyx API, callLeftQueue: ``leave`` or ``timeout``), if told."""
    by: str = ""
    """The operator of this console whose command took it out."""
    source: Source = Source.WEBHOOK
    """What told of it: ``by`` our own command, else a webhook, or a listing or a read."""
    seen: Moment = LONG_AGO
    """When it last did."""
    leg_id: str | None = None
    """What GET /call_events knows it by."""


@dataclass(frozen=True, slots=True)
class Loading:
    """The first reading of a scope while it is under way: see core.messages.facts.LoadingTold."""

    since: Moment
    page: int = 0
    pages: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well one scope is known."""

    floor: float = -inf
    """The provider's time before which this scope's listing has the last word."""
    asked: Moment | None = None
    answered: Moment | None = None
    count: int | None = None
    problem: Problem | None = None
    failed: Moment | None = None
    failures: int = 0
    loading: Loading | None = None
    left_out: tuple[str, ...] = ()
    """As in core.messages.facts.Reading, of the last reading."""


@dataclass(frozen=True, slots=True)
class ManualPoll:
    """A poll that the operator asked for."""

    at: Moment
    total: int
    """Listings that are read for it."""
    waiting: tuple[Scope, ...]
    """Those that neither came nor failed."""
    failed: int = 0
    problem: Problem | None = None
    """Why the first of those that failed did."""
    closed: Moment | None = None
    """When it ended; None while it is under way."""

    @property
    def read(self) -> int:
        """Listings that came."""
        return self.total - len(self.waiting) - self.failed


class Beliefs(Protocol):
    """What a command may look at before it is asked for."""

    @property
    def conferences(self) -> Mapping[str, Conference]:
        """By conference id."""

    @property
    def people(self) -> Mapping[str, Mapping[str, Participant]]:
        """By conference id and leg."""

    @property
    def queues(self) -> Mapping[str, Queue]:
        """By queue name."""

    @property
    def waiting(self) -> Mapping[str, Mapping[str, QueuedCall]]:
        """By queue name and leg."""

    @property
    def identities(self) -> Mapping[str, Identity]:
        """By leg."""

    @property
    def parked(self) -> Mapping[str, Parked]:
        """By leg."""

    @property
    def notes(self) -> Mapping[str, Note]:
        """By leg."""

    @property
    def policy(self) -> Policy:
        """The numbers that are decisions."""

    @property
    def phone(self) -> Phone:
        """What the operator's own phone is dialled with."""
