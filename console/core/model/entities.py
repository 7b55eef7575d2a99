"""Entities of the state: what the console holds true of each Telnyx resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from console.core.model.listed_resources import (
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
    """An entity's presence in a conference, queue or listing, with the evidence that decided it.

    ``stamp``, ``decided`` and ``floor`` are seconds on Telnyx's clock. ``known_at`` and
    ``answered_at`` are monotonic seconds of this host.
    """

    here: bool = False
    stamp: float = -inf
    rank: int = -1
    decided: float = -inf
    known_at: float = -inf
    answered_at: float = -inf
    floor: float = -inf
    source: Source = Source.NEVER
    seen: Moment = LONG_AGO
    """Time of the last evidence, which came from ``source``."""


@dataclass(frozen=True, slots=True)
class OwnRole:
    """The supervisor role that an accepted command of this console gave a participant.

    No listing shows a role. A listed value can contradict one.
    """

    role: str
    """``monitor``, ``whisper``, ``barge`` or ``none``."""
    to: tuple[str, ...]
    """The legs that hear a whisper."""
    since: Moment


@dataclass(frozen=True, slots=True)
class Accounted:
    """Listed values explained by the first reading, by an own command or by a log line.

    A later difference from them is a change by another client.
    """

    fields: ParticipantResource
    logged: float = -inf
    """Monotonic time of the request whose reading made the last log line."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A leg in a conference. ``listed`` is its item in the last listing, None before the first."""

    leg: str
    conference: str
    membership: Membership
    listed: ParticipantResource | None = None
    listed_seen: Moment | None = None
    """Time of the answer that brought ``listed``."""
    joined_at: float | None = None
    own_role: OwnRole | None = None
    """Role during this stay. Unknown after a restart."""
    accounted: Accounted | None = None
    """Explained values of this stay. None before its first reading."""

    @property
    def is_here(self) -> bool:
        """True if it is in the conference now, as far as is known."""
        return self.membership.here


class AudioKind(StrEnum):
    """The kind of audio, spelled as on the screen."""

    PLAY = "play"
    SPEAK = "speak"


@dataclass(frozen=True, slots=True)
class Audio:
    """Audio played to a conference or, with ``leg``, to a participant.

    Ended audio is kept with ``playing`` false, so that a late start event cannot revive it.
    ``stamp`` is in seconds on Telnyx's clock.
    """

    kind: AudioKind
    media: str | None
    leg: str | None
    playing: bool
    stamp: float
    since: Moment


class RecordingState(StrEnum):
    """The state of a recording. Undo rows in the journal spell the members so."""

    ON = "on"
    PAUSED = "paused"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording, known from own commands and recording.saved. No request of Telnyx reads it."""

    state: RecordingState
    since: Moment
    source: Source
    date: float | None = None
    """Time on Telnyx's clock when the command was accepted, in whole seconds."""


@dataclass(frozen=True, slots=True)
class RecordingWish:
    """A pause or resume that Telnyx accepted without a known recording. It proves no recording."""

    verb: str
    """``pause`` or ``resume``."""
    accepted: Moment


@dataclass(frozen=True, slots=True)
class Floor:
    """The current speaker of a conference. ``stamp`` is in seconds on Telnyx's clock."""

    leg: str
    stamp: float
    since: Moment


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference. ``listed`` is None until a listing or a read of it showed it."""

    id: str
    membership: Membership
    listed: ConferenceResource | None = None
    listed_seen: Moment | None = None
    ended: bool = False
    """Final: a conference id never becomes live again."""
    ended_at: Moment | None = None
    end_reason: str | None = None
    floor: Floor | None = None
    audio: tuple[Audio, ...] = ()
    recording: Recording | None = None
    recording_wish: RecordingWish | None = None
    """Set only while ``recording`` is None."""
    start_seen: bool = False
    """True if its start was seen. Then nothing can be there that no event announced."""
    creator: str | None = None
    """The leg that it was created from, if its start was seen."""
    state_name: str | None = None
    """The name in the client_state of its creation, which each of its webhooks repeats."""
    unsettled: bool = False
    """True while a read of this conference is under way because no listing has it any longer."""

    @property
    def is_live(self) -> bool:
        """True if it exists and has not ended, as far as is known."""
        return self.membership.here and not self.ended


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue. ``listed`` is None until a listing showed it."""

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
    """A call in a queue. ``enqueued_at`` is in seconds on Telnyx's clock."""

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
    """Everything learned about the person on a leg."""

    number: str | None = None
    agent: str | None = None
    name: str | None = None
    caller: bool = False
    """True if the leg waited in a queue or came by an incoming call."""
    ended: bool = False
    """True if the call has ended. Final: a call never returns under its id."""
    label: str | None = None
    """Label given by the application. Only the read of a single participant shows it."""
    leg_id: str | None = None
    session_id: str | None = None
    source: Source = Source.NEVER
    """Source of the value that was learned last."""
    seen: Moment = LONG_AGO
    """Time when it was learned."""

    @property
    def known(self) -> bool:
        """True if there is a name or number to show."""
        return bool(self.number or self.agent or self.name or self.label)


