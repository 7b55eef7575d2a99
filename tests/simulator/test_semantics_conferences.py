"""Documented semantics of conferences, each line tested by HTTP alone.

A long time is either in the past already (a scenario) or shortened by a rule.
"""

from dataclasses import replace

import pytest
from simulator.harness import AT_ONCE, LiveSimulator, live_simulator

LINGERS = replace(AT_ONCE, left_visible_secs=0.05)
OLD = """
summary = "a conference that is almost over"
[[actor]]
name = "Bo"
[[call]]
actor = "Bo"
conference = "old"
"""


async def status(sim: LiveSimulator, conference: str) -> tuple[str, str | None]:
    shown = (await sim.api("GET", f"/conferences/{conference}")).data
    return shown["status"], shown.get("end_reason")


async def alive(sim: LiveSimulator, ccid: str) -> bool:
    return bool((await sim.api("GET", f"/calls/{ccid}")).data["is_alive"])


async def cause_of(sim: LiveSimulator, ccid: str) -> str:
    """Return the hangup cause of a call, from its webhook."""
    params = {"filter[name]": "call.hangup", "page[size]": "250"}
    events = (await sim.api("GET", "/call_events", params=params)).data
    payloads = [one["metadata"]["event"]["payload"] for one in events]
    found = [one["hangup_cause"] for one in payloads if one["call_control_id"] == ccid]
    return str(found[0])


async def test_its_creator_is_inside_at_once_and_the_order_is_the_one_seen_live() -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference()
        assert await sim.people(conference, "call_control_id") == people
        assert await status(sim, conference) == ("in_progress", None)
        assert await sim.event_types() == [
            "call.initiated",
            "call.answered",
            "conference.floor.changed",
            "conference.created",
            "conference.participant.joined",
        ]


@pytest.mark.parametrize("park", [True, False])
async def test_a_bridge_of_its_creator_ends_and_the_other_is_parked_or_hung_up(
    park: bool,
) -> None:
    async with live_simulator() as sim:
        one, other = await sim.call_in(), await sim.call_in()
        body = {"call_control_id": one, **({"park_after_unbridge": "self"} if park else {})}
        assert (await sim.api("POST", f"/calls/{other}/actions/bridge", body)).status == 200
        assert (await sim.control("GET", "/state"))["bridged"] == [[one, other], [other, one]]
        await sim.api("POST", "/conferences", {"call_control_id": one, "name": "a"})
        assert await alive(sim, other) is park


async def test_a_name_is_unique_among_those_that_live() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference("board")
        again = {"call_control_id": await sim.call_in(), "name": "board"}
        assert (await sim.api("POST", "/conferences", again)).error == (422, "90033", None)
        query = "/conferences?filter[name]=board&filter[status]=in_progress"
        assert [one["id"] for one in (await sim.api("GET", query)).data] == [conference]
        await sim.act(conference, "end")
        assert (await sim.api("POST", "/conferences", again)).status == 200


@pytest.mark.parametrize(
    ("when", "lives"),
    [("at_secs = -14399.9", 14_400), ("at_secs = -59.9\nduration_minutes = 1", 60)],
)
async def test_it_ends_after_four_hours_or_sooner_as_its_creator_said(
    when: str, lives: int
) -> None:
    async with live_simulator(OLD + when) as sim:
        ended = await sim.receiver.expect("conference.ended")
        assert ended.event["payload"]["reason"] == "time_exceeded"
        conference = ended.event["payload"]["conference_id"]
        assert await status(sim, conference) == ("completed", "time_exceeded")
        hung_up = await sim.receiver.expect("call.hangup")
        assert hung_up.event["payload"]["hangup_cause"] == "normal_clearing"
        shown = (await sim.api("GET", f"/conferences/{conference}")).data
        hours = [int(shown[name][11:13]) * 60 + int(shown[name][14:16]) for name in EDGES]
        assert (hours[1] - hours[0]) % 1440 == lives / 60


EDGES = ("created_at", "expires_at")


async def test_it_ends_when_all_have_left_and_they_are_parked() -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference()
        await sim.act(conference, "leave", call_control_id=ccid)
        assert await status(sim, conference) == ("completed", "all_left")
        assert await alive(sim, ccid)
        assert (await sim.event_types())[-2:] == ["conference.participant.left", "conference.ended"]


async def test_who_left_is_listed_as_left_for_a_moment() -> None:
    async with live_simulator(rules=LINGERS) as sim:
        conference, people = await sim.conference(guests=1)
        await sim.act(conference, "leave", call_control_id=people[1])
        listed = (await sim.api("GET", f"/conferences/{conference}/participants")).data
        assert [one["status"] for one in listed] == ["joined", "left"]

        async def gone() -> bool:
            found = await sim.api("GET", f"/conferences/{conference}/participants")
            return len(found.data) == 1

        await sim.until(gone)


