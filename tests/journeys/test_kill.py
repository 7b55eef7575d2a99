"""An engine killed at any time under load loses no acknowledged webhook."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Self, TypeAlias

import pytest
from pydantic import SecretStr

from console import composition, headless, settings
from console.commands import COMMANDS
from console.core.model.policy import Policy
from console.core.model.state import State
from console.journal.locations import file_of
from console.journal.schema import rows
from console.runtime.state_store import Store
from support.apart import FORKING
from support.house import PATIENCE, Simulator, simulator
from support.truth import believed, true

Lives: TypeAlias = Callable[[settings.Settings, socket.socket], AbstractContextManager[None]]

KILLS = 20
OFTEN = Policy(
    budget=200.0,
    queues_every=0.2,
    conferences_every=0.2,
    people_every=0.2,
    people_watched_every=0.2,
    calls_every=0.2,
)


class Load:
    """People who call, wait, meet and leave as fast as the simulator can."""

    def __init__(self, sim: Simulator, seed: int) -> None:
        self._sim = Simulator(sim.told)
        self._chance = random.Random(seed)  # noqa: S311  # a seed, not a secret
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.failure: Exception | None = None

    def _run(self) -> None:
        sim, legs, number = self._sim, [], 0
        try:
            while not self._ends.is_set():
                number += 1
                leg = sim.caller(f"+1512555{number % 10_000:04}")
                legs.append(leg)
                if self._chance.random() < 0.5:
                    sim.api("POST", f"/calls/{leg}/actions/enqueue", queue_name="vip")
                else:
                    sim.conference(f"room {number}", leg)
                if len(legs) > 6:
                    gone = legs.pop(self._chance.randrange(len(legs)))
                    sim.control("POST", f"/calls/{gone}/hangup")
        except Exception as failure:  # noqa: BLE001  told by the test's own thread
            self.failure = failure

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        self._sim.close()


class Acknowledged:
    """The event ids that the sender saw answered 200."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self.ids: set[str] = set()
        self.delivered = 0

    def look(self) -> int:
        """Read the sender's own list; return the number delivered so far."""
        told = self._sim.control("GET", "/deliveries")
        bodies = [one["body"] for one in told["last"] if one["status"] == 200]
        self.ids |= {str(body.get("data", body)["id"]) for body in bodies}
        self.delivered = int(told["delivered"])
        return self.delivered


@pytest.fixture
def lives(tmp_path: Path) -> Lives:
    """Return a function that starts an engine in its own process over one journal."""

    @contextmanager
    def life(chosen: settings.Settings, listener: socket.socket) -> Iterator[None]:
        process = FORKING.Process(
            target=headless.receive, args=(chosen, (listener,), tmp_path / "j")
        )
        process.start()
        try:
            yield
        finally:
            assert process.exitcode is None, "it ended by itself"
            process.kill()
            process.join()

    return life


def test_killed_again_and_again_it_comes_back_with_the_same_truth(
    tmp_path: Path, lives: Lives
) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/webhooks"
    chance = random.Random(5)  # noqa: S311  # a seed, not a secret
    with listener, simulator(url, "--rate-limit", "1000000") as sim:
        chosen = settings.for_demo({"operator": "ana"}).model_copy(
            update={
                "base_url": sim.base_url,
                "api_key": SecretStr(sim.api_key),
                "public_keys": (sim.public_key,),
            }
        )
        acknowledged = Acknowledged(sim)
        with Load(sim, 5) as load:
            for _ in range(KILLS):
                goal = acknowledged.look() + chance.randrange(1, 40)
                with lives(chosen, listener):
                    while acknowledged.look() < goal:
                        assert load.failure is None
        acknowledged.look()
        path = file_of(tmp_path / "j", "demo")
        kept = {row.record.id for row in rows(path, 0, 1_000_000)}
        assert len(acknowledged.ids) > KILLS
        assert acknowledged.ids - kept == set()
        asyncio.run(_same_truth(chosen, listener, tmp_path / "j", sim))


async def _same_truth(
    chosen: settings.Settings, listener: socket.socket, folder: Path, sim: Simulator
) -> None:
    store = Store(State(policy=OFTEN, commands=COMMANDS))
    log = composition.open_journal(chosen, folder, store)
    engine = composition.engine(chosen, (listener,), store, log)
    stop, changed = asyncio.Event(), asyncio.Event()
    store.subscribe(changed.set)
    async with asyncio.TaskGroup() as group:
        group.create_task(engine.live(stop))
        try:
            async with asyncio.timeout(3 * PATIENCE):
                while believed(store.state) != true(
                    await asyncio.to_thread(sim.control, "GET", "/state")
                ):
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            assert believed(store.state) == true(sim.control("GET", "/state"))
        finally:
            stop.set()
