"""Delivery of signed webhooks: 2 s for an answer, three attempts a URL, then the failover URL.

Telnyx API, webhooks: at most three attempts, each answered with 2xx within 2 s, then the failover
URL. INFERRED where its pages contradict each other: the pauses between attempts; 3xx is a failure;
408, 429 and 5xx are tried again, and any other answer moves to the next URL at once; the attempt
number continues at the failover URL.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from console.simulator import webhook_events
from console.simulator.history import DeliveryAttempt, History
from console.simulator.http_types import Json, encode

if TYPE_CHECKING:
    from console.simulator.faults import Faults
    from console.simulator.signer import Signer
    from console.simulator.tunable_limits import DeliveryPolicy
    from console.simulator.webhook_events import Event

TRY_AGAIN = frozenset({0, 408, 429})
SERVER_ERRORS = 500
GOOD = range(200, 300)

Post = Callable[[str, bytes, dict[str, str]], Awaitable[int]]
"""Sends one body; returns the HTTP status, or 0 if no answer came in time."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event with its remaining URLs, and the attempts at the first of them and in all."""

    event: Event
    urls: tuple[str, ...]
    at_url: int = 0
    attempt: int = 1


class WebhookSender:
    """Queues events, and delivers them while ``run`` runs."""

    def __init__(
        self,
        policy: DeliveryPolicy,
        signer: Signer,
        faults: Faults,
        clock: Callable[[], float],
        post: Post,
        *,
        history: History | None = None,
    ) -> None:
        self._policy = policy
        self._signer = signer
        self._faults = faults
        self._clock = clock
        self._post = post
        self._history = History() if history is None else history
        self._ready: deque[Delivery] = deque()
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._order = 0
        self._changed = asyncio.Event()
        self._slots = asyncio.Semaphore(policy.together)
        self._counts = dict.fromkeys(
            ("emitted", "delivered", "failed", "attempts", "dropped", "overflowed"), 0
        )
        self._last: deque[Json] = deque(maxlen=policy.kept)

    def add(self, event: Event) -> None:
        """Queue an event for delivery. Without a URL the event is only counted."""
        self._counts["emitted"] += 1
        urls = self._urls(event)
        if not urls:
            return
        if self._faults.strikes("webhook-drop"):
            self._counts["dropped"] += 1
            return
        delivery = Delivery(event, urls)
        if self._faults.strikes("webhook-delay"):
            self._add_later(delivery, self._policy.delay_secs)
        elif self._faults.strikes("webhook-reorder"):
            self._add_later(delivery, self._policy.reorder_secs)
        else:
            self._add_now(delivery)
        if self._faults.strikes("webhook-duplicate"):
            self._add_now(delivery)

    async def run(self) -> None:
        """Deliver until cancelled. Attempts start in the order in which the events were queued."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._release()
                if not self._ready:
                    await self._wait()
                    continue
                await self._slots.acquire()
                if self._ready:
                    group.create_task(self._attempt(self._ready.popleft()))
                else:
                    self._slots.release()

    def as_json(self) -> Json:
        """Return the counts, the number of events waiting, and the last bodies sent."""
        held = len(self._ready) + len(self._waiting)
        return {**self._counts, "waiting": held, "last": list(self._last)}

    async def _attempt(self, delivery: Delivery) -> None:
        try:
            status = await self._send(delivery)
            if status in GOOD:
                self._counts["delivered"] += 1
                self._history.mark_finished(delivery.event)
            else:
                self._try_again(delivery, status)
        finally:
            self._slots.release()

    async def _send(self, delivery: Delivery) -> int:
        url = delivery.urls[0]
        body = webhook_events.body(delivery.event, delivery.attempt, url)
        raw = encode(body)
        headers = self._signer.headers(
            raw,
            self._clock(),
            forged=self._faults.strikes("webhook-bad-signature"),
            stale=self._faults.strikes("webhook-old"),
        )
        headers |= {"Content-Type": "application/json", "User-Agent": "telnyx-webhooks"}
        self._counts["attempts"] += 1
        started = self._clock()
        status = await self._post(url, raw, headers)
        self._history.add_attempt(
            delivery.event, DeliveryAttempt(url, status, started, self._clock(), headers)
        )
        self._last.append({"url": url, "status": status, "attempt": delivery.attempt, "body": body})
        return status

    def _try_again(self, delivery: Delivery, status: int) -> None:
        again = status in TRY_AGAIN or status >= SERVER_ERRORS
        onward = replace(delivery, attempt=delivery.attempt + 1, at_url=delivery.at_url + 1)
        pauses = self._pauses(delivery.event)
        if again and onward.at_url <= len(pauses):
            self._add_later(onward, pauses[onward.at_url - 1])
        elif len(delivery.urls) > 1:
            self._add_now(replace(onward, urls=delivery.urls[1:], at_url=0))
        else:
            self._counts["failed"] += 1
            self._history.mark_finished(delivery.event)

    def _urls(self, event: Event) -> tuple[str, ...]:
        webhook_options = event.webhook_options
        if webhook_options is None:
            return self._policy.urls
        own = () if webhook_options.url is None else (webhook_options.url,)
        return webhook_options.urls.get(event.event_type) or own or self._policy.urls

    def _pauses(self, event: Event) -> tuple[float, ...]:
        """Return the seconds between attempts, by the call's setting or the account's."""
        own = {} if event.webhook_options is None else event.webhook_options.pauses
        return own.get(event.event_type, self._policy.pauses)

    def _add_now(self, delivery: Delivery) -> None:
        self._ready.append(delivery)
        self._enforce_limit()

    def _add_later(self, delivery: Delivery, secs: float) -> None:
        self._order += 1
        heapq.heappush(self._waiting, (self._clock() + secs, self._order, delivery))
        self._enforce_limit()

    def _enforce_limit(self) -> None:
        self._changed.set()
        if len(self._ready) + len(self._waiting) <= self._policy.waiting:
            return
        if self._waiting:  # a retry is given up before a first attempt
            heapq.heappop(self._waiting)
        else:
            self._ready.popleft()
        self._counts["overflowed"] += 1
        self._counts["failed"] += 1

    def _release(self) -> None:
        now = self._clock()
        while self._waiting and self._waiting[0][0] <= now:
            self._ready.append(heapq.heappop(self._waiting)[2])

    async def _wait(self) -> None:
        self._changed.clear()
        secs = max(0.0, self._waiting[0][0] - self._clock()) if self._waiting else None
        try:
            async with asyncio.timeout(secs):
                await self._changed.wait()
        except TimeoutError:
            return
