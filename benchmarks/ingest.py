"""What it costs to take a webhook in, against a bare aiohttp handler in the same run.

    python -m benchmarks.ingest

Two servers, each a process pinned to the first core: our receiver, which verifies, translates and
folds before it answers, and a handler that reads the body and says 200. The sender is pinned to the
second core. By turns each gets all that it can take over 16 connections, and then 300 webhooks a
second at random distances over 8. About 40 seconds.
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

from benchmarks.hooks import CONFERENCES, PUBLIC, body, request
from benchmarks.judge import Judge, late, middle
from benchmarks.terminal import ROOT, pause

ROUNDS, FULL_SECS, PACED_SECS = 3, 2.0, 4.0
FULL_LINES, PACED_LINES, PACE = 16, 8, 300


async def bare(listener: socket.socket) -> None:
    """Read and say 200."""

    async def answer(asked: web.BaseRequest) -> web.Response:
        await asked.read()
        return web.Response()

    runner = web.ServerRunner(web.Server(answer), access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    await asyncio.Event().wait()


async def ours(listener: socket.socket) -> None:
    """The receiver and the store, as the engine joins them."""
    from console.commands import COMMANDS  # noqa: PLC0415  # not in the bare process
    from console.core.model.state import State  # noqa: PLC0415
    from console.journal.recorder import Delivery  # noqa: PLC0415
    from console.runtime.health_report import health_report  # noqa: PLC0415
    from console.runtime.state_store import Store  # noqa: PLC0415
    from console.sources.clock import now  # noqa: PLC0415
    from console.sources.receiver import serve  # noqa: PLC0415
    from console.telnyx.events import event  # noqa: PLC0415
    from console.telnyx.signature import Verifier  # noqa: PLC0415

    store = Store(State(commands=COMMANDS))
    store.open(asyncio.get_running_loop(), lambda _: None)

    async def accept(delivery: Delivery) -> bool:
        store.post(event(delivery.body, delivery.at))
        return True

    await serve(
        (listener,),
        path="/webhooks",
        verifier=Verifier((PUBLIC,)),
        clock=now,
        accept=accept,
        post=store.post,
        vital=lambda: health_report(store.state.health, now(), 0.0),
    )


@dataclass(slots=True)
class Server:
    """A server process, and what was seen of it."""

    process: subprocess.Popen[bytes]
    port: int
    pace: list[float] = field(default_factory=list)
    micros: list[float] = field(default_factory=list)
    paced: list[float] = field(default_factory=list)
    refused: int = 0

    def cpu(self) -> float:
        """Seconds of processor time."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9


@contextmanager
def server(name: str) -> Iterator[Server]:
    """Run this module as a server on a socket that it inherits."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        number = listener.fileno()
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "benchmarks.ingest", name, str(number)],
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
    """One connection, one after another, as fast as they are answered."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    while wires and time.perf_counter() < until:
        began = time.perf_counter()
        writer.write(wires.pop())
        answer = await reader.readuntil(b"\r\n\r\n")
        server.refused += b" 200 " not in answer
        taken.append(time.perf_counter() - began)
    writer.close()


async def full(server: Server, wires: list[bytes]) -> None:
    """As many as it can take."""
    taken: list[float] = []
    cpu, began = server.cpu(), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(FULL_LINES):
            group.create_task(post(server, wires, began + FULL_SECS, taken))
    server.pace.append(len(taken) / (time.perf_counter() - began))
    server.micros.append((server.cpu() - cpu) / len(taken) * 1e6)


async def paced(server: Server, wires: list[bytes]) -> None:
    """At random distances; timed from when each was due."""
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

    chance, due = random.Random(7), time.perf_counter()  # noqa: S311  # distances, no secrets
    async with asyncio.TaskGroup() as group:
        while wires:
            due += chance.expovariate(PACE)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due, wires.pop()))
    while not lines.empty():
        lines.get_nowait()[1].close()


def fresh(number: int) -> list[bytes]:
    """So many signed requests, each with an id of its own."""
    kind, began = "conference.floor.changed", time.perf_counter_ns()
    return [
        request(body(kind, f"i{began}-{each}", conference_id=CONFERENCES[each % 32]))
        for each in range(number)
    ]


def main() -> int:
    """Measure and judge."""
    judge = Judge()
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
        judge.say(f"{name}: requests a second, 16 connections", middle(each.pace), "/s")
        judge.say("  of a core, for each", middle(each.micros), "us")
        judge.say(f"  acknowledged at {PACE}/s, median", middle(each.paced), "ms")
        judge.say("  p99", late(each.paced), "ms")
    judge.same("refused", plain.refused + mine.refused, 0, "")
    judge.least(
        "cost of a bare request, of ours", middle(plain.micros) / middle(mine.micros), 0.2, ""
    )
    judge.most(f"p99 at {PACE}/s, times the bare one", late(mine.paced) / late(plain.paced), 3, "")
    return judge.code()


def serve_as(name: str, number: int) -> None:
    """The server process."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with socket.socket(fileno=number) as listener:
        asyncio.run({"bare": bare, "ours": ours}[name](listener))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve_as(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main())
