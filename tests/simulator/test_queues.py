"""Queues in virtual time: order, positions, waits, and each reason to leave."""

from simulator.harness import Still

QUEUE = "/queues/tier1"


def enqueue(still: Still, name: str = "tier1", **more: object) -> str:
    ccid = still.leg()
    done = still.post(f"/calls/{ccid}/actions/enqueue", queue_name=name, **more)
    assert done.data == {"result": "ok"}
    return ccid


def test_the_first_to_come_is_the_head_and_the_others_move_up(still: Still) -> None:
    calls = [enqueue(still) for _ in range(3)]
    assert still.last("call.enqueued")["current_position"] == 3
    still.wait(60)
    still.post(f"/calls/{calls[0]}/actions/leave_queue")
    assert still.last("call.dequeued")["reason"] == "leave"
    assert still.last("call.dequeued")["wait_time_secs"] == 60
    listed = still.get(f"{QUEUE}/calls").data
    assert [(one["call_control_id"], one["queue_position"]) for one in listed] == [
        (calls[1], 1),
        (calls[2], 2),
    ]
    assert still.get(f"{QUEUE}/calls/{calls[2]}").data["queue_position"] == 2
    assert still.get(f"/calls/{calls[0]}").data["is_alive"] is True


def test_the_average_wait_is_of_those_who_wait_now(still: Still) -> None:
    first = enqueue(still)
    still.wait(100)
    enqueue(still)
    assert still.get(QUEUE).data["average_wait_time_secs"] == 50
    still.post(f"/calls/{first}/actions/leave_queue")
    still.wait(10)
    shown = still.get(QUEUE).data
    assert (shown["average_wait_time_secs"], shown["current_size"]) == (10, 1)


def test_a_queue_made_by_enqueue_holds_100_and_one_made_by_post_300(still: Still) -> None:
    enqueue(still, max_size=7)
    assert still.get(QUEUE).data["max_size"] == 7
    enqueue(still, "other")
    assert still.get("/queues/other").data["max_size"] == 100
    assert still.post("/queues", queue_name="third").data["max_size"] == 300
    assert [one["name"] for one in still.get("/queues").data] == ["tier1", "other", "third"]


def test_a_full_queue_and_the_same_queue_twice_are_refused(still: Still) -> None:
    still.post("/queues", queue_name="tier1", max_size=1)
    ccid = enqueue(still)
    again = still.post(f"/calls/{ccid}/actions/enqueue", queue_name="tier1")
    assert again.error == (422, "90038", None)
    full = still.post(f"/calls/{still.leg()}/actions/enqueue", queue_name="tier1")
    assert full.error == (422, "90036", None)
    assert "tier1" in full.json["errors"][0]["detail"]


def test_another_queue_takes_the_call_over(still: Still) -> None:
    ccid = enqueue(still)
    still.event_types()
    still.post(f"/calls/{ccid}/actions/enqueue", queue_name="vip")
    assert still.event_types() == ["call.dequeued", "call.enqueued"]


def test_joining_a_conference_takes_the_call_out_as_bridged(still: Still) -> None:
    conference, _ = still.conference()
    ccid = enqueue(still)
    still.event_types()
    still.act(conference, "join", call_control_id=ccid)
    assert still.last("call.dequeued")["reason"] == "bridged"
    assert still.event_types() == ["call.dequeued", "conference.participant.joined"]


def test_enqueueing_somebody_takes_them_out_of_their_conference(still: Still) -> None:
    conference, people = still.conference(guests=1)
    still.event_types()
    still.post(f"/calls/{people[1]}/actions/enqueue", queue_name="tier1")
    assert still.event_types() == ["conference.participant.left", "call.enqueued"]
    assert len([one for one in still.people(conference) if one["status"] == "joined"]) == 1


def test_a_longest_wait_parks_the_call(still: Still) -> None:
    ccid = enqueue(still, max_wait_time_secs=30)
    still.wait(30)
    assert still.last("call.dequeued")["reason"] == "timeout"
    assert still.get(f"/calls/{ccid}").data["is_alive"] is True


def test_who_hangs_up_is_gone_unless_their_place_is_kept(still: Still) -> None:
    gone, kept = enqueue(still), enqueue(still)
    path = f"{QUEUE}/calls/{kept}"
    assert still.ask("PATCH", path, {"keep_after_hangup": True}).status == 204
    still.event_types()
    for ccid in (gone, kept):
        still.post(f"/calls/{ccid}/actions/hangup")
    assert still.event_types() == ["call.hangup", "call.dequeued", "call.hangup"]
    still.wait(1000)
    ghost = still.get(path).data
    assert (ghost["is_alive"], ghost["wait_time_secs"]) == (False, 0)
    assert still.ask("DELETE", path).status == 204
    assert still.last("call.dequeued")["reason"] == "hangup"
    assert still.get(path).error == (404, "10007", None)


def test_only_an_empty_queue_is_deleted_and_an_idle_one_is_collected(still: Still) -> None:
    ccid = enqueue(still)
    assert still.ask("DELETE", QUEUE).error == (400, "90050", None)
    still.post(f"/calls/{ccid}/actions/leave_queue")
    still.wait(still.world.rules.empty_queue_secs - 1)
    assert still.get(QUEUE).status == 200
    still.wait(1)
    assert still.get(QUEUE).error == (404, "10007", None)
    still.post("/queues", queue_name="tier1")
    deleted = still.ask("DELETE", QUEUE)
    assert (deleted.status, deleted.json) == (204, None)


def test_a_queue_is_updated_by_post(still: Still) -> None:
    still.post("/queues", queue_name="tier 1/support")
    path = "/queues/tier%201%2Fsupport"
    assert still.post(path, max_size=5).data["max_size"] == 5
    assert still.post(path, max_size=0).error == (422, "10033", "/max_size")


def test_leaving_no_queue_is_refused(still: Still) -> None:
    assert still.post(f"/calls/{still.leg()}/actions/leave_queue").error == (404, "10007", None)


def test_a_page_of_many_calls_counts_them_all(still: Still) -> None:
    still.post("/queues", queue_name="tier1")
    calls = [enqueue(still) for _ in range(45)]
    page = still.get(f"{QUEUE}/calls", **{"page[number]": 3, "page[size]": 20}).json
    assert [one["call_control_id"] for one in page["data"]] == calls[40:]
    assert page["data"][0]["queue_position"] == 41
    assert page["meta"] == {
        "page_number": 3,
        "page_size": 20,
        "total_pages": 3,
        "total_results": 45,
    }
