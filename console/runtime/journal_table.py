"""A journal's file: its tables, one row in, rows out, and what is too old."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from console.core.things import Moment
from console.runtime.journal import JournalError, Record, Row, Table

VERSION = 2
"""Of the layout. The second has the notes; a file of the first is given them when it is opened."""
ALL = 2**62
"""More rows than any journal has."""
LOCKED = 0.8
"""Seconds that somebody else's lock on the file is waited for: Telnyx waits two for its answer."""

Connect: TypeAlias = Callable[[Path], sqlite3.Connection]

_COLUMNS = "id, wall, mono, boot, body, digest, stamp, signature, key"
_TABLE = """
    CREATE TABLE IF NOT EXISTS {name} (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL {unique}, wall REAL NOT NULL,
        mono REAL NOT NULL, boot TEXT NOT NULL, body BLOB NOT NULL, digest TEXT NOT NULL,
        stamp TEXT NOT NULL, signature TEXT NOT NULL, key TEXT NOT NULL)
"""


def _union(version: int) -> str:
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{table}', seq, {_COLUMNS} FROM {table}"  # noqa: S608  # our own names
        " WHERE seq > :after ORDER BY seq LIMIT :limit)"
        for table in tables(version)
    )


def tables(version: int) -> tuple[Table, ...]:
    """The tables of a file of this layout."""
    return tuple(table for table in Table if version >= VERSION or table is not Table.NOTES)


def version_of(file: sqlite3.Connection) -> int:
    """A file's layout; 0 of an empty one."""
    (version,) = file.execute("PRAGMA user_version").fetchone()
    return int(version)


@dataclass(frozen=True, slots=True)
class Retention:
    """How much of the past is kept. Audit rows and notes are kept whatever their age."""

    days: float = 3.0
    megabytes: float = 512.0


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the log needs it; any thread may use it, one at a time."""
    found = sqlite3.connect(
        path, timeout=LOCKED, isolation_level=None, check_same_thread=False, cached_statements=64
    )
    found.execute("PRAGMA auto_vacuum = INCREMENTAL")
    found.execute("PRAGMA journal_mode = WAL")
    found.execute("PRAGMA synchronous = FULL")
    return found


def put(file: sqlite3.Connection, seq: int, record: Record) -> bool:
    """Insert a row; False where it is an event whose id is there already.

    Raises sqlite3.IntegrityError where its number is taken: it is not kept then.
    """
    told = (
        *(seq, record.id, record.at.wall, record.at.mono, record.boot, record.body),
        *(record.digest, record.stamp, record.signature, record.key),
    )
    again = " ON CONFLICT (id) DO NOTHING" if record.table is Table.EVENTS else ""
    statement = f"INSERT INTO {record.table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?){again}"  # noqa: S608  # an enum's
    return file.execute(statement, told).rowcount == 1


def last(file: sqlite3.Connection, table: Table) -> int:
    """The newest seq of a table."""
    (found,) = file.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()  # noqa: S608  # our own names
    return int(found)


def lay_out(file: sqlite3.Connection) -> None:
    """The tables of an empty file, or what one of an older layout lacks.

    What stands in the audit can be neither changed nor removed.
    """
    file.execute("BEGIN IMMEDIATE")
    for table in Table:
        unique = "UNIQUE" if table is Table.EVENTS else ""
        file.execute(_TABLE.format(name=table, unique=unique))
        file.execute(f"CREATE INDEX IF NOT EXISTS {table}_wall ON {table} (wall)")
    for verb in ("UPDATE", "DELETE"):
        file.execute(
            f"CREATE TRIGGER IF NOT EXISTS no_{verb} BEFORE {verb} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
    file.execute("CREATE TABLE IF NOT EXISTS meta (high INTEGER NOT NULL)")
    file.execute("INSERT INTO meta SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM meta)")
    file.execute(f"PRAGMA user_version = {VERSION}")
    file.execute("COMMIT")


def read_only(path: Path) -> sqlite3.Connection:
    """A connection for looking; raises JournalError where there is nothing to look at.

    What was closed in order SQLite reads only where it may write beside it. Where it may not, it
    is read as a file that does not change: nobody has it open, or there would be a log beside it.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    try:
        file = sqlite3.connect(uri, uri=True, timeout=LOCKED)
        try:
            version_of(file)
        except sqlite3.Error as failure:
            file.close()
            if failure.sqlite_errorcode != sqlite3.SQLITE_READONLY_DIRECTORY:
                raise
            file = sqlite3.connect(f"{uri}&immutable=1", uri=True, timeout=LOCKED)
    except sqlite3.Error as failure:
        raise JournalError(f"{path}: {failure}") from None
    return file


