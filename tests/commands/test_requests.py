"""The request of each command in Telnyx's spelling."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.core.model.command import (
    AnyLeg,
    FieldKind,
    NoTarget,
    Order,
    People,
    Queued,
    Retry,
    Target,
    TargetKind,
    WholeConference,
    WholeQueue,
)
from console.core.model.orders import Observed
from support.playbook import CONFERENCE, at

LEGS = ["v3:ana", "v3:bo"]
URL = "https://media.example/hold.mp3"
ID = "0b9f2f0e-1111-4222-8333-444455556666"
SPEECH = {
    "payload": "We are sorry.",
    "payload_type": "text",
    "voice": "Telnyx.KokoroTTS.af",
    "language": "en-US",
}

Answers = Mapping[str, str]
Body = dict[str, object]
Wire = tuple[str, tuple[str, ...], Answers, Body]


def act(name: str) -> tuple[str, ...]:
    """Return the path of a conference's action."""
    return ("conferences", CONFERENCE, "actions", name)


ANA: Body = {"call_control_id": "v3:ana"}
CHOSEN: Body = {"call_control_ids": LEGS}
SAME: Body = {"command_id": ID}
WIRE: dict[str, Wire] = {
    "mute": ("POST", act("mute"), {}, CHOSEN),
    "unmute": ("POST", act("unmute"), {}, CHOSEN),
    "hold": ("POST", act("hold"), {}, CHOSEN),
    "unhold": ("POST", act("unhold"), {}, CHOSEN),
    "leave": (
        "POST",
        act("leave"),
        {"beep_enabled": "never"},
        {**ANA, "beep_enabled": "never", **SAME},
    ),
    "role": (
        "POST",
        act("update"),
        {"supervisor_role": "whisper", "whisper_call_control_ids": "v3:bo, v3:eve"},
        {
            **ANA,
            "supervisor_role": "whisper",
            "whisper_call_control_ids": ["v3:bo", "v3:eve"],
            **SAME,
        },
    ),
    "dial": (
        "POST",
        ("calls",),
        {
            "supervisor_role": "none",
            "connection_id": "296350",
            "from": "+15125550100",
            "to": "+15125550150",
        },
        {
            "connection_id": "296350",
            "from": "+15125550100",
            "to": "+15125550150",
            "conference_config": {"id": CONFERENCE, "supervisor_role": "none"},
            "client_state": "eyJieSI6ICJhbmEiLCAidmlhIjogInRlbG55eC1jb25zb2xlIn0=",
            **SAME,
        },
    ),
    "options": (
        "PATCH",
        ("conferences", CONFERENCE, "participants", "p-1"),
        {
            "end_conference_on_exit": "off",
            "beep_enabled": "as the conference",
        },
        {"end_conference_on_exit": False},
    ),
    "play": (
        "POST",
        act("play"),
        {"audio_url": URL, "media_name": "", "loop": "1"},
        {"audio_url": URL, "loop": 1, **CHOSEN},
    ),
    "play_room": (
        "POST",
        act("play"),
        {"audio_url": "", "media_name": "hold", "loop": "infinity"},
        {"media_name": "hold", "loop": "infinity"},
    ),
    "stop": ("POST", act("stop"), {}, CHOSEN),
    "stop_room": ("POST", act("stop"), {}, {}),
    "speak": ("POST", act("speak"), SPEECH, {**SPEECH, **SAME, **CHOSEN}),
    "speak_room": (
        "POST",
        act("speak"),
        {**SPEECH, "voice_settings": '{"type": "aws"}'},
        {**SPEECH, "voice_settings": {"type": "aws"}, **SAME},
    ),
    "dtmf": (
        "POST",
        act("send_dtmf"),
        {"digits": "1w#", "duration_millis": "100"},
        {"digits": "1w#", "duration_millis": 100, **CHOSEN},
    ),
    "dtmf_room": ("POST", act("send_dtmf"), {"digits": "12#"}, {"digits": "12#"}),
    "gather": (
        "POST",
        act("gather_using_audio"),
        {"media_name": "pin", "maximum_digits": "4", "terminating_digit": "none"},
        {
            **ANA,
            "media_name": "pin",
            "maximum_digits": 4,
            "terminating_digit": "",
            "stop_playback_on_dtmf": True,
        },
    ),
    "record": (
        "POST",
        act("record_start"),
        {"format": "wav", "channels": "dual", "play_beep": "no", "trim": "yes"},
        {"format": "wav", "channels": "dual", "play_beep": False, "trim": "trim-silence", **SAME},
    ),
    "record_stop": ("POST", act("record_stop"), {}, SAME),
    "pause": ("POST", act("record_pause"), {}, SAME),
    "resume": ("POST", act("record_resume"), {}, SAME),
    "end": ("POST", act("end"), {"reason": "abuse"}, SAME),
    "join": (
        "POST",
        act("join"),
        {"room": CONFERENCE, "mute": "yes", "hold": "no", "supervisor_role": "none"},
        {**ANA, "mute": True, **SAME},
    ),
    "create_with": (
        "POST",
        ("conferences",),
        {"name": "esc-1", "comfort_noise": "no", "max_participants": "12", "client_state": "YQ=="},
        {
            **ANA,
            "name": "esc-1",
            "comfort_noise": False,
            "max_participants": 12,
            "client_state": "YQ==",
            **SAME,
        },
    ),
    "create": (
        "POST",
        ("conferences",),
        {"call_control_id": "v3:ana", "name": "esc-1", "client_state": "YQ=="},
        {**ANA, "name": "esc-1", "client_state": "YQ==", **SAME},
    ),
    "enqueue": (
        "POST",
        ("calls", "v3:ana", "actions", "enqueue"),
        {"queue_name": "vip", "max_wait_time_secs": "60", "keep_after_hangup": "yes"},
        {"queue_name": "vip", "max_wait_time_secs": 60, "keep_after_hangup": True, **SAME},
    ),
    "enqueue_leg": (
        "POST",
        ("calls", "v3:ana", "actions", "enqueue"),
        {"call_control_id": "v3:ana", "queue_name": "vip", "max_size": "7"},
        {"queue_name": "vip", "max_size": 7, **SAME},
    ),
    "leave_queue": ("POST", ("calls", "v3:ana", "actions", "leave_queue"), {}, SAME),
    "keep": (
        "PATCH",
        ("queues", "vip", "calls", "v3:ana"),
        {"keep_after_hangup": "no"},
        {"keep_after_hangup": False},
    ),
    "ghost": ("DELETE", ("queues", "vip", "calls", "v3:ana"), {}, {}),
    "queue_create": (
        "POST",
        ("queues",),
        {"queue_name": "vip", "max_size": "300"},
        {"queue_name": "vip", "max_size": 300},
    ),
    "queue_size": ("POST", ("queues", "vip"), {"max_size": "7"}, {"max_size": 7}),
    "queue_delete": ("DELETE", ("queues", "vip"), {}, {}),
}
"""By command: method, path, answers, and the body that they make."""
WITH_REGION = {
    *("mute", "unmute", "hold", "unhold", "leave", "role", "play", "play_room", "stop"),
    *("stop_room", "speak", "speak_room", "record", "record_stop", "pause", "resume"),
    *("join", "create", "create_with"),
}
"""Operations whose body has a region (Telnyx API)."""
TARGETS: dict[TargetKind, Target] = {
    TargetKind.PEOPLE: People(CONFERENCE, tuple(LEGS)),
    TargetKind.ONE: People(CONFERENCE, ("v3:ana",)),
    TargetKind.CONFERENCE: WholeConference(CONFERENCE),
    TargetKind.CALL: Queued("vip", "v3:ana"),
    TargetKind.QUEUE: WholeQueue("vip"),
    TargetKind.LEG: AnyLeg("v3:ana"),
    TargetKind.NOTHING: NoTarget(),
}


