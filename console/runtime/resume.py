"""A start reads the last hours of the journal, so that it knows what the process before it knew."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from console.core.command import Command
from console.core.facts import Fact
from console.core.things import Moment
from console.runtime.audit import recalled
from console.runtime.journal import PAST, JournalError, Record, Row, Table
from console.runtime.keeping import Decode, told
from console.runtime.noted import note_of

PAGE = 256
"""Rows folded at once; between two pages the loop answers deliveries."""


class Past(Protocol):
    """What can be read of a log."""

    async def read(self, after: int, limit: int) -> Sequence[Row]:
        """As ``journal.Log.read``."""

    async def notes(self) -> Sequence[Record]:
        """As ``journal.Log.notes``."""

    async def position(self, wall: float) -> int:
        """As ``journal.Log.position``."""


class Reel:
    """A log's past, a row at a time, up to the first that is ``over`` it.

    ``last`` is the place of the newest row that was read.
    """

    def __init__(self, log: Past, over: Callable[[Record], bool] = lambda _: False) -> None:
        self.last = 0
        self.failure: JournalError | None = None
        """Why it could not be read to its end."""
        self._log = log
        self._present = over
        self._page: deque[Row] = deque()
        self._begun = self._over = False

    async def notes(self) -> Sequence[Record]:
        """All that operators noted, however long ago."""
        try:
            return await self._log.notes()
        except JournalError as failure:
            self.failure = failure
            return ()

    async def head(self, wall: float) -> Row | None:
        """The next row since then (epoch seconds), which stays the next; None at the end."""
        if not self._page and not self._over:
            try:
                if not self._begun:
                    self.last, self._begun = await self._log.position(wall), True
                self._page.extend(await self._log.read(self.last, PAGE))
            except JournalError as failure:
                self.failure = failure
            self._over = not self._page
            self.last = self._page[-1].seq if self._page else self.last
        if self._page and self._present(self._page[0].record):
            self._page.clear()
            self._over = True
        return self._page[0] if self._page else None

    def wind(self) -> None:
        """The next row is the one after."""
        self._page.popleft()


async def resume(
    *reels: Reel,
    now: Moment,
    boot: str,
    decode: Decode,
    commands: Mapping[str, Command],
    fold: Callable[[Sequence[Fact]], None],
    ends: asyncio.Event,
) -> int:
    """Fold the past, of several logs in the order in which it came; how many rows there were.

    What happened before a command must not be taken for its doing, wherever the one and the other
    were written down. ``fold`` must perform nothing: what the past had done is done. It reads no
    further once the process ``ends``, which a long past must not delay.
    """
    for reel in reels:
        if notes := await reel.notes():
            fold(told_of(notes, now, boot))
    facts: list[Fact] = []
    count = 0
    while not ends.is_set():
        heads = [(await reel.head(now.wall - PAST), reel) for reel in reels]
        rows = [(row, reel) for row, reel in heads if row is not None]
        if not rows:
            break
        row, reel = min(rows, key=lambda each: moment(each[0].record, now, boot).mono)
        reel.wind()
        fact = _fact(row.record, now, boot, decode, commands)
        facts += [] if fact is None else [fact]
        count += 1
        if count % PAGE == 0:
            fold(facts)
            facts = []
            await asyncio.sleep(0)
    fold(facts)
    return count


def told_of(records: Sequence[Record], now: Moment, boot: str) -> list[Fact]:
    """The facts that notes state."""
    told = [note_of(record.id, record.body, moment(record, now, boot)) for record in records]
    return [fact for fact in told if fact is not None]


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
