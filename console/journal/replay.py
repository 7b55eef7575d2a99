"""Replay of the last hours of the journal at the start, to restore the state."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from heapq import merge
from typing import TypeAlias

from console.core.messages.facts import Fact, JournalMessageReported
from console.core.messages.webhooks import UnknownReceived
from console.core.model.command import Command
from console.core.model.listed_resources import Moment
from console.journal.audit_writer import fact_in_row
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.log import PAST, JournalError, JournalRow, JournalTable, ReadableLog, Record
from console.journal.notes import note_of
from console.journal.recorder import Decode, fact_in

_LOG = logging.getLogger(__name__)

Apply: TypeAlias = Callable[[Sequence[Fact]], None]
"""Applies facts to the state. The effects of the past must not be run again."""

PAGE = 256
"""Rows applied at once. Between two pages the event loop answers deliveries."""


class LogCursor:
    """Reads a log row by row, up to the first record for which ``is_present`` returns True.

    ``last`` is the seq of the newest row that was read.
    """

    def __init__(
        self, log: ReadableLog, is_present: Callable[[Record], bool] = lambda _: False
    ) -> None:
        self.last = 0
        self.failure: JournalError | None = None
        """The last failure to read notes or rows."""
        self.broken = False
        """True if the rows could not be read to their end."""
        self._log = log
        self._is_present = is_present
        self._page: deque[JournalRow] = deque()
        self._begun = self._over = False

    async def notes(self) -> Sequence[Record]:
        """Return all notes, whatever their age. After a failure return none and set ``failure``."""
        try:
            return await self._log.notes()
        except JournalError as failure:
            self.failure = failure
            return ()

    async def peek(self, wall: float) -> JournalRow | None:
        """Return the next row without passing it, or None at the end.

        The first call starts at the first row since ``wall`` (epoch seconds).
        """
        if not self._page and not self._over:
            try:
                if not self._begun:
                    self.last, self._begun = await self._log.position(wall), True
                self._page.extend(await self._log.read(self.last, PAGE))
            except JournalError as failure:
                self.failure, self.broken = failure, True
            self._over = not self._page
            self.last = self._page[-1].seq if self._page else self.last
        if self._page and self._is_present(self._page[0].record):
            self._page.clear()
            self._over = True
        return self._page[0] if self._page else None

    def advance(self) -> None:
        """Pass the row that ``peek`` returned."""
        self._page.popleft()


class _RowApplier:
    """Applies the facts in rows, and skips a row that raises: it would fail every start."""

    def __init__(self, apply: Apply, fact_of: Callable[[Record], Fact | None]) -> None:
        self._apply = apply
        self._fact_of = fact_of
        self._skipped: list[str] = []

    def apply(self, records: Sequence[Record]) -> None:
        """Apply the facts in these records together, or one by one if that raises."""
        facts = [(record, fact) for record in records if (fact := self._fact(record)) is not None]
        if not facts:
            return
        try:
            self._apply([fact for _, fact in facts])
        except Exception:  # noqa: BLE001  # the loop below finds the record at fault
            for record, fact in facts:
                self._apply_one(record, fact)

    def report_skipped(self, at: Moment) -> None:
        """Note the number of skipped rows in the state, if there are any."""
        if self._skipped:
            count = f"journal rows skipped as unreadable: {len(self._skipped)}"
            text = f"{count}, first {self._skipped[0]}: the log file says why"
            self._apply([JournalMessageReported(at, text)])

    def _fact(self, record: Record) -> Fact | None:
        try:
            return self._fact_of(record)
        except Exception:  # noqa: BLE001  # logged, and reported as skipped
            self._skip(record)
            return None

    def _apply_one(self, record: Record, fact: Fact) -> None:
        try:
            self._apply([fact])
        except Exception:  # noqa: BLE001  # logged, and reported as skipped
            self._skip(record)
            origin = getattr(fact, "origin", None)
            if origin is not None:  # remember its id, so that redeliveries are dropped too
                with suppress(Exception):
                    self._apply([UnknownReceived(origin)])

    def _skip(self, record: Record) -> None:
        named = f"{record.table} {record.id}"
        _LOG.exception("a row of the journal is skipped: %s", named)
        self._skipped.append(named)


async def resume(
    *cursors: LogCursor,
    now: Moment,
    boot: str,
    decode: Decode,
    commands: Mapping[str, Command],
    apply: Apply,
    ends: asyncio.Event,
    confidential: Confidentiality = UNSEALED,
) -> int:
    """Apply the rows of several logs in order of arrival. Return the number of rows.

    All logs are merged, because an earlier event in one must not count as the effect of a command
    in another. ``apply`` must not run effects. Reading stops when ``ends`` is set.
    """

    def fact_of(record: Record) -> Fact | None:
        at = moment(record, now, boot)
        if record.table is JournalTable.AUDIT:
            return fact_in_row(record.id, record.body, at, commands, confidential)
        if record.table is JournalTable.NOTES:
            return note_of(record.id, record.body, at, confidential)
        return fact_in(record, at, decode)

    applier = _RowApplier(apply, fact_of)
    notes = [await cursor.notes() for cursor in cursors]
    applier.apply(list(merge(*notes, key=lambda record: moment(record, now, boot).mono)))
    records: list[Record] = []
    count = 0
    async for record in _merged(cursors, now, boot, ends):
        if record.table is not JournalTable.NOTES:
            records.append(record)
        count += 1
        if count % PAGE == 0:
            applier.apply(records)
            records = []
            await asyncio.sleep(0)
    applier.apply(records)
    applier.report_skipped(now)
    return count


async def _merged(
    cursors: Sequence[LogCursor], now: Moment, boot: str, ends: asyncio.Event
) -> AsyncIterator[Record]:
    """Yield the records of several logs since PAST in order of arrival, until ``ends`` is set."""
    while not ends.is_set():
        heads = [(await cursor.peek(now.wall - PAST), cursor) for cursor in cursors]
        rows = [(row.record, cursor) for row, cursor in heads if row is not None]
        if not rows:
            break
        record, cursor = min(rows, key=lambda row: moment(row[0], now, boot).mono)
        cursor.advance()
        yield record


def moment(record: Record, now: Moment, boot: str) -> Moment:
    """Return the arrival of a record, with ``mono`` converted to this start of the host.

    The monotonic clocks of two starts cannot be compared, so the wall clock gives the age of a
    record from another start.
    """
    if record.boot == boot:
        return record.at
    return Moment(now.mono - max(now.wall - record.at.wall, 0.0), record.at.wall)
