"""Recordings of a conference: start returns no id, and only a saved recording has a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from console.simulator import errors, webhook_events
from console.simulator.models import Conference, Recording, Status
from console.simulator.webhook_events import webhook_time

if TYPE_CHECKING:
    from console.simulator.http_types import Json
    from console.simulator.world import World

KEPT = 1_000
STORE = "https://recordings.simulator.example/"


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """The options of record_start."""

    format: Literal["wav", "mp3"]
    channels: Literal["single", "dual"] = "single"
    file_name: str | None = None


def start(world: World, conference: Conference, options: RecordingOptions) -> Recording:
    """Start a recording; several may run at once.

    Raises:
        ApiError: 90020 before the conference has started.
    """
    if conference.status is Status.INIT:
        raise errors.no_audio_yet()
    recording = Recording(
        world.ids.uuid(),
        conference.id,
        options.format,
        options.channels,
        world.now,
        conference.creator,
        conference.region,
        options.file_name,
    )
    recording.client_state = conference.client_state
    conference.recordings.append(recording)
    world.recordings[recording.id] = recording
    return recording


def find(conference: Conference, recording_id: str | None) -> Recording:
    """Return the recording of that id, or the latest that is not stopped (INFERRED).

    Raises:
        ApiError: 404/10005 if there is none.
    """
    for recording in reversed(conference.recordings):
        if recording.state != "stopped" and recording_id in (None, recording.id):
            return recording
    raise errors.no_recording()


def pause(world: World, recording: Recording) -> None:
    """Pause a recording; a second pause changes nothing."""
    if recording.state == "recording":
        recording.pauses.append((world.now, None))


def resume(world: World, recording: Recording) -> None:
    """Resume a paused recording; without a pause nothing changes."""
    if recording.state == "paused":
        recording.pauses[-1] = (recording.pauses[-1][0], world.now)


def stop(world: World, conference: Conference, recording: Recording) -> None:
    """Stop a recording; conference.recording.saved follows a moment later."""
    resume(world, recording)
    recording.ended_at = world.now
    world.after(world.rules.saved_after_secs, lambda: _save(world, conference, recording))


def stop_all(world: World, conference: Conference) -> None:
    """Stop all recordings of a conference that has ended."""
    for recording in conference.recordings:
        if recording.state != "stopped":
            stop(world, conference, recording)


def millis(recording: Recording, now: float) -> int:
    """Return the recorded milliseconds, without pauses."""
    ended = recording.ended_at or now
    gaps = sum((to or ended) - since for since, to in recording.pauses)
    return int((ended - recording.started_at - gaps) * 1000)


def url(recording: Recording) -> str:
    """Return the download URL; a custom file name is followed by the start time."""
    name = recording.id
    if recording.file_name is not None:
        name = f"{quote(recording.file_name, safe='')}-{int(recording.started_at)}"
    return f"{STORE}{name}.{recording.format}"


def _save(world: World, conference: Conference, recording: Recording) -> None:
    recording.saved_at = world.now
    urls: dict[str, Json] = {"mp3": None, "wav": None}
    urls[recording.format] = url(recording)
    _forget_oldest(world)
    payload: dict[str, Json] = {
        "call_control_id": conference.creator.call_control_id,
        "call_session_id": conference.creator.call_session_id,
        "connection_id": conference.connection_id,
        "client_state": recording.client_state,
        "conference_id": conference.id,
        "recording_id": recording.id,
        "channels": recording.channels,
        "format": recording.format,
        "recording_started_at": webhook_time(recording.started_at),
        "recording_ended_at": webhook_time(recording.ended_at or world.now),
        "recording_urls": urls,
        "public_recording_urls": {"mp3": None, "wav": None},
    }
    world.emit(webhook_events.SAVED, payload, conference.creator)


def _forget_oldest(world: World) -> None:
    """Keep the last thousand saved recordings."""
    saved = [one.id for one in world.recordings.values() if one.saved_at is not None]
    for old in saved[:-KEPT]:
        del world.recordings[old]