def order(name: str, values: Mapping[str, str], region: str | None = None) -> Order:
    command = COMMANDS[name]
    target = TARGETS[command.target_kind]
    known = Observed("p-1")
    return Order(ID, at(0.0), command, target, "ana", values, observed=known, region=region)


def test_every_command_is_here() -> None:
    assert set(WIRE) == set(COMMANDS)


@pytest.mark.parametrize("name", WIRE)
def test_path_and_body(name: str) -> None:
    method, path, values, body = WIRE[name]
    request = COMMANDS[name].request(order(name, values))
    assert (request.method, request.path) == (method, path)
    assert request.body == body


@pytest.mark.parametrize("name", WIRE)
def test_the_region_is_sent_where_the_operation_has_one(name: str) -> None:
    *_, values, body = WIRE[name]
    sent = COMMANDS[name].request(order(name, values, "Europe")).body
    assert sent == ({**body, "region": "Europe"} if name in WITH_REGION else body)


@pytest.mark.parametrize("name", WIRE)
def test_only_what_carries_a_command_id_is_resent_under_it(name: str) -> None:
    *_, values, body = WIRE[name]
    same_id = COMMANDS[name].retry is Retry.SAME_ID
    assert ("command_id" in body) is same_id
    one = COMMANDS[name].request(order(name, values))
    assert one == COMMANDS[name].request(order(name, values)), "the same bytes each time"


