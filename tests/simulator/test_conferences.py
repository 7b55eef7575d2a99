"""Conferences in virtual time: created, joined, held, ended and listed."""

import pytest
from simulator.harness import START, Still

FOUR_HOURS = 4 * 3600


def test_a_conference_is_told_in_the_order_seen_live(still: Still) -> None:
    conference, people = still.conference(guests=1)
    assert still.event_types("conference") == [
        "conference.floor.changed",
        "conference.created",
        "conference.participant.joined",
        "conference.participant.joined",
    ]
    listed = still.people(conference)
    assert [one["call_control_id"] for one in listed] == people
    assert listed[0]["conference"] == {"id": conference, "name": "stand-up"}
    assert set(listed[0]) == {
        "record_type", "id", "call_control_id", "call_leg_id", "conference", "created_at",
        "updated_at", "end_conference_on_exit", "soft_end_conference_on_exit", "muted", "on_hold",
        "status", "whisper_call_control_ids",
    }  # fmt: skip


def test_a_name_is_taken_only_while_its_conference_is_active(still: Still) -> None:
    conference, _ = still.conference("board")
    again = {"call_control_id": still.leg(), "name": "board"}
    assert still.ask("POST", "/conferences", again).error == (422, "90033", None)
    still.act(conference, "end")
    assert still.ask("POST", "/conferences", again).status == 200


def test_commands_take_a_name_where_the_api_says_so_and_only_an_id_elsewhere(still: Still) -> None:
    conference, _ = still.conference("board")
    assert still.act("board", "mute").status == 200
    assert still.act("board", "end").error == (404, "90058", None)
    assert still.get("/conferences/board").error == (404, "90058", None)
    assert still.act(conference, "end").status == 200
    assert still.act(conference, "mute").error == (422, "90019", None)


def test_it_ends_four_hours_after_it_was_created(still: Still) -> None:
    conference, people = still.conference()
    still.wait(FOUR_HOURS - 1)
    assert still.get(f"/conferences/{conference}").data["status"] == "in_progress"
    still.event_types()
    still.wait(1)
    assert still.last("conference.ended")["reason"] == "time_exceeded"
    assert still.event_types() == ["call.hangup", "conference.participant.left", "conference.ended"]
    shown = still.get(f"/conferences/{conference}").data
    assert (shown["status"], shown["end_reason"]) == ("completed", "time_exceeded")
    assert still.get(f"/calls/{people[0]}").data["is_alive"] is False


def test_duration_minutes_ends_it_sooner(still: Still) -> None:
    conference, _ = still.conference(duration_minutes=9)
    still.wait(9 * 60)
    assert still.get(f"/conferences/{conference}").data["end_reason"] == "time_exceeded"


def test_an_emptied_conference_ends_a_moment_later_and_its_callers_are_parked(still: Still) -> None:
    conference, people = still.conference()
    assert still.act(conference, "leave", call_control_id=people[0]).data == {"result": "ok"}
    assert still.get(f"/calls/{people[0]}").data["is_alive"] is True
    assert [one["status"] for one in still.people(conference)] == ["left"]
    still.wait(2)
    assert still.get(f"/conferences/{conference}").data["end_reason"] == "all_left"
    assert still.people(conference) == []


def test_ending_it_hangs_up_everyone_and_its_creator_wherever_that_is(still: Still) -> None:
    conference, people = still.conference(guests=2)
    other, _ = still.conference("other")
    still.act(other, "join", call_control_id=people[0])
    still.event_types()
    still.act(conference, "end")
    assert still.last("conference.ended")["reason"] == "all_left"
    causes = [e.payload["hangup_cause"] for e in still.events if e.event_type == "call.hangup"]
    assert causes == ["normal_clearing", "normal_clearing", "time_limit"]
    shown = still.get(f"/conferences/{conference}").data
    assert shown["end_reason"] == "ended_via_api"
    assert shown["ended_by"] == {"call_control_id": None, "call_session_id": None}


def test_a_leaving_host_ends_it(still: Still) -> None:
    conference, _ = still.conference()
    host = still.leg()
    still.act(conference, "join", call_control_id=host, end_conference_on_exit=True)
    still.act(conference, "leave", call_control_id=host)
    shown = still.get(f"/conferences/{conference}").data
    assert shown["end_reason"] == "host_left"
    assert shown["ended_by"]["call_control_id"] == host
    assert still.get(f"/calls/{host}").data["is_alive"] is True


def test_a_leaving_soft_host_closes_it_and_leaves_the_others_together(still: Still) -> None:
    conference, people = still.conference(guests=1)
    still.act(
        conference, "join", call_control_id=(host := still.leg()), soft_end_conference_on_exit=True
    )
    still.act(conference, "leave", call_control_id=host)
    late = still.act(conference, "join", call_control_id=still.leg())
    assert late.error == (422, "90019", None)
    assert still.get(f"/conferences/{conference}").data["status"] == "in_progress"
    for one in people:
        still.act(conference, "leave", call_control_id=one)
    still.wait(2)
    assert still.get(f"/conferences/{conference}").data["end_reason"] == "all_left"


def test_one_that_waits_for_its_host_holds_everyone_until_then(still: Still) -> None:
    conference, _ = still.conference(start_conference_on_create=False, guests=1)
    assert still.get(f"/conferences/{conference}").data["status"] == "init"
    assert [one["on_hold"] for one in still.people(conference)] == [True, True]
    recording = still.act(conference, "record_start", format="mp3")
    assert recording.error == (422, "90020", None)
    still.act(conference, "join", call_control_id=still.leg(), start_conference_on_enter=True)
    assert still.get(f"/conferences/{conference}").data["status"] == "in_progress"
    assert [one["on_hold"] for one in still.people(conference)] == [False, False, False]


