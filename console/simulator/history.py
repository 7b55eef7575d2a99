"""History of webhooks and commands, for /call_events and /webhook_deliveries.

INFERRED: a webhook that was never attempted (there is no URL, or it belongs to the past of a
scenario) has attempt 0, no ``delivered_to`` and the status ``failed``.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from console.simulator import webhook_events
from console.simulator.webhook_events import webhook_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from console.simulator.http_types import Json
    from console.simulator.webhook_events import Event, RecordedCall

KEPT = 20_000
GOOD = range(200, 300)
USER_ID = "6a09cdc3-8948-47f0-aa62-74ac943d6c58"


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One delivery attempt; ``status`` is 0 if no answer came in time."""

    url: str
    status: int
    started_at: float
    finished_at: float
    headers: Mapping[str, str]

    def as_json(self) -> Json:
        """Return the attempt as the API lists it. INFERRED: its error code is the HTTP status."""
        good = self.status in GOOD
        response: Json = {"status": self.status, "headers": [], "body": ""} if self.status else None
        return {
            "status": "delivered" if good else "failed",
            "started_at": webhook_time(self.started_at),
            "finished_at": webhook_time(self.finished_at),
            "errors": [] if good else [self.status],
            "http": {
                "request": {"url": self.url, "headers": [list(h) for h in self.headers.items()]},
                "response": response,
            },
        }


@dataclass(slots=True, eq=False)
class WebhookRecord:
    """A webhook with its delivery attempts."""

    event: Event
    call: RecordedCall
    attempts: list[DeliveryAttempt] = field(default_factory=list)
    finished: bool = False
    kind: Literal["webhook"] = "webhook"

    @property
    def at(self) -> float:
        """Time of the event, in epoch seconds."""
        return self.event.occurred_at

    @property
    def name(self) -> str:
        """Event type."""
        return self.event.event_type

    @property
    def failed(self) -> bool:
        """True if no receiver has acknowledged the webhook."""
        return not self.attempts or self.attempts[-1].status not in GOOD

    @property
    def status(self) -> Literal["delivered", "failed"]:
        """Delivery status in the API's words."""
        return "failed" if self.failed else "delivered"

    @property
    def delivery_id(self) -> str:
        """Id of the delivery, which differs from the id of the event."""
        digest = hashlib.sha256(f"delivery:{self.event.id}".encode()).digest()
        return str(UUID(bytes=digest[:16], version=4))

    def metadata(self) -> Json:
        """Return the event and its delivery, so that a client can recover a missed event."""
        return {
            "attempt": len(self.attempts),
            "delivered_to": self.attempts[-1].url if self.attempts else None,
            "status": self.status,
            "event": webhook_events.original_event(self.event),
        }


@dataclass(frozen=True, slots=True, eq=False)
class CommandRecord:
    """A command with the status of its answer."""

    at: float
    name: str
    call: RecordedCall
    body: Mapping[str, Json]
    status: int
    kind: Literal["command"] = "command"

    @property
    def failed(self) -> bool:
        """True if the command was refused."""
        return self.status not in GOOD

    def metadata(self) -> Json:
        """Return the request body and the status of the answer (INFERRED)."""
        return {"status": self.status, "command": dict(self.body)}


Entry = WebhookRecord | CommandRecord


class History:
    """The last ``kept`` entries, oldest first."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._entries: deque[Entry] = deque()
        self._by_event: dict[str, WebhookRecord] = {}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def add_webhook(self, event: Event, call: RecordedCall) -> None:
        """Record a webhook."""
        record = WebhookRecord(event, call)
        self._by_event[event.id] = record
        self._append(record)

    def add_command(self, command: CommandRecord) -> None:
        """Record a command."""
        self._append(command)

    def add_attempt(self, event: Event, attempt: DeliveryAttempt) -> None:
        """Record a delivery attempt of a webhook."""
        record = self._by_event.get(event.id)
        if record is not None:
            record.attempts.append(attempt)

    def mark_finished(self, event: Event) -> None:
        """Record that no further attempt follows."""
        record = self._by_event.get(event.id)
        if record is not None:
            record.finished = True

    def deliveries(self) -> list[WebhookRecord]:
        """Return the webhooks that were attempted and are not sent again, newest first."""
        done = [one for one in self._by_event.values() if one.finished and one.attempts]
        return sorted(done, key=lambda one: one.attempts[0].started_at, reverse=True)

    def _append(self, entry: Entry) -> None:
        self._entries.append(entry)
        if len(self._entries) > self._kept:
            oldest = self._entries.popleft()
            if isinstance(oldest, WebhookRecord):
                del self._by_event[oldest.event.id]
