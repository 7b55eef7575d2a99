"""The composition root: opens the engine and the terminal in order, closes them in reverse."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import signal
import socket
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from pydantic import SecretStr

from console.catalog import COMMANDS
from console.core.command import Order
from console.core.facts import ApiAnswered, Fact, ReceiverClosed
from console.core.policy import Policy
from console.core.state import State
from console.core.things import Moment
from console.runtime.logfile import logging_to
from console.runtime.pace import Pace
from console.runtime.runner import Runner
from console.runtime.stage import Stage, StageFailedError, simulator
from console.runtime.store import Store
from console.runtime.supervise import EngineThread
from console.settings import Demo, Settings
from console.sources.clock import now, tick
from console.sources.poller import Poller
from console.sources.receiver import serve
from console.telnyx.client import Answer, Client
from console.telnyx.events import event
from console.telnyx.signature import Verifier
from console.ui import crash, terminal
from console.ui.alphabet import is_utf8
from console.ui.app import ConsoleApp
from console.ui.desk import Desk
from console.view.glyphs import ASCII, UNICODE

TICK = 0.25
"""Seconds between two looks at what has run out of time."""
LAST_WORDS = 1.0
"""Seconds that commands under way have, when the console ends, to be answered."""
PATIENCE = 2.5
"""Seconds after a signal until the process ends, whoever is still busy."""
CANNOT_START = 2


class Engine:
    """Everything that is not the terminal: receiver, poller, runner and store on one loop."""

    def __init__(self, settings: Settings, listener: socket.socket | None, store: Store) -> None:
        self.store = store
        self._settings = settings
        self._listener = listener
        self._policy = store.state.policy
        self.told: Callable[[], None] = _nobody

    async def live(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set; what is in flight is answered first."""
        settings = self._settings
        pace = Pace(self._policy.budget, now().mono, random.random)

        def report(fact: Fact) -> None:
            if isinstance(fact, ApiAnswered):
                pace.heard(fact)
            self.store.post(fact)

        client = Client(
            settings.base_url,
            settings.api_key or SecretStr("none"),
            clock=now,
            report=report,
            agent="telnyx-console",
            attempt=self._policy.attempt,
            region=settings.region,
        )
        async with client, asyncio.TaskGroup() as group:
            poller = Poller(
                client, latest=lambda: self.store.state, post=report, clock=now, pace=pace
            )
            commands: set[asyncio.Task[None]] = set()
            runner = Runner(
                _Paced(client, pace),
                policy=self._policy,
                clock=now,
                post=report,
                refresh=poller.refresh,
                spawn=lambda work: commands.add(group.create_task(work)),
            )
            self.store.perform = runner.perform
            self.store.changed = self._changed(poller)
            self.store.open(asyncio.get_running_loop())
            tasks: list[asyncio.Task[None]] = [
                group.create_task(poller.run()),
                group.create_task(tick(TICK, report)),
            ]
            tasks += self._receiver(group)
            await stop.wait()
            for task in tasks:
                task.cancel()
            if commands:
                await asyncio.wait(commands, timeout=LAST_WORDS)
            for command in commands:
                command.cancel()

    def _receiver(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        if self._listener is None:
            self.store.post(ReceiverClosed(now(), "--no-receiver"))
            return []

        async def accept(body: bytes, at: Moment) -> bool:
            self.store.post(event(body, at))
            return True

        receiving = serve(
            self._listener,
            path=self._settings.webhook_path,
            verifier=Verifier(self._settings.public_keys),
            clock=now,
            accept=accept,
            post=self.store.post,
        )
        return [group.create_task(receiving)]

    def _changed(self, poller: Poller) -> Callable[[], None]:
        """Tell the terminal of every state, and the poller of what makes it choose otherwise."""
        seen: tuple[object, ...] = ()

        def changed() -> None:
            nonlocal seen
            state = self.store.state
            choice = (state.watched_queue, state.watched_room, state.health.stopped)
            if choice != seen:
                seen = choice
                poller.wake()
            self.told()

        return changed


class _Paced:
    """The client, with every command counted against the same budget as the reads."""

    def __init__(self, client: Client, pace: Pace) -> None:
        self._client = client
        self._pace = pace

    async def send(self, order: Order) -> Answer:
        """One attempt."""
        self._pace.command(now().mono)
        answer = await self._client.send(order)
        if answer.problem is not None and answer.problem.kind == "limited":
            self._pace.limited(now().mono, answer.problem.retry_after)
        return answer


def run(settings: Settings, listener: socket.socket | None, demo: Demo | None) -> int:
    """The console over an account, or over a simulator of its own; its exit code."""
    try:
        with _staged(settings, listener, demo) as ready:
            return _console(ready, listener, demo)
    except StageFailedError as failure:
        os.write(2, f"telnyx-console: the simulator did not start: {failure}\n".encode())
        return CANNOT_START


@contextmanager
def _staged(
    settings: Settings, listener: socket.socket | None, demo: Demo | None
) -> Iterator[Settings]:
    if demo is None or listener is None:
        yield settings
        return
    host, port = listener.getsockname()[:2]
    url = f"http://{host}:{port}{settings.webhook_path}"
    with simulator(url, scenario=demo.scenario, seed=demo.seed, speed=demo.speed) as stage:
        yield _on(settings, stage)


def _on(settings: Settings, stage: Stage) -> Settings:
    return settings.model_copy(
        update={
            "base_url": stage.base_url,
            "api_key": SecretStr(stage.api_key),
            "public_keys": (stage.public_key,),
        }
    )


def _console(settings: Settings, listener: socket.socket | None, demo: Demo | None) -> int:
    policy = Policy(read_only=settings.read_only)
    store = Store(State(policy=policy, commands=COMMANDS))
    engine = Engine(settings, listener, store)
    app = ConsoleApp(desk(settings, store, engine, demo=demo is not None))
    thread = EngineThread(engine.live, app.fail)
    with _folder(demo) as folder, logging_to(folder / "console.log", crash.redact):
        _heed_signals(app, thread)
        gc.freeze()  # what was imported stays: no collection need walk it while both threads wait
        thread.start()
        try:
            return terminal.run(app, folder / "crash.txt")
        finally:
            thread.stop()
            thread.join(PATIENCE)


def desk(settings: Settings, store: Store, engine: Engine, *, demo: bool) -> Desk:
    """What the terminal is given of this engine."""

    def listen(told: Callable[[], None]) -> None:
        engine.told = told

    return Desk(
        latest=lambda: store.state,
        post=store.post,
        clock=now,
        new_id=lambda: str(uuid.uuid4()),
        listen=listen,
        glyphs=UNICODE if is_utf8() else ASCII,
        zone=datetime.fromtimestamp(now().wall, UTC).astimezone().tzinfo or UTC,
        profile=settings.profile,
        operator=settings.operator,
        region=settings.region,
        demo=demo,
    )


def _heed_signals(app: ConsoleApp, thread: EngineThread) -> None:
    """SIGTERM, SIGHUP and SIGINT end the console, even when nobody reads its terminal."""

    def end(number: int, _: FrameType | None) -> None:
        code = 128 + number
        thread.stop()
        app.stop(code)
        last = threading.Timer(PATIENCE, _end_now, (code,))
        last.daemon = True
        last.start()

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)


def _end_now(code: int) -> None:
    terminal.restore()
    os._exit(code)


@contextmanager
def _folder(demo: Demo | None) -> Iterator[Path]:
    """Where the log and a crash report go: kept for an account, and gone with the demo."""
    if demo is not None:
        with tempfile.TemporaryDirectory(prefix="telnyx-console-") as folder:
            yield Path(folder)
        return
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    kept = Path(home) / "telnyx-console"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    yield kept


def _nobody() -> None:
    """Until the terminal listens."""
