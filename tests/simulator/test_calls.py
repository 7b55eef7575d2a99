"""Calls in virtual time: dialled, answered, busy, unanswered, hung up."""

from typing import Any

import pytest
from simulator.harness import VirtualSimulator

DIAL = {"connection_id": "2963500000000000123", "from": "+15125550100", "to": "+15125550199"}


def dial(sim: VirtualSimulator, **more: object) -> dict[str, Any]:
    data = sim.request("POST", "/calls", {**DIAL, **more}).data
    assert isinstance(data, dict)
    return data


def test_a_dialled_call_rings_and_is_answered(sim: VirtualSimulator) -> None:
    leg = dial(sim, client_state="aGk=")
    assert (leg["is_alive"], leg["record_type"]) == (False, "call")
    assert sim.last("call.initiated")["direction"] == "outgoing"
    sim.wait(sim.world.rules.ring_secs)
    assert sim.last("call.answered")["client_state"] == "aGk="
    assert sim.get(f"/calls/{leg['call_control_id']}").data["is_alive"] is True


@pytest.mark.parametrize(
    ("to", "cause"), [("+15125550486", "user_busy"), ("+15125550408", "timeout")]
)
def test_some_numbers_are_busy_or_never_answer(sim: VirtualSimulator, to: str, cause: str) -> None:
    dial(sim, to=to)
    sim.wait(30)
    assert sim.last("call.hangup")["hangup_cause"] == cause


def test_a_call_can_be_dialled_straight_into_a_conference(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference("board")
    dial(sim, conference_config={"conference_name": "board", "mute": True})
    dial(sim, conference_config={"id": conference})
    sim.wait(5)
    assert [one["muted"] for one in sim.people(conference)] == [False, True, False]
    dial(sim, conference_config={"conference_name": "new", "end_conference_on_exit": True})
    sim.wait(5)
    (made,) = sim.get("/conferences", **{"filter[name]": "new"}).data
    assert sim.people(made["id"])[0]["end_conference_on_exit"] is True


def test_a_supervisor_is_dialled_to_the_conference_of_the_supervised(sim: VirtualSimulator) -> None:
    conference, (agent,) = sim.conference()
    dial(sim, supervise_call_control_id=agent, supervisor_role="whisper")
    dial(sim, supervise_call_control_id=agent, supervisor_role="monitor")
    dial(sim, supervise_call_control_id=agent)
    sim.wait(5)
    _, whisper, monitor, barge = sim.people(conference)
    assert whisper["whisper_call_control_ids"] == [agent]
    assert (monitor["muted"], barge["muted"]) == (True, False)


def test_a_call_ends_at_its_time_limit(sim: VirtualSimulator) -> None:
    dial(sim, time_limit_secs=30)
    sim.wait(40)
    assert sim.last("call.hangup")["hangup_cause"] == "time_limit"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"to": "5125550199"}, "10016", "/to"),
        ({"to": []}, "10016", "/to"),
        ({"connection_id": "mine"}, "10015", "/connection_id"),
        ({"timeout_secs": 4}, "10033", "/timeout_secs"),
        ({"supervisor_role": "none"}, "10032", "/supervisor_role"),
        ({"supervise_call_control_id": "v3:no"}, "90015", "/supervise_call_control_id"),
        ({"conference_config": {}}, "10004", "/conference_config/id"),
        ({"conference_config": {"mute": 1}}, "10015", "/conference_config/mute"),
        ({"conference_config": "board"}, "10015", "/conference_config"),
    ],
)
def test_a_dial_is_judged(
    sim: VirtualSimulator, body: dict[str, object], code: str, pointer: str
) -> None:
    assert sim.request("POST", "/calls", {**DIAL, **body}).error == (422, code, pointer)
    assert sim.event_types() == []


def test_hanging_up_tells_the_call_first_then_the_conference(sim: VirtualSimulator) -> None:
    _, (ccid,) = sim.conference()
    sim.event_types()
    sim.post(f"/calls/{ccid}/actions/hangup")
    sim.wait(5)
    assert sim.event_types() == ["call.hangup", "conference.participant.left", "conference.ended"]
    again = sim.post(f"/calls/{ccid}/actions/hangup")
    assert again.error == (422, "90018", None)


def test_an_ended_call_is_known_for_ten_minutes(sim: VirtualSimulator) -> None:
    ccid = sim.leg()
    sim.post(f"/calls/{ccid}/actions/hangup")
    sim.wait(599)
    shown = sim.get(f"/calls/{ccid}").data
    assert (shown["is_alive"], "end_time" in shown) == (False, True)
    sim.wait(1)
    assert sim.get(f"/calls/{ccid}").error == (404, "10007", None)
    gone = sim.post(f"/calls/{ccid}/actions/hangup")
    assert gone.error == (422, "90015", "/call_control_id")


def test_a_ringing_call_is_answered_by_command_and_only_then_enqueued(
    sim: VirtualSimulator,
) -> None:
    ccid = sim.leg(ringing=True)
    path = f"/calls/{ccid}/actions"
    assert sim.post(f"{path}/enqueue", queue_name="q").error == (422, "90034", None)
    sim.post(f"{path}/answer")
    assert sim.post(f"{path}/enqueue", queue_name="q").status == 200
