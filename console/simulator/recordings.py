"""Recordings of a conference: start tells no id, and only the saved one is told by webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from console.simulator import errors, events
from console.simulator.things import Conference, Recording, Status
from console.simulator.times import webhook_time

if TYPE_CHECKING:
    from console.simulator.wire import Json
    from console.simulator.world import World

KEPT = 1_000
STORE = "https://recordings.simulator.example/"


@dataclass(frozen=True, slots=True)
class Wish:
    """What record_start asks for."""

    format: Literal["wav", "mp3"]
    channels: Literal["single", "dual"] = "single"
    file_name: str | None = None


def start(world: World, room: Conference, wish: Wish) -> Recording:
    """Begin another recording; several may run at once.

    Raises:
        ApiError: 90020 before the conference has started.
    """
    if room.status is Status.INIT:
        raise errors.no_audio_yet()
    recording = Recording(
        world.ids.uuid(),
        room.id,
        wish.format,
        wish.channels,
        world.now,
        room.creator,
        room.region,
        wish.file_name,
    )
    recording.client_state = room.client_state
    room.recordings.append(recording)
    world.recordings[recording.id] = recording
    return recording


def find(room: Conference, recording_id: str | None) -> Recording:
    """The recording of that id, or the latest that is not stopped (INFERRED).

    Raises:
        ApiError: 404/10005.
    """
    for recording in reversed(room.recordings):
        if recording.state != "stopped" and recording_id in (None, recording.id):
            return recording
    raise errors.no_recording()


def pause(world: World, recording: Recording) -> None:
    """Leave a gap from now on; a second pause changes nothing."""
    if recording.state == "recording":
        recording.pauses.append((world.now, None))


def resume(world: World, recording: Recording) -> None:
    """End the gap; without one nothing changes."""
    if recording.state == "paused":
        recording.pauses[-1] = (recording.pauses[-1][0], world.now)


def stop(world: World, room: Conference, recording: Recording) -> None:
    """End it; conference.recording.saved follows a moment later."""
    resume(world, recording)
    recording.ended_at = world.now
    world.after(world.rules.saved_after_secs, lambda: _save(world, room, recording))


def stop_all(world: World, room: Conference) -> None:
    """The conference has ended, and its recordings with it."""
    for recording in room.recordings:
        if recording.state != "stopped":
            stop(world, room, recording)


def millis(recording: Recording, now: float) -> int:
    """Recorded time without its gaps."""
    ended = recording.ended_at or now
    gaps = sum((to or ended) - since for since, to in recording.pauses)
    return int((ended - recording.started_at - gaps) * 1000)


def url(recording: Recording) -> str:
    """Where it could be fetched; a custom name has the time of its start behind it."""
    name = recording.id
    if recording.file_name is not None:
        name = f"{quote(recording.file_name, safe='')}-{int(recording.started_at)}"
    return f"{STORE}{name}.{recording.format}"


def _save(world: World, room: Conference, recording: Recording) -> None:
    recording.saved_at = world.now
    urls: dict[str, Json] = {"mp3": None, "wav": None}
    urls[recording.format] = url(recording)
    _forget_oldest(world)
    payload: dict[str, Json] = {
        "call_control_id": room.creator.call_control_id,
        "call_session_id": room.creator.call_session_id,
        "connection_id": room.connection_id,
        "client_state": recording.client_state,
        "conference_id": room.id,
        "recording_id": recording.id,
        "channels": recording.channels,
        "format": recording.format,
        "recording_started_at": webhook_time(recording.started_at),
        "recording_ended_at": webhook_time(recording.ended_at or world.now),
        "recording_urls": urls,
        "public_recording_urls": {"mp3": None, "wav": None},
    }
    world.tell(events.SAVED, payload, room.creator)


def _forget_oldest(world: World) -> None:
    """The library keeps the last thousand."""
    saved = [one.id for one in world.recordings.values() if one.saved_at is not None]
    for old in saved[:-KEPT]:
        del world.recordings[old]