def rows(path: Path, after: int, limit: int) -> Iterator[Row]:
    """What ``Log.read`` promises, of any journal on this host, whoever writes to it."""
    with closing(read_only(path)) as file:
        try:
            found = file.execute(
                f"{_union(version_of(file))} ORDER BY seq LIMIT :limit",
                {"after": after, "limit": limit},
            ).fetchall()
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None
    for table, seq, *told in found:
        yield Row(seq, _record(Table(table), told))


def notes(path: Path) -> list[Record]:
    """What ``Log.notes`` promises, of any journal on this host."""
    with closing(read_only(path)) as file:
        try:
            if Table.NOTES not in tables(version_of(file)):
                return []
            found = file.execute(f"SELECT {_COLUMNS} FROM {Table.NOTES} ORDER BY seq").fetchall()  # noqa: S608  # an enum's
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None
    return [_record(Table.NOTES, list(told)) for told in found]


def _record(table: Table, told: list[Any]) -> Record:
    id_, wall, mono, boot, body, digest, *signed = told
    raw = body if isinstance(body, bytes) else str(body).encode()  # somebody's own hand
    return Record(table, id_, Moment(mono, wall), boot, raw, digest, *signed)


def position(path: Path, wall: float) -> int:
    """What ``Log.position`` promises, of any journal on this host."""
    with closing(read_only(path)) as file:
        try:
            there = tables(version_of(file))
            firsts = [
                file.execute(f"SELECT min(seq) FROM {t} WHERE wall >= ?", (wall,)).fetchone()[0]  # noqa: S608  # our own names
                for t in there
            ]
            known = [first for first in firsts if first is not None]
            return min(known) - 1 if known else max(last(file, table) for table in there)
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None


def prune(file: sqlite3.Connection, wall: float, keep: Retention, most: int = ALL) -> int:
    """Remove the events and observations that are too old or too many; how many went.

    ``wall`` is now in epoch seconds, and ``most`` how many may go. Raises sqlite3.Error.
    """
    gone = 0
    file.execute("BEGIN IMMEDIATE")
    try:
        high = max(last(file, table) for table in tables(version_of(file)))
        file.execute("UPDATE meta SET high = max(high, ?)", (high,))
        for table in (Table.EVENTS, Table.OBSERVATIONS):
            old = f"SELECT seq FROM {table} WHERE wall < ? LIMIT ?"  # noqa: S608  # our own names
            bounds = (wall - keep.days * 86400.0, most - gone)
            gone += file.execute(f"DELETE FROM {table} WHERE seq IN ({old})", bounds).rowcount  # noqa: S608  # our own names
        while gone < most and _bytes(file) > keep.megabytes * 1_000_000:
            oldest = f"SELECT seq FROM events ORDER BY seq LIMIT {min(most - gone, 1000)}"  # noqa: S608  # our own names
            more = file.execute(f"DELETE FROM events WHERE seq IN ({oldest})").rowcount  # noqa: S608  # our own names
            if not more:
                break
            gone += more
        file.execute("COMMIT")
    except sqlite3.Error:
        file.execute("ROLLBACK")
        raise
    if gone:
        file.executescript("PRAGMA incremental_vacuum")  # execute would free one page
    return gone


def _bytes(file: sqlite3.Connection) -> int:
    """What the rows take up, without the pages that are free."""
    counts = ("page_count", "freelist_count", "page_size")
    pages, free, size = (file.execute(f"PRAGMA {name}").fetchone()[0] for name in counts)
    return int((pages - free) * size)
