"""What each command sends, in the provider's words."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.catalog import COMMANDS
from console.core.command import Command, Order, People, Retry, Target, WholeRoom
from support.playbook import at

ROOM = "7c1f0e52-0000-4000-8000-000000000001"
LEGS = ["v3:ana", "v3:bo"]
URL = "https://media.example/hold.mp3"
ID = "0b9f2f0e-1111-4222-8333-444455556666"
SPEECH = {
    "payload": "We are sorry.",
    "payload_type": "text",
    "voice": "Telnyx.KokoroTTS.af",
    "language": "en-US",
}

WIRE: dict[str, tuple[str, Mapping[str, str], dict[str, object]]] = {
    "mute": ("mute", {}, {"call_control_ids": LEGS}),
    "unmute": ("unmute", {}, {"call_control_ids": LEGS}),
    "hold": ("hold", {}, {"call_control_ids": LEGS}),
    "unhold": ("unhold", {}, {"call_control_ids": LEGS}),
    "play": (
        "play",
        {"audio_url": URL, "media_name": "", "loop": "1"},
        {"audio_url": URL, "loop": 1, "call_control_ids": LEGS},
    ),
    "play_room": (
        "play",
        {"audio_url": "", "media_name": "hold", "loop": "infinity"},
        {"media_name": "hold", "loop": "infinity"},
    ),
    "stop": ("stop", {}, {"call_control_ids": LEGS}),
    "stop_room": ("stop", {}, {}),
    "speak": ("speak", SPEECH, {**SPEECH, "command_id": ID, "call_control_ids": LEGS}),
    "speak_room": (
        "speak",
        {**SPEECH, "voice_settings": '{"type": "aws"}'},
        {**SPEECH, "voice_settings": {"type": "aws"}, "command_id": ID},
    ),
    "record": (
        "record_start",
        {"format": "wav", "channels": "dual", "play_beep": "no", "trim": "yes"},
        {
            "format": "wav",
            "channels": "dual",
            "play_beep": False,
            "trim": "trim-silence",
            "command_id": ID,
        },
    ),
    "record_stop": ("record_stop", {}, {"command_id": ID}),
    "pause": ("record_pause", {}, {"command_id": ID}),
    "resume": ("record_resume", {}, {"command_id": ID}),
    "end": ("end", {"reason": "abuse"}, {"command_id": ID}),
}
"""By command: the action's name in the path, the answers given, the body they make."""
WITHOUT_REGION = {"end"}
"""Telnyx API, End a conference: its body has a command_id alone."""


def target_of(command: Command) -> Target:
    return WholeRoom(ROOM) if command.wide else People(ROOM, tuple(LEGS))


def order(name: str, values: Mapping[str, str], region: str | None = None) -> Order:
    command = COMMANDS[name]
    return Order(ID, at(0.0), command, target_of(command), "ana", values, region)


def test_every_command_is_here() -> None:
    assert set(WIRE) == set(COMMANDS)


@pytest.mark.parametrize("name", WIRE)
def test_path_and_body(name: str) -> None:
    action, values, body = WIRE[name]
    request = COMMANDS[name].request(order(name, values))
    assert request.method == "POST"
    assert request.path == ("conferences", ROOM, "actions", action)
    assert request.body == body


@pytest.mark.parametrize("name", WIRE)
def test_the_region_is_sent_where_the_operation_has_one(name: str) -> None:
    _, values, body = WIRE[name]
    sent = COMMANDS[name].request(order(name, values, "Europe")).body
    assert sent == (body if name in WITHOUT_REGION else {**body, "region": "Europe"})


@pytest.mark.parametrize("name", WIRE)
def test_only_what_carries_a_command_id_is_resent_under_it(name: str) -> None:
    _, values, body = WIRE[name]
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


legs = st.lists(st.text(max_size=8), max_size=4).map(tuple)
FOR_EVERYONE = {"play_room", "stop_room", "speak_room"}


@given(st.sampled_from(sorted(COMMANDS)), legs, st.sampled_from([None, "US"]))
def test_no_request_can_mean_everyone_unless_its_record_does(
    name: str, chosen: tuple[str, ...], region: str | None
) -> None:
    """An empty or missing list of people means the whole conference to Telnyx."""
    command, values = COMMANDS[name], WIRE[name][1]
    target: Target
    if command.wide:
        target = WholeRoom(ROOM)
    elif not chosen or not all(chosen):
        with pytest.raises(ValueError, match="at least one person"):
            People(ROOM, chosen)
        with pytest.raises(TypeError):
            command.request(Order(ID, at(0.0), command, WholeRoom(ROOM), "ana", values, region))
        return
    else:
        target = People(ROOM, chosen)
    body = command.request(Order(ID, at(0.0), command, target, "ana", values, region)).body
    if command.wide:
        assert "call_control_ids" not in body
        listed = {"mute", "unmute", "hold", "unhold", "play", "stop", "speak"}
        assert (WIRE[name][0] in listed) is (name in FOR_EVERYONE)
    else:
        assert body["call_control_ids"] == list(chosen)


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
        assert back.key == command.key.swapcase()
    for field in command.fields:
        assert field.kind in {"text", "choice", "flag"}
        if field.kind == "choice":
            assert field.default in field.choices
        if field.default and field.check is not None:
            assert field.check(field.default) is None


def test_one_key_means_one_command_in_each_pane() -> None:
    meant = [(c.key, pane) for c in COMMANDS.values() for pane in c.panes]
    assert len(meant) == len(set(meant))