def test_it_is_full_at_max_participants(still: Still) -> None:
    conference, _ = still.conference(max_participants=2, guests=1)
    late = still.act(conference, "join", call_control_id=still.leg())
    assert late.error == (422, "90032", None)
    assert "2" in late.json["errors"][0]["detail"]


def test_joining_one_conference_leaves_the_other(still: Still) -> None:
    one, people = still.conference("one", guests=1)
    two, _ = still.conference("two")
    still.event_types()
    still.act(two, "join", call_control_id=people[1])
    assert still.event_types() == ["conference.participant.left", "conference.participant.joined"]
    assert people[1] in [each["call_control_id"] for each in still.people(two)]
    assert [each["status"] for each in still.people(one)] == ["joined", "left"]


def test_a_ringing_an_ended_and_an_unknown_call_cannot_join(still: Still) -> None:
    conference, _ = still.conference()
    gone = still.leg()
    still.post(f"/calls/{gone}/actions/hangup")
    at = "/call_control_id"
    ringing = still.leg(ringing=True)
    assert still.act(conference, "join", call_control_id=ringing).error == (422, "90034", None)
    assert still.act(conference, "join", call_control_id=gone).error == (422, "90018", None)
    assert still.act(conference, "join", call_control_id="v3:no").error == (422, "90015", at)


@pytest.mark.parametrize(
    ("verb", "undo", "field"), [("mute", "unmute", "muted"), ("hold", "unhold", "on_hold")]
)
def test_mute_and_hold_take_some_or_everyone(
    still: Still, verb: str, undo: str, field: str
) -> None:
    conference, people = still.conference(guests=2)
    still.act(conference, verb, call_control_ids=[people[1]])
    assert [one[field] for one in still.people(conference)] == [False, True, False]
    assert len(still.people(conference, **{f"filter[{field}]": "true"})) == 1
    still.act(conference, verb, call_control_ids=[])
    assert all(one[field] for one in still.people(conference))
    still.event_types()
    still.act(conference, undo, call_control_ids=people[:2])
    assert [one[field] for one in still.people(conference)] == [False, False, True]
    assert still.event_types() == []


def test_unhold_has_no_form_for_everyone(still: Still) -> None:
    conference, _ = still.conference()
    assert still.act(conference, "unhold").error == (422, "10004", "/call_control_ids")
    assert still.act(conference, "unhold", call_control_ids=[]).error[:2] == (422, "10015")


def test_a_command_that_names_a_stranger_touches_nobody(still: Still) -> None:
    conference, people = still.conference()
    named = [people[0], still.leg()]
    refused = still.act(conference, "mute", call_control_ids=named)
    assert refused.error == (422, "90015", "/call_control_ids")
    assert still.people(conference)[0]["muted"] is False


def test_roles_show_only_by_mute_and_whisper_list(still: Still) -> None:
    conference, people = still.conference()
    boss = still.leg()
    still.act(conference, "join", call_control_id=boss, supervisor_role="monitor")
    assert still.people(conference)[1]["muted"] is True
    whisper = {"supervisor_role": "whisper", "whisper_call_control_ids": people}
    still.act(conference, "update", call_control_id=boss, **whisper)
    shown = still.people(conference, **{"filter[whispering]": "true"})
    assert [(one["muted"], one["whisper_call_control_ids"]) for one in shown] == [(False, people)]
    still.act(conference, "update", call_control_id=boss, supervisor_role="barge")
    assert still.people(conference)[1]["whisper_call_control_ids"] == []


def test_exit_flags_are_changed_by_participant_id(still: Still) -> None:
    conference, _ = still.conference()
    path = f"/conferences/{conference}/participants/{still.people(conference)[0]['id']}"
    shown = still.ask("PATCH", path, {"end_conference_on_exit": True}).data
    assert shown["end_conference_on_exit"] is True
    assert shown["conference_id"] == conference
    assert "record_type" not in still.get(path).data
    assert still.get(path + "0").error == (404, "10007", None)


def test_the_client_state_of_the_creator_stands_in_all_its_webhooks(still: Still) -> None:
    conference, _ = still.conference(client_state="b3duZXI=")
    still.act(conference, "join", call_control_id=still.leg(), client_state="Z3Vlc3Q=")
    assert still.last("conference.participant.joined")["client_state"] == "b3duZXI="
    assert still.events[2].payload["client_state"] == "b3duZXI="


def test_listing_goes_by_expiry_and_filters_by_name_status_and_region(still: Still) -> None:
    first, _ = still.conference("first", duration_minutes=60)
    last, _ = still.conference("last", duration_minutes=90)
    far, _ = still.conference("far", region="Europe")
    still.conference("waits", start_conference_on_create=False)
    listed = [one["name"] for one in still.get("/conferences").data]
    assert listed == ["waits", "last", "first"]
    still.act(first, "end")
    by = {"filter[status]": "in_progress"}
    assert [one["id"] for one in still.get("/conferences", **by).data] == [last]
    assert still.get("/conferences", **{"filter[name]": "LAST"}).data == []
    assert [one["id"] for one in still.get("/conferences", region="Europe").data] == [far]


def test_times_in_answers_have_milliseconds(still: Still) -> None:
    assert still.now == START
    conference, _ = still.conference()
    shown = still.get(f"/conferences/{conference}").data
    assert shown["created_at"] == "2026-11-18T11:06:40.000Z"
    assert shown["expires_at"] == "2026-11-18T15:06:40.000Z"
