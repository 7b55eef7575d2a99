"""What a verified webhook states. Names end in a past participle, as those of all facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from console.core.model.resources import Leg, Moment, Source


@dataclass(frozen=True, slots=True)
class Origin:
    """What every verified webhook says of itself.

    ``occurred`` is the provider's time in seconds, or None where the event does not say.
    """

    at: Moment
    event_id: str
    name: str
    occurred: float | None
    attempt: int = 1
    api: bool = False
    """It came by no webhook: Telnyx remembered it when asked, and nothing signs it."""
    odd: tuple[str, ...] = ()
    """The members of the event that do not fit, by name; their values count as not known."""

    @property
    def source(self) -> Source:
        """Who told us."""
        return Source.API if self.api else Source.WEBHOOK

    @property
    def lag(self) -> float | None:
        """Seconds from the event to its receipt, by two clocks: to be shown, never to decide."""
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
    """Telnyx API, conferenceCreated. It carries no name; ``leg`` made it, if that is known."""

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
    """Telnyx API, conferenceFloorChanged: ``leg`` speaks now."""

    origin: Origin
    leg: Leg
    conference: str


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    """Telnyx API, conferenceParticipantJoined. Says nothing of mute, hold or role."""

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
    """Telnyx API, conference[Participant]PlaybackStarted; ``leg`` only in the participant form."""

    origin: Origin
    conference: str
    leg: Leg | None
    media: str | None


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """Telnyx API, conference[Participant]PlaybackEnded; ``leg`` only in the participant form."""

    origin: Origin
    conference: str
    leg: Leg | None
    media: str | None


@dataclass(frozen=True, slots=True)
class SpeakStarted:
    """Telnyx API, conference[Participant]SpeakStarted; ``leg`` only in the participant form."""

    origin: Origin
    conference: str
    leg: Leg | None


@dataclass(frozen=True, slots=True)
class SpeakEnded:
    """Telnyx API, conference[Participant]SpeakEnded; ``leg`` only in the participant form."""

    origin: Origin
    conference: str
    leg: Leg | None


@dataclass(frozen=True, slots=True)
class RecordingSaved:
    """Telnyx API, conferenceRecordingSaved. Times are the provider's, in seconds."""

    origin: Origin
    conference: str
    recording: str | None
    started: float | None
    ended: float | None
    format: str
    channels: str


@dataclass(frozen=True, slots=True)
class CallReported:
    """A call event beyond the sixteen that tells who a leg is (call.initiated and the like)."""

    origin: Origin
    leg: Leg
    from_: str | None
    to: str | None
    incoming: bool | None
    ended: bool


@dataclass(frozen=True, slots=True)
class UnknownReceived:
    """A verified event of a type this console does not know: counted and acknowledged."""

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
