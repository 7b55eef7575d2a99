"""The engine: receiver, poller, runner and auditor, run on one event loop."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from console.core.messages.facts import ApiAnswered, CommandFact, Fact, ReceiverClosed
from console.core.model.listed_resources import Moment
from console.journal.audit_writer import Auditor, process_identity
from console.journal.log import JournalTable
from console.journal.notes import note_writer
from console.journal.recorder import WebhookRecorder
from console.runtime.effect_runner import Runner
from console.runtime.engine_thread import BackgroundTasks
from console.runtime.health_report import health_report
from console.runtime.interfaces import Bus, Clock, Journal
from console.runtime.rate_limited_api import RateLimitedApi
from console.runtime.rate_limiter import RateLimiter
from console.settings import Settings
from console.sources.listening_sockets import Listening
from console.sources.poller import Poller
from console.sources.receiver import WebhookReceiver
from console.sources.receiver_guard import Access
from console.telnyx.client import Client
from console.telnyx.events import ParsedWebhook
from console.telnyx.signature import Verifier
from console.view.text.names_for_audit import names_of_order

TICK = 0.25
"""Seconds between two checks for what has expired."""
LAST_WORDS = 1.0
"""Seconds that running commands have to be answered when the engine ends."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Receives, polls, stores and sends, without a terminal.

    Everything that it shares with the rest of the program is in ``bus``.
    """

    settings: Settings
    listening: Listening | None
    """The bound sockets of the receiver; None receives no webhooks."""
    bus: Bus
    journal: Journal
    clock: Clock

    async def live(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set, then wait for running commands and close the journal."""
        try:
            await self._live(stop)
        finally:
            await self.journal.log.close()

    async def _live(self, stop: asyncio.Event) -> None:
        group, bus, now = asyncio.TaskGroup(), self.bus, self.clock.now
        log, boot = self.journal.log, self.clock.boot()
        recorder = WebhookRecorder(log, clock=now, boot=boot, post=bus.post, parse=ParsedWebhook)
        limiter = RateLimiter(bus.state.policy.budget, now().mono, random.random)
        auditor = self._auditor(recorder, group)
        report = self._reporter(limiter, auditor)
        client = self._client(report)
        poller = Poller(client, latest=lambda: bus.state, post=report, clock=now, pace=limiter)
        background = BackgroundTasks(group)
        runner = Runner(
            RateLimitedApi(client, limiter, now),
            policy=bus.state.policy,
            clock=now,
            post=report,
            refresh=poller.refresh,
            spawn=background.begin,
            permit=auditor.write_intent,
            keep=recorder.recover,
            note=note_writer(recorder.write, now, bus.post, self.journal.confidential),
            may_repeat=limiter.take_repetition,
        )
        async with client, group:
            start, began = group.create_task, now()
            sources = [start(each) for each in self._receiving(recorder)]
            sources += [start(each) for each in await self._past(recorder, auditor, began, stop)]
            unsubscribe = bus.subscribe(self._watcher(poller, auditor))
            bus.open(asyncio.get_running_loop(), runner.perform)
            sources += [start(poller.run()), start(self.clock.tick(TICK, report))]
            await stop.wait()
            for source in sources:
                source.cancel()
            await background.end(LAST_WORDS)
            auditor.write_outcomes()
            unsubscribe()

    def _auditor(self, recorder: WebhookRecorder, group: asyncio.TaskGroup) -> Auditor:
        return Auditor(
            recorder.write,
            who=process_identity(),
            clock=self.clock.now,
            latest=lambda: self.bus.state,
            spawn=group.create_task,
            names=names_of_order,
            confidential=self.journal.confidential,
        )

    def _reporter(self, limiter: RateLimiter, auditor: Auditor) -> Callable[[Fact], None]:
        """Return the function that posts a fact of client, poller or runner.

        It first tells the limiter of answers, and the auditor of outcomes of commands.
        """

        def report(fact: Fact) -> None:
            if isinstance(fact, ApiAnswered):
                limiter.apply_headers(fact)
            elif isinstance(fact, CommandFact):
                auditor.write_result(fact)
            self.bus.post(fact)

        return report

    def _client(self, report: Callable[[Fact], None]) -> Client:
        return Client(
            self.settings.base_url,
            self.settings.key_to_send,
            clock=self.clock.now,
            report=report,
            agent="telnyx-console",
            attempt=self.bus.state.policy.attempt,
            region=self.settings.region,
        )

    def _receiving(self, recorder: WebhookRecorder) -> Sequence[Coroutine[Any, Any, None]]:
        """Return the receiver, if this process has one."""
        if self.listening is None:
            if not self.journal.follows:
                self.bus.post(ReceiverClosed(self.clock.now(), "--no-receiver"))
            return []
        now = self.clock.now
        receiver = WebhookReceiver(
            path=self.settings.webhook_path,
            verifier=Verifier(self.settings.public_keys),
            clock=now,
            accept=recorder.accept,
            post=self.bus.post,
            access=Access(self.settings.trusted_proxies, self.settings.health_hosts),
            vital=lambda: health_report(self.bus.state.health, now(), recorder.lag(now())),
        )
        return [receiver.run(self.listening)]

    async def _past(
        self, recorder: WebhookRecorder, auditor: Auditor, began: Moment, stop: asyncio.Event
    ) -> Sequence[Coroutine[Any, Any, None]]:
        """Restore the state that earlier processes left. Return the follower, if there is one."""

        def fold(past: Sequence[Fact]) -> None:
            self.bus.restore(past)
            auditor.take_over(past)

        await recorder.write(JournalTable.OBSERVATIONS, "started", str(os.getpid()).encode())
        last = await self.journal.take_over(self.bus, began, fold, stop)
        return [self.journal.follow(last, began, self.bus.post)] if self.journal.follows else []

    def _watcher(self, poller: Poller, auditor: Auditor) -> Callable[[], None]:
        """Return the function that tells poller and auditor of each change of the state.

        The poller is woken only if what it selects reads by has changed.
        """
        seen: tuple[object, ...] = ()

        def changed() -> None:
            nonlocal seen
            state = self.bus.state
            choice = (state.watched_queue, state.watched_conference, state.health.key_refused)
            if choice != seen:
                seen = choice
                poller.wake()
            auditor.write_outcomes()

        return changed
