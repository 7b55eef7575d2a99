"""Playback and speech, to a whole conference or to single participants.

INFERRED: a new playback ends the current one at the same place, and a new speech ends the current
speech. Playback and speech sound side by side. Audio that is ended early sends its ``ended`` event
like audio that runs out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from console.simulator import webhook_events
from console.simulator.models import Audio, Conference, Leg
from console.simulator.webhook_events import webhook_time

if TYPE_CHECKING:
    from console.simulator.http_types import Json
    from console.simulator.world import World


@dataclass(frozen=True, slots=True)
class Sound:
    """A playback or speech to start; ``secs`` is its length, None for an endless loop."""

    kind: Literal["playback", "speak"]
    secs: float | None
    media_url: str | None = None
    media_name: str | None = None


def start(world: World, conference: Conference, sound: Sound, to: Sequence[Leg] | None) -> None:
    """Start a sound: once for everyone (``to`` is None) or separately for each leg in ``to``."""
    for leg in (None,) if to is None else to:
        _start_one(world, conference, sound, leg)


def stop(world: World, conference: Conference, to: Sequence[Leg] | None) -> None:
    """Stop all audio of the conference (``to`` is None), or the audio for the legs in ``to``."""
    wanted = None if to is None else {leg.call_control_id for leg in to}
    for audio in list(conference.audio):
        if wanted is None or (audio.leg is not None and audio.leg.call_control_id in wanted):
            _end(world, conference, audio)


def _start_one(world: World, conference: Conference, sound: Sound, leg: Leg | None) -> None:
    for other in list(conference.audio):
        if other.leg is leg and other.kind == sound.kind:
            _end(world, conference, other)
    audio = Audio(sound.kind, conference.id, leg, sound.media_url, sound.media_name, world.now)
    conference.audio.append(audio)
    if sound.secs is not None:
        audio.until = world.after(sound.secs, lambda: _end(world, conference, audio))
    _emit(world, conference, audio, "started")


def _end(world: World, conference: Conference, audio: Audio) -> None:
    if audio not in conference.audio:
        return
    conference.audio.remove(audio)
    if audio.until is not None:
        audio.until.cancel()
    _emit(world, conference, audio, "ended")


def _emit(world: World, conference: Conference, audio: Audio, what: str) -> None:
    payload: dict[str, Json] = webhook_events.creator_fields(conference)
    scope = "conference."
    if audio.leg is not None:
        payload = {**webhook_events.conference_fields(conference, audio.leg), **payload}
        scope = "conference.participant."
    if audio.media_url is not None:
        payload["media_url"] = audio.media_url
    if audio.media_name is not None:
        payload["media_name"] = audio.media_name
    payload["occurred_at"] = webhook_time(world.now)
    world.emit(f"{scope}{audio.kind}.{what}", payload, audio.leg or conference.creator)
