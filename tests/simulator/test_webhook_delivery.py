"""Webhook delivery with a fake clock and a fake HTTP client."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from console.simulator.faults import Faults
from console.simulator.ids import random_stream
from console.simulator.signer import Signer
from console.simulator.tunable_limits import DeliveryPolicy
from console.simulator.webhook_delivery import WebhookSender
from console.simulator.webhook_events import Event


class Wire:
    """Keeps the posted bodies; answers each with the next of ``statuses``, then with 200."""

    def __init__(self, policy: DeliveryPolicy, *statuses: int) -> None:
        self.now = 0.0
        self.sent: list[str] = []
        self.statuses = list(statuses)
        self.faults = Faults(random_stream(1, "faults"))
        self.sender = WebhookSender(policy, Signer(1), self.faults, lambda: self.now, self._post)
        self._came = asyncio.Event()

    def take(self, name: str) -> None:
        self.sender.add(Event("call.initiated", name, self.now, {}))

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(10):
            while len(self.sent) < count:
                self._came.clear()
                await self._came.wait()
        return self.sent

    async def _post(self, _url: str, body: bytes, _headers: dict[str, str]) -> int:
        self.sent.append(json.loads(body)["data"]["id"])
        self._came.set()
        return self.statuses.pop(0) if self.statuses else 200


@asynccontextmanager
async def running(wire: Wire) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(wire.sender.run())
        yield
        task.cancel()


@pytest.mark.parametrize("fault", ["webhook-delay", "webhook-reorder"])
async def test_a_webhook_may_come_after_later_ones(fault: str) -> None:
    wire = Wire(DeliveryPolicy(urls=("http://x/",)))
    async with running(wire):
        wire.faults.set_rate(fault, 1.0)
        wire.take("late")
        wire.faults.set_rate(fault, 0.0)
        wire.take("early")
        await wire.until(1)
        wire.now = 10.0
        wire.take("other")
        assert (await wire.until(3))[0] == "early"


async def test_a_retry_waits_longer_each_time() -> None:
    wire = Wire(DeliveryPolicy(urls=("http://x/",), pauses=(10.0, 30.0)), 500, 200, 200, 0)
    async with running(wire):
        wire.take("a")
        await wire.until(1)
        for now, name in ((9.0, "b"), (11.0, "c"), (12.0, "d")):
            wire.now = now
            wire.take(name)
            await wire.until({"b": 2, "c": 4, "d": 5}[name])
        assert wire.sent.count("a") == 2
        wire.now = 42.0
        wire.take("e")
        await wire.until(7)
        assert wire.sent.count("a") == 3


async def test_without_a_url_events_are_only_counted() -> None:
    wire = Wire(DeliveryPolicy())
    wire.take("a")
    counts = wire.sender.as_json()
    assert isinstance(counts, dict)
    assert (counts["emitted"], counts["waiting"]) == (1, 0)
