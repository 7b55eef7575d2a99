"""Conferences in virtual time: created, joined, held, ended and listed."""

import pytest
from simulator.harness import START, VirtualSimulator

FOUR_HOURS = 4 * 3600


def test_a_conference_is_told_in_the_order_seen_live(sim: VirtualSimulator) -> None:
    conference, people = sim.conference(guests=1)
    assert sim.event_types("conference") == [
        "conference.floor.changed",
        "conference.created",
        "conference.participant.joined",
        "conference.participant.joined",
    ]
    listed = sim.people(conference)
    assert [one["call_control_id"] for one in listed] == people
    assert listed[0]["conference"] == {"id": conference, "name": "stand-up"}
    assert set(listed[0]) == {
        "record_type", "id", "call_control_id", "call_leg_id", "conference", "created_at",
        "updated_at", "end_conference_on_exit", "soft_end_conference_on_exit", "muted", "on_hold",
        "status", "whisper_call_control_ids",
    }  # fmt: skip


def test_a_name_is_taken_only_while_its_conference_is_active(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference("board")
    again = {"call_control_id": sim.leg(), "name": "board"}
    assert sim.request("POST", "/conferences", again).error == (422, "90033", None)
    sim.act(conference, "end")
    assert sim.request("POST", "/conferences", again).status == 200


def test_commands_take_a_name_where_the_api_says_so_and_only_an_id_elsewhere(
    sim: VirtualSimulator,
) -> None:
    conference, _ = sim.conference("board")
    assert sim.act("board", "mute").status == 200
    assert sim.act("board", "end").error == (404, "90058", None)
    assert sim.get("/conferences/board").error == (404, "90058", None)
    assert sim.act(conference, "end").status == 200
    assert sim.act(conference, "mute").error == (422, "90019", None)


def test_it_ends_four_hours_after_it_was_created(sim: VirtualSimulator) -> None:
    conference, people = sim.conference()
    sim.wait(FOUR_HOURS - 1)
    assert sim.get(f"/conferences/{conference}").data["status"] == "in_progress"
    sim.event_types()
    sim.wait(1)
    assert sim.last("conference.ended")["reason"] == "time_exceeded"
    assert sim.event_types() == ["call.hangup", "conference.participant.left", "conference.ended"]
    shown = sim.get(f"/conferences/{conference}").data
    assert (shown["status"], shown["end_reason"]) == ("completed", "time_exceeded")
    assert sim.get(f"/calls/{people[0]}").data["is_alive"] is False


def test_duration_minutes_ends_it_sooner(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference(duration_minutes=9)
    sim.wait(9 * 60)
    assert sim.get(f"/conferences/{conference}").data["end_reason"] == "time_exceeded"


def test_an_emptied_conference_ends_a_moment_later_and_its_callers_are_parked(
    sim: VirtualSimulator,
) -> None:
    conference, people = sim.conference()
    assert sim.act(conference, "leave", call_control_id=people[0]).data == {"result": "ok"}
    assert sim.get(f"/calls/{people[0]}").data["is_alive"] is True
    assert [one["status"] for one in sim.people(conference)] == ["left"]
    sim.wait(2)
    assert sim.get(f"/conferences/{conference}").data["end_reason"] == "all_left"
    assert sim.people(conference) == []


def test_ending_it_hangs_up_everyone_and_its_creator_wherever_that_is(
    sim: VirtualSimulator,
) -> None:
    conference, people = sim.conference(guests=2)
    other, _ = sim.conference("other")
    sim.act(other, "join", call_control_id=people[0])
    sim.event_types()
    sim.act(conference, "end")
    assert sim.last("conference.ended")["reason"] == "all_left"
    causes = [e.payload["hangup_cause"] for e in sim.events if e.event_type == "call.hangup"]
    assert causes == ["normal_clearing", "normal_clearing", "time_limit"]
    shown = sim.get(f"/conferences/{conference}").data
    assert shown["end_reason"] == "ended_via_api"
    assert shown["ended_by"] == {"call_control_id": None, "call_session_id": None}


def test_a_leaving_host_ends_it(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    host = sim.leg()
    sim.act(conference, "join", call_control_id=host, end_conference_on_exit=True)
    sim.act(conference, "leave", call_control_id=host)
    shown = sim.get(f"/conferences/{conference}").data
    assert shown["end_reason"] == "host_left"
    assert shown["ended_by"]["call_control_id"] == host
    assert sim.get(f"/calls/{host}").data["is_alive"] is True


def test_a_leaving_soft_host_closes_it_and_leaves_the_others_together(
    sim: VirtualSimulator,
) -> None:
    conference, people = sim.conference(guests=1)
    sim.act(
        conference, "join", call_control_id=(host := sim.leg()), soft_end_conference_on_exit=True
    )
    sim.act(conference, "leave", call_control_id=host)
    late = sim.act(conference, "join", call_control_id=sim.leg())
    assert late.error == (422, "90019", None)
    assert sim.get(f"/conferences/{conference}").data["status"] == "in_progress"
    for one in people:
        sim.act(conference, "leave", call_control_id=one)
    sim.wait(2)
    assert sim.get(f"/conferences/{conference}").data["end_reason"] == "all_left"


def test_one_that_waits_for_its_host_holds_everyone_until_then(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference(start_conference_on_create=False, guests=1)
    assert sim.get(f"/conferences/{conference}").data["status"] == "init"
    assert [one["on_hold"] for one in sim.people(conference)] == [True, True]
    recording = sim.act(conference, "record_start", format="mp3")
    assert recording.error == (422, "90020", None)
    sim.act(conference, "join", call_control_id=sim.leg(), start_conference_on_enter=True)
    assert sim.get(f"/conferences/{conference}").data["status"] == "in_progress"
    assert [one["on_hold"] for one in sim.people(conference)] == [False, False, False]


def test_it_is_full_at_max_participants(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference(max_participants=2, guests=1)
    late = sim.act(conference, "join", call_control_id=sim.leg())
    assert late.error == (422, "90032", None)
    assert "2" in late.json["errors"][0]["detail"]


def test_joining_one_conference_leaves_the_other(sim: VirtualSimulator) -> None:
    one, people = sim.conference("one", guests=1)
    two, _ = sim.conference("two")
    sim.event_types()
    sim.act(two, "join", call_control_id=people[1])
    assert sim.event_types() == ["conference.participant.left", "conference.participant.joined"]
    assert people[1] in [each["call_control_id"] for each in sim.people(two)]
    assert [each["status"] for each in sim.people(one)] == ["joined", "left"]


def test_a_ringing_an_ended_and_an_unknown_call_cannot_join(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    gone = sim.leg()
    sim.post(f"/calls/{gone}/actions/hangup")
    at = "/call_control_id"
    ringing = sim.leg(ringing=True)
    assert sim.act(conference, "join", call_control_id=ringing).error == (422, "90034", None)
    assert sim.act(conference, "join", call_control_id=gone).error == (422, "90018", None)
    assert sim.act(conference, "join", call_control_id="v3:no").error == (422, "90015", at)


@pytest.mark.parametrize(
    ("verb", "undo", "field"), [("mute", "unmute", "muted"), ("hold", "unhold", "on_hold")]
)
def test_mute_and_hold_take_some_or_everyone(
    sim: VirtualSimulator, verb: str, undo: str, field: str
) -> None:
    conference, people = sim.conference(guests=2)
    sim.act(conference, verb, call_control_ids=[people[1]])
    assert [one[field] for one in sim.people(conference)] == [False, True, False]
    assert len(sim.people(conference, **{f"filter[{field}]": "true"})) == 1
    sim.act(conference, verb, call_control_ids=[])
    assert all(one[field] for one in sim.people(conference))
    sim.event_types()
    sim.act(conference, undo, call_control_ids=people[:2])
    assert [one[field] for one in sim.people(conference)] == [False, False, True]
    assert sim.event_types() == []


def test_unhold_has_no_form_for_everyone(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    assert sim.act(conference, "unhold").error == (422, "10004", "/call_control_ids")
    assert sim.act(conference, "unhold", call_control_ids=[]).error[:2] == (422, "10015")


def test_a_command_that_names_a_stranger_touches_nobody(sim: VirtualSimulator) -> None:
    conference, people = sim.conference()
    named = [people[0], sim.leg()]
    refused = sim.act(conference, "mute", call_control_ids=named)
    assert refused.error == (422, "90015", "/call_control_ids")
    assert sim.people(conference)[0]["muted"] is False


def test_roles_show_only_by_mute_and_whisper_list(sim: VirtualSimulator) -> None:
    conference, people = sim.conference()
    boss = sim.leg()
    sim.act(conference, "join", call_control_id=boss, supervisor_role="monitor")
    assert sim.people(conference)[1]["muted"] is True
    whisper = {"supervisor_role": "whisper", "whisper_call_control_ids": people}
    sim.act(conference, "update", call_control_id=boss, **whisper)
    shown = sim.people(conference, **{"filter[whispering]": "true"})
    assert [(one["muted"], one["whisper_call_control_ids"]) for one in shown] == [(False, people)]
    sim.act(conference, "update", call_control_id=boss, supervisor_role="barge")
    assert sim.people(conference)[1]["whisper_call_control_ids"] == []


def test_exit_flags_are_changed_by_participant_id(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    path = f"/conferences/{conference}/participants/{sim.people(conference)[0]['id']}"
    shown = sim.request("PATCH", path, {"end_conference_on_exit": True}).data
    assert shown["end_conference_on_exit"] is True
    assert shown["conference_id"] == conference
    assert "record_type" not in sim.get(path).data
    assert sim.get(path + "0").error == (404, "10007", None)


def test_the_client_state_of_the_creator_stands_in_all_its_webhooks(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference(client_state="b3duZXI=")
    sim.act(conference, "join", call_control_id=sim.leg(), client_state="Z3Vlc3Q=")
    assert sim.last("conference.participant.joined")["client_state"] == "b3duZXI="
    assert sim.events[2].payload["client_state"] == "b3duZXI="


def test_listing_goes_by_expiry_and_filters_by_name_status_and_region(
    sim: VirtualSimulator,
) -> None:
    first, _ = sim.conference("first", duration_minutes=60)
    last, _ = sim.conference("last", duration_minutes=90)
    far, _ = sim.conference("far", region="Europe")
    sim.conference("waits", start_conference_on_create=False)
    listed = [one["name"] for one in sim.get("/conferences").data]
    assert listed == ["waits", "last", "first"]
    sim.act(first, "end")
    by = {"filter[status]": "in_progress"}
    assert [one["id"] for one in sim.get("/conferences", **by).data] == [last]
    assert sim.get("/conferences", **{"filter[name]": "LAST"}).data == []
    assert [one["id"] for one in sim.get("/conferences", region="Europe").data] == [far]


def test_times_in_answers_have_milliseconds(sim: VirtualSimulator) -> None:
    assert sim.now == START
    conference, _ = sim.conference()
    shown = sim.get(f"/conferences/{conference}").data
    assert shown["created_at"] == "2026-11-18T11:06:40.000Z"
    assert shown["expires_at"] == "2026-11-18T15:06:40.000Z"
