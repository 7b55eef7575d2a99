"""Documented semantics of queues and calls, each line tested by HTTP alone."""

from dataclasses import replace
from typing import Any

import pytest
from simulator.harness import AT_ONCE, Answer, LiveSimulator, live_simulator

CONNECTION = "2963500000000000123"
DIAL = {"connection_id": CONNECTION, "from": "+15125550100", "to": "+15125550199"}
OLD = """
summary = "two who have waited for long"
[[actor]]
name = "Ana"
[[actor]]
name = "Ben"
[[call]]
actor = "Ana"
at_secs = -100
queue = "q"
[[call]]
actor = "Ben"
at_secs = -50.5
queue = "q"
"""


async def enqueue(sim: LiveSimulator, name: str = "q", **more: object) -> str:
    ccid = await sim.call_in()
    body = {"queue_name": name, **more}
    done = await sim.api("POST", f"/calls/{ccid}/actions/enqueue", body)
    assert done.data == {"result": "ok"}
    return ccid


async def order(sim: LiveSimulator, ccid: str, action: str, **body: object) -> Answer:
    return await sim.api("POST", f"/calls/{ccid}/actions/{action}", body)


async def waiting(sim: LiveSimulator, name: str = "q") -> list[tuple[str, int, bool]]:
    calls = (await sim.api("GET", f"/queues/{name}/calls")).data
    return [(one["call_control_id"], one["queue_position"], one["is_alive"]) for one in calls]


async def left(sim: LiveSimulator) -> list[dict[str, Any]]:
    """Return the payloads of call.dequeued, in order."""
    params = {"filter[name]": "call.dequeued", "filter[type]": "webhook"}
    events = (await sim.api("GET", "/call_events", params=params)).data
    return [one["metadata"]["event"]["payload"] for one in events]


async def test_enqueueing_makes_the_queue_and_each_way_of_making_has_its_size() -> None:
    async with live_simulator() as sim:
        await enqueue(sim)
        assert (await sim.api("GET", "/queues/q")).data["max_size"] == 100
        await enqueue(sim, max_size=7)
        assert (await sim.api("GET", "/queues/q")).data["max_size"] == 100
        made = await sim.api("POST", "/queues", {"queue_name": "r"})
        assert made.data["max_size"] == 300


async def test_the_first_in_line_is_first_and_positions_move_up_silently() -> None:
    async with live_simulator() as sim:
        calls = [await enqueue(sim) for _ in range(3)]
        assert await waiting(sim) == [(one, at, True) for at, one in enumerate(calls, 1)]
        before = await sim.event_types()
        assert (await order(sim, calls[0], "leave_queue")).data == {"result": "ok"}
        assert await waiting(sim) == [(calls[1], 1, True), (calls[2], 2, True)]
        assert (await sim.event_types())[len(before) :] == ["call.dequeued"]
        assert (await sim.api("GET", f"/calls/{calls[0]}")).data["is_alive"]


async def test_the_average_wait_is_of_those_who_wait_now() -> None:
    async with live_simulator(OLD) as sim:
        (queue,) = (await sim.api("GET", "/queues")).data
        assert 75 <= queue["average_wait_time_secs"] <= 80
        head = (await sim.api("GET", "/queues/q/calls")).data[0]
        assert 100 <= head["wait_time_secs"] <= 105
        await order(sim, head["call_control_id"], "leave_queue")
        shown = (await sim.api("GET", "/queues/q")).data
        assert 50 <= shown["average_wait_time_secs"] <= 55


async def test_every_way_out_tells_its_reason() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference()
        gone, quits, bridged, other = [await enqueue(sim) for _ in range(4)]
        await sim.control("POST", f"/calls/{gone}/hangup")
        await order(sim, quits, "leave_queue")
        await sim.act(conference, "join", call_control_id=bridged)
        await order(sim, other, "bridge", call_control_id=quits)
        assert [one["reason"] for one in await left(sim)] == ["hangup", "leave", *["bridged"] * 2]
        assert [one["queue_position"] for one in await left(sim)] == [1, 1, 1, 1]
        assert (await sim.api("GET", "/queues/q")).data["current_size"] == 0


