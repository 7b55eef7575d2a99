"""What may be set: the rules of the world, and how hard to deliver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FloorShape = Literal["wrapped", "flat", "both-alternating"]
FLOOR_SHAPES: tuple[FloorShape, ...] = ("wrapped", "flat", "both-alternating")
DEFAULT_LIMIT = 12_000


@dataclass(frozen=True, slots=True)
class Rules:
    """Times in seconds, to be shortened by tests, and what the documentation leaves open.

    minute_secs, longest_secs and remembered_secs are documented; all others are INFERRED.

    Attributes:
        empty_room_secs: An emptied conference ends (all_left) this long after the last leave.
        left_visible_secs: Who left stays listed with status ``left`` this long.
        empty_queue_secs: An empty queue is garbage-collected after this long.
        saved_after_secs: recording.saved follows the end of a recording after this long.
        ended_call_secs: A call that hung up is known this long; then its id is unknown.
        ended_room_secs: A completed conference can be read this long.
        ring_secs: A dialled number answers after this long.
        audio_secs: One loop of any audio file lasts this long.
        speak_secs_per_character: The pace of speech.
        floor_shape: How floor.changed is written.
        minute_secs: How long a minute of ``duration_minutes`` lasts.
        longest_secs: How long a conference lasts at most, in seconds.
        remembered_secs: How long a command_id is remembered.
        slow_secs: How late the fault ``slow`` answers.
        stale_secs: How old a read of the fault ``stale-read`` is.
        joining_secs: Who joins is listed with status ``joining`` this long, then told.
        dials_per_second: Most dials, judged over five seconds.
        home_region: What a listing without ``region`` shows.
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
class Policy:
    """How hard to try.

    Attributes:
        urls: Primary first, then failover; none means that nothing is sent.
        pauses: Seconds before the second and the third attempt.
        limit_secs: How long an answer may take (Telnyx API, webhooks: two seconds).
        waiting: Most parcels held at once; beyond it the oldest is given up, retries first.
        together: Most attempts under way at once.
        kept: How many bodies the control endpoint can show.
        delay_secs: How late the fault ``webhook-delay`` makes a webhook.
        reorder_secs: How long ``webhook-reorder`` lets others pass.
    """

    urls: tuple[str, ...] = ()
    pauses: tuple[float, ...] = (1.0, 3.0)
    limit_secs: float = 2.0
    waiting: int = 20_000
    together: int = 32
    kept: int = 500
    delay_secs: float = 5.0
    reorder_secs: float = 1.0
