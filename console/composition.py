"""The composition root: opens the engine and the terminal in order, closes them in reverse."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from console.commands import COMMANDS
from console.core.messages.facts import (
    ApiAnswered,
    CommandAccepted,
    CommandRefused,
    CommandSent,
    CommandUnanswered,
    Fact,
    JournalNoted,
    ReceiverClosed,
)
from console.core.model.entities import Phone
from console.core.model.policy import Policy
from console.core.model.state import State
from console.journal.audit import Auditor, whoami
from console.journal.confidential import Confidentiality
from console.journal.follower import OtherJournal, follow, take_over
from console.journal.locations import file_of, home, other_journals
from console.journal.lock import TakenError
from console.journal.log import JournalTable, Log, MemoryLog
from console.journal.notes import keeping
from console.journal.recorder import WebhookRecorder
from console.journal.sealing import Seal
from console.journal.sqlite import SqliteLog, opened
from console.runtime import crash_report
from console.runtime.demo_folder import demo_folder
from console.runtime.demo_simulator import PHONE, SimulatorFailedError, SimulatorProcess, simulator
from console.runtime.engine_thread import BackgroundTasks, EngineThread
from console.runtime.health_report import health_report
from console.runtime.logfile import logging_to
from console.runtime.rate_limited_api import RateLimitedApi
from console.runtime.rate_limiter import RateLimiter
from console.runtime.runner import Runner
from console.runtime.store import Store
from console.settings import Demo, Settings
from console.sources.clock import HostZone, boot, now, tick
from console.sources.listening_sockets import Listening, written
from console.sources.poller import Poller
from console.sources.receiver import serve
from console.sources.receiver_guard import Access
from console.telnyx.client import Client
from console.telnyx.events import ParsedWebhook, event
from console.telnyx.signature import Verifier
from console.ui import signals
from console.ui.app import ConsoleApp
from console.ui.charset import is_utf8
from console.ui.engine_port import EnginePort
from console.ui.textual_patches import terminal
from console.view.glyphs import ASCII, UNICODE
from console.view.text.shown_names import names_of_order

TICK = 0.25
"""Seconds between two looks at what has run out of time."""
LAST_WORDS = 1.0
"""Seconds that commands under way have, when the console ends, to be answered."""
PATIENCE = 2.5
"""Seconds after a signal until the process ends, whoever is still busy."""
CANNOT_START = 2


class Engine:
    """Everything that is not the terminal: receiver, poller, runner and store on one loop."""

    def __init__(
        self,
        settings: Settings,
        listening: Listening | None,
        store: Store,
        log: Log | None = None,
        follows: Path | None = None,
    ) -> None:
        """``follows``: the journal of a receiver without a terminal, which is read on from."""
        self.store = store
        self._log = log or MemoryLog()
        self._follows = OtherJournal(follows) if follows is not None else None
        self.beside: Sequence[Path] = ()
        if isinstance(log, SqliteLog):
            self.beside = other_journals(settings.profile, log.path, follows)
        self._settings = settings
        self._listening = listening
        self._policy = store.state.policy
        self.told: Callable[[], None] = _nobody

    async def live(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set; what is in flight is answered first, and kept."""
        try:
            await self._live(stop)
        finally:
            await self._log.close()

    async def _live(self, stop: asyncio.Event) -> None:
        settings = self._settings
        confidential = confidentiality(settings)
        pace = RateLimiter(self._policy.budget, now().mono, random.random)

        def report(fact: Fact) -> None:
            match fact:
                case ApiAnswered():
                    pace.heard(fact)
                case CommandSent() | CommandAccepted() | CommandRefused() | CommandUnanswered():
                    auditor.heard(fact)
                case _:
                    pass
            self.store.post(fact)

        keeper = WebhookRecorder(
            self._log,
            clock=now,
            boot=boot(),
            post=self.store.post,
            parse=ParsedWebhook,
        )
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
            latest = self._latest
            poller = Poller(client, latest=latest, post=report, clock=now, pace=pace)
            errands = BackgroundTasks(group)
            auditor = Auditor(
                keeper.write,
                who=whoami(),
                clock=now,
                latest=latest,
                spawn=group.create_task,
                names=names_of_order,
                confidential=confidential,
            )
            runner = Runner(
                RateLimitedApi(client, pace, now),
                policy=self._policy,
                clock=now,
                post=report,
                refresh=poller.refresh,
                spawn=errands.begin,
                permit=auditor.permit,
                keep=keeper.recover,
                note=keeping(keeper.write, now, self.store.post, confidential),
                spare=pace.repeat,
            )

            def recall(past: Sequence[Fact]) -> None:
                self.store.restore(past)
                auditor.recalls(past)

            self.store.perform = runner.perform
            self.store.changed = self._changed(poller, auditor)
            began = now()
            tasks = self._receiver(group, keeper)
            await keeper.write(JournalTable.OBSERVATIONS, "started", str(os.getpid()).encode())
            last = await take_over(
                self._log,
                self._follows,
                self.beside,
                began=began,
                clock=now,
                boot=boot(),
                decode=event,
                commands=COMMANDS,
                apply=recall,
                store=self.store,
                ends=stop,
                confidential=confidential,
            )
            if (follows := self._follows) is not None:
                work = follow(
                    follows, last, began, clock=now, boot=boot(), decode=event, post=self.store.post
                )
                tasks.append(group.create_task(work))
            self.store.open(asyncio.get_running_loop())
            tasks += [group.create_task(poller.run()), group.create_task(tick(TICK, report))]
            await stop.wait()
            for task in tasks:
                task.cancel()
            await errands.end(LAST_WORDS)
            auditor.settled()
            self.store.changed = self.told

    def _receiver(
        self, group: asyncio.TaskGroup, keeper: WebhookRecorder
    ) -> list[asyncio.Task[None]]:
        if self._follows is not None:
            return []
        if self._listening is None:
            self.store.post(ReceiverClosed(now(), "--no-receiver"))
            return []

        receiving = serve(
            self._listening,
            path=self._settings.webhook_path,
            verifier=Verifier(self._settings.public_keys),
            clock=now,
            accept=keeper.accept,
            post=self.store.post,
            access=Access(self._settings.trusted_proxies, self._settings.health_hosts),
            vital=lambda: health_report(self.store.state.health, now(), keeper.lag(now())),
        )
        return [group.create_task(receiving)]

    def _latest(self) -> State:
        return self.store.state

    def _changed(self, poller: Poller, auditor: Auditor) -> Callable[[], None]:
        """Tell the terminal of every state, and the poller of what makes it choose otherwise."""
        seen: tuple[object, ...] = ()

        def changed() -> None:
            nonlocal seen
            state = self.store.state
            choice = (state.watched_queue, state.watched_conference, state.health.stopped)
            if choice != seen:
                seen = choice
                poller.wake()
            auditor.settled()
            self.told()

        return changed


