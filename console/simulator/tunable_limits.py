"""Adjustable times and limits of the world and of webhook delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FloorShape = Literal["wrapped", "flat", "both-alternating"]
FLOOR_SHAPES: tuple[FloorShape, ...] = ("wrapped", "flat", "both-alternating")
DEFAULT_LIMIT = 12_000


@dataclass(frozen=True, slots=True)
class Rules:
    """Times in seconds, which tests shorten, and choices the documentation leaves open.

    minute_secs, longest_secs and remembered_secs are documented; all others are INFERRED.

    Attributes:
        empty_room_secs: From the last leave to the end of the conference (all_left).
        left_visible_secs: Time a participant stays listed with status ``left``.
        empty_queue_secs: Time after which an empty queue is removed.
        saved_after_secs: From the end of a recording to recording.saved.
        ended_call_secs: Time a call that hung up stays known; then its id is unknown.
        ended_room_secs: Time a completed conference can be read.
        ring_secs: Time after which a dialled number answers.
        audio_secs: Length of one loop of any audio file.
        speak_secs_per_character: Pace of speech.
        floor_shape: Form in which floor.changed is written.
        minute_secs: Length of a minute of ``duration_minutes``.
        longest_secs: Longest duration of a conference.
        remembered_secs: Time a command_id is remembered.
        slow_secs: Delay of an answer by the fault ``slow``.
        stale_secs: Age of a read by the fault ``stale-read``.
        joining_secs: Time a new participant is listed as ``joining`` before the webhook joined.
        dials_per_second: Most dials per second, counted over five seconds.
        home_region: Region of a listing without ``region``.
    """

    empty_room_secs: float = 1.0
    left_visible_secs: float = 2.0
    empty_queue_secs: float = 900.0
    saved_after_secs: float = 2.0
    ended_call_secs: float = 600.0
    ended_room_secs: float = 3600.0
    ring_secs: float = 2.0
    audio_secs: float = 12.0
    speak_secs_per_character: float = 0.06
    floor_shape: FloorShape = "both-alternating"
    minute_secs: float = 60.0
    longest_secs: float = 14_400.0
    remembered_secs: float = 60.0
    slow_secs: float = 8.0
    stale_secs: float = 1.0
    joining_secs: float = 0.0
    dials_per_second: int = 30
    home_region: str = "US"


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """Settings of webhook delivery.

    Attributes:
        urls: Primary URL, then the failover URL; empty to send nothing.
        pauses: Seconds before the second and the third attempt.
        limit_secs: Longest time for an answer (Telnyx API, webhooks: two seconds).
        waiting: Most events held at once; beyond it the oldest is given up, retries first.
        together: Most attempts in progress at once.
        kept: Number of bodies that the control endpoint shows.
        delay_secs: Delay of a webhook by the fault ``webhook-delay``.
        reorder_secs: Time the fault ``webhook-reorder`` holds a webhook back.
    """

    urls: tuple[str, ...] = ()
    pauses: tuple[float, ...] = (1.0, 3.0)
    limit_secs: float = 2.0
    waiting: int = 20_000
    together: int = 32
    kept: int = 500
    delay_secs: float = 5.0
    reorder_secs: float = 1.0
