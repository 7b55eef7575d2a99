"""Whether anything acknowledged is lost, sent unaudited or believed falsely while all goes wrong.

    python -m benchmarks.chaos [--seed N] [--quick] [--keep FOLDER]

A simulator, `telnyx-console receiver` with its journal in SQLite, and the engine of a console
beside it, each a process. A sender posts 100 signed webhooks a second (the simulator's own, and
others that change nothing) and counts what is acknowledged. Corners of the simulator's world are
busy, then quiet, and then what the engine believes of them must be the truth. Meanwhile webhooks
are dropped, doubled, delayed and spoilt, requests and polls fail in all ways, listings shift
between their pages, the API's name is not found, processes are killed, frozen and hung up, the
disk below either is full, failing, locked and read-only, keys are rotated and removed, and the
clock is an hour off. Each fault is a line in faults.jsonl when it takes effect.

First a shorter run of the same with a receiver that acknowledges before it commits and an engine
that sends before it writes down and believes no reading: all three must be found out, or nothing is
proved. About six minutes; with ``--quick`` about one and a half. Exit code 1 where a target is
missed, 2 where the run is invalid.

Clock, resolver and the disk's own errors are this host's, which the rig leaves alone: there the
programs run behind a shim in their own process (`benchmarks.rig.ailing`). Faults of a terminal are
for none of these processes, which have none: `benchmarks.stall` and the journeys inject those.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeAlias

from aiohttp import web

from benchmarks.judge import Judge
from benchmarks.rig import processes
from benchmarks.rig.faults import API, FAMILIES, FULL_SECS, HOOKS, Faults, Planned
from benchmarks.rig.ills import Ills
from benchmarks.rig.processes import Engine, Life
from benchmarks.rig.proxy import Proxy
from benchmarks.rig.report import Ran, judged, read, show
from benchmarks.rig.sender import Sender, key_of, public
from benchmarks.rig.world import CORNERS, Corner, World

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

QUICK_SECS, CONTROL_SECS = 40.0, 30.0
CONTROL = {
    "hooks": HOOKS,
    "api": API,
    "receiver": {"receiver-kill": 16, "receiver-stop": 4, "disk-full": 4},
    "engine": {"engine-kill": 12},
}
"""What befalls the control: enough to find it out."""
FIRST_SECS, LAST_SECS = 4.0, 6.0
"""Of a run, without faults."""


class Patience(NamedTuple):
    """Seconds that a run may take beyond the plan: a machine may be busy otherwise."""

    over: float
    """For the faults that are planned."""
    armed: float
    """For the requests that are to be spoilt: polls are few."""
    rest: float
    """For the last commands to come to an end."""


PRODUCT, EARLY = Patience(90.0, 30.0, 25.0), Patience(10.0, 0.0, 2.0)


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
        api = api.replace("127.0.0.1", "localhost")  # a name, so that it can be one unknown
        stack.push_async_callback(proxy.close)
        sim, told = await processes.simulator(f"{hooks}/", seed)
        stack.push_async_callback(_end, sim)
        proxy.origin = told["base_url"].removesuffix("/v2")
        world = World(told["base_url"], told["api_key"], told["control_token"])
        stack.push_async_callback(world.close)
        env = {
            "HOME": str(folder),
            "XDG_STATE_HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "TELNYX_API_KEY": told["api_key"],
            "TELNYX_PUBLIC_KEY": public(sender.key),
        }
        receiver = Life(
            [
                "benchmarks.rig.early" if early else "console",
                "receiver",
                "--listen",
                f"127.0.0.1:{port}",
            ],
            {**env, "TELNYX_BASE_URL": f"{api}/receiver/v2"},
            folder / "receiver.err",
        )
        engine = Engine(
            ["benchmarks.rig.early", "engine"] if early else ["benchmarks.rig.engine"],
            {**env, "TELNYX_BASE_URL": f"{api}/engine/v2"},
            folder / "engine.err",
        )
        ran = Ran(seconds, faults, sender, proxy, engine, receiver)
        ills = Ills(
            faults,
            sender,
            proxy,
            receiver=receiver,
            engine=engine,
            journal=state / "default.db",
            audit=state / "default.2.db",
            seed=seed,
        )
        stack.push_async_callback(receiver.outlive)
        stack.push_async_callback(engine.outlive)
        await receiver.start()
        await engine.start()
        plans = {
            name: faults.plan(family, FIRST_SECS, seconds - LAST_SECS)
            for name, family in (CONTROL if early else FAMILIES).items()
        }
        await _befall(
            ran, ills, world, seed=seed, plans=plans, patience=EARLY if early else PRODUCT
        )
        ran.codes, ran.stuck = ills.codes, ills.stuck
        ran.codes += [("end", code) for code in [await receiver.end(signal.SIGTERM)] if code]
        ran.codes += [("end", code) for code in [await engine.end(signal.SIGTERM)] if code]
    read(ran, state, env)
    return ran


async def _befall(
    ran: Ran,
    ills: Ills,
    world: World,
    *,
    seed: int,
    plans: Mapping[str, Sequence[Planned]],
    patience: Patience,
) -> None:
    """Let the world live and everything go wrong, and then be quiet."""
    faults, ends, over, heard = ran.faults, asyncio.Event(), asyncio.Event(), asyncio.Event()
    corners = [Corner(number, world, ran.engine, seed) for number in range(CORNERS)]
    ran.sender.conference = await world.stage()
    faults.begin()
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(ran.engine.run(heard))
        sending = group.create_task(ran.sender.run(over))
        living = [group.create_task(corner.live(ends, ran.checks)) for corner in corners]
        looking = group.create_task(_look_after(world, over))
        arms = {"hooks": ran.sender.armed.append, "api": ran.proxy.arm, "polls": ran.proxy.arm}
        ailing = [
            group.create_task(
                _arm(faults, planned, arms[name]) if name in arms else ills.befall(planned)
            )
            for name, planned in plans.items()
        ]
        await asyncio.sleep(ran.seconds)
        await asyncio.wait(ailing, timeout=patience.over)
        ills.enough = True  # what is not done by now is not done, and the run may be invalid
        await asyncio.wait(ailing)
        await faults.all_took(patience.armed)
        ends.set()
        await asyncio.wait(living)
        await asyncio.gather(*(corner.compare(ran.checks) for corner in corners))
        await _at_rest(ran.engine, patience.rest)
        over.set()
        await asyncio.wait([sending, looking])
        heard.set()
        listening.cancel()
    await world.record()
    ran.recorded = world.commanded


async def _at_rest(engine: Engine, seconds: float) -> None:
    """Every command has come to its end, if it ever does."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while engine.open:  # noqa: ASYNC110  # of what another process says
                await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # the last rows


async def _arm(faults: Faults, planned: Sequence[Planned], arm: Callable[[str], None]) -> None:
    for each in planned:
        await asyncio.sleep(max(0.0, each.at - faults.elapsed))
        arm(each.kind)


async def _look_after(world: World, over: asyncio.Event) -> None:
    """The rig's own book-keeping. A refused key is nobody's business but the engine's."""
    while not over.is_set():
        await asyncio.sleep(1.0)
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
            found = len(ran.lost), len(ran.naked), len(ran.checks.failed)
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
