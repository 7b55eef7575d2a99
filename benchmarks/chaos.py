"""Whether anything acknowledged is lost, sent unaudited or believed falsely while all goes wrong.

    python -m benchmarks.chaos [--seed N] [--quick] [--keep FOLDER]

A simulator, `telnyx-console receiver` with its journal in SQLite, and the engine of a console
beside it, each a process. A sender posts 100 signed webhooks a second (the simulator's own, and
others that change nothing) and counts what is acknowledged. Corners of the simulator's world are
busy, then quiet, and then what the engine believes of them must be the truth. Meanwhile webhooks
are dropped, doubled, delayed and spoilt, requests fail in all ways, processes are killed, frozen
and hung up, the disk is full, locked and read-only, and keys are rotated. Each fault is a line in
faults.jsonl when it takes effect.

First a shorter run of the same with a receiver that acknowledges before it commits and an engine
that sends before it writes down and believes no reading: all three must be found out, or nothing is
proved. About six minutes;
with ``--quick`` about one and a half. Exit code 1 where a target is missed, 2 where the run is
invalid. Not injected: what needs a terminal (`benchmarks.stall`), DNS (the API is an address here),
a listing of several pages, and a step of this host's clock, for which the programs have no door.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from aiohttp import web

from benchmarks.judge import Judge
from benchmarks.rig import processes
from benchmarks.rig.faults import FAMILIES, FULL_SECS, Faults, Planned
from benchmarks.rig.ills import Ills
from benchmarks.rig.processes import Engine, Life
from benchmarks.rig.proxy import Proxy
from benchmarks.rig.report import Ran, judged, read, show
from benchmarks.rig.sender import Sender, key_of, public
from benchmarks.rig.world import CORNERS, Corner, World

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

QUICK_SECS, CONTROL_SECS = 40.0, 30.0
FIRST_SECS, LAST_SECS = 4.0, 6.0
"""Of a run, without faults."""
OVER_SECS = 90.0
"""How long a machine that is busy otherwise may take beyond the plan."""
REST_SECS = 25.0
"""How long the last commands may take to come to an end."""


@asynccontextmanager
async def _serving(handler: Handler) -> AsyncIterator[str]:
    runner = web.ServerRunner(web.Server(handler), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


async def run(folder: Path, seconds: float, seed: int, *, early: bool) -> Ran:
    """One run; ``early`` with the control in the product's place."""
    state = folder / "telnyx-console"
    port = _free_port()
    faults = Faults(folder / "faults.jsonl", seed)
    sender = Sender(port, faults, key_of(seed, 0), seed)
    proxy = Proxy(faults, state)
    async with AsyncExitStack() as stack:
        stack.callback(faults.close)
        hooks = await stack.enter_async_context(_serving(sender.relay))
        api = await stack.enter_async_context(_serving(proxy.handle))
        stack.push_async_callback(proxy.close)
        sim, told = await processes.simulator(f"{hooks}/", seed)
        stack.push_async_callback(_end, sim)
        proxy.origin = told["base_url"].removesuffix("/v2")
        world = World(told["base_url"], told["api_key"])
        stack.push_async_callback(world.close)
        env = {
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "TELNYX_API_KEY": told["api_key"],
            "TELNYX_PUBLIC_KEY": public(sender.key),
        }
        module = ["-m", "benchmarks.rig.early"] if early else ["-m", "console"]
        receiver = Life(
            [*module, "receiver", "--listen", f"127.0.0.1:{port}"],
            {**env, "TELNYX_BASE_URL": f"{api}/receiver/v2"},
            folder / "receiver.err",
        )
        engine = Engine(
            [*module, "engine"] if early else ["-m", "benchmarks.rig.engine"],
            {**env, "TELNYX_BASE_URL": f"{api}/engine/v2"},
            folder / "engine.err",
        )
        ran = Ran(seconds, faults, sender, proxy, engine, receiver)
        ills = Ills(
            faults,
            sender,
            receiver=receiver,
            engine=engine,
            journal=state / "default.db",
            seed=seed,
        )
        stack.push_async_callback(receiver.outlive)
        stack.push_async_callback(engine.outlive)
        await receiver.start()
        await engine.start()
        await _befall(ran, ills, world, seed)
        ran.codes = ills.codes
        ran.codes += [("end", code) for code in [await receiver.end(signal.SIGTERM)] if code]
        ran.codes += [("end", code) for code in [await engine.end(signal.SIGTERM)] if code]
    read(ran, state, env)
    return ran


