"""Playback, speech, recordings and gathers in virtual time."""

import pytest
from simulator.harness import VirtualSimulator

URL = "https://media.example.net/hold.wav"


def test_a_playback_to_the_room_names_no_call_and_runs_out(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    sim.event_types()
    assert sim.act(conference, "play", audio_url=URL, loop=2).data == {"result": "ok"}
    payload = sim.last("conference.playback.started")
    assert set(payload) == {
        "connection_id", "creator_call_session_id", "conference_id", "media_url", "occurred_at",
    }  # fmt: skip
    sim.wait(sim.world.rules.audio_secs)
    assert sim.event_types() == ["conference.playback.started"]
    sim.wait(sim.world.rules.audio_secs)
    assert sim.event_types() == ["conference.playback.ended"]


def test_a_playback_to_some_is_told_for_each(sim: VirtualSimulator) -> None:
    conference, people = sim.conference(guests=2)
    sim.event_types()
    sim.act(conference, "play", media_name="lobby", call_control_ids=people[:2])
    assert sim.last("conference.participant.playback.started")["media_name"] == "lobby"
    assert sim.event_types() == ["conference.participant.playback.started"] * 2
    sim.act(conference, "stop", call_control_ids=[people[0]])
    assert sim.last("conference.participant.playback.ended")["call_control_id"] == people[0]
    assert sim.event_types() == ["conference.participant.playback.ended"]


def test_an_endless_loop_ends_only_by_stop_or_with_the_conference(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    sim.act(conference, "play", audio_url=URL, loop="infinity")
    sim.event_types()
    sim.wait(3600)
    assert sim.event_types() == []
    sim.act(conference, "stop")
    assert sim.event_types() == ["conference.playback.ended"]
    sim.act(conference, "play", audio_url=URL, loop="infinity")
    sim.act(conference, "end")
    assert "conference.playback.ended" in sim.event_types()


def test_speech_lasts_as_long_as_its_text(sim: VirtualSimulator) -> None:
    conference, people = sim.conference()
    sim.event_types()
    sim.act(conference, "speak", payload="x" * 100, voice="female")
    sim.wait(5.9)
    assert sim.event_types() == ["conference.speak.started"]
    sim.wait(0.2)
    assert sim.event_types() == ["conference.speak.ended"]
    sim.act(conference, "speak", payload="hi", voice="female", call_control_ids=people)
    assert sim.event_types() == ["conference.participant.speak.started"]


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
    sim: VirtualSimulator, action: str, body: dict[str, object], code: str, pointer: str
) -> None:
    conference, _ = sim.conference()
    assert sim.act(conference, action, **body).error == (422, code, pointer)


def test_a_recording_is_saved_with_its_gap(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference(client_state="b3duZXI=")
    assert sim.act(conference, "record_pause").error == (404, "10005", "/recording_id")
    assert sim.act(conference, "record_start", format="mp3", channels="dual").data == {
        "result": "ok"
    }
    sim.wait(60)
    sim.act(conference, "record_pause")
    sim.wait(30)
    sim.act(conference, "record_resume")
    sim.wait(10)
    sim.event_types()
    sim.act(conference, "record_stop")
    assert sim.event_types() == []
    sim.wait(sim.world.rules.saved_after_secs)
    saved = sim.last("conference.recording.saved")
    assert "call_leg_id" not in saved
    assert (saved["format"], saved["channels"]) == ("mp3", "dual")
    assert saved["client_state"] == "b3duZXI="
    assert saved["recording_urls"]["wav"] is None
    assert saved["recording_started_at"] < saved["recording_ended_at"]
    (kept,) = sim.world.recordings.values()
    assert [to - since for since, to in kept.pauses if to is not None] == [30.0]


def test_recordings_end_with_the_conference_and_are_saved_after_it(sim: VirtualSimulator) -> None:
    conference, people = sim.conference()
    for form in ("mp3", "wav"):
        sim.act(conference, "record_start", format=form)
    sim.post(f"/calls/{people[0]}/actions/hangup")
    sim.event_types()
    sim.wait(60)
    assert sim.event_types() == ["conference.ended", *["conference.recording.saved"] * 2]


def test_pressed_digits_end_a_gather(sim: VirtualSimulator) -> None:
    from console.simulator import dtmf_gather  # noqa: PLC0415

    conference, (ccid,) = sim.conference()
    body = {"call_control_id": ccid, "maximum_digits": 3, "gather_id": "pin", "audio_url": URL}
    assert sim.act(conference, "gather_using_audio", **body).data == {"result": "ok"}
    sim.event_types()
    for digit in "12#":
        dtmf_gather.press(sim.world, sim.world.legs[ccid], digit)
    ended = sim.last("call.gather.ended")
    assert (ended["digits"], ended["status"], ended["gather_id"]) == ("12", "valid", "pin")
    assert sim.event_types("call") == [*["call.dtmf.received"] * 3, "call.gather.ended"]


def test_a_gather_times_out_or_ends_with_its_call(sim: VirtualSimulator) -> None:
    conference, people = sim.conference(guests=1)
    for ccid in people:
        sim.act(
            conference,
            "gather_using_audio",
            call_control_id=ccid,
            timeout_millis=5000,
            maximum_tries=1,
        )
    sim.post(f"/calls/{people[0]}/actions/hangup")
    assert sim.last("call.gather.ended")["status"] == "call_hangup"
    sim.wait(5)
    assert sim.last("call.gather.ended")["status"] == "timeout"
