"""Queues in virtual time: order, positions, waits, and each reason to leave."""

from simulator.harness import VirtualSimulator

QUEUE = "/queues/tier1"


def enqueue(sim: VirtualSimulator, name: str = "tier1", **more: object) -> str:
    ccid = sim.leg()
    done = sim.post(f"/calls/{ccid}/actions/enqueue", queue_name=name, **more)
    assert done.data == {"result": "ok"}
    return ccid


def test_the_first_to_come_is_the_head_and_the_others_move_up(sim: VirtualSimulator) -> None:
    calls = [enqueue(sim) for _ in range(3)]
    assert sim.last("call.enqueued")["current_position"] == 3
    sim.wait(60)
    sim.post(f"/calls/{calls[0]}/actions/leave_queue")
    assert sim.last("call.dequeued")["reason"] == "leave"
    assert sim.last("call.dequeued")["wait_time_secs"] == 60
    listed = sim.get(f"{QUEUE}/calls").data
    assert [(one["call_control_id"], one["queue_position"]) for one in listed] == [
        (calls[1], 1),
        (calls[2], 2),
    ]
    assert sim.get(f"{QUEUE}/calls/{calls[2]}").data["queue_position"] == 2
    assert sim.get(f"/calls/{calls[0]}").data["is_alive"] is True


def test_the_average_wait_is_of_those_who_wait_now(sim: VirtualSimulator) -> None:
    first = enqueue(sim)
    sim.wait(100)
    enqueue(sim)
    assert sim.get(QUEUE).data["average_wait_time_secs"] == 50
    sim.post(f"/calls/{first}/actions/leave_queue")
    sim.wait(10)
    shown = sim.get(QUEUE).data
    assert (shown["average_wait_time_secs"], shown["current_size"]) == (10, 1)


def test_a_queue_made_by_enqueue_holds_100_and_one_made_by_post_300(sim: VirtualSimulator) -> None:
    enqueue(sim, max_size=7)
    assert sim.get(QUEUE).data["max_size"] == 7
    enqueue(sim, "other")
    assert sim.get("/queues/other").data["max_size"] == 100
    assert sim.post("/queues", queue_name="third").data["max_size"] == 300
    assert [one["name"] for one in sim.get("/queues").data] == ["tier1", "other", "third"]


def test_a_full_queue_and_the_same_queue_twice_are_refused(sim: VirtualSimulator) -> None:
    sim.post("/queues", queue_name="tier1", max_size=1)
    ccid = enqueue(sim)
    again = sim.post(f"/calls/{ccid}/actions/enqueue", queue_name="tier1")
    assert again.error == (422, "90038", None)
    full = sim.post(f"/calls/{sim.leg()}/actions/enqueue", queue_name="tier1")
    assert full.error == (422, "90036", None)
    assert "tier1" in full.json["errors"][0]["detail"]


def test_another_queue_takes_the_call_over(sim: VirtualSimulator) -> None:
    ccid = enqueue(sim)
    sim.event_types()
    sim.post(f"/calls/{ccid}/actions/enqueue", queue_name="vip")
    assert sim.event_types() == ["call.dequeued", "call.enqueued"]


def test_joining_a_conference_takes_the_call_out_as_bridged(sim: VirtualSimulator) -> None:
    conference, _ = sim.conference()
    ccid = enqueue(sim)
    sim.event_types()
    sim.act(conference, "join", call_control_id=ccid)
    assert sim.last("call.dequeued")["reason"] == "bridged"
    assert sim.event_types() == ["call.dequeued", "conference.participant.joined"]


def test_enqueueing_somebody_takes_them_out_of_their_conference(sim: VirtualSimulator) -> None:
    conference, people = sim.conference(guests=1)
    sim.event_types()
    sim.post(f"/calls/{people[1]}/actions/enqueue", queue_name="tier1")
    assert sim.event_types() == ["conference.participant.left", "call.enqueued"]
    assert len([one for one in sim.people(conference) if one["status"] == "joined"]) == 1


def test_a_longest_wait_parks_the_call(sim: VirtualSimulator) -> None:
    ccid = enqueue(sim, max_wait_time_secs=30)
    sim.wait(30)
    assert sim.last("call.dequeued")["reason"] == "timeout"
    assert sim.get(f"/calls/{ccid}").data["is_alive"] is True


def test_who_hangs_up_is_gone_unless_their_place_is_kept(sim: VirtualSimulator) -> None:
    gone, kept = enqueue(sim), enqueue(sim)
    path = f"{QUEUE}/calls/{kept}"
    assert sim.request("PATCH", path, {"keep_after_hangup": True}).status == 204
    sim.event_types()
    for ccid in (gone, kept):
        sim.post(f"/calls/{ccid}/actions/hangup")
    assert sim.event_types() == ["call.hangup", "call.dequeued", "call.hangup"]
    sim.wait(1000)
    ghost = sim.get(path).data
    assert (ghost["is_alive"], ghost["wait_time_secs"]) == (False, 0)
    assert sim.request("DELETE", path).status == 204
    assert sim.last("call.dequeued")["reason"] == "hangup"
    assert sim.get(path).error == (404, "10007", None)


def test_only_an_empty_queue_is_deleted_and_an_idle_one_is_collected(sim: VirtualSimulator) -> None:
    ccid = enqueue(sim)
    assert sim.request("DELETE", QUEUE).error == (400, "90050", None)
    sim.post(f"/calls/{ccid}/actions/leave_queue")
    sim.wait(sim.world.rules.empty_queue_secs - 1)
    assert sim.get(QUEUE).status == 200
    sim.wait(1)
    assert sim.get(QUEUE).error == (404, "10007", None)
    sim.post("/queues", queue_name="tier1")
    deleted = sim.request("DELETE", QUEUE)
    assert (deleted.status, deleted.json) == (204, None)


def test_a_queue_is_updated_by_post(sim: VirtualSimulator) -> None:
    sim.post("/queues", queue_name="tier 1/support")
    path = "/queues/tier%201%2Fsupport"
    assert sim.post(path, max_size=5).data["max_size"] == 5
    assert sim.post(path, max_size=0).error == (422, "10033", "/max_size")


def test_leaving_no_queue_is_refused(sim: VirtualSimulator) -> None:
    assert sim.post(f"/calls/{sim.leg()}/actions/leave_queue").error == (404, "10007", None)


def test_a_page_of_many_calls_counts_them_all(sim: VirtualSimulator) -> None:
    sim.post("/queues", queue_name="tier1")
    calls = [enqueue(sim) for _ in range(45)]
    page = sim.get(f"{QUEUE}/calls", **{"page[number]": 3, "page[size]": 20}).json
    assert [one["call_control_id"] for one in page["data"]] == calls[40:]
    assert page["data"][0]["queue_position"] == 41
    assert page["meta"] == {
        "page_number": 3,
        "page_size": 20,
        "total_pages": 3,
        "total_results": 45,
    }
