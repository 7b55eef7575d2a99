"""Facts that a verified webhook brings. Names end in a past participle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from console.core.model.listed_resources import Leg, Moment, Source


@dataclass(frozen=True, slots=True)
class Origin:
    """The members that every verified webhook has.

    ``occurred`` is in seconds on Telnyx's clock, or None if the event has no time.
    """

    at: Moment
    event_id: str
    name: str
    occurred: float | None
    attempt: int = 1
    api: bool = False
    """True if the event was read from the API. Then it has no signature."""
    odd: tuple[str, ...] = ()
    """Names of members with an unexpected type. Their values count as unknown."""

    @property
    def source(self) -> Source:
        """The source of the event: a webhook or the API."""
        return Source.API if self.api else Source.WEBHOOK

    @property
    def lag(self) -> float | None:
        """Seconds from the event to its receipt, by two clocks. For display, never to decide."""
        return None if self.occurred is None or self.api else self.at.wall - self.occurred


@dataclass(frozen=True, slots=True)
class CallEnqueued:
    """Telnyx API, callEnqueued."""

    origin: Origin
    leg: Leg
    queue: str
    position: int | None
    average_wait: int | None


@dataclass(frozen=True, slots=True)
class CallDequeued:
    """Telnyx API, callLeftQueue (``call.dequeued``). ``waited`` in seconds."""

    origin: Origin
    leg: Leg
    queue: str
    waited: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ConferenceCreated:
    """Telnyx API, conferenceCreated. It has no name. ``leg`` created it; None if unknown."""

    origin: Origin
    leg: Leg | None
    conference: str


@dataclass(frozen=True, slots=True)
class ConferenceEnded:
    """Telnyx API, conferenceEnded."""

    origin: Origin
    conference: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class FloorChanged:
    """Telnyx API, conferenceFloorChanged. ``leg`` is the new speaker."""

    origin: Origin
    leg: Leg
    conference: str


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    """Telnyx API, conferenceParticipantJoined. It has neither mute, hold nor role."""

    origin: Origin
    leg: Leg
    conference: str


@dataclass(frozen=True, slots=True)
class ParticipantLeft:
    """Telnyx API, conferenceParticipantLeft."""

    origin: Origin
    leg: Leg
    conference: str


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """Telnyx API, conference[Participant]PlaybackStarted. Only the participant form has ``leg``."""

    origin: Origin
    conference: str
    leg: Leg | None
    media: str | None


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """Telnyx API, conference[Participant]PlaybackEnded. Only the participant form has ``leg``."""

    origin: Origin
    conference: str
    leg: Leg | None
    media: str | None


@dataclass(frozen=True, slots=True)
class SpeakStarted:
    """Telnyx API, conference[Participant]SpeakStarted. Only the participant form has ``leg``."""

    origin: Origin
    conference: str
    leg: Leg | None


@dataclass(frozen=True, slots=True)
class SpeakEnded:
    """Telnyx API, conference[Participant]SpeakEnded. Only the participant form has ``leg``."""

    origin: Origin
    conference: str
    leg: Leg | None


@dataclass(frozen=True, slots=True)
class RecordingSaved:
    """Telnyx API, conferenceRecordingSaved. Times are in seconds on Telnyx's clock."""

    origin: Origin
    conference: str
    recording: str | None
    started: float | None
    ended: float | None
    format: str
    channels: str


@dataclass(frozen=True, slots=True)
class CallReported:
    """A call event that names the people of a leg, such as call.initiated."""

    origin: Origin
    leg: Leg
    from_: str | None
    to: str | None
    incoming: bool | None
    ended: bool


@dataclass(frozen=True, slots=True)
class UnknownReceived:
    """A verified event of a type unknown to this console. It is counted and acknowledged."""

    origin: Origin


Webhook: TypeAlias = (
    CallEnqueued
    | CallDequeued
    | ConferenceCreated
    | ConferenceEnded
    | FloorChanged
    | ParticipantJoined
    | ParticipantLeft
    | PlaybackStarted
    | PlaybackEnded
    | SpeakStarted
    | SpeakEnded
    | RecordingSaved
    | CallReported
    | UnknownReceived
)
