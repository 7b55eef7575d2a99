"""The engine: receiver, poller, runner and auditor, run on one event loop."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from console.core.messages.facts import (
    ApiAnswered,
    CommandAccepted,
    CommandRefused,
    CommandSent,
    CommandUnanswered,
    Fact,
    ReceiverClosed,
)
from console.core.model.resources import Moment
from console.core.model.state import State
from console.journal.audit import Auditor, process_identity
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
from console.view.text.shown_names import names_of_order

TICK = 0.25
"""Seconds between two checks for what has expired."""
LAST_WORDS = 1.0
"""Seconds that running commands have to be answered when the engine ends."""


class Engine:
    """Receives, polls, stores and sends, without a terminal.

    Everything that it shares with the rest of the program is in ``bus``.
    """

    def __init__(
        self,
        settings: Settings,
        listening: Listening | None,
        *,
        bus: Bus,
        journal: Journal,
        clock: Clock,
    ) -> None:
        """``listening``: the bound sockets of the receiver; None receives no webhooks."""
        self._settings = settings
        self._listening = listening
        self._bus = bus
        self._journal = journal
        self._clock = clock
        self._policy = bus.state.policy

    async def live(self, stop: asyncio.Event) -> None:
        """Run until ``stop`` is set, then wait for running commands and close the journal."""
        try:
            await self._live(stop)
        finally:
            await self._journal.log.close()

    async def _live(self, stop: asyncio.Event) -> None:
        group, bus, now = asyncio.TaskGroup(), self._bus, self._clock.now
        limiter = RateLimiter(self._policy.budget, now().mono, random.random)
        recorder = self._recorder()
        auditor = self._auditor(recorder, group)
        report = self._reporter(limiter, auditor)
        client = self._client(report)
        poller = Poller(client, latest=self._latest, post=report, clock=now, pace=limiter)
        background = BackgroundTasks(group)
        runner = Runner(
            RateLimitedApi(client, limiter, now),
            policy=self._policy,
            clock=now,
            post=report,
            refresh=poller.refresh,
            spawn=background.begin,
            permit=auditor.write_intent,
            keep=recorder.recover,
            note=note_writer(recorder.write, now, bus.post, self._journal.confidential),
            may_repeat=limiter.take_repetition,
        )
        async with client, group:
            began = now()
            sources = [group.create_task(each) for each in self._receiving(recorder)]
            sources += [
                group.create_task(each) for each in await self._past(recorder, auditor, began, stop)
            ]
            unsubscribe = bus.subscribe(self._watcher(poller, auditor))
            bus.open(asyncio.get_running_loop(), runner.perform)
            sources += [
                group.create_task(poller.run()),
                group.create_task(self._clock.tick(TICK, report)),
            ]
            await stop.wait()
            for source in sources:
                source.cancel()
            await background.end(LAST_WORDS)
            auditor.write_outcomes()
            unsubscribe()

    def _recorder(self) -> WebhookRecorder:
        return WebhookRecorder(
            self._journal.log,
            clock=self._clock.now,
            boot=self._clock.boot(),
            post=self._bus.post,
            parse=ParsedWebhook,
        )

    def _auditor(self, recorder: WebhookRecorder, group: asyncio.TaskGroup) -> Auditor:
        return Auditor(
            recorder.write,
            who=process_identity(),
            clock=self._clock.now,
            latest=self._latest,
            spawn=group.create_task,
            names=names_of_order,
            confidential=self._journal.confidential,
        )

    def _reporter(self, limiter: RateLimiter, auditor: Auditor) -> Callable[[Fact], None]:
        """Return the function that posts a fact of client, poller or runner.

        It first tells the limiter of answers, and the auditor of outcomes of commands.
        """

        def report(fact: Fact) -> None:
            match fact:
                case ApiAnswered():
                    limiter.apply_headers(fact)
                case CommandSent() | CommandAccepted() | CommandRefused() | CommandUnanswered():
                    auditor.write_result(fact)
                case _:
                    pass
            self._bus.post(fact)

        return report

    def _client(self, report: Callable[[Fact], None]) -> Client:
        return Client(
            self._settings.base_url,
            self._settings.key_to_send,
            clock=self._clock.now,
            report=report,
            agent="telnyx-console",
            attempt=self._policy.attempt,
            region=self._settings.region,
        )

    def _receiving(self, recorder: WebhookRecorder) -> Sequence[Coroutine[Any, Any, None]]:
        """Return the receiver, if this process has one."""
        if self._listening is None:
            if not self._journal.follows:
                self._bus.post(ReceiverClosed(self._clock.now(), "--no-receiver"))
            return []
        now = self._clock.now
        receiver = WebhookReceiver(
            path=self._settings.webhook_path,
            verifier=Verifier(self._settings.public_keys),
            clock=now,
            accept=recorder.accept,
            post=self._bus.post,
            access=Access(self._settings.trusted_proxies, self._settings.health_hosts),
            vital=lambda: health_report(self._bus.state.health, now(), recorder.lag(now())),
        )
        return [receiver.run(self._listening)]

    async def _past(
        self, recorder: WebhookRecorder, auditor: Auditor, began: Moment, stop: asyncio.Event
    ) -> Sequence[Coroutine[Any, Any, None]]:
        """Restore the state that earlier processes left. Return the follower, if there is one."""

        def fold(past: Sequence[Fact]) -> None:
            self._bus.restore(past)
            auditor.take_over(past)

        await recorder.write(JournalTable.OBSERVATIONS, "started", str(os.getpid()).encode())
        last = await self._journal.take_over(self._bus, began, fold, stop)
        return [self._journal.follow(last, began, self._bus.post)] if self._journal.follows else []

    def _latest(self) -> State:
        return self._bus.state

    def _watcher(self, poller: Poller, auditor: Auditor) -> Callable[[], None]:
        """Return the function that tells poller and auditor of each change of the state.

        The poller is woken only if what it selects reads by has changed.
        """
        seen: tuple[object, ...] = ()

        def changed() -> None:
            nonlocal seen
            state = self._bus.state
            choice = (state.watched_queue, state.watched_conference, state.health.key_refused)
            if choice != seen:
                seen = choice
                poller.wake()
            auditor.write_outcomes()

        return changed
