"""Documented semantics of audio, digits and recordings, each line tested by HTTP alone."""

from dataclasses import replace
from typing import Any

import pytest
from simulator.harness import AT_ONCE, LiveSimulator, live_simulator

URL = "https://media.example.net/hold.wav"
OLD = """
summary = "a recording with a gap"
[[actor]]
name = "Bo"
[[call]]
actor = "Bo"
at_secs = -100
conference = "old"
[[act]]
do = "record"
conference = "old"
at_secs = -90
[[act]]
do = "pause"
conference = "old"
at_secs = -60
[[act]]
do = "resume"
conference = "old"
at_secs = -40
"""


async def audio(sim: LiveSimulator) -> list[str]:
    """Return the events of playback and speech in a short form."""
    return [
        one.removeprefix("conference.")
        for one in await sim.event_types()
        if "playback" in one or "speak" in one
    ]


async def state(sim: LiveSimulator) -> Any:  # noqa: ANN401
    (conference,) = (await sim.control("GET", "/state"))["conferences"]
    return conference


async def gathered(sim: LiveSimulator) -> Any:  # noqa: ANN401
    return (await sim.receiver.expect("call.gather.ended")).event["payload"]


@pytest.mark.parametrize(
    ("action", "body", "kind"),
    [("play", {"audio_url": URL}, "playback"), ("speak", {"payload": "x", "voice": "y"}, "speak")],
)
async def test_what_sounds_for_all_is_told_once_and_for_some_once_each(
    action: str, body: dict[str, object], kind: str
) -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference(guests=2)
        await sim.act(conference, action, **body)
        await sim.receiver.expect(f"conference.{kind}.ended")
        await sim.act(conference, action, **body, call_control_ids=people[:2])
        await sim.receiver.expect(f"conference.participant.{kind}.ended", 2)
        assert await audio(sim) == [
            f"{kind}.started",
            f"{kind}.ended",
            *[f"participant.{kind}.started"] * 2,
            *[f"participant.{kind}.ended"] * 2,
        ]


async def test_an_endless_loop_ends_by_stop_or_with_the_conference() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference()
        await sim.act(conference, "play", media_name="lobby_music", loop="infinity")
        assert [one["endless"] for one in (await state(sim))["audio"]] == [True]
        assert await audio(sim) == ["playback.started"]
        await sim.act(conference, "stop")
        assert await audio(sim) == ["playback.started", "playback.ended"]
        await sim.act(conference, "play", media_name="lobby_music", loop="infinity")
        await sim.act(conference, "end")
        assert (await audio(sim))[2:] == ["playback.started", "playback.ended"]


async def test_a_loop_sounds_as_often_as_it_says() -> None:
    lasting = replace(AT_ONCE, audio_secs=1_000.0)
    async with live_simulator(rules=lasting) as sim:
        conference, people = await sim.conference()
        await sim.act(conference, "play", audio_url=URL, loop=2)
        await sim.act(conference, "play", audio_url=URL, call_control_ids=people)
        await sim.act(conference, "stop", call_control_ids=people)
        assert await audio(sim) == [
            "playback.started",
            "participant.playback.started",
            "participant.playback.ended",
        ]


async def test_a_url_and_a_name_together_are_refused() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference()
        both = await sim.act(conference, "play", audio_url=URL, media_name="lobby_music")
        assert both.error == (422, "10015", "/media_name")


async def test_digits_that_are_pressed_end_a_gather() -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference()
        body = {"call_control_id": ccid, "gather_id": "pin", "client_state": "aGk="}
        await sim.act(conference, "gather_using_audio", **body, audio_url=URL)
        await sim.control("POST", f"/calls/{ccid}/digits", {"digits": "12#"})
        payload = await gathered(sim)
        assert {name: payload[name] for name in ("digits", "status", "gather_id")} == {
            "digits": "12",
            "status": "valid",
            "gather_id": "pin",
        }
        assert payload["client_state"] == "aGk="
        calls = [one for one in await sim.event_types() if one[:8] in ("call.dtm", "call.gat")]
        assert calls == [*["call.dtmf.received"] * 3, "call.gather.ended"]