@dataclass(frozen=True, slots=True)
class Note:
    """An operator's note about a leg, with the ids and the number that identify the leg again."""

    leg: str
    alias: str = ""
    pinned: bool = False
    """True if a command for many people leaves the leg out."""
    mine: bool = False
    """True if it is the operator's own leg."""
    leg_id: str | None = None
    session_id: str | None = None
    number: str | None = None
    at: Moment = LONG_AGO


@dataclass(frozen=True, slots=True)
class Answers:
    """The last answers in a command's dialog, which are the next defaults for the same place."""

    command: str
    place: str
    """Conference id or queue name."""
    values: Mapping[str, str]
    """By field name."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Telnyx API, Dial: settings for the operator's own phone. Empty texts are not set."""

    connection_id: str = ""
    from_number: str = ""
    operator_number: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """An event that must have happened and whose webhook has not come.

    It happened between ``since`` and ``until``, in seconds on Telnyx's clock. The webhook counts
    as missing from ``due``, in monotonic seconds of this host.
    """

    name: str
    connection: str
    conference: str | None
    queue: str | None
    leg: str | None
    since: float
    until: float
    due: float
    evidence: str
    """The evidence that it happened."""
    logged: Moment | None = None
    """Time when it was logged as missing."""
    api_reads: int = 0
    """Number of times that the API was asked and did not have it."""
    event_id: str | None = None
    """Id of the event, once the API had it and while its failed delivery is being looked up."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A leg that left a conference or queue and was seen nowhere since.

    ``was_alive``: a command took it out, it waited too long, or a later read of the call showed it
    alive. Otherwise the leg may have hung up.
    """

    leg: str
    since: Moment
    """Time when the console learned that it left."""
    stamp: float | None
    """Time when it left, in seconds on Telnyx's clock. None unless a webhook says so."""
    conference: str | None
    queue: str | None
    was_alive: bool
    reason: str = ""
    """Reason for leaving the queue (Telnyx API, callLeftQueue: ``leave`` or ``timeout``)."""
    operator: str = ""
    """Operator of this console whose command took it out."""
    source: Source = Source.WEBHOOK
    """Source of the evidence that the leg is parked."""
    seen: Moment = LONG_AGO
    """Time of the last evidence."""
    leg_id: str | None = None
    """The call_leg_id, which GET /call_events takes."""


@dataclass(frozen=True, slots=True)
class Loading:
    """Progress of the first reading of a scope. See core.messages.facts.LoadingProgressed."""

    since: Moment
    page: int = 0
    pages: int | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """The state of reading one scope: its last request, answer and failure."""

    floor: float = -inf
    """Seconds on Telnyx's clock. For earlier events the scope's listing decides."""
    asked: Moment | None = None
    answered: Moment | None = None
    count: int | None = None
    problem: Problem | None = None
    failed: Moment | None = None
    failures: int = 0
    loading: Loading | None = None
    left_out: tuple[str, ...] = ()
    """Items left out of the last reading. See core.messages.facts.Reading."""


@dataclass(frozen=True, slots=True)
class ManualPoll:
    """Progress of a poll that the operator asked for."""

    at: Moment
    total: int
    """Number of listings to read."""
    waiting: tuple[Scope, ...]
    """Listings that have neither been read nor failed."""
    failed: int = 0
    problem: Problem | None = None
    """Reason of the first failure."""
    closed: Moment | None = None
    """Time when it ended. None while it is under way."""

    @property
    def read(self) -> int:
        """Number of listings that were read."""
        return self.total - len(self.waiting) - self.failed
