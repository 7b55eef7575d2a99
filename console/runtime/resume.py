"""A start reads the last hours of the journal, so that it knows what the process before it knew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from console.core.command import Command
from console.core.facts import Fact
from console.core.things import Moment
from console.runtime.audit import recalled
from console.runtime.journal import Record, Row, Table
from console.runtime.keeping import Decode, told

PAST = 6 * 3600.0
"""Seconds that are read: a conference lives four hours."""
PAGE = 256
"""Rows folded at once; between two pages the loop answers deliveries."""


class Past(Protocol):
    """What can be read of a log."""

    async def read(self, after: int, limit: int) -> Sequence[Row]:
        """As ``journal.Log.read``."""

    async def position(self, wall: float) -> int:
        """As ``journal.Log.position``."""


async def resume(
    log: Past,
    *,
    now: Moment,
    boot: str,
    decode: Decode,
    commands: Mapping[str, Command],
    fold: Callable[[Sequence[Fact]], None],
) -> tuple[int, int]:
    """Fold the past; how many rows there were, and the last seq.

    Raises JournalError where it cannot be read. ``fold`` must perform nothing: what the past had
    done is done.
    """
    after, count = await log.position(now.wall - PAST), 0
    while page := await log.read(after, PAGE):
        facts = [_fact(row.record, now, boot, decode, commands) for row in page]
        fold([fact for fact in facts if fact is not None])
        after, count = page[-1].seq, count + len(page)
        await asyncio.sleep(0)
    return count, after


def _fact(
    record: Record, now: Moment, boot: str, decode: Decode, commands: Mapping[str, Command]
) -> Fact | None:
    at = moment(record, now, boot)
    if record.table is Table.AUDIT:
        return recalled(record.id, record.body, at, commands)
    return told(record, at, decode)


def moment(record: Record, now: Moment, boot: str) -> Moment:
    """When a record came in, by the clock of this start of the host.

    The monotonic clock of another start cannot be compared; the wall's, for want of a better.
    """
    if record.boot == boot:
        return record.at
    return Moment(now.mono - max(now.wall - record.at.wall, 0.0), record.at.wall)