async def _befall(ran: Ran, ills: Ills, world: World, seed: int) -> None:
    """Let the world live and everything go wrong, and then be quiet."""
    faults, ends, over, heard = ran.faults, asyncio.Event(), asyncio.Event(), asyncio.Event()
    plans = {
        name: faults.plan(family, FIRST_SECS, ran.seconds - LAST_SECS)
        for name, family in FAMILIES.items()
    }
    corners = [Corner(number, world, ran.engine, seed) for number in range(CORNERS)]
    faults.begin()
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(ran.engine.run(heard))
        sending = group.create_task(ran.sender.run(over))
        living = [group.create_task(corner.live(ends, ran.checks)) for corner in corners]
        looking = group.create_task(_look_after(ran, corners, world, over))
        ailing = [
            group.create_task(ills.befall(plans["receiver"])),
            group.create_task(ills.befall(plans["engine"])),
            group.create_task(_arm(faults, plans["hooks"], ran.sender.armed.append)),
            group.create_task(_arm(faults, plans["api"], ran.proxy.arm)),
        ]
        await asyncio.sleep(ran.seconds)
        await asyncio.wait(ailing, timeout=OVER_SECS)
        ills.enough = True  # what is not done by now is not done, and the run may be invalid
        await asyncio.wait(ailing)
        ends.set()
        await asyncio.wait(living)
        await asyncio.gather(*(corner.compare(ran.checks) for corner in corners))
        await _at_rest(ran.engine)
        over.set()
        await asyncio.wait([sending, looking])
        heard.set()
        listening.cancel()
    await world.record()
    ran.recorded = world.commanded


async def _at_rest(engine: Engine) -> None:
    """Every command has come to its end, if it ever does."""
    with suppress(TimeoutError):
        async with asyncio.timeout(REST_SECS):
            while engine.open:  # noqa: ASYNC110  # of what another process says
                await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # the last rows


async def _arm(faults: Faults, planned: Sequence[Planned], arm: Callable[[str], None]) -> None:
    for each in planned:
        await asyncio.sleep(max(0.0, each.at - faults.elapsed))
        arm(each.kind)


async def _look_after(
    ran: Ran, corners: Sequence[Corner], world: World, over: asyncio.Event
) -> None:
    """The rig's own book-keeping. A refused key is nobody's business but the engine's."""
    while not over.is_set():
        await asyncio.sleep(1.0)
        ran.sender.rooms = [room for corner in corners for room in corner.rooms]
        await world.record()


async def _end(sim: asyncio.subprocess.Process) -> None:
    assert sim.stdin is not None
    sim.stdin.close()
    await sim.wait()


def main() -> int:
    """Run the control, then the product, and judge."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--no-control", action="store_true")
    asked = parser.parse_args()
    seconds = QUICK_SECS if asked.quick else FULL_SECS
    print(f"seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory() as made:
        folder = asked.keep or Path(made)
        control, product = folder / "control", folder / "product"
        for each in (control, product):
            each.mkdir(parents=True, mode=0o700)
        if not asked.no_control:
            ran = asyncio.run(run(control, CONTROL_SECS, asked.seed, early=True))
            found = len(ran.lost), len(ran.proxy.naked), len(ran.checks.failed)
            print(
                "control: {} acknowledged and lost, {} commands without an intent,"
                " {} comparisons diverged".format(*found),
                flush=True,
            )
            if not all(found):
                print("INVALID: the control was not found out")
                return 2
        ran = asyncio.run(run(product, seconds, asked.seed, early=False))
        show(ran)
        judge = Judge()
        judged(ran, judge, seconds / FULL_SECS)
        invalid = ran.faults.invalid()
        if invalid:
            print(f"INVALID: {invalid}")
            return 2
        return judge.code()


if __name__ == "__main__":
    sys.exit(main())
