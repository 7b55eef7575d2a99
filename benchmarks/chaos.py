"""Check that no webhook is lost, no command unaudited and no state wrong under constant faults.

    python -m benchmarks.chaos [--seed N] [--quick] [--keep FOLDER]

Three processes run: a simulator, `telnyx-console receiver` with its SQLite journal, and the engine
of a console beside it. A sender posts 100 signed webhooks a second (the simulator's own, and
fillers that change nothing) and counts the acknowledgements. Parts of the simulator's world are
busy, then quiet, and then the state of the engine must match the truth. Meanwhile webhooks are
dropped, doubled, delayed and corrupted; requests and polls fail in all ways; listings shift between
pages; the API's name is not found; processes are killed, frozen and hung up; the disk below each is
full, failing, locked and read-only; keys are rotated and removed; and the clock is an hour off.
Each fault is written to faults.jsonl when it takes effect.

A control runs first: a receiver that acknowledges before it commits, and an engine that sends
before it writes the intent and ignores all listings. The run must find all three errors, or it
proves nothing. It takes about six minutes, with ``--quick`` about one and a half. The exit code is
1 if a target is missed and 2 if the run is invalid.

The rig does not change the clock, the resolver or the disk of this host: the programs run behind a
shim in their own process (`benchmarks.chaos_rig.faulty_host`). These processes have no terminal, so
`benchmarks.unread_terminal` and the journeys inject the faults of a terminal.
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

from benchmarks.chaos_rig import processes
from benchmarks.chaos_rig.api_proxy import Proxy
from benchmarks.chaos_rig.fault_plan import API, FAMILIES, FULL_SECS, HOOKS, Faults, Planned
from benchmarks.chaos_rig.live_world import PARTS, World, WorldPart
from benchmarks.chaos_rig.process_faults import ProcessFaults
from benchmarks.chaos_rig.processes import Engine, Program
from benchmarks.chaos_rig.report import RunResults, compare_with_targets, read, show
from benchmarks.chaos_rig.webhook_sender import Sender, key_of, public
from benchmarks.targets import Targets

Handler: TypeAlias = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

QUICK_SECS, CONTROL_SECS = 40.0, 30.0
CONTROL_PROGRAM = "benchmarks.chaos_rig.broken_control"
CONTROL = {
    "hooks": HOOKS,
    "api": API,
    "receiver": {"receiver-kill": 16, "receiver-stop": 4, "disk-full": 4},
    "engine": {"engine-kill": 12},
}
"""Faults of the control run: enough to find its errors."""
FIRST_SECS, LAST_SECS = 4.0, 6.0
"""Seconds without faults at the start and at the end of a run."""


class Patience(NamedTuple):
    """Seconds that a run may take beyond its plan, because the machine may be busy."""

    over: float
    """For the planned faults to end."""
    armed: float
    """For requests that are due to fail: polls are few."""
    rest: float
    """For the last commands to end."""


PRODUCT_PATIENCE, CONTROL_PATIENCE = Patience(90.0, 30.0, 25.0), Patience(10.0, 0.0, 2.0)


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


async def run(folder: Path, seconds: float, seed: int, *, control: bool) -> RunResults:
    """Run the product, or the ``control``, once in ``folder``; return the results."""
    state = folder / "telnyx-console"
    port = _free_port()
    faults = Faults(folder / "faults.jsonl", seed)
    sender = Sender(port, faults, key_of(seed, 0), seed)
    proxy = Proxy(faults, state)
    async with AsyncExitStack() as stack:
        stack.callback(faults.close)
        hooks = await stack.enter_async_context(_serving(sender.relay))
        api = await stack.enter_async_context(_serving(proxy.handle))
        api = api.replace("127.0.0.1", "localhost")  # a name, so that resolving it can fail
        stack.push_async_callback(proxy.close)
        simulator, ready = await processes.simulator(f"{hooks}/", seed)
        stack.push_async_callback(_end, simulator)
        proxy.origin = ready["base_url"].removesuffix("/v2")
        world = World(ready["base_url"], ready["api_key"], ready["control_token"])
        stack.push_async_callback(world.close)
        env = _environment(folder, ready["api_key"], public(sender.key))
        receiver, engine = _programs(folder, env, api, port, control=control)
        results = RunResults(seconds, faults, sender, proxy, engine, receiver)
        injector = ProcessFaults(
            *(faults, sender, proxy),
            receiver=receiver,
            engine=engine,
            journal=state / "default.db",
            audit=state / "default.2.db",
            seed=seed,
        )
        stack.push_async_callback(receiver.kill_if_running)
        stack.push_async_callback(engine.kill_if_running)
        await receiver.start()
        await engine.start()
        await _inject_all(results, injector, world, seed=seed, control=control)
        results.codes, results.stuck = injector.codes, injector.stuck
        for program in (receiver, engine):
            code = await program.end(signal.SIGTERM)
            results.codes += [("end", code)] if code else []
    read(results, state, env)
    return results


def _environment(folder: Path, api_key: str, public_key: str) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "XDG_STATE_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "TELNYX_API_KEY": api_key,
        "TELNYX_PUBLIC_KEY": public_key,
    }


def _programs(
    folder: Path, env: Mapping[str, str], api: str, port: int, *, control: bool
) -> tuple[Program, Engine]:
    """Return the receiver and the engine, not started yet.

    With ``control``, return the versions with known errors, which the benchmark must detect. The
    receiver listens on ``port``.
    """
    receiver = Program(
        [CONTROL_PROGRAM if control else "console", "receiver", "--listen", f"127.0.0.1:{port}"],
        {**env, "TELNYX_BASE_URL": f"{api}/receiver/v2"},
        folder / "receiver.err",
    )
    engine = Engine(
        [CONTROL_PROGRAM, "engine"] if control else ["benchmarks.chaos_rig.headless_engine"],
        {**env, "TELNYX_BASE_URL": f"{api}/engine/v2"},
        folder / "engine.err",
    )
    return receiver, engine


async def _inject_all(
    results: RunResults, injector: ProcessFaults, world: World, *, seed: int, control: bool
) -> None:
    """Keep the world busy while the faults are injected, then let it become quiet."""
    faults, sender, proxy, engine = results.faults, results.sender, results.proxy, results.engine
    patience = CONTROL_PATIENCE if control else PRODUCT_PATIENCE
    plans = {
        name: faults.plan(family, FIRST_SECS, results.seconds - LAST_SECS)
        for name, family in (CONTROL if control else FAMILIES).items()
    }
    stop_world, stop_sending, stop_reports = asyncio.Event(), asyncio.Event(), asyncio.Event()
    parts = [WorldPart(number, world, engine, seed) for number in range(PARTS)]
    sender.conference = await world.stage()
    faults.begin()
    async with asyncio.TaskGroup() as group:
        listening = group.create_task(engine.run(stop_reports))
        sending = group.create_task(sender.run(stop_sending))
        living = [group.create_task(part.live(stop_world, results.checks)) for part in parts]
        counting = group.create_task(_count_commands(world, stop_sending))
        arms = {"hooks": sender.armed.append, "api": proxy.arm, "polls": proxy.arm}
        injecting = [
            group.create_task(
                _arm(faults, planned, arms[name]) if name in arms else injector.inject(planned)
            )
            for name, planned in plans.items()
        ]
        await asyncio.sleep(results.seconds)
        await asyncio.wait(injecting, timeout=patience.over)
        injector.enough = True  # faults not injected by now are skipped; the run may be invalid
        await asyncio.wait(injecting)
        await faults.wait_for_all(patience.armed)
        stop_world.set()
        await asyncio.wait(living)
        await asyncio.gather(*(part.compare(results.checks) for part in parts))
        await _wait_until_idle(engine, patience.rest)
        stop_sending.set()
        await asyncio.wait([sending, counting])
        stop_reports.set()
        listening.cancel()
    await world.record()
    results.recorded = world.commanded


async def _wait_until_idle(engine: Engine, seconds: float) -> None:
    """Wait up to ``seconds`` until no command is pending."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while engine.open:  # noqa: ASYNC110  # another process reports it
                await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)  # the last rows


