"""A start reads the last hours of the journal, so that it knows what the process before it knew."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from heapq import merge
from typing import Protocol, TypeAlias

from console.core.messages.facts import Fact, JournalNoted
from console.core.messages.webhooks import UnknownReceived
from console.core.model.command import Command
from console.core.model.resources import Moment
from console.journal.audit import recalled
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.log import PAST, JournalError, JournalRow, JournalTable, Record
from console.journal.notes import note_of
from console.journal.recorder import Decode, told

_LOG = logging.getLogger(__name__)

Fold: TypeAlias = Callable[[Sequence[Fact]], None]

PAGE = 256
"""Rows folded at once; between two pages the loop answers deliveries."""


class Past(Protocol):
    """What can be read of a log."""

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        """As ``journal.Log.read``."""

    async def notes(self) -> Sequence[Record]:
        """As ``journal.Log.notes``."""

    async def position(self, wall: float) -> int:
        """As ``journal.Log.position``."""


class LogCursor:
    """A log's past, a row at a time, up to the first that is ``over`` it.

    ``last`` is the place of the newest row that was read.
    """

    def __init__(self, log: Past, over: Callable[[Record], bool] = lambda _: False) -> None:
        self.last = 0
        self.failure: JournalError | None = None
        """What of it could not be read, and why."""
        self.broken = False
        """Whether its rows could not be read to their end."""
        self._log = log
        self._present = over
        self._page: deque[JournalRow] = deque()
        self._begun = self._over = False

    async def notes(self) -> Sequence[Record]:
        """All that operators noted, however long ago."""
        try:
            return await self._log.notes()
        except JournalError as failure:
            self.failure = failure
            return ()

    async def head(self, wall: float) -> JournalRow | None:
        """The next row since then (epoch seconds), which stays the next; None at the end."""
        if not self._page and not self._over:
            try:
                if not self._begun:
                    self.last, self._begun = await self._log.position(wall), True
                self._page.extend(await self._log.read(self.last, PAGE))
            except JournalError as failure:
                self.failure, self.broken = failure, True
            self._over = not self._page
            self.last = self._page[-1].seq if self._page else self.last
        if self._page and self._present(self._page[0].record):
            self._page.clear()
            self._over = True
        return self._page[0] if self._page else None

    def wind(self) -> None:
        """The next row is the one after."""
        self._page.popleft()


class _Folding:
    """Folds rows of the past, and passes over one that cannot be: it would end every start."""

    def __init__(self, fold: Fold, state: Callable[[Record], Fact | None]) -> None:
        self._fold = fold
        self._state = state
        self._passed: list[str] = []

    def rows(self, records: Sequence[Record]) -> None:
        """Fold what these state, all at once where that can be."""
        stated = [(record, fact) for record in records if (fact := self._fact(record)) is not None]
        if not stated:
            return
        try:
            self._fold([fact for _, fact in stated])
        except Exception:  # noqa: BLE001  # one of them is at fault, and is found below
            for record, fact in stated:
                self._one(record, fact)

    def told(self, at: Moment) -> None:
        """Say what was passed over."""
        if self._passed:
            text = f"{len(self._passed)} of its rows cannot be taken in and are passed over"
            named = f"{text}, first {self._passed[0]}: the log file says why"
            self._fold([JournalNoted(at, named)])

    def _fact(self, record: Record) -> Fact | None:
        try:
            return self._state(record)
        except Exception:  # noqa: BLE001  # logged with its trace, and said
            self._pass(record)
            return None

    def _one(self, record: Record, fact: Fact) -> None:
        try:
            self._fold([fact])
        except Exception:  # noqa: BLE001  # logged with its trace, and said
            self._pass(record)
            self._heard(fact)

    def _pass(self, record: Record) -> None:
        named = f"{record.table} {record.id}"
        _LOG.exception("a row of the journal is passed over: %s", named)
        self._passed.append(named)

    def _heard(self, fact: Fact) -> None:
        """Know an event that cannot be folded by its id, so that its repetition is not either."""
        origin = getattr(fact, "origin", None)
        if origin is not None:
            with suppress(Exception):
                self._fold([UnknownReceived(origin)])


async def resume(
    *reels: LogCursor,
    now: Moment,
    boot: str,
    decode: Decode,
    commands: Mapping[str, Command],
    fold: Fold,
    ends: asyncio.Event,
    confidential: Confidentiality = UNSEALED,
) -> int:
    """Fold the past, of several logs in the order in which it came; how many rows there were.

    What happened before a command must not be taken for its doing, wherever the one and the other
    were written down. ``fold`` must perform nothing: what the past had done is done. It reads no
    further once the process ``ends``, which a long past must not delay.
    """

    def came(record: Record) -> float:
        return moment(record, now, boot).mono

    folding = _Folding(
        fold, lambda record: _fact(record, now, boot, decode, commands, confidential=confidential)
    )
    folding.rows(list(merge(*[await reel.notes() for reel in reels], key=came)))
    records: list[Record] = []
    count = 0
    while not ends.is_set():
        heads = [(await reel.head(now.wall - PAST), reel) for reel in reels]
        rows = [(row, reel) for row, reel in heads if row is not None]
        if not rows:
            break
        row, reel = min(rows, key=lambda each: came(each[0].record))
        reel.wind()
        if row.record.table is not JournalTable.NOTES:
            records.append(row.record)
        count += 1
        if count % PAGE == 0:
            folding.rows(records)
            records = []
            await asyncio.sleep(0)
    folding.rows(records)
    folding.told(now)
    return count


def _fact(
    record: Record,
    now: Moment,
    boot: str,
    decode: Decode,
    commands: Mapping[str, Command],
    *,
    confidential: Confidentiality,
) -> Fact | None:
    at = moment(record, now, boot)
    match record.table:
        case JournalTable.AUDIT:
            return recalled(record.id, record.body, at, commands, confidential)
        case JournalTable.NOTES:
            return note_of(record.id, record.body, at, confidential)
        case _:
            return told(record, at, decode)


def moment(record: Record, now: Moment, boot: str) -> Moment:
    """When a record came in, by the clock of this start of the host.

    The monotonic clock of another start cannot be compared; the wall's, for want of a better.
    """
    if record.boot == boot:
        return record.at
    return Moment(now.mono - max(now.wall - record.at.wall, 0.0), record.at.wall)
