"""What comes in is written down before anybody is told that it came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeAlias

from console.core.effects import Keep
from console.core.facts import DeliveryRepeated, Fact, JournalTold, UnreadableReceived
from console.core.things import Moment
from console.core.webhooks import Webhook
from console.runtime.journal import JournalError, Kept, Log, Record, Table

Decode: TypeAlias = Callable[[bytes, Moment], Webhook | UnreadableReceived]
"""A stored body into the fact it states; never raises."""
Fingerprint: TypeAlias = Callable[[bytes], str]
"""What every delivery of one event has in common; never raises."""


API = "api"
"""What stands in the place of a key where an event was had from the API, and nothing signs it."""


def told(record: Record, at: Moment, decode: Decode) -> Webhook | UnreadableReceived | None:
    """The fact that a kept record states; None where it is no event's."""
    if record.table is Table.EVENTS:
        return decode(record.body, at)
    if record.table is not Table.OBSERVATIONS or record.key != API:
        return None
    fact = decode(record.body, at)
    if isinstance(fact, UnreadableReceived):
        return None
    return replace(fact, origin=replace(fact.origin, api=True))


@dataclass(frozen=True, slots=True)
class Delivery:
    """A verified webhook as it came: the raw body, the headers that sign it, the key it is from."""

    at: Moment
    body: bytes
    stamp: str
    signature: str
    key: str


class Keeper:
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

        Whether it was believed before is for the belief to know, which has its id.
        """
        fact = self._decode(delivery.body, delivery.at)
        digest = self._fingerprint(delivery.body)
        match fact:
            case UnreadableReceived():
                id_ = f"unreadable {digest}"
            case _:
                id_ = fact.origin.event_id
        record = Record(
            Table.EVENTS,
            id_,
            delivery.at,
            self._boot,
            delivery.body,
            digest,
            delivery.stamp,
            delivery.signature,
            delivery.key,
        )
        kept = await self.keep(record)
        unread = isinstance(fact, UnreadableReceived)
        if kept is Kept.COLLIDED or (kept is Kept.AGAIN and unread):
            self._post(DeliveryRepeated(delivery.at, record.id, kept is Kept.COLLIDED))
        elif kept is not None:  # a disk may have kept before what it said it could not
            self._post(fact)
        return kept is not None

    async def recover(self, effect: Keep) -> None:
        """Keep an event that was had from the API, apart from those that are signed."""
        digest = self._fingerprint(effect.body)
        at = self._clock()
        await self.keep(
            Record(
                Table.OBSERVATIONS, effect.event_id, at, self._boot, effect.body, digest, key=API
            )
        )

    async def write(self, table: Table, id_: str, body: bytes, at: Moment | None = None) -> bool:
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
