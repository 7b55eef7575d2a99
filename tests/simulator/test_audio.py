"""Playback, speech, recordings and gathers in virtual time."""

import pytest
from simulator.harness import Still

URL = "https://media.example.net/hold.wav"


def test_a_playback_to_the_room_names_no_call_and_runs_out(still: Still) -> None:
    conference, _ = still.conference()
    still.event_types()
    assert still.act(conference, "play", audio_url=URL, loop=2).data == {"result": "ok"}
    payload = still.last("conference.playback.started")
    assert set(payload) == {
        "connection_id", "creator_call_session_id", "conference_id", "media_url", "occurred_at",
    }  # fmt: skip
    still.wait(still.world.rules.audio_secs)
    assert still.event_types() == ["conference.playback.started"]
    still.wait(still.world.rules.audio_secs)
    assert still.event_types() == ["conference.playback.ended"]


def test_a_playback_to_some_is_told_for_each(still: Still) -> None:
    conference, people = still.conference(guests=2)
    still.event_types()
    still.act(conference, "play", media_name="lobby", call_control_ids=people[:2])
    assert still.last("conference.participant.playback.started")["media_name"] == "lobby"
    assert still.event_types() == ["conference.participant.playback.started"] * 2
    still.act(conference, "stop", call_control_ids=[people[0]])
    assert still.last("conference.participant.playback.ended")["call_control_id"] == people[0]
    assert still.event_types() == ["conference.participant.playback.ended"]


def test_an_endless_loop_ends_only_by_stop_or_with_the_conference(still: Still) -> None:
    conference, _ = still.conference()
    still.act(conference, "play", audio_url=URL, loop="infinity")
    still.event_types()
    still.wait(3600)
    assert still.event_types() == []
    still.act(conference, "stop")
    assert still.event_types() == ["conference.playback.ended"]
    still.act(conference, "play", audio_url=URL, loop="infinity")
    still.act(conference, "end")
    assert "conference.playback.ended" in still.event_types()


def test_speech_lasts_as_long_as_its_text(still: Still) -> None:
    conference, people = still.conference()
    still.event_types()
    still.act(conference, "speak", payload="x" * 100, voice="female")
    still.wait(5.9)
    assert still.event_types() == ["conference.speak.started"]
    still.wait(0.2)
    assert still.event_types() == ["conference.speak.ended"]
    still.act(conference, "speak", payload="hi", voice="female", call_control_ids=people)
    assert still.event_types() == ["conference.participant.speak.started"]


@pytest.mark.parametrize(
    ("action", "body", "code", "pointer"),
    [
        ("play", {}, "10004", "/audio_url"),
        ("play", {"audio_url": URL, "media_name": "a"}, "10015", "/media_name"),
        ("play", {"audio_url": URL, "loop": 0}, "10033", "/loop"),
        ("play", {"audio_url": URL, "loop": 101}, "10033", "/loop"),
        ("play", {"audio_url": URL, "loop": "twice"}, "10015", "/loop"),
        ("speak", {"voice": "female"}, "10004", "/payload"),
        ("speak", {"payload": "x" * 3001, "voice": "f"}, "10033", "/payload"),
        ("speak", {"payload": "x", "voice": "f", "language": "xx"}, "10032", "/language"),
        ("speak", {"payload": "x", "voice": "f", "voice_settings": {}}, "10004",
         "/voice_settings/type"),
        ("record_start", {}, "10004", "/format"),
        ("record_start", {"format": "ogg"}, "10032", "/format"),
        ("record_start", {"format": "mp3", "custom_file_name": ""}, "10033", "/custom_file_name"),
        ("record_stop", {"recording_id": "nine"}, "10015", "/recording_id"),
        ("send_dtmf", {"digits": "12x"}, "10015", "/digits"),
        ("send_dtmf", {"digits": "1", "duration_millis": 99}, "10033", "/duration_millis"),
    ],
)  # fmt: skip
def test_bodies_are_judged(
    still: Still, action: str, body: dict[str, object], code: str, pointer: str
) -> None:
    conference, _ = still.conference()
    assert still.act(conference, action, **body).error == (422, code, pointer)


def test_a_recording_is_saved_with_its_gap(still: Still) -> None:
    conference, _ = still.conference(client_state="b3duZXI=")
    assert still.act(conference, "record_pause").error == (404, "10005", "/recording_id")
    assert still.act(conference, "record_start", format="mp3", channels="dual").data == {
        "result": "ok"
    }
    still.wait(60)
    still.act(conference, "record_pause")
    still.wait(30)
    still.act(conference, "record_resume")
    still.wait(10)
    still.event_types()
    still.act(conference, "record_stop")
    assert still.event_types() == []
    still.wait(still.world.rules.saved_after_secs)
    saved = still.last("conference.recording.saved")
    assert "call_leg_id" not in saved
    assert (saved["format"], saved["channels"]) == ("mp3", "dual")
    assert saved["client_state"] == "b3duZXI="
    assert saved["recording_urls"]["wav"] is None
    assert saved["recording_started_at"] < saved["recording_ended_at"]
    (kept,) = still.world.recordings.values()
    assert [to - since for since, to in kept.pauses if to is not None] == [30.0]


def test_recordings_end_with_the_conference_and_are_saved_after_it(still: Still) -> None:
    conference, people = still.conference()
    for form in ("mp3", "wav"):
        still.act(conference, "record_start", format=form)
    still.post(f"/calls/{people[0]}/actions/hangup")
    still.event_types()
    still.wait(60)
    assert still.event_types() == ["conference.ended", *["conference.recording.saved"] * 2]


def test_pressed_digits_end_a_gather(still: Still) -> None:
    from console.simulator import dtmf_gather  # noqa: PLC0415

    conference, (ccid,) = still.conference()
    body = {"call_control_id": ccid, "maximum_digits": 3, "gather_id": "pin", "audio_url": URL}
    assert still.act(conference, "gather_using_audio", **body).data == {"result": "ok"}
    still.event_types()
    for digit in "12#":
        dtmf_gather.press(still.world, still.world.legs[ccid], digit)
    ended = still.last("call.gather.ended")
    assert (ended["digits"], ended["status"], ended["gather_id"]) == ("12", "valid", "pin")
    assert still.event_types("call") == [*["call.dtmf.received"] * 3, "call.gather.ended"]


def test_a_gather_times_out_or_ends_with_its_call(still: Still) -> None:
    conference, people = still.conference(guests=1)
    for ccid in people:
        still.act(
            conference,
            "gather_using_audio",
            call_control_id=ccid,
            timeout_millis=5000,
            maximum_tries=1,
        )
    still.post(f"/calls/{people[0]}/actions/hangup")
    assert still.last("call.gather.ended")["status"] == "call_hangup"
    still.wait(5)
    assert still.last("call.gather.ended")["status"] == "timeout"