async def test_who_joins_may_be_joining_for_a_moment() -> None:
    async with live_simulator(rules=replace(AT_ONCE, joining_secs=0.2)) as sim:
        conference, _ = await sim.conference()
        assert await sim.people(conference, "status") == ["joining"]
        assert "conference.participant.joined" not in await sim.event_types()
        await sim.receiver.expect("conference.participant.joined")
        assert await sim.people(conference, "status") == ["joined"]


async def test_one_that_is_not_started_holds_everyone_until_somebody_starts_it() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference(
            start_conference_on_create=False, hold_media_name="lobby_music", guests=1
        )
        assert (await status(sim, conference))[0] == "init"
        assert await sim.people(conference, "on_hold") == [True, True]
        host = await sim.call_in()
        await sim.act(conference, "join", call_control_id=host, start_conference_on_enter=True)
        assert (await status(sim, conference))[0] == "in_progress"
        assert await sim.people(conference, "on_hold") == [False, False, False]


async def test_only_those_inside_count_against_its_limit() -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference(max_participants=2, guests=1)
        late = await sim.call_in()
        refused = await sim.act(conference, "join", call_control_id=late)
        assert refused.error == (422, "90032", None)
        await sim.act(conference, "leave", call_control_id=people[1])
        assert (await sim.act(conference, "join", call_control_id=late)).status == 200


async def test_a_leaving_host_ends_it_and_the_others_are_hung_up() -> None:
    async with live_simulator() as sim:
        conference, (creator,) = await sim.conference()
        host = await sim.call_in()
        await sim.act(conference, "join", call_control_id=host, end_conference_on_exit=True)
        await sim.act(conference, "leave", call_control_id=host)
        assert await status(sim, conference) == ("completed", "host_left")
        assert not await alive(sim, creator)
        assert await alive(sim, host)
        webhook = await sim.receiver.expect("conference.ended")
        assert webhook.event["payload"]["reason"] == "host_left"


@pytest.mark.parametrize("into", ["a conference of its own", "another's", "a queue"])
async def test_a_host_whose_own_room_ends_as_they_go_arrives_nowhere(into: str) -> None:
    async with live_simulator() as sim:
        conference, (host,) = await sim.conference()
        (one,) = await sim.people(conference, "id")
        path = f"/conferences/{conference}/participants/{one}"
        await sim.api("PATCH", path, {"end_conference_on_exit": True})
        other, (guest,) = await sim.conference("other")
        if into == "a conference of its own":
            made = await sim.api("POST", "/conferences", {"name": "new", "call_control_id": host})
        elif into == "a queue":
            made = await sim.api("POST", f"/calls/{host}/actions/enqueue", {"queue_name": "vip"})
        else:
            made = await sim.act(other, "join", call_control_id=host)
        assert made.error[:2] == (422, "90018")
        assert await status(sim, conference) == ("completed", "host_left")
        assert not await alive(sim, host)
        assert await sim.people(other, "call_control_id") == [guest]


async def test_a_leaving_soft_host_lets_nobody_in_any_more_and_the_others_stay() -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference(guests=1)
        path = f"/conferences/{conference}/participants/{(await sim.people(conference, 'id'))[1]}"
        shown = await sim.api("PATCH", path, {"soft_end_conference_on_exit": True})
        assert shown.data["soft_end_conference_on_exit"] is True
        await sim.act(conference, "leave", call_control_id=people[1])
        late = await sim.act(conference, "join", call_control_id=await sim.call_in())
        assert late.error == (422, "90019", None)
        assert await alive(sim, people[0])
        assert (await status(sim, conference))[0] == "in_progress"
        await sim.act(conference, "leave", call_control_id=people[0])
        assert await status(sim, conference) == ("completed", "all_left")


async def test_ending_it_hangs_up_everyone_and_its_creator_wherever_that_is() -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference(guests=1)
        other, _ = await sim.conference("other")
        await sim.act(other, "join", call_control_id=people[0])
        await sim.act(conference, "end")
        assert await status(sim, conference) == ("completed", "ended_via_api")
        assert [await cause_of(sim, one) for one in people] == ["time_limit", "normal_clearing"]
        by = (await sim.api("GET", f"/conferences/{conference}")).data["ended_by"]
        assert by == {"call_control_id": None, "call_session_id": None}
        assert (await sim.act(conference, "speak", payload="x", voice="y")).error[1] == "90019"


async def test_joining_another_leaves_the_first() -> None:
    async with live_simulator() as sim:
        one, people = await sim.conference("one", guests=1)
        two, _ = await sim.conference("two")
        await sim.act("two", "join", call_control_id=people[1])
        assert await sim.people(one, "call_control_id") == people[:1]
        assert people[1] in await sim.people(two, "call_control_id")


