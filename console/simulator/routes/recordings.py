"""Recording operations of conferences."""

from __future__ import annotations

from typing import Literal, cast

from console.simulator import participants, recordings
from console.simulator.body_fields import Choice, Field, Flag, Text, Uuid
from console.simulator.http_types import Json
from console.simulator.models import Conference, Recording
from console.simulator.operation import OK, Ask, Operation
from console.simulator.routes import common

CONFERENCE = "/conferences/{id}/actions"
WHICH = (Field("recording_id", Text(1)), common.COMMAND_ID, common.REGION)


def start(ask: Ask) -> Json:
    """Start a recording; the answer has no id."""
    conference = common.conference_of(ask)
    wish = recordings.Wish(
        cast("Literal['wav', 'mp3']", ask.body.given("format")),
        cast("Literal['single', 'dual']", ask.body.choice("channels", "single")),
        ask.body.text("custom_file_name"),
    )
    recordings.start(ask.world, conference, wish).operated = True
    if ask.body.flag("play_beep"):
        participants.sound_beep(ask.world, conference)
    return OK


def pause(ask: Ask) -> Json:
    """Pause a recording."""
    recordings.pause(ask.world, _which(ask)[1])
    return OK


def resume(ask: Ask) -> Json:
    """Resume a recording."""
    recordings.resume(ask.world, _which(ask)[1])
    return OK


def stop(ask: Ask) -> Json:
    """Stop a recording; a given client_state is in its webhook saved."""
    conference, recording = _which(ask)
    recording.client_state = ask.body.text("client_state") or recording.client_state
    recordings.stop(ask.world, conference, recording)
    return OK


def _which(ask: Ask) -> tuple[Conference, Recording]:
    conference = common.conference_of(ask)
    recording = recordings.find(conference, ask.body.text("recording_id"))
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
