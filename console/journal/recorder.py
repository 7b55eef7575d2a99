"""The webhook recorder: writes each delivery to the journal before its fact is posted."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol, TypeAlias

from console.core.messages.effects import KeepEvent, KeepNames
from console.core.messages.facts import (
    ConferencesNamed,
    DeliveryRepeated,
    Fact,
    JournalHealthReported,
    UnreadableReceived,
)
from console.core.messages.webhooks import Webhook
from console.core.model.listed_resources import Moment
from console.journal.log import JournalError, JournalTable, Kept, Log, Record

Decode: TypeAlias = Callable[[bytes, Moment], Webhook | UnreadableReceived]
"""Returns the fact in a stored body."""


class ParsedBody(Protocol):
    """A webhook body that was parsed once."""

    def fact(self, at: Moment) -> Webhook | UnreadableReceived:
        """Return the fact in the body, received at ``at``."""

    def digest(self) -> str:
        """Return a digest that is equal for all deliveries of one event."""


_LOG = logging.getLogger(__name__)

FAULT = "a fault of this program: its log file says more"
"""The reason shown for a webhook whose decoding raised an exception."""
NAMES = "names"
"""The key of a row that holds names of conferences by id."""
API = "api"
"""The key of a row with an event that was read from the API, which no signature covers."""


def fact_in(record: Record, at: Moment, decode: Decode) -> Fact | None:
    """Return the fact in an event or observation, or None if the record holds none.

    ``at`` is its time of arrival in this start of the host.
    """
    if record.table is JournalTable.EVENTS:
        return _event_in(decode, record.body, at)
    if record.table is JournalTable.OBSERVATIONS and record.key == NAMES:
        return _names(record.body, at)
    if record.table is not JournalTable.OBSERVATIONS or record.key != API:
        return None
    fact = _event_in(decode, record.body, at)
    if isinstance(fact, UnreadableReceived):
        return None
    return replace(fact, origin=replace(fact.origin, api=True))


def _names(body: bytes, at: Moment) -> ConferencesNamed | None:
    try:
        names = json.loads(body).items()
    except (AttributeError, ValueError):  # a row of another version
        return None
    return ConferencesNamed(at, tuple((id_, name) for id_, name in names if isinstance(name, str)))


def _event_in(decode: Decode, body: bytes, at: Moment) -> Webhook | UnreadableReceived:
    """Return the fact in a body. An exception of ``decode`` is logged and loses only this event."""
    try:
        return decode(body, at)
    except Exception:  # noqa: BLE001  # logged, and shown as unreadable
        _LOG.exception("a webhook was not read")
        return UnreadableReceived(at, FAULT)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified webhook: raw body, the headers that sign it, and the public key.

    ``source`` is the address of the TCP peer. Forwarding headers of proxies are not trusted.
    """

    at: Moment
    body: bytes
    stamp: str
    signature: str
    key: str
    source: str = ""


class WebhookRecorder:
    """Writes deliveries to a log, and posts when that fails and when it works again.

    ``boot`` is the id of this start of the host. ``parse`` parses a webhook body.
    """

    def __init__(
        self,
        log: Log,
        *,
        clock: Callable[[], Moment],
        boot: str,
        post: Callable[[Fact], None],
        parse: Callable[[bytes], ParsedBody],
    ) -> None:
        self.log = log
        self._clock = clock
        self._boot = boot
        self._post = post
        self._parse = parse
        self._failure = ""
        self._waiting: dict[str, float] = {}
        self._took = 0.0

    def lag(self, now: Moment) -> float:
        """Return the seconds that the oldest waiting record has waited, else the last one's."""
        oldest = next(iter(self._waiting.values()), None)
        return self._took if oldest is None else max(now.mono - oldest, 0.0)

    async def accept(self, delivery: Delivery) -> bool:
        """Write a delivery, then post its fact. Return False if it could not be written.

        The core drops duplicates by event id. Only duplicates older than the replay window are
        handled here.
        """
        fact, digest = self._parsed(delivery.body, delivery.at)
        origin = None if isinstance(fact, UnreadableReceived) else fact.origin
        id_ = f"unreadable {digest}" if origin is None else origin.event_id
        known = {Kept.COLLIDED, Kept.LONG_AGO} | ({Kept.AGAIN} if origin is None else set())
        named = ("", None) if origin is None else (origin.name, origin.occurred)
        at, body = delivery.at, delivery.body
        signed = delivery.stamp, delivery.signature, delivery.key, delivery.source
        record = Record(JournalTable.EVENTS, id_, at, self._boot, body, digest, *signed, *named)
        kept = await self.keep(record)
        if kept in known:
            self._post(DeliveryRepeated(at, id_, kept is Kept.COLLIDED))
        elif kept is not None:  # also AGAIN: a write that was reported as failed may have succeeded
            self._post(fact)
        return kept is not None

    async def recover(self, effect: KeepEvent | KeepNames) -> None:
        """Write names of conferences, or an event from the API, as an observation."""
        at = self._clock()
        if isinstance(effect, KeepNames):
            id_, key, body = NAMES, NAMES, json.dumps(dict(effect.names)).encode()
            digest = sha256(body).hexdigest()
        else:
            id_, key, body = effect.event_id, API, effect.body
            _, digest = self._parsed(body, at)
        record = Record(JournalTable.OBSERVATIONS, id_, at, self._boot, body, digest, key=key)
        await self.keep(record)

    def _parsed(self, body: bytes, at: Moment) -> tuple[Webhook | UnreadableReceived, str]:
        """Return the fact in a body, and its digest. An exception is logged, not raised."""
        digest = ""
        try:
            parsed = self._parse(body)
            digest = parsed.digest()
            return parsed.fact(at), digest
        except Exception:  # noqa: BLE001  # logged, and shown as unreadable
            _LOG.exception("a webhook was not read")
            return UnreadableReceived(at, FAULT), digest or sha256(body).hexdigest()

    async def write(
        self, table: JournalTable, id_: str, body: bytes, at: Moment | None = None
    ) -> bool:
        """Write a row of this program, with the time ``at`` or now. Return False if that fails."""
        at = at or self._clock()
        record = Record(table, id_, at, self._boot, body, sha256(body).hexdigest())
        return await self.keep(record) is not None

    async def keep(self, record: Record) -> Kept | None:
        """Append a record to the log. After a failure, post it and return None."""
        began = self._clock().mono
        self._waiting[record.id] = began
        try:
            kept = await self.log.append(record)
        except JournalError as failure:
            self._post_failure(str(failure) or "it cannot be written")
            return None
        finally:
            self._waiting.pop(record.id, None)
            self._took = self._clock().mono - began
        self._post_failure("")
        return kept

    def _post_failure(self, reason: str) -> None:
        """Post the reason if it changed. An empty one says that the journal works again."""
        if reason != self._failure:
            self._failure = reason
            self._post(JournalHealthReported(self._clock(), reason))
