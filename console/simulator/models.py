"""The models of the world. Only the world's own modules write them; times are epoch seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from console.simulator.scheduler import PlannedAction

Beep = Literal["always", "never", "on_enter", "on_exit"]
Role = Literal["barge", "monitor", "none", "whisper"]
EndReason = Literal["all_left", "ended_via_api", "host_left", "time_exceeded"]
DequeueReason = Literal["bridged", "bridging-in-process", "hangup", "leave", "timeout"]
HEARD = 20


class LegState(StrEnum):
    """State of a call. An answered call without a stay is parked."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Status(StrEnum):
    """Conference status (Telnyx API, conference.status)."""

    INIT = "init"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of an answered call, as functions to leave it or to hang up in it."""

    leave: Callable[[DequeueReason], None]
    hung_up: Callable[[], None]


@dataclass(frozen=True, slots=True)
class WebhookOptions:
    """Webhook URLs and retries of one call (Telnyx API, dial: webhook_url, webhook_urls, retries).

    Attributes:
        url: Replaces the account's URLs.
        urls: Replaces ``url`` by event type; the second and later are failovers (INFERRED).
        pauses: By event type, seconds before each attempt after the first.
    """

    url: str | None = None
    urls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pauses: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Heard:
    """A beep or digits that a participant heard; no webhook reports it."""

    at: float
    what: Literal["beep", "dtmf"]
    digits: str = ""


@dataclass(slots=True, eq=False)
class Leg:
    """A call leg. Answered and without a stay, it is parked."""

    call_control_id: str
    call_leg_id: str
    call_session_id: str
    connection_id: str
    from_: str
    to: str
    direction: Literal["incoming", "outgoing"]
    started_at: float
    client_state: str | None = None
    caller_name: str | None = None
    webhook_options: WebhookOptions | None = None
    state: LegState = LegState.RINGING
    ended_at: float | None = None
    hangup_cause: str | None = None
    conference_id: str | None = None
    queue_name: str | None = None
    placement: Placement | None = None
    pending: PlannedAction | None = None
    heard: deque[Heard] = field(default_factory=lambda: deque(maxlen=HEARD))
    supervises: str | None = None
    bridged_with: Leg | None = None
    park_after_unbridge: bool = False
    operated: bool = False


@dataclass(slots=True)
class Participant:
    """A leg in a conference. ``operated``: a command changed it; the scenario leaves it alone."""

    id: str
    leg: Leg
    conference_id: str
    created_at: float
    updated_at: float
    muted: bool = False
    on_hold: bool = False
    end_on_exit: bool = False
    soft_end_on_exit: bool = False
    status: Literal["joining", "joined", "left"] = "joined"
    role: Role = "none"
    whisper_to: tuple[str, ...] = ()
    beep: Beep | None = None
    label: str | None = None
    hold_media: str | None = None
    held_for_start: bool = False
    muted_by_role: bool = False
    operated: bool = False


@dataclass(slots=True, eq=False)
class Audio:
    """Running playback or speech, for the conference (``leg`` is None) or for one participant."""

    kind: Literal["playback", "speak"]
    conference_id: str
    leg: Leg | None
    media_url: str | None
    media_name: str | None
    started_at: float
    until: PlannedAction | None = None


@dataclass(slots=True, eq=False)
class Recording:
    """A recording of a conference; ``pauses`` are (from, to), and an open one has to = None."""

    id: str
    conference_id: str
    format: Literal["wav", "mp3"]
    channels: Literal["single", "dual"]
    started_at: float
    creator: Leg
    region: str
    file_name: str | None = None
    client_state: str | None = None
    ended_at: float | None = None
    saved_at: float | None = None
    pauses: list[tuple[float, float | None]] = field(default_factory=list)
    operated: bool = False

    @property
    def state(self) -> Literal["recording", "paused", "stopped"]:
        """Current state."""
        if self.ended_at is not None:
            return "stopped"
        return "paused" if self.pauses and self.pauses[-1][1] is None else "recording"


@dataclass(frozen=True, slots=True)
class Media:
    """A file in the account's media library."""

    name: str
    content_type: str
    created_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """An audio file, by URL or by media name; neither is silence."""

    url: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class GatherOptions:
    """The options of a gather; times in seconds."""

    least: int
    most: int
    tries: int
    ends_with: str
    valid: str
    secs: float
    first_secs: float
    between_secs: float
    stops_playback: bool
    gather_id: str | None
    client_state: str | None
    prompt: Prompt
    invalid: Prompt


@dataclass(slots=True, eq=False)
class Gather:
    """A running gather; ``tries`` counts the tries begun, ``over_at`` ends the current one."""

    options: GatherOptions
    conference: Conference
    digits: str = ""
    tries: int = 0
    over_at: float = 0.0
    until: PlannedAction | None = None


@dataclass(slots=True)
class Conference:
    """A conference. ``people`` is in join order; ``recently_left`` are still listed as left."""

    id: str
    name: str
    creator: Leg
    created_at: float
    updated_at: float
    expires_at: float
    region: str
    connection_id: str
    status: Status
    client_state: str | None = None
    beep: Beep = "never"
    comfort_noise: bool = True
    max_participants: int = 250
    hold_media: str | None = None
    closed: bool = False
    end_reason: EndReason | None = None
    ended_at: float | None = None
    ended_by: Leg | None = None
    people: dict[str, Participant] = field(default_factory=dict)
    by_id: dict[str, Participant] = field(default_factory=dict)
    recently_left: dict[str, Participant] = field(default_factory=dict)
    floor: str | None = None
    audio: list[Audio] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    expiry: PlannedAction | None = None
    operated: bool = False


@dataclass(slots=True, eq=False)
class QueuedCall:
    """A queued call; ``seq`` orders it. A ghost hung up and is kept (keep_after_hangup)."""

    leg: Leg
    seq: int
    enqueued_at: float
    keep_after_hangup: bool = False
    hung_up_at: float | None = None
    timeout: PlannedAction | None = None
