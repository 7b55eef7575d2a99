"""Recording operations of conferences."""

from __future__ import annotations

from typing import Literal, cast

from console.simulator import participants, recordings
from console.simulator.body_fields import Choice, Field, Flag, Text, Uuid
from console.simulator.http_types import Json
from console.simulator.models import Conference, Recording
from console.simulator.operation import OK, Operation, ParsedRequest
from console.simulator.routes import common

CONFERENCE = "/conferences/{id}/actions"
WHICH = (Field("recording_id", Text(1)), common.COMMAND_ID, common.REGION)


def start(request: ParsedRequest) -> Json:
    """Start a recording; the answer has no id."""
    conference = common.conference_of(request)
    options = recordings.RecordingOptions(
        cast("Literal['wav', 'mp3']", request.body.given("format")),
        cast("Literal['single', 'dual']", request.body.choice("channels", "single")),
        request.body.text("custom_file_name"),
    )
    recordings.start(request.world, conference, options).operated = True
    if request.body.flag("play_beep"):
        participants.sound_beep(request.world, conference)
    return OK


def pause(request: ParsedRequest) -> Json:
    """Pause a recording."""
    recordings.pause(request.world, _which(request)[1])
    return OK


def resume(request: ParsedRequest) -> Json:
    """Resume a recording."""
    recordings.resume(request.world, _which(request)[1])
    return OK


def stop(request: ParsedRequest) -> Json:
    """Stop a recording; a given client_state is in its webhook saved."""
    conference, recording = _which(request)
    recording.client_state = request.body.text("client_state") or recording.client_state
    recordings.stop(request.world, conference, recording)
    return OK


def _which(request: ParsedRequest) -> tuple[Conference, Recording]:
    conference = common.conference_of(request)
    recording = recordings.find(conference, request.body.text("recording_id"))
    recording.operated = True
    return conference, recording


OPERATIONS = (
    Operation(
        "record_start",
        "POST",
        f"{CONFERENCE}/record_start",
        start,
        (
            Field("format", Choice(("wav", "mp3")), required=True),
            Field("channels", Choice(("single", "dual"))),
            Field("play_beep", Flag()),
            Field("trim", Choice(("trim-silence",))),
            Field("custom_file_name", Text(1, 40)),
            common.COMMAND_ID,
            common.REGION,
        ),
        scope="conference",
        command=True,
    ),
    Operation(
        "record_pause",
        "POST",
        f"{CONFERENCE}/record_pause",
        pause,
        WHICH,
        scope="conference",
        command=True,
    ),
    Operation(
        "record_resume",
        "POST",
        f"{CONFERENCE}/record_resume",
        resume,
        WHICH,
        scope="conference",
        command=True,
    ),
    Operation(
        "record_stop",
        "POST",
        f"{CONFERENCE}/record_stop",
        stop,
        (
            Field("recording_id", Uuid()),
            common.CLIENT_STATE,
            common.COMMAND_ID,
            common.REGION,
        ),
        scope="conference",
        command=True,
    ),
)
