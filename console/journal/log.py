"""What must outlive the process: one log, in which events, observations and audit are one order.

Two logs keep the promise: ``MemoryLog`` below, for as long as the process lives, and the SQLite
log of ``journal_sqlite``. One suite of tests holds both to it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from console.core.model.resources import Moment

GENESIS = "0" * 64
"""What the first audit row is chained to."""
PAST = 6 * 3600.0
"""Seconds that a start reads back: a conference lives four hours."""


class JournalTable(StrEnum):
    """What a row is. The name of its table, where there are tables."""

    EVENTS = "events"
    OBSERVATIONS = "observations"
    AUDIT = "audit"
    NOTES = "notes"
    """What operators write down about a leg, and what they last answered. Never pruned, like the
    audit."""


class Kept(StrEnum):
    """What became of a record that was appended."""

    NEW = "new"
    AGAIN = "again"
    """An event whose id is already there, with the same content."""
    LONG_AGO = "long ago"
    """The same, of an event that came before anything that a start would read back."""
    COLLIDED = "collided"
    """An event whose id is already there with another content: the first is kept as the event,
    and this one as an observation."""


class JournalError(Exception):
    """Nothing was kept, and why, in one line for the operator."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing to keep.

    ``at`` is when it came in, ``boot`` which start of the host its ``mono`` counts from. Of an
    event, ``body`` is the raw body, ``stamp`` and ``signature`` the headers that sign it, ``key``
    the public key that proved it, and ``digest`` what is the same whenever the same event is
    delivered (its attempts differ in the raw body). ``source`` is the address of the TCP peer,
    which behind a proxy is the proxy's; ``type`` and ``occurred`` (the provider's seconds) are
    what the body says of itself, where it can be read. Of an audit row the log sets ``digest``.
    """

    table: JournalTable
    id: str
    at: Moment
    boot: str
    body: bytes
    digest: str = ""
    stamp: str = ""
    signature: str = ""
    key: str = ""
    source: str = ""
    type: str = ""
    occurred: float | None = None


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A record and its place: ``seq`` grows over all tables, with gaps, and is never used twice."""

    seq: int
    record: Record


class Log(Protocol):
    """Where records are kept in the order they came."""

    async def append(self, record: Record) -> Kept:
        """Keep it; returns when it will be found again whatever happens, or raises JournalError."""

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        """At most ``limit`` rows whose seq is above ``after``, in order. Raises JournalError."""

    async def notes(self) -> Sequence[Record]:
        """Every row of the notes, however old, in order. Raises JournalError."""

    async def position(self, wall: float) -> int:
        """The ``after`` that reads everything that came in at ``wall`` (epoch seconds) or later.

        Raises JournalError.
        """

    async def close(self) -> None:
        """Keep what was appended, then let go. Appending later raises JournalError."""


def again(record: Record, wall: float) -> Kept:
    """What becomes of an event that came in at ``wall`` (epoch seconds) already."""
    return Kept.LONG_AGO if record.at.wall - wall > PAST else Kept.AGAIN


def chained(previous: str, seq: int, record: Record) -> Record:
    """An audit record with its place in the hash chain: SHA-256 of the link before and of it."""
    return replace(record, digest=link(previous, seq, record))


def link(previous: str, seq: int, record: Record) -> str:
    """What an audit row's digest must be, given the digest of the row before."""
    told = [seq, record.id, record.at.wall, record.at.mono, record.boot, record.body.hex()]
    return sha256(f"{previous}{json.dumps(told)}".encode()).hexdigest()


class MemoryLog:
    """A log that lasts as long as the process: for tests, and where nothing may be written."""

    def __init__(self) -> None:
        self._rows: list[JournalRow] = []
        self._known: dict[str, Record] = {}
        self._head = GENESIS
        self._closed = False

    async def append(self, record: Record) -> Kept:
        """See ``Log``."""
        if self._closed:
            raise JournalError("the journal is closed")
        kept = Kept.NEW
        if record.table is JournalTable.EVENTS:
            first = self._known.setdefault(record.id, record)
            if first is not record and first.digest == record.digest:
                return again(record, first.at.wall)
            if first is not record:
                kept, record = Kept.COLLIDED, replace(record, table=JournalTable.OBSERVATIONS)
        seq = len(self._rows) + 1
        if record.table is JournalTable.AUDIT:
            record = chained(self._head, seq, record)
            self._head = record.digest
        self._rows.append(JournalRow(seq, record))
        return kept

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        """See ``Log``."""
        return [row for row in self._rows if row.seq > after][:limit]

    async def notes(self) -> Sequence[Record]:
        """See ``Log``."""
        return [row.record for row in self._rows if row.record.table is JournalTable.NOTES]

    async def position(self, wall: float) -> int:
        """See ``Log``."""
        last = len(self._rows)
        return next((r.seq - 1 for r in self._rows if r.record.at.wall >= wall), last)

    async def close(self) -> None:
        """See ``Log``."""
        self._closed = True
