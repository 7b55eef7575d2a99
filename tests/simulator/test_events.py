"""The bodies of webhooks: the place of their time, their fields, the form of floor.changed."""

import pytest
from simulator.harness import VirtualSimulator
from simulator.official_schemas import THE_16, TIME_OUTSIDE

from console.simulator import webhook_events
from console.simulator.tunable_limits import FloorShape, Rules


@pytest.fixture
def eventful(sim: VirtualSimulator) -> VirtualSimulator:
    """Return a world in which each of the sixteen events has happened."""
    waiting = sim.leg()
    sim.post(f"/calls/{waiting}/actions/enqueue", queue_name="q")
    conference, people = sim.conference()
    sim.act(conference, "join", call_control_id=waiting)
    sim.act(conference, "record_start", format="wav")
    for named in ({}, {"call_control_ids": people}):
        sim.act(conference, "play", audio_url="https://a.example/b.wav", **named)
        sim.act(conference, "speak", payload="hello", voice="female", **named)
    sim.act(conference, "end")
    sim.wait(10)
    return sim


def test_the_sixteen_have_exactly_their_fields(eventful: VirtualSimulator) -> None:
    seen = {event.event_type: set(event.payload) for event in eventful.events}
    assert {kind: seen[kind] for kind in THE_16} == THE_16


def test_each_keeps_its_time_where_the_schema_has_it(eventful: VirtualSimulator) -> None:
    for event in eventful.events:
        body = webhook_events.body(event, 1, "http://x/")
        assert isinstance(body, dict)
        data = body if event.flat else body["data"]
        outside = event.event_type in TIME_OUTSIDE or event.event_type.startswith("call.")
        assert ("occurred_at" in data) is outside
        assert body["meta"] == {"attempt": 1, "delivered_to": "http://x/"}


def test_a_webhook_time_has_microseconds(eventful: VirtualSimulator) -> None:
    body = webhook_events.body(eventful.events[0], 1, "")
    assert isinstance(body, dict)
    assert body["data"]["occurred_at"] == "2026-11-18T11:06:40.000000Z"


@pytest.mark.parametrize(
    ("shape", "flat"),
    [
        ("wrapped", [False, False]),
        ("flat", [True, True]),
        ("both-alternating", [False, True]),
    ],
)
def test_floor_changed_is_written_in_the_shape_asked_for(
    shape: FloorShape, flat: list[bool]
) -> None:
    sim = VirtualSimulator(rules=Rules(floor_shape=shape))
    sim.conference("one")
    sim.conference("two")
    floors = [event for event in sim.events if event.event_type == webhook_events.FLOOR]
    assert [event.flat for event in floors] == flat
    bodies = [webhook_events.body(event, 1, "") for event in floors]
    assert ["data" in body for body in bodies if isinstance(body, dict)] == [
        not one for one in flat
    ]
    others = [event.flat for event in sim.events if event.event_type != webhook_events.FLOOR]
    assert not any(others)


def test_a_call_dialled_with_a_url_of_its_own_tells_it_there(sim: VirtualSimulator) -> None:
    body = {"connection_id": "1", "from": "+15125550100", "to": "sip:bo@floor.example"}
    sim.request("POST", "/calls", {**body, "webhook_url": "http://elsewhere/"})
    hooks = sim.events[-1].webhook_options
    assert hooks is not None
    assert hooks.url == "http://elsewhere/"
