"""The interface of the journal: one log in which events, observations, audit and notes are ordered.

``MemoryLog`` below and ``SqliteLog`` in ``sqlite.py`` implement it. The same tests check both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol

from console.core.model.listed_resources import Moment

GENESIS = "0" * 64
"""The digest before the first audit row."""
PAST = 6 * 3600.0
"""Seconds of the past that are read at the start. A conference lasts at most four hours."""


class JournalTable(StrEnum):
    """The kinds of rows; each value is a table name in SQLite."""

    EVENTS = "events"
    OBSERVATIONS = "observations"
    AUDIT = "audit"
    NOTES = "notes"
    """Operators' notes about legs, and their last answers. Never pruned, like the audit."""


class Kept(StrEnum):
    """The result of appending a record."""

    NEW = "new"
    AGAIN = "again"
    """The journal has an event with this id and the same content."""
    LONG_AGO = "long ago"
    """As AGAIN, and the first delivery is older than PAST."""
    COLLIDED = "collided"
    """The journal has an event with this id and other content. The first stays the event; this one
    is kept as an observation."""


class JournalError(Exception):
    """The journal could not be used; the text is one line for the operator."""


@dataclass(frozen=True, slots=True)
class Record:
    """The content of one row of the journal.

    ``at`` is the time of arrival, and ``boot`` the start of the host from which its ``mono``
    counts. For an event, ``body`` is the raw body, ``stamp`` and ``signature`` are the headers
    that sign it, and ``key`` is the public key that verified it. ``digest`` is equal for all
    deliveries of one event, although their raw bodies differ. ``source`` is the address of the TCP
    peer: behind a proxy, the proxy's. ``type`` and ``occurred`` (Telnyx's epoch seconds) come from
    the body, if it can be read. For an audit row the log sets ``digest``.
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
    """A record with its number: ``seq`` rises over all tables, with gaps, and is unique."""

    seq: int
    record: Record


class ReadableLog(Protocol):
    """The part of a journal that only reads. It raises JournalError if that fails."""

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        """Return at most ``limit`` rows with seq above ``after``, in order. Raise JournalError."""

    async def notes(self) -> Sequence[Record]:
        """Return all rows of the notes, whatever their age, in order, or raise JournalError."""

    async def position(self, wall: float) -> int:
        """Return the ``after`` to read all since ``wall`` (epoch seconds). Raise JournalError."""


class Log(ReadableLog, Protocol):
    """A journal: records in the order in which they were appended."""

    async def append(self, record: Record) -> Kept:
        """Append a record. Return after it is safe on the disk, or raise JournalError."""

    async def close(self) -> None:
        """Write the appended records, then close. A later ``append`` raises JournalError."""


def again(record: Record, wall: float) -> Kept:
    """Return AGAIN or LONG_AGO for an event first delivered at ``wall`` (epoch seconds)."""
    return Kept.LONG_AGO if record.at.wall - wall > PAST else Kept.AGAIN


def json_members(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON object, or none if this is no JSON object."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}


def text_or_none(value: object) -> str | None:
    """Return a member of a row as text, or None for null."""
    return None if value is None else str(value)


def link(previous: str, seq: int, record: Record) -> str:
    """Return the digest of an audit row: SHA-256 of the previous row's digest and this row."""
    content = [seq, record.id, record.at.wall, record.at.mono, record.boot, record.body.hex()]
    return sha256(f"{previous}{json.dumps(content)}".encode()).hexdigest()


class MemoryLog:
    """A log in memory, for tests and for consoles that may not write to the disk."""

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
            self._head = link(self._head, seq, record)
            record = replace(record, digest=self._head)
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
