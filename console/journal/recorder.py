"""What comes in is written down before anybody is told that it came."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeAlias

from console.core.messages.effects import Keep, KeepNames
from console.core.messages.facts import (
    ConferencesNamed,
    DeliveryRepeated,
    Fact,
    JournalTold,
    UnreadableReceived,
)
from console.core.messages.webhooks import Webhook
from console.core.model.resources import Moment
from console.journal.log import JournalError, JournalTable, Kept, Log, Record

Decode: TypeAlias = Callable[[bytes, Moment], Webhook | UnreadableReceived]
"""A stored body into the fact it states."""
Fingerprint: TypeAlias = Callable[[bytes], str]
"""What every delivery of one event has in common."""


_LOG = logging.getLogger(__name__)

FAULT = "a fault of this program: its log file says more"
"""Why a webhook is not read that is as it should be."""
NAMES = "names"
"""The key of a row that holds names of conferences by id."""
API = "api"
"""What stands in the place of a key where an event was had from the API, and nothing signs it."""


def told(record: Record, at: Moment, decode: Decode) -> Fact | None:
    """The fact that a kept record states; None where it states none."""
    if record.table is JournalTable.EVENTS:
        return _read(decode, record.body, at)
    if record.table is JournalTable.OBSERVATIONS and record.key == NAMES:
        return _names(record.body, at)
    if record.table is not JournalTable.OBSERVATIONS or record.key != API:
        return None
    fact = _read(decode, record.body, at)
    if isinstance(fact, UnreadableReceived):
        return None
    return replace(fact, origin=replace(fact.origin, api=True))


def _names(body: bytes, at: Moment) -> ConferencesNamed | None:
    try:
        told = json.loads(body).items()
    except (AttributeError, ValueError):  # another version's words
        return None
    return ConferencesNamed(at, tuple((id_, name) for id_, name in told if isinstance(name, str)))


def _read(decode: Decode, body: bytes, at: Moment) -> Webhook | UnreadableReceived:
    """What a body states. A mistake of ours in reading it costs this webhook and no other."""
    try:
        return decode(body, at)
    except Exception:  # noqa: BLE001  # logged with its trace, and said
        _LOG.exception("a webhook was not read")
        return UnreadableReceived(at, FAULT)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified webhook as it came: the raw body, the headers that sign it, the key it is from.

    ``source`` is the address of the TCP peer: what a proxy says of others is not trusted.
    """

    at: Moment
    body: bytes
    stamp: str
    signature: str
    key: str
    source: str = ""


class WebhookRecorder:
    """Writes to a log, and says when that fails and when it works again.

    ``boot`` names this start of the host.
    """

    def __init__(
        self,
        log: Log,
        *,
        clock: Callable[[], Moment],
        boot: str,
        post: Callable[[Fact], None],
        decode: Decode,
        fingerprint: Fingerprint,
    ) -> None:
        self.log = log
        self._clock = clock
        self._boot = boot
        self._post = post
        self._decode = decode
        self._fingerprint = fingerprint
        self._fails = ""
        self._waiting: dict[str, float] = {}
        self._took = 0.0

    def lag(self, now: Moment) -> float:
        """Seconds that the oldest delivery has waited to be kept; none waiting, that one waited."""
        oldest = next(iter(self._waiting.values()), None)
        return self._took if oldest is None else max(now.mono - oldest, 0.0)

    async def accept(self, delivery: Delivery) -> bool:
        """Keep a delivery, then let it be believed; False where it could not be kept.

        Whether it was believed before is for the belief to know, which has its id, unless that is
        longer ago than any start reads back.
        """
        fact = _read(self._decode, delivery.body, delivery.at)
        digest = self._digest(delivery.body)
        record = Record(
            JournalTable.EVENTS,
            f"unreadable {digest}",
            delivery.at,
            self._boot,
            delivery.body,
            digest,
            delivery.stamp,
            delivery.signature,
            delivery.key,
            delivery.source,
        )
        if not isinstance(fact, UnreadableReceived):
            origin = fact.origin
            record = replace(record, id=origin.event_id, type=origin.name, occurred=origin.occurred)
        kept = await self.keep(record)
        unread = isinstance(fact, UnreadableReceived)
        known = {Kept.COLLIDED, Kept.LONG_AGO} | ({Kept.AGAIN} if unread else set())
        if kept in known:
            self._post(DeliveryRepeated(delivery.at, record.id, kept is Kept.COLLIDED))
        elif kept is not None:  # a disk may have kept before what it said it could not
            self._post(fact)
        return kept is not None

    async def recover(self, effect: Keep | KeepNames) -> None:
        """Keep an event that was had from the API, apart from those that are signed; or names."""
        at = self._clock()
        if isinstance(effect, KeepNames):
            body = json.dumps(dict(effect.names)).encode()
            digest = sha256(body).hexdigest()
            await self.keep(
                Record(JournalTable.OBSERVATIONS, NAMES, at, self._boot, body, digest, key=NAMES)
            )
            return
        digest = self._digest(effect.body)
        await self.keep(
            Record(
                JournalTable.OBSERVATIONS,
                effect.event_id,
                at,
                self._boot,
                effect.body,
                digest,
                key=API,
            )
        )

    def _digest(self, body: bytes) -> str:
        try:
            return self._fingerprint(body)
        except Exception:  # noqa: BLE001  # logged with its trace: then its attempts differ
            _LOG.exception("a webhook has no fingerprint")
            return sha256(body).hexdigest()

    async def write(
        self, table: JournalTable, id_: str, body: bytes, at: Moment | None = None
    ) -> bool:
        """Keep something of our own, of now or of ``at``; False where it could not be kept."""
        at = at or self._clock()
        record = Record(table, id_, at, self._boot, body, sha256(body).hexdigest())
        return await self.keep(record) is not None

    async def keep(self, record: Record) -> Kept | None:
        """Append to the log; None where that failed, which is then told."""
        began = self._clock().mono
        self._waiting[record.id] = began
        try:
            kept = await self.log.append(record)
        except JournalError as failure:
            self._tell(str(failure) or "it cannot be written")
            return None
        finally:
            self._waiting.pop(record.id, None)
            self._took = self._clock().mono - began
        self._tell("")
        return kept

    def _tell(self, reason: str) -> None:
        if reason != self._fails:
            self._fails = reason
            self._post(JournalTold(self._clock(), reason))
