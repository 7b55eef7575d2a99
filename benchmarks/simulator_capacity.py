"""Measure that the simulator carries a large world on one core at little cost for each event.

    python -m benchmarks.simulator_capacity

Two simulators run one after the other with the same rate of events: a small one, and one with 1,000
conferences, 5,000 people in them and 10,000 queued calls. Each posts its webhooks to a receiver
here and answers the requests of one console. It ends within a minute and a half, with exit code 1
if a target is missed.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

ROOT = Path(__file__).parents[1]
SETTLE_SECS, WINDOW_SECS, LIMIT_SECS = 2.0, 15.0, 85.0
ASKS_A_SECOND = 5
EVENTS_A_SECOND = 200


@dataclass(frozen=True, slots=True)
class World:
    """The number of conferences of five people, and the number of queued calls."""

    name: str
    conferences: int
    waiting: int

    def scenario(self) -> str:
        """Return the scenario file; all conferences together have the same rate in every world."""
        queue = (
            'summary = "a crowd"\n[[queue]]\nname = "crowd"\nmax_size = 20000\n'
            f"waiting = {self.waiting}\noldest_secs = 3600\n"
            f"lowest = {self.waiting // 2}\nhighest = {self.waiting * 3 // 2}\nevery_secs = 0.05\n"
        )
        conference = (
            '[[conference]]\nname = "room-{:04d}"\nage_secs = 600\n'
            'hosts = ["Bo Reyes"]\nguests = 4\n'
            f"turn_secs = {self.conferences / 190}\nepisode_secs = {self.conferences / 5}\n"
        )
        return queue + "".join(conference.format(number) for number in range(self.conferences))


@dataclass(slots=True)
class Measured:
    """The measured values of one world."""

    ready_secs: float = 0.0
    events: int = 0
    lags: list[float] = field(default_factory=list)
    request_secs: list[float] = field(default_factory=list)
    cpu_secs: float = 0.0
    wall_secs: float = 0.0
    lost: int = 0
    held: tuple[int, int, int] = (0, 0, 0)

    @property
    def cpu_micros_an_event(self) -> float:
        """Processor time in microseconds, requests included."""
        return self.cpu_secs / max(1, self.events) * 1e6


class Receiver:
    """Counts the webhooks and their delay."""

    def __init__(self) -> None:
        self.measured: Measured | None = None

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Acknowledge a webhook and record its delay."""
        raw = await request.read()
        if self.measured is not None:
            body = json.loads(raw)
            event = body.get("data", body)
            at = event.get("occurred_at") or event["payload"].get("occurred_at")
            if at is not None:
                self.measured.lags.append(time.time() - datetime.fromisoformat(at).timestamp())
            self.measured.events += 1
        return web.Response()


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[str]:
    """Serve the receiver; yield its URL."""
    runner = web.ServerRunner(web.Server(receiver.handle))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hooks"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def simulating(path: str, url: str) -> AsyncIterator[dict[str, str]]:
    """Run a simulator in its own process; yield its ready line."""
    command = ["-P", "-m", "console.simulator", "--with-parent", "--webhook-url", url]
    process: Process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        "--scenario",
        path,
        stdin=PIPE,
        stdout=PIPE,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


async def measure(world: World) -> Measured:
    """Run one world for a while and return the measured values."""
    measured, receiver = Measured(), Receiver()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(world.scenario())
        file.flush()
        began = time.perf_counter()
        async with (
            listening(receiver) as url,
            simulating(file.name, url) as ready,
            aiohttp.ClientSession(headers={"Authorization": f"Bearer {ready['api_key']}"}) as api,
        ):
            measured.ready_secs = time.perf_counter() - began
            control = ready["base_url"].removesuffix("v2") + "control"
            mover = {"Authorization": f"Bearer {ready['control_token']}"}
            await asyncio.sleep(SETTLE_SECS)
            measured.held = await count(api, ready["base_url"])
            before = await ask(api, f"{control}/process", mover)
            receiver.measured, began = measured, time.perf_counter()
            await watch(api, ready["base_url"], measured.request_secs)
            receiver.measured = None
            measured.wall_secs = time.perf_counter() - began
            after = await ask(api, f"{control}/process", mover)
            measured.cpu_secs = after["cpu_secs"] - before["cpu_secs"]
            counts = await ask(api, f"{control}/deliveries", mover)
            measured.lost = counts["failed"] + counts["overflowed"]
    return measured