async def _arm(faults: Faults, planned: Sequence[Planned], arm: Callable[[str], None]) -> None:
    for each in planned:
        await asyncio.sleep(max(0.0, each.at - faults.elapsed))
        arm(each.kind)


async def _count_commands(world: World, over: asyncio.Event) -> None:
    """Count the commands in the simulator's log once a second."""
    while not over.is_set():
        await asyncio.sleep(1.0)
        await world.record()


async def _end(sim: asyncio.subprocess.Process) -> None:
    assert sim.stdin is not None
    sim.stdin.close()
    await sim.wait()


def main() -> int:
    """Run the control, then the product; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--no-control", action="store_true")
    args = parser.parse_args()
    seconds = QUICK_SECS if args.quick else FULL_SECS
    print(f"seed {args.seed}", flush=True)
    with tempfile.TemporaryDirectory() as made:
        control, product = (
            _folder(args.keep or Path(made), name) for name in ("control", "product")
        )
        if not args.no_control and not _finds_control(control, args.seed):
            print("INVALID: the errors of the control were not found")
            return 2
        results = asyncio.run(run(product, seconds, args.seed, control=False))
        show(results)
        targets = Targets()
        compare_with_targets(results, targets, seconds / FULL_SECS)
        invalid = results.faults.invalid()
        if invalid:
            print(f"INVALID: {invalid}")
            return 2
        return targets.exit_code()


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _finds_control(folder: Path, seed: int) -> bool:
    """Run the control; return True if each of its errors was found."""
    results = asyncio.run(run(folder, CONTROL_SECS, seed, control=True))
    found = len(results.lost), len(results.without_intent), len(results.checks.failed)
    print(
        "control: {} webhooks acknowledged and lost, {} commands without an intent,"
        " {} comparisons failed".format(*found),
        flush=True,
    )
    return all(found)


if __name__ == "__main__":
    sys.exit(main())