async def test_the_longest_wait_parks_the_call_alive() -> None:
    async with live_simulator() as sim:
        ccid = await enqueue(sim, max_wait_time_secs=1)
        webhook = await sim.receiver.expect("call.dequeued")
        assert webhook.event["payload"]["reason"] == "timeout"
        (parked,) = (await sim.control("GET", "/state"))["parked"]
        assert parked["call_control_id"] == ccid


async def test_another_queue_takes_the_call_over() -> None:
    async with live_simulator() as sim:
        ccid = await enqueue(sim)
        await order(sim, ccid, "enqueue", queue_name="r")
        assert await waiting(sim) == []
        assert await waiting(sim, "r") == [(ccid, 1, True)]


async def test_enqueueing_a_bridged_call_unbridges_it() -> None:
    async with live_simulator() as sim:
        one, other = await sim.call_in(), await sim.call_in()
        await order(sim, one, "bridge", call_control_id=other)
        await order(sim, one, "enqueue", queue_name="q")
        assert (await sim.control("GET", "/state"))["bridged"] == []
        assert not (await sim.api("GET", f"/calls/{other}")).data["is_alive"]


async def test_bridging_with_a_queue_pops_its_head() -> None:
    async with live_simulator() as sim:
        head, _ = await enqueue(sim), await enqueue(sim)
        agent = await sim.call_in()
        assert (await order(sim, agent, "bridge", queue="q")).data == {"result": "ok"}
        assert (await sim.control("GET", "/state"))["bridged"] == [[head, agent], [agent, head]]
        assert [one["reason"] for one in await left(sim)] == ["bridged"]
        assert len(await waiting(sim)) == 1


async def test_the_head_goes_even_when_bridging_fails_and_an_empty_queue_is_an_error() -> None:
    async with live_simulator() as sim:
        ghost = await enqueue(sim, keep_after_hangup=True)
        await sim.control("POST", f"/calls/{ghost}/hangup")
        agent = await sim.call_in()
        failed = await order(sim, agent, "bridge", queue="q")
        assert failed.error == (422, "90018", None)
        assert failed.json["errors"][0]["meta"]["from"] == "+442079460018"
        assert await waiting(sim) == []
        assert (await order(sim, agent, "bridge", queue="q")).error == (422, "10015", "/queue")
        assert (await order(sim, agent, "bridge", queue="none")).error == (404, "10007", None)
        both = await order(sim, agent, "bridge", queue="q", call_control_id=agent)
        assert both.error == (422, "10015", "/queue")
        assert (await order(sim, agent, "bridge")).error == (422, "10004", "/call_control_id")


async def test_a_kept_place_is_listed_dead_until_somebody_removes_it() -> None:
    async with live_simulator() as sim:
        ccid = await enqueue(sim)
        path = f"/queues/q/calls/{ccid}"
        kept = await sim.api("PATCH", path, {"keep_after_hangup": True})
        assert (kept.status, kept.json) == (204, None)
        await sim.control("POST", f"/calls/{ccid}/hangup")
        assert await waiting(sim) == [(ccid, 1, False)]
        assert await left(sim) == []
        assert (await sim.api("DELETE", "/queues/q")).error == (400, "90050", None)
        assert (await sim.api("DELETE", path)).status == 204
        assert [one["reason"] for one in await left(sim)] == ["hangup"]
        assert (await sim.api("GET", path)).error == (404, "10007", None)
        assert (await sim.api("DELETE", "/queues/q")).status == 204


async def test_an_empty_queue_is_collected_in_time() -> None:
    async with live_simulator(rules=replace(AT_ONCE, empty_queue_secs=0.05)) as sim:
        await sim.api("POST", "/queues", {"queue_name": "q"})

        async def collected() -> bool:
            return (await sim.api("GET", "/queues/q")).status == 404

        await sim.until(collected)


async def test_a_dialled_call_is_not_alive_before_it_is_answered() -> None:
    async with live_simulator(rules=replace(AT_ONCE, ring_secs=0.05)) as sim:
        leg = (await sim.api("POST", "/calls", DIAL)).data
        assert leg["is_alive"] is False
        await sim.receiver.expect("call.answered")
        assert (await sim.api("GET", f"/calls/{leg['call_control_id']}")).data["is_alive"] is True


