"""Measure the cost of receiving a webhook, against a bare aiohttp handler in the same run.

    python -m benchmarks.receiver_throughput

Two servers run, each a process pinned to the first core: our receiver, which verifies, decodes and
applies a webhook before it answers, and a handler that reads the body and answers 200. The sender
is pinned to the second core. Each in turn gets as many webhooks as it can take over 16 connections,
then 300 a second at random intervals over 8. It takes about 40 seconds.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from benchmarks.console_under_test import CONFERENCES, PUBLIC, body, request
from benchmarks.pseudo_terminal import ROOT, pause
from benchmarks.targets import Targets, median, p99

ROUNDS, FULL_SECS, PACED_SECS = 3, 2.0, 4.0
FULL_LINES, PACED_LINES, PACE = 16, 8, 300


async def bare(listener: socket.socket) -> None:
    """Serve a handler that reads the body and answers 200."""

    async def answer(received: web.BaseRequest) -> web.Response:
        await received.read()
        return web.Response()

    runner = web.ServerRunner(web.Server(answer), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    await asyncio.Event().wait()


async def ours(listener: socket.socket) -> None:
    """Serve the receiver with its store, joined as in the engine."""
    from console.commands import COMMANDS  # noqa: PLC0415  # not in the bare process
    from console.core.model.state import State  # noqa: PLC0415
    from console.journal.recorder import Delivery  # noqa: PLC0415
    from console.runtime.health_report import health_report  # noqa: PLC0415
    from console.runtime.state_store import Store  # noqa: PLC0415
    from console.sources.clock import now  # noqa: PLC0415
    from console.sources.receiver import WebhookReceiver  # noqa: PLC0415
    from console.telnyx.events import event  # noqa: PLC0415
    from console.telnyx.signature import Verifier  # noqa: PLC0415

    store = Store(State(commands=COMMANDS))
    store.open(asyncio.get_running_loop(), lambda _: None)

    async def accept(delivery: Delivery) -> bool:
        store.post(event(delivery.body, delivery.at))
        return True

    await WebhookReceiver(
        path="/webhooks",
        verifier=Verifier((PUBLIC,)),
        clock=now,
        accept=accept,
        post=store.post,
        vital=lambda: health_report(store.state.health, now(), 0.0),
    ).run((listener,))


@dataclass(slots=True)
class Server:
    """A server process with its measured values."""

    process: subprocess.Popen[bytes]
    port: int
    pace: list[float] = field(default_factory=list)
    micros: list[float] = field(default_factory=list)
    paced: list[float] = field(default_factory=list)
    refused: int = 0

    def cpu(self) -> float:
        """Return the processor time in seconds."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9


@contextmanager
def server(name: str) -> Iterator[Server]:
    """Run this module as a server on an inherited socket; yield it."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        number = listener.fileno()
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "benchmarks.receiver_throughput", name, str(number)],
            pass_fds=[number],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        try:
            yield Server(process, listener.getsockname()[1])
        finally:
            process.kill()
            process.wait()


async def post(server: Server, wires: list[bytes], until: float, taken: list[float]) -> None:
    """Send over one connection, each request once the one before is answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    while wires and time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(wires.pop())
        answer = await reader.readuntil(b"\r\n\r\n")
        server.refused += b" 200 " not in answer
        taken.append(time.perf_counter() - began)
    writer.close()


async def full(server: Server, wires: list[bytes]) -> None:
    """Send as many requests as the server can take in ``FULL_SECS``."""
    taken: list[float] = []
    cpu, began = server.cpu(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(FULL_LINES):
            group.create_task(post(server, wires, began + FULL_SECS, taken))
    server.pace.append(len(taken) / (time.perf_counter() - began))
    server.micros.append((server.cpu() - cpu) / len(taken) * 1e6)


async def paced(server: Server, wires: list[bytes]) -> None:
    """Send at random intervals; each time is measured from when the request was due."""
    lines: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(PACED_LINES):
        lines.put_nowait(await asyncio.open_connection("127.0.0.1", server.port))

    async def one(due: float, wire: bytes) -> None:
        reader, writer = await lines.get()
        writer.write(wire)
        answer = await reader.readuntil(b"\r\n\r\n")
        server.paced.append((time.perf_counter() - due) * 1000)
        server.refused += b" 200 " not in answer
        lines.put_nowait((reader, writer))

    chance, due = random.Random(7), time.perf_counter()  # noqa: S311  # intervals, no secrets
    async with asyncio.TaskGroup() as group:
        while wires:
            due += chance.expovariate(PACE)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due, wires.pop()))
    while not lines.empty():
        lines.get_nowait()[1].close()


def fresh(number: int) -> list[bytes]:
    """Return ``number`` signed requests, each with its own id."""
    kind, began = "conference.floor.changed", time.perf_counter_ns()
    return [
        request(body(kind, f"i{began}-{each}", conference_id=CONFERENCES[each % 32]))
        for each in range(number)
    ]


def main() -> int:
    """Measure, compare with the targets and return the exit code."""
    targets = Targets()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with ExitStack() as stack:
        plain, mine = stack.enter_context(server("bare")), stack.enter_context(server("ours"))
        pause(2.5)
        for _ in range(ROUNDS):
            for each in (plain, mine):
                asyncio.run(full(each, fresh(12_000)))
        for each in (plain, mine):
            asyncio.run(paced(each, fresh(int(PACE * PACED_SECS))))
    for name, each in (("bare aiohttp", plain), ("our receiver", mine)):
        targets.show(f"{name}: requests a second, 16 connections", median(each.pace), "/s")
        targets.show("  processor time of each", median(each.micros), "us")
        targets.show(f"  acknowledged at {PACE}/s, median", median(each.paced), "ms")
        targets.show("  p99", p99(each.paced), "ms")
    targets.equal("refused", plain.refused + mine.refused, 0, "")
    targets.at_least(
        "processor time, bare handler to ours", median(plain.micros) / median(mine.micros), 0.2, ""
    )
    targets.at_most(
        f"p99 at {PACE}/s, ours to bare handler", p99(mine.paced) / p99(plain.paced), 3, ""
    )
    return targets.exit_code()


def serve_as(name: str, number: int) -> None:
    """Serve as the named server on the inherited socket."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with socket.socket(fileno=number) as listener:
        asyncio.run({"bare": bare, "ours": ours}[name](listener))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve_as(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main())