def run(
    settings: Settings,
    listening: Listening | None,
    demo: Demo | None,
    *,
    follows: bool = False,
) -> int:
    """The console over an account, or over a simulator of its own; its exit code.

    ``follows``: it reads on from the journal of a receiver that runs on this host.
    """
    try:
        with _staged(settings, listening, demo) as ready:
            return _console(ready, listening, demo, follows=follows)
    except SimulatorFailedError as failure:
        os.write(2, f"telnyx-console: the simulator did not start: {failure}\n".encode())
        return CANNOT_START


@contextmanager
def _staged(
    settings: Settings, listening: Listening | None, demo: Demo | None
) -> Iterator[Settings]:
    if demo is None or listening is None:
        yield settings
        return
    url = f"http://{written(listening)}{settings.webhook_path}"
    with simulator(url, scenario=demo.scenario, seed=demo.seed, speed=demo.speed) as stage:
        yield _on(settings, stage)


def _on(settings: Settings, stage: SimulatorProcess) -> Settings:
    return settings.model_copy(
        update={
            "base_url": stage.base_url,
            "api_key": SecretStr(stage.api_key),
            "public_keys": (stage.public_key,),
            **PHONE,
        }
    )


def _console(
    settings: Settings, listening: Listening | None, demo: Demo | None, *, follows: bool
) -> int:
    policy = Policy(read_only=settings.read_only)
    phone = Phone(settings.connection_id, settings.from_number, settings.operator_number)
    store = Store(State(policy=policy, commands=COMMANDS, phone=phone))
    with _folder(demo) as folder:
        try:
            log = journal(settings, folder, store)
        except TakenError as taken:
            return taken_by_another(settings, taken)
        path = file_of(folder, settings.profile) if follows else None
        engine = Engine(settings, listening, store, log, path)
        app = ConsoleApp(desk(settings, store, engine, demo=demo is not None))
        thread = EngineThread(engine.live, app.fail)
        with logging_to(folder / "console.log", crash_report.redact):
            return _watched(app, thread, folder)


def _watched(app: ConsoleApp, thread: EngineThread, folder: Path) -> int:
    """Run the terminal beside the engine until either ends; the exit code."""
    signals.heed(app, thread.stop, PATIENCE)
    gc.freeze()  # what was imported stays: no collection need walk it while both threads wait
    thread.start()
    try:
        return terminal.run(app, folder / "crash.txt")
    finally:
        thread.stop()
        thread.join(PATIENCE)


def journal(settings: Settings, folder: Path, store: Store, role: str = "console") -> SqliteLog:
    """The journal of this profile in a folder; raises TakenError where another console has it."""
    return opened(
        folder,
        settings.profile,
        alone=settings.receiver,
        holder={"pid": os.getpid(), "role": role, "listen": str(settings.listen)},
        wall=lambda: now().wall,
        notify=lambda text: store.post(JournalNoted(now(), text)),
        tidied=confidentiality(settings).tidied,
    )


def confidentiality(settings: Settings) -> Confidentiality:
    """The part of an operator's answers that is written to disk."""
    key = settings.api_key or SecretStr("none")
    return Confidentiality(Seal(key.get_secret_value()), settings.remember_spoken)


def taken_by_another(settings: Settings, taken: TakenError) -> int:
    """Say so in one line; the exit code."""
    os.write(2, f"telnyx-console: {taken.advice(settings.profile)}\n".encode())
    return CANNOT_START


def desk(settings: Settings, store: Store, engine: Engine, *, demo: bool) -> EnginePort:
    """What the terminal is given of this engine."""

    def listen(told: Callable[[], None]) -> None:
        engine.told = told

    return EnginePort(
        latest=lambda: store.state,
        post=store.post,
        clock=now,
        new_id=lambda: str(uuid.uuid4()),
        listen=listen,
        glyphs=UNICODE if is_utf8() else ASCII,
        zone=HostZone(),
        profile=settings.profile,
        operator=settings.operator,
        region=settings.region,
        demo=demo,
    )


@contextmanager
def _folder(demo: Demo | None) -> Iterator[Path]:
    """Where journal, log and crash report go: kept for an account, and gone with the demo."""
    if demo is not None:
        with demo_folder() as folder:
            yield folder
        return
    yield home()


def _nobody() -> None:
    """Until the terminal listens."""