@pytest.mark.parametrize("name", ["timeout", "user_busy"])
async def test_some_numbers_never_answer_or_are_busy(name: str) -> None:
    never = replace(AT_ONCE, ring_secs=0.05)
    async with live_simulator(rules=never) as sim:
        to = "+15125550408" if name == "timeout" else "+15125550486"
        leg = (await sim.api("POST", "/calls", {**DIAL, "to": to, "timeout_secs": 5})).data
        if name == "timeout":  # its timeout is five seconds, which the test does not wait
            await order(sim, leg["call_control_id"], "hangup")
            name = "originator_cancel"
        webhook = await sim.receiver.expect("call.hangup")
        assert webhook.event["payload"]["hangup_cause"] == name


async def test_a_call_ends_at_its_time_limit() -> None:
    limited = OLD.replace('queue = "q"', "time_limit_secs = 100.1", 1)
    async with live_simulator(limited) as sim:
        webhook = await sim.receiver.expect("call.hangup")
        assert webhook.event["payload"]["hangup_cause"] == "time_limit"


async def test_a_call_is_dialled_straight_into_a_conference() -> None:
    async with live_simulator() as sim:
        conference, _ = await sim.conference()
        config = {"id": conference, "mute": True, "end_conference_on_exit": True}
        await sim.api("POST", "/calls", {**DIAL, "conference_config": config})
        shown = await sim.people(conference, "muted", "end_conference_on_exit")
        assert shown == [[False, False], [True, True]]


async def test_a_supervisor_is_dialled_switched_and_cannot_be_bridged() -> None:
    async with live_simulator() as sim:
        conference, (agent,) = await sim.conference()
        dialled = await sim.api("POST", "/calls", {**DIAL, "supervise_call_control_id": agent})
        boss = dialled.data["call_control_id"]
        assert (await sim.people(conference, "muted"))[
            1
        ] is False  # the default role of dial is barge
        await order(sim, boss, "switch_supervisor_role", role="monitor")
        assert (await sim.people(conference, "muted"))[1] is True
        await order(sim, boss, "switch_supervisor_role", role="whisper")
        assert (await sim.people(conference, "whisper_call_control_ids"))[1] == [agent]
        refused = await order(sim, await sim.call_in(), "bridge", call_control_id=boss)
        assert "Supervisor calls" in refused.json["errors"][0]["detail"]
        assert (await order(sim, agent, "switch_supervisor_role", role="barge")).status == 422


async def test_a_transfer_bridges_and_a_failed_one_leaves_the_call_alive() -> None:
    async with live_simulator() as sim:
        ccid = await sim.call_in()
        assert (await order(sim, ccid, "transfer", to="+15125550486")).status == 200
        await sim.receiver.expect("call.hangup")
        assert (await sim.api("GET", f"/calls/{ccid}")).data["is_alive"]
        await order(sim, ccid, "transfer", to="+15125550199", target_leg_client_state="aGk=")
        pairs = (await sim.control("GET", "/state"))["bridged"]
        assert [pair[0] for pair in pairs if pair[1] == ccid] != []


async def test_a_linked_call_belongs_to_the_session_and_may_be_bridged_on_answer() -> None:
    async with live_simulator() as sim:
        ccid = await sim.call_in()
        session = (await sim.api("GET", f"/calls/{ccid}")).data["call_session_id"]
        more = {"link_to": ccid, "bridge_on_answer": True, "park_after_unbridge": "self"}
        leg = (await sim.api("POST", "/calls", {**DIAL, **more})).data
        assert leg["call_session_id"] == session
        await sim.receiver.expect("call.bridged", 2)
        await sim.control("POST", f"/calls/{ccid}/hangup")
        assert (await sim.api("GET", f"/calls/{leg['call_control_id']}")).data["is_alive"]


async def test_a_state_and_a_rejection() -> None:
    async with live_simulator() as sim:
        ccid = await sim.call_in(ringing=True)
        path = f"/calls/{ccid}/actions/client_state_update"
        assert (await sim.api("PUT", path, {"client_state": "aGk="})).data == {"result": "ok"}
        assert (await order(sim, ccid, "reject", cause="CALL_REJECTED")).status == 200
        webhook = await sim.receiver.expect("call.hangup")
        payload = webhook.event["payload"]
        assert (payload["client_state"], payload["hangup_cause"]) == ("aGk=", "call_rejected")
