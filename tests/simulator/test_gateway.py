"""The gateway in virtual time: stale reads, slow answers, the request log."""

import json
from typing import Any

from simulator.harness import Still

from console.simulator.faults import Faults
from console.simulator.gateway import Desk
from console.simulator.http_types import Request
from console.simulator.ids import stream

KEY = {"authorization": "Bearer KEY1"}


def desk_of(still: Still, **rates: float) -> Desk:
    named = {name.replace("_", "-"): rate for name, rate in rates.items()}
    return Desk(still.world, Faults(stream(1, "faults"), named), "KEY1", 100)


def queues(desk: Desk) -> list[Any]:
    said = desk.receive(Request("GET", "/queues", {}, KEY)).response
    assert said is not None
    return [one["name"] for one in json.loads(said.body)["data"]]


def test_a_stale_read_is_a_second_old_and_no_older(still: Still) -> None:
    desk = desk_of(still, stale_read=1.0)
    assert queues(desk) == []
    still.post("/queues", queue_name="q")
    assert queues(desk) == ["q"]
    still.wait(1)
    assert queues(desk) == ["q"]
    still.post("/queues", queue_name="r")
    still.wait(0.5)
    assert queues(desk) == ["q"]
    still.wait(1)
    assert queues(desk) == ["q", "r"]


def test_a_slow_answer_is_executed_at_once(still: Still) -> None:
    desk = desk_of(still, slow=1.0)
    made = desk.receive(Request("POST", "/queues", {}, KEY, b'{"queue_name":"q"}'))
    assert made.delay_secs == 8.0
    assert "q" in still.world.queues


def test_the_rate_limit_is_by_the_minute(still: Still) -> None:
    desk = desk_of(still)
    statuses = []
    for _ in range(101):
        said = desk.receive(Request("GET", "/queues", {}, KEY)).response
        assert said is not None
        statuses.append(said.status)
    assert statuses == [*[200] * 100, 429]
    still.wait(60)
    assert queues(desk) == []


def test_the_log_keeps_what_cannot_be_read_as_text(still: Still) -> None:
    desk = desk_of(still)
    desk.receive(Request("POST", "/queues", {"a": "b"}, {}, b"\xff{"))
    (logged,) = json.loads(json.dumps(desk.requests_since(0)))
    assert (logged["body"], logged["query"], logged["status"]) == ("\ufffd{", {"a": "b"}, 401)