async def test_a_hangup_is_told_before_the_leave_and_the_end() -> None:
    async with live_simulator() as sim:
        _, (ccid,) = await sim.conference()
        await sim.control("POST", f"/calls/{ccid}/hangup")
        assert (await sim.event_types())[-3:] == [
            "call.hangup",
            "conference.participant.left",
            "conference.ended",
        ]


@pytest.mark.parametrize(
    ("of_room", "of_join", "beeps"),
    [("never", None, 0), ("on_enter", None, 1), ("always", "never", 0), ("never", "always", 1)],
)
async def test_a_join_overrides_the_beep_and_the_one_who_joins_never_hears_it(
    of_room: str, of_join: str | None, beeps: int
) -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference(beep_enabled=of_room)
        guest = await sim.call_in()
        await sim.act(conference, "join", call_control_id=guest, beep_enabled=of_join)
        (shown,) = (await sim.control("GET", "/state"))["conferences"]
        heard = [[one["what"] for one in each["heard"]] for each in shown["participants"]]
        assert heard == [["beep"] * beeps, []]


async def test_another_region_is_another_world() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference(region="Europe")
        assert (await sim.api("GET", "/conferences")).data == []
        assert len((await sim.api("GET", "/conferences?region=Europe")).data) == 1
        assert (await sim.act(conference, "mute", region="US")).error == (404, "90058", None)
        assert (await sim.act(conference, "mute", region="Europe")).status == 200


async def test_names_are_taken_where_the_api_takes_them_and_refused_elsewhere() -> None:
    async with live_simulator() as sim:
        conference, (ccid,) = await sim.conference("board")
        for action, body in NAMED.items():
            done = await sim.act("board", action, **body)
            assert done.status == 200, action
        for action, body in BY_ID.items():
            refused = await sim.act("board", action, **{"call_control_id": ccid, **body})
            assert refused.error == (404, "90058", None), action
        for path in ("", "/participants", "/participants/x"):
            missing = await sim.api("GET", f"/conferences/board{path}")
            assert missing.error == (404, "90058", None)
        assert (await sim.api("GET", f"/conferences/{conference}")).status == 200


NAMED: dict[str, dict[str, object]] = {
    "mute": {},
    "unmute": {},
    "hold": {},
    "play": {"media_name": "lobby"},
    "speak": {"payload": "x", "voice": "y"},
    "stop": {},
    "record_start": {"format": "mp3"},
    "record_pause": {},
    "record_resume": {},
    "record_stop": {},
}
BY_ID: dict[str, dict[str, object]] = {
    "end": {},
    "gather_using_audio": {},
    "send_dtmf": {"digits": "1"},
}


@pytest.mark.parametrize(
    ("verb", "undo", "member"), [("mute", "unmute", "muted"), ("hold", "unhold", "on_hold")]
)
async def test_mute_and_hold_take_one_some_or_everyone_and_nothing_tells(
    verb: str, undo: str, member: str
) -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference(guests=2)
        before = await sim.event_types()
        await sim.act(conference, verb, call_control_ids=people[1:2])
        assert await sim.people(conference, member) == [False, True, False]
        await sim.act(conference, verb, call_control_ids=[])
        assert await sim.people(conference, member) == [True, True, True]
        await sim.act(conference, undo, call_control_ids=people[:2])
        assert await sim.people(conference, member) == [False, False, True]
        assert await sim.event_types() == before


async def test_unhold_needs_its_people() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference()
        assert (await sim.act(conference, "unhold")).error == (422, "10004", "/call_control_ids")


async def test_the_roles_show_by_mute_and_by_whom_is_whispered_to() -> None:
    async with live_simulator() as sim:
        conference, people = await sim.conference()
        boss = await sim.call_in()
        seen = []
        await sim.act(conference, "join", call_control_id=boss, supervisor_role="monitor")
        for role, to in (("none", []), ("whisper", []), ("whisper", people), ("barge", [])):
            seen.append((await sim.people(conference, "muted", "whisper_call_control_ids"))[1])
            body = {"supervisor_role": role, "whisper_call_control_ids": to}
            await sim.act(conference, "update", call_control_id=boss, **body)
        seen.append((await sim.people(conference, "muted", "whisper_call_control_ids"))[1])
        assert seen == [[True, []], [False, []], [True, []], [False, people], [False, []]]


async def test_the_state_given_at_create_is_said_by_all_its_webhooks() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference(client_state="b3duZXI=")
        guest = await sim.call_in()
        await sim.act(conference, "join", call_control_id=guest, client_state="Z3Vlc3Q=")
        await sim.receiver.expect("conference.participant.joined", 2)
        webhooks = [one.event for one in sim.receiver.deliveries]
        states = {t["payload"]["client_state"] for t in webhooks if t["event_type"][:4] == "conf"}
        assert states == {"b3duZXI="}
        shown = (await sim.api("GET", f"/calls/{guest}")).data
        assert shown["client_state"] == "Z3Vlc3Q="
