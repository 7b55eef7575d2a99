"""Scenarios in virtual time: their past, their pace, repeatable, and obedient to commands."""

from collections import Counter

import pytest
from simulator.harness import VirtualSimulator

from console.simulator.ids import random_stream
from console.simulator.models import Conference, Status
from console.simulator.scenarios import scenario_file
from console.simulator.scenarios.start_scenario import start_scenario

HOUR = 3600


def playing(name: str, seed: int = 1, speed: float = 1.0) -> VirtualSimulator:
    sim = VirtualSimulator(seed)
    start_scenario(sim.world, scenario_file.load(name), random_stream(seed, "director"), speed)
    return sim


def live(sim: VirtualSimulator) -> list[Conference]:
    conferences = sim.world.conferences.values()
    return [conference for conference in conferences if conference.status is not Status.COMPLETED]


def test_a_busy_morning_has_been_going_on_for_hours() -> None:
    sim = playing("busy-morning")
    assert sim.events == []
    conferences = {conference.name: len(conference.people) for conference in live(sim)}
    assert conferences["ops-standup"] == 12
    assert {"esc-4471-refund", "board-q3", "vip-acme", "t1-0391"} <= set(conferences)
    assert len(conferences) == 8
    (board,) = sim.get("/conferences", **{"filter[name]": "board-q3"}).data
    sim.wait(9 * 60)
    assert sim.get(f"/conferences/{board['id']}").data["end_reason"] == "time_exceeded"


def test_callers_wait_already_the_first_for_3_41() -> None:
    sim = playing("busy-morning")
    assert [one["name"] for one in sim.get("/queues").data] == ["tier1_support", "vip", "billing"]
    waiting = sim.get("/queues/tier1_support/calls").data
    assert len(waiting) == 12
    assert waiting[0]["wait_time_secs"] == 221
    assert [one["queue_position"] for one in waiting] == list(range(1, 13))
    waits = [one["wait_time_secs"] for one in waiting]
    assert waits == sorted(waits, reverse=True)


@pytest.mark.parametrize("seed", [1])
def test_a_busy_morning_stays_busy_for_five_hours(seed: int) -> None:
    sim = playing("busy-morning", seed)
    for _ in range(5 * 12):
        sim.wait(HOUR / 12)
        assert 4 <= len(live(sim)) <= 11
        assert 20 <= sum(len(conference.people) for conference in live(sim)) <= 55
        assert 9 <= len(sim.world.queues["tier1_support"]) <= 15
    assert len(sim.world.legs) < 500
    assert len(sim.world.conferences) < 300


def test_something_visible_changes_every_second() -> None:
    sim = playing("busy-morning")
    sim.wait(HOUR)
    kinds = Counter(event.event_type for event in sim.events)
    visible = sum(count for kind, count in kinds.items() if kind.startswith("conference"))
    assert 0.8 <= visible / HOUR <= 3
    for kind in ("call.enqueued", "call.dequeued", "conference.playback.started"):
        assert kinds[kind] > 20
    reasons = {e.payload["reason"] for e in sim.events if e.event_type == "call.dequeued"}
    assert {"bridged", "hangup"} <= reasons


def test_the_same_seed_gives_the_same_happenings_however_it_is_driven() -> None:
    by_steps, at_once, other = (playing("busy-morning", seed) for seed in (7, 7, 8))
    for _ in range(600):
        by_steps.wait(1)
    at_once.wait(600)
    other.wait(600)
    assert by_steps.events == at_once.events
    assert by_steps.events[0].id != other.events[0].id


def test_speed_paces_the_people_and_not_the_clock() -> None:
    slow, fast = playing("busy-morning"), playing("busy-morning", speed=10)
    for sim in (slow, fast):
        sim.wait(300)
    assert len(fast.events) > 5 * len(slow.events)
    expiry = {"filter[name]": "vip-acme"}
    ends = [one.get("/conferences", **expiry).data[0]["expires_at"] for one in (slow, fast)]
    assert ends[0] == ends[1]


def test_who_an_operator_has_held_and_muted_stays_so() -> None:
    sim = playing("busy-morning")
    conference = "ops-standup"
    for verb in ("mute", "hold"):
        assert sim.act(conference, verb).status == 200
    found = next(one for one in live(sim) if one.name == conference)
    there = set(found.people)
    sim.event_types()
    sim.wait(HOUR)
    left = [one for ccid, one in found.people.items() if ccid in there]
    assert left
    assert all(one.muted and one.on_hold for one in left)
    spoke = {e.payload["call_control_id"] for e in sim.events if "floor" in e.event_type}
    assert not spoke & there


def test_a_room_that_an_operator_ended_is_followed_by_another() -> None:
    sim = playing("busy-morning")
    ended = next(one for one in live(sim) if one.name == "esc-4471-refund")
    sim.act(ended.id, "end")
    sim.wait(600)
    names = [one.name for one in live(sim)]
    assert "esc-4472-refund" in names
    assert "esc-4471-refund" not in names


def test_who_an_operator_has_parked_hangs_up_in_the_end() -> None:
    sim = playing("busy-morning")
    conference = next(one for one in live(sim) if one.name == "vip-acme")
    guest = next(ccid for ccid, one in conference.people.items() if one.leg.direction == "incoming")
    sim.act(conference.id, "leave", call_control_id=guest)
    sim.wait(400)
    shown = sim.get(f"/calls/{guest}").data
    assert shown["is_alive"] is False


def test_staff_say_their_names_in_their_client_state() -> None:
    sim = playing("busy-morning")
    states = {one.client_state for one in sim.world.legs.values() if one.client_state}
    assert "eyJhZ2VudCI6ICJCbyBSZXllcyJ9" in states


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('summary = "x"\nbogus = 1', "bogus"),
        ('summary = "x"\n[[queue]]\nname = "q"\nwaiting = -1', "queue.0.waiting"),
        ('summary = "x"\n[[room]]\nname = 7', "room.0.name"),
        ("parked = 1", "summary"),
        ("summary", "TOML|Expected"),
    ],
)
def test_a_scenario_that_does_not_fit_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scenario_file.read(text)


def test_every_scenario_loads_and_plays() -> None:
    for name in scenario_file.names():
        playing(name).wait(60)