@pytest.mark.parametrize(
    ("body", "digits", "status", "prompts"),
    [
        ({"timeout_millis": 20, "maximum_tries": 2}, "", "timeout", [URL, URL]),
        ({"initial_timeout_millis": 20, "maximum_tries": 1}, "", "timeout", [URL]),
        ({"inter_digit_timeout_millis": 20, "minimum_digits": 1}, "1", "valid", [URL]),
        ({"inter_digit_timeout_millis": 20, "minimum_digits": 3, "maximum_tries": 1}, "1",
         "invalid", [URL]),
        ({"minimum_digits": 3, "maximum_tries": 2, "invalid_media_name": "invalid_pin",
          "timeout_millis": 50}, "1#", "timeout", [URL, "invalid_pin"]),
        ({"maximum_digits": 2, "valid_digits": "12"}, "9129", "valid", [URL]),
        ({"terminating_digit": "", "maximum_digits": 2}, "1#", "valid", [URL]),
    ],
)  # fmt: skip
async def test_a_gather_tries_again_until_it_has_enough_or_gives_up(
    body: dict[str, object], digits: str, status: str, prompts: list[str]
) -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference()
        await sim.act(conference, "gather_using_audio", call_control_id=ccid, audio_url=URL, **body)
        await sim.control("POST", f"/calls/{ccid}/digits", {"digits": digits})
        assert (await gathered(sim))["status"] == status
        started = "conference.participant.playback.started"
        await sim.receiver.expect(started, len(prompts))
        events = [one.event for one in sim.receiver.deliveries]
        events = sorted(events, key=lambda one: str(one["payload"].get("occurred_at")))
        sounds = [one["payload"] for one in events if one["event_type"] == started]
        assert [one.get("media_url") or one["media_name"] for one in sounds] == prompts


@pytest.mark.parametrize(("how", "status"), [("hangup", "call_hangup"), ("leave", "cancelled")])
async def test_a_gather_ends_with_the_call_or_its_leaving(how: str, status: str) -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference()
        await sim.act(conference, "gather_using_audio", call_control_id=ccid)
        if how == "hangup":
            await sim.control("POST", f"/calls/{ccid}/hangup")
        else:
            await sim.act(conference, "leave", call_control_id=ccid)
        assert (await gathered(sim))["status"] == status


async def test_digits_that_are_sent_are_heard_and_nothing_tells() -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference(guests=1)
        before = await sim.event_types()
        await sim.act(conference, "send_dtmf", digits="1w2", call_control_ids=people[:1])
        await sim.act(conference, "send_dtmf", digits="#")
        heard = [[h["digits"] for h in p["heard"]] for p in (await state(sim))["participants"]]
        assert heard == [["1w2", "#"], ["#"]]
        assert await sim.event_types() == before


async def test_a_recording_is_paused_resumed_stopped_and_saved_without_its_gap() -> None:
    async with live_simulator(OLD) as sim:
        conference = (await sim.api("GET", "/conferences")).data[0]["id"]
        assert (await sim.api("GET", "/recordings")).data == []
        assert (await sim.act("old", "record_stop")).data == {"result": "ok"}
        saved = (await sim.receiver.expect("conference.recording.saved")).event["payload"]
        assert saved["conference_id"] == conference
        (one,) = (await sim.api("GET", f"/recordings?filter[conference_id]={conference}")).data
        assert one["id"] == saved["recording_id"]
        assert 70_000 <= one["duration_millis"] <= 75_000
        assert (await sim.act(conference, "record_pause")).error == (404, "10005", "/recording_id")


async def test_several_are_recorded_at_once_and_named_by_their_id() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference()
        for name in ("first", "second"):
            body = {"format": "wav", "custom_file_name": name, "play_beep": True}
            assert (await sim.act(conference, "record_start", **body)).data == {"result": "ok"}
        first, second = (await state(sim))["recordings"]
        await sim.act(conference, "record_pause", recording_id=first["id"])
        await sim.act(conference, "record_pause")
        await sim.act(conference, "record_resume", recording_id=first["id"])
        shown = (await state(sim))["recordings"]
        assert [one["state"] for one in shown] == ["recording", "paused"]
        await sim.act(conference, "record_stop", recording_id=second["id"], client_state="aGk=")
        saved = (await sim.receiver.expect("conference.recording.saved")).event["payload"]
        assert (saved["recording_id"], saved["client_state"]) == (second["id"], "aGk=")
        assert "/second-1" in saved["recording_urls"]["wav"]
        assert saved["recording_urls"]["mp3"] is None
        assert [h["what"] for h in (await state(sim))["participants"][0]["heard"]] == ["beep"] * 2


async def test_recordings_end_with_the_conference_and_are_saved_after_it() -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference()
        await sim.act(conference, "record_start", format="mp3", channels="dual")
        await sim.control("POST", f"/calls/{ccid}/hangup")
        await sim.receiver.expect("conference.recording.saved")
        assert (await sim.event_types())[-2:] == ["conference.ended", "conference.recording.saved"]
