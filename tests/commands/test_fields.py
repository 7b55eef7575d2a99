"""A dialog has a question for every body member of the specification, or a reason why not."""

from __future__ import annotations

import pytest

from console.commands import COMMANDS
from console.core.model.command import TargetKind

WHY_NOT = {
    "region": "the settings say it",
    "command_id": "ours: a retry bears the same",
    "call_control_id": "the target, by id",
    "call_control_ids": "the targets, by id",
    "conference_config": "the conference, and the role that is asked for",
    "connection_id": "the settings say it",
    "from": "the settings say it",
    "to": "the settings say it",
}
TARGETED = {
    TargetKind.PEOPLE,
    TargetKind.ONE,
    TargetKind.LEG,
    TargetKind.CALL,
    TargetKind.CONFERENCE,
}
AUDIO = ("audio_url", "media_name")
HOLD_AUDIO = ("hold_audio_url", "hold_media_name")
ROLE = ("supervisor_role", "whisper_call_control_ids")
EXITS = ("end_conference_on_exit", "soft_end_conference_on_exit")
CREATE = (
    *("beep_enabled", "call_control_id", "client_state", "comfort_noise", "command_id"),
    *("duration_minutes", *HOLD_AUDIO, "max_participants", "name", "region"),
    "start_conference_on_create",
)
ENQUEUE = (
    *("client_state", "command_id", "keep_after_hangup", "max_size", "max_wait_time_secs"),
    "queue_name",
)
PLAY = (*AUDIO, "call_control_ids", "loop", "region")
DTMF = ("call_control_ids", "client_state", "digits", "duration_millis")
SPEAK = (
    *("call_control_ids", "command_id", "language", "payload", "payload_type", "region"),
    *("voice", "voice_settings"),
)
BODIES: dict[str, tuple[str, ...]] = {
    "mute": ("call_control_ids", "region"),
    "unmute": ("call_control_ids", "region"),
    "hold": (*AUDIO, "call_control_ids", "region"),
    "unhold": ("call_control_ids", "region"),
    "leave": ("beep_enabled", "call_control_id", "command_id", "region"),
    "role": ("call_control_id", "command_id", "region", *ROLE),
    "options": ("beep_enabled", *EXITS),
    "play": PLAY,
    "play_room": PLAY,
    "stop": ("call_control_ids", "region"),
    "stop_room": ("call_control_ids", "region"),
    "speak": SPEAK,
    "speak_room": SPEAK,
    "dtmf": DTMF,
    "dtmf_room": DTMF,
    "gather": (
        *(*AUDIO, "call_control_id", "client_state", "gather_id", "initial_timeout_millis"),
        *("inter_digit_timeout_millis", "invalid_audio_url", "invalid_media_name"),
        *("maximum_digits", "maximum_tries", "minimum_digits", "stop_playback_on_dtmf"),
        *("terminating_digit", "timeout_millis", "valid_digits"),
    ),
    "record": (
        *("channels", "command_id", "custom_file_name", "format", "play_beep", "region"),
        "trim",
    ),
    "record_stop": ("client_state", "command_id", "recording_id", "region"),
    "pause": ("command_id", "recording_id", "region"),
    "resume": ("command_id", "recording_id", "region"),
    "end": ("command_id",),
    "join": (
        *("beep_enabled", "call_control_id", "client_state", "command_id", *EXITS, "hold"),
        *(*HOLD_AUDIO, "mute", "region", *ROLE, "start_conference_on_enter"),
    ),
    "create_with": CREATE,
    "create": CREATE,
    "enqueue": ENQUEUE,
    "enqueue_leg": ENQUEUE,
    "leave_queue": ("client_state", "command_id"),
    "keep": ("keep_after_hangup",),
    "ghost": (),
    "queue_create": ("max_size", "queue_name"),
    "queue_size": ("max_size",),
    "queue_delete": (),
    "dial": ("command_id", "conference_config", "connection_id", "from", "to"),
}
"""Members of the request bodies (Telnyx API), by the record that sends them."""


def test_every_record_is_here() -> None:
    assert set(BODIES) == set(COMMANDS)


@pytest.mark.parametrize("name", BODIES)
def test_every_member_is_asked_for_or_known_otherwise(name: str) -> None:
    command = COMMANDS[name]
    asked = {field.name for field in command.fields}
    ours = {"region", "command_id"}
    if command.dials:
        ours |= {"conference_config", "connection_id", "from", "to"}
    if command.target_kind in TARGETED:
        ours |= {"call_control_id", "call_control_ids"}
    assert ours <= set(WHY_NOT)
    assert [member for member in BODIES[name] if member not in asked | ours] == []