async def ask(
    api: aiohttp.ClientSession, url: str, headers: Mapping[str, str] | None = None
) -> Any:  # noqa: ANN401
    """Return the JSON of one answer."""
    async with api.get(url, headers=headers) as response:
        assert response.status == 200, url
        return await response.json()


async def count(api: aiohttp.ClientSession, base: str) -> tuple[int, int, int]:
    """Return the conferences, people and queued calls that the API lists."""
    conferences = await ask(api, f"{base}/conferences?filter[status]=in_progress&page[size]=1")
    people = 0
    for conference in (await ask(api, f"{base}/conferences?page[size]=250"))["data"][:50]:
        people += (await ask(api, f"{base}/conferences/{conference['id']}/participants"))["meta"][
            "total_results"
        ]
    queue = await ask(api, f"{base}/queues/crowd")
    total = conferences["meta"]["total_results"]
    return total, people * total // min(50, total), queue["data"]["current_size"]


async def watch(api: aiohttp.ClientSession, base: str, request_secs: list[float]) -> None:
    """Send the requests of a console at its pace during the window."""
    paths = (
        "/queues",
        "/queues/crowd/calls?page[size]=250",
        "/conferences?filter[status]=in_progress&page[size]=250",
        "/queues/crowd/calls?page[size]=250&page[number]=2",
        "/call_events?page[size]=50",
    )
    for turn in range(int(WINDOW_SECS * ASKS_A_SECOND)):
        began = time.perf_counter()
        await ask(api, base + paths[turn % len(paths)])
        request_secs.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, 1 / ASKS_A_SECOND - request_secs[-1]))


def late(values: list[float]) -> float:
    """Return the 99th percentile, in milliseconds."""
    return statistics.quantiles(values, n=100)[98] * 1000


def show(world: World, seen: Measured) -> None:
    """Print the values of a world, one a line."""
    conferences, people, queued = seen.held
    print(f"{world.name}: {conferences} conferences, about {people} people, {queued} queued calls")
    print(f"  ready after              {seen.ready_secs:8.2f} s")
    print(f"  events delivered         {seen.events / seen.wall_secs:8.0f} a second")
    print(f"  share of one core        {100 * seen.cpu_secs / seen.wall_secs:8.0f} %")
    print(f"  processor time an event  {seen.cpu_micros_an_event:8.0f} us, requests included")
    print(f"  event to receiver, p99   {late(seen.lags):8.0f} ms")
    print(f"  request, p99             {late(seen.request_secs):8.0f} ms")


async def main() -> int:
    """Measure both worlds, compare with the targets and return the exit code."""
    small, large = World("small", 10, 100), World("large", 1_010, 10_100)
    async with asyncio.timeout(LIMIT_SECS):
        little = await measure(small)
        show(small, little)
        much = await measure(large)
        show(large, much)
    ratio = much.cpu_micros_an_event / little.cpu_micros_an_event
    print(f"an event in the large world costs {ratio:.2f} times one in the small")
    targets = {
        "1,000 conferences": much.held[0] >= 1_000,
        "5,000 people": much.held[1] >= 5_000,
        "10,000 queued calls": much.held[2] >= 10_000,
        f"{EVENTS_A_SECOND} events a second": much.events / much.wall_secs >= EVENTS_A_SECOND,
        "on one core": much.cpu_secs < much.wall_secs,
        "none lost": much.lost == 0,
        "an event costs at most 3 times as much": ratio <= 3.0,
    }
    for what, met in targets.items():
        print(f"{'met   ' if met else 'MISSED'}  {what}")
    return 0 if all(targets.values()) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
