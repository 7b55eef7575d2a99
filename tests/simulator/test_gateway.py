"""The gateway in virtual time: stale reads, slow answers, the request log."""

import json
from typing import Any

from simulator.harness import VirtualSimulator

from console.simulator.faults import Faults
from console.simulator.gateway import Gateway
from console.simulator.http_types import Request
from console.simulator.ids import random_stream

KEY = {"authorization": "Bearer KEY1"}


def gateway_of(sim: VirtualSimulator, **rates: float) -> Gateway:
    named = {name.replace("_", "-"): rate for name, rate in rates.items()}
    return Gateway(sim.world, Faults(random_stream(1, "faults"), named), "KEY1", 100)


def queues(gateway: Gateway) -> list[Any]:
    response = gateway.receive(Request("GET", "/queues", {}, KEY)).response
    assert response is not None
    return [one["name"] for one in json.loads(response.body)["data"]]


def test_a_stale_read_is_a_second_old_and_no_older(sim: VirtualSimulator) -> None:
    gateway = gateway_of(sim, stale_read=1.0)
    assert queues(gateway) == []
    sim.post("/queues", queue_name="q")
    assert queues(gateway) == ["q"]
    sim.wait(1)
    assert queues(gateway) == ["q"]
    sim.post("/queues", queue_name="r")
    sim.wait(0.5)
    assert queues(gateway) == ["q"]
    sim.wait(1)
    assert queues(gateway) == ["q", "r"]


def test_a_slow_answer_is_executed_at_once(sim: VirtualSimulator) -> None:
    gateway = gateway_of(sim, slow=1.0)
    made = gateway.receive(Request("POST", "/queues", {}, KEY, b'{"queue_name":"q"}'))
    assert made.delay_secs == 8.0
    assert "q" in sim.world.queues


def test_the_rate_limit_is_by_the_minute(sim: VirtualSimulator) -> None:
    gateway = gateway_of(sim)
    statuses = []
    for _ in range(101):
        response = gateway.receive(Request("GET", "/queues", {}, KEY)).response
        assert response is not None
        statuses.append(response.status)
    assert statuses == [*[200] * 100, 429]
    sim.wait(60)
    assert queues(gateway) == []


def test_the_log_keeps_what_cannot_be_read_as_text(sim: VirtualSimulator) -> None:
    gateway = gateway_of(sim)
    gateway.receive(Request("POST", "/queues", {"a": "b"}, {}, b"\xff{"))
    (logged,) = json.loads(json.dumps(gateway.requests_since(0)))
    assert (logged["body"], logged["query"], logged["status"]) == ("\ufffd{", {"a": "b"}, 401)