def test_a_recording_beeps_unless_told_not_to_and_trims_only_when_told_to() -> None:
    given_ = {field.name: field.default for field in COMMANDS["record"].fields}
    assert COMMANDS["record"].request(order("record", given_)).body == {
        "format": "mp3",
        "channels": "single",
        "play_beep": True,
        "command_id": ID,
    }
    named = {**given_, "custom_file_name": "call-7"}
    assert COMMANDS["record"].request(order("record", named)).body["custom_file_name"] == "call-7"


def test_loops_are_a_number_or_infinity() -> None:
    sent = {
        loop: COMMANDS["play"].request(order("play", {"audio_url": URL, "loop": loop})).body["loop"]
        for loop in ("1", "100", "infinity", "")
    }
    assert sent == {"1": 1, "100": 100, "infinity": "infinity", "": 1}


@pytest.mark.parametrize(
    ("name", "field", "text", "fine"),
    [
        ("play", "audio_url", "https://a.example/x.mp3", True),
        ("play", "audio_url", "http://10.0.0.1:8080/x?y=z", True),
        ("play", "audio_url", "file:///etc/passwd", False),
        ("play", "audio_url", "https://", False),
        ("play", "audio_url", "http://[::1", False),
        ("play", "audio_url", "https://user:secret@a.example/x", False),
        ("play", "loop", "1", True),
        ("play", "loop", "100", True),
        ("play", "loop", "infinity", True),
        ("play", "loop", "0", False),
        ("play", "loop", "101", False),
        ("play", "loop", "-1", False),
        ("play", "loop", "٣", False),
        ("play", "loop", "1.5", False),
        ("play", "loop", "9" * 5_000, False),
        ("speak", "voice_settings", '{"type": "aws"}', True),
        ("speak", "voice_settings", "{}", True),
        ("speak", "voice_settings", "[1]", False),
        ("speak", "voice_settings", "null", False),
        ("speak", "voice_settings", "{", False),
        ("speak", "voice_settings", '{"rate": NaN}', False),
        ("speak", "voice_settings", '{"rate": Infinity}', False),
        ("speak", "voice_settings", '{"name": "\\ud800"}', False),
        ("speak", "voice_settings", "[" * 100_000, False),
        ("speak", "voice_settings", '{"a":' * 100_000 + "1" + "}" * 100_000, False),
    ],
    ids=lambda value: str(value)[:24],
)
def test_each_answer_is_checked_before_it_is_sent(
    name: str, field: str, text: str, *, fine: bool
) -> None:
    check = next(one.check for one in COMMANDS[name].fields if one.name == field)
    assert check is not None
    complaint = check(text)
    assert (complaint is None) is fine
    assert complaint != ""


@given(st.text(max_size=40))
def test_settings_that_pass_their_check_can_be_sent(text: str) -> None:
    check = next(one.check for one in COMMANDS["speak"].fields if one.name == "voice_settings")
    assert check is not None
    for settings in (text, json.dumps({"a": text})):
        if check(settings) is None:
            body = (
                COMMANDS["speak"]
                .request(order("speak", {**SPEECH, "voice_settings": settings}))
                .body
            )
            encoded = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
            assert json.loads(encoded) == body


@pytest.mark.parametrize("name", COMMANDS)
def test_each_record_agrees_with_itself(name: str) -> None:
    command = COMMANDS[name]
    assert command.name == name
    assert command.help
    assert command.panes
    if command.inverse is not None:
        back = COMMANDS[command.inverse]
        assert back.inverse == name
        assert back.key == (command.key if back is command else command.key.swapcase())
    for field in command.fields:
        assert isinstance(field.kind, FieldKind)
        if field.kind == FieldKind.CHOICE:
            assert field.default in field.choices
        if field.default and field.check is not None:
            assert field.check(field.default) is None


def test_one_key_means_one_command_in_each_pane() -> None:
    meant = [(c.key, pane) for c in COMMANDS.values() for pane in c.panes]
    assert len(meant) == len(set(meant))
