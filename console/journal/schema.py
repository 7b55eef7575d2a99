"""The SQLite tables of a journal, with the statements that read and write rows."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from console.core.model.listed_resources import Moment
from console.journal.log import JournalError, JournalRow, JournalTable, Record

VERSION = 3
"""Version of the layout. Version 2 added the notes. Version 3 added the columns source, type and
occurred, and the ids of removed events. An older file is upgraded when it is opened for writing."""
LOCKED = 0.8
"""Seconds to wait for another process's lock on the file. Telnyx waits two for an answer."""

Connect: TypeAlias = Callable[[Path], sqlite3.Connection]

_COLUMNS = "id, wall, mono, boot, body, digest, stamp, signature, key"
_TABLE = """
    CREATE TABLE IF NOT EXISTS {name} (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL {unique}, wall REAL NOT NULL,
        mono REAL NOT NULL, boot TEXT NOT NULL, body BLOB NOT NULL, digest TEXT NOT NULL,
        stamp TEXT NOT NULL, signature TEXT NOT NULL, key TEXT NOT NULL)
"""
_TEXT = "TEXT NOT NULL DEFAULT ''"
_ADDED = {"source": _TEXT, "type": _TEXT, "occurred": "REAL"}
"""The columns that version 3 added."""


def _columns(version: int) -> str:
    """Return the columns of a record in SQL, with constants for those that a version lacks."""
    added = ", ".join(_ADDED) if version >= VERSION else "'', '', NULL"
    return f"{_COLUMNS}, {added}"


def _union(version: int) -> str:
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{table}', seq, {_columns(version)} FROM {table}"  # noqa: S608  # our own names
        " WHERE seq > :after ORDER BY seq LIMIT :limit)"
        for table in tables(version)
    )


def tables(version: int) -> tuple[JournalTable, ...]:
    """Return the tables of a file with this layout version; none for an empty file (version 0)."""
    if version == 0:
        return ()
    return tuple(table for table in JournalTable if version > 1 or table is not JournalTable.NOTES)


def version_of(file: sqlite3.Connection) -> int:
    """Return the layout version of a file; 0 if it is empty."""
    (version,) = file.execute("PRAGMA user_version").fetchone()
    return int(version)


def connect(path: Path) -> sqlite3.Connection:
    """Open a journal for writing. Any thread may use the connection, one at a time."""
    found = sqlite3.connect(
        path, timeout=LOCKED, isolation_level=None, check_same_thread=False, cached_statements=64
    )
    try:
        found.execute("PRAGMA auto_vacuum = INCREMENTAL")
        found.execute("PRAGMA journal_mode = WAL")
        found.execute("PRAGMA synchronous = FULL")
    except BaseException:  # an open connection would keep its lock on the file
        found.close()
        raise
    return found


def put(file: sqlite3.Connection, seq: int, record: Record) -> bool:
    """Insert a row. Return False, without inserting, for an event whose id is or was there.

    Raise sqlite3.IntegrityError if ``seq`` is taken.
    """
    values = (
        *(seq, record.id, record.at.wall, record.at.mono, record.boot, record.body),
        *(record.digest, record.stamp, record.signature, record.key),
        *(record.source, record.type, record.occurred),
    )
    marks = ", ".join(f"?{number}" for number in range(1, len(values) + 1))
    once = " WHERE NOT EXISTS (SELECT 1 FROM ids WHERE id = ?2) ON CONFLICT (id) DO NOTHING"
    again = once if record.table is JournalTable.EVENTS else ""
    statement = f"INSERT INTO {record.table} SELECT {marks}{again}"
    return file.execute(statement, values).rowcount == 1


def known(file: sqlite3.Connection, id_: str) -> tuple[str, float]:
    """Return the digest and the arrival (epoch seconds) of an event whose id is or was there."""
    each = "SELECT digest, wall FROM {} WHERE id = ?1"
    asked = f"{each.format(JournalTable.EVENTS)} UNION ALL {each.format('ids')}"
    digest, wall = file.execute(asked, (id_,)).fetchone()
    return str(digest), float(wall)


def last(file: sqlite3.Connection) -> int:
    """Return the highest seq of all tables; 0 if there is no row."""
    newest = [
        file.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()[0]  # noqa: S608  # our own names
        for table in tables(version_of(file))
    ]
    return max(newest, default=0)


def lay_out(file: sqlite3.Connection) -> None:
    """Create the tables of an empty file, or upgrade a file of an older version.

    Triggers forbid changes of the audit, and keep the ids of removed events. Raise JournalError if
    the file has a newer version.
    """
    version = version_of(file)
    if version > VERSION:
        raise JournalError("it was written by a newer telnyx-console")
    if version == VERSION:
        return
    file.execute("BEGIN IMMEDIATE")
    for table in JournalTable:
        unique = "UNIQUE" if table is JournalTable.EVENTS else ""
        file.execute(_TABLE.format(name=table, unique=unique))
        for name, kind in _ADDED.items():
            file.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")
        file.execute(f"CREATE INDEX IF NOT EXISTS {table}_wall ON {table} (wall)")
    for verb in ("UPDATE", "DELETE"):
        file.execute(
            f"CREATE TRIGGER IF NOT EXISTS no_{verb} BEFORE {verb} ON audit"
            " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
    file.execute(
        "CREATE TABLE IF NOT EXISTS ids"
        " (id TEXT PRIMARY KEY, digest TEXT NOT NULL, wall REAL NOT NULL) WITHOUT ROWID"
    )
    file.execute("CREATE INDEX IF NOT EXISTS ids_wall ON ids (wall)")
    file.execute(
        "CREATE TRIGGER IF NOT EXISTS remembered AFTER DELETE ON events"
        " BEGIN INSERT OR REPLACE INTO ids VALUES (old.id, old.digest, old.wall); END"
    )
    file.execute("CREATE TABLE IF NOT EXISTS meta (high INTEGER NOT NULL)")
    file.execute("INSERT INTO meta SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM meta)")
    file.execute(f"PRAGMA user_version = {VERSION}")
    file.execute("COMMIT")


def read_only(path: Path) -> sqlite3.Connection:
    """Open a journal for reading. Raise JournalError if it cannot be opened.

    SQLite reads a cleanly closed WAL file only if it may write to the folder. If it may not, the
    file is opened as immutable. That is safe: if a process had it open, a WAL would exist.
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


class JournalFile:
    """Read access to a journal's file, also while a process writes to it. See ``ReadableLog``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        """See ``log.ReadableLog``."""
        return await asyncio.to_thread(lambda: list(rows(self.path, after, limit)))

    async def notes(self) -> Sequence[Record]:
        """See ``log.ReadableLog``."""
        return await asyncio.to_thread(notes, self.path)

    async def position(self, wall: float) -> int:
        """See ``log.ReadableLog``."""
        return await asyncio.to_thread(position, self.path, wall)


def rows(path: Path, after: int, limit: int) -> Iterator[JournalRow]:
    """Yield the rows of a journal file as ``Log.read`` does, also while a process writes to it."""
    with closing(read_only(path)) as file:
        try:
            version = version_of(file)
            asked = f"{_union(version)} ORDER BY seq LIMIT :limit"
            bounds = {"after": after, "limit": limit}
            found = file.execute(asked, bounds).fetchall() if version else []
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None
    for table, seq, *values in found:
        yield JournalRow(seq, _record(JournalTable(table), values))


def notes(path: Path) -> list[Record]:
    """Return the notes of a journal file, as ``Log.notes`` does."""
    with closing(read_only(path)) as file:
        try:
            version = version_of(file)
            if JournalTable.NOTES not in tables(version):
                return []
            asked = f"SELECT {_columns(version)} FROM {JournalTable.NOTES} ORDER BY seq"  # noqa: S608  # an enum's
            found = file.execute(asked).fetchall()
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None
    return [_record(JournalTable.NOTES, list(values)) for values in found]


def _record(table: JournalTable, values: list[Any]) -> Record:
    id_, wall, mono, boot, body, digest, *signed = values
    return Record(table, id_, Moment(mono, wall), boot, _bytes(body), digest, *signed)


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode()  # a row edited by hand


def tidy(file: sqlite3.Connection, tidied: Callable[[bytes], bytes]) -> int:
    """Rewrite the notes whose body ``tidied`` changes. Return their number.

    The old bodies are overwritten in the file, and in the WAL unless a process reads it. Raise
    sqlite3.Error.
    """
    found = file.execute(f"SELECT seq, body FROM {JournalTable.NOTES}").fetchall()  # noqa: S608  # an enum's
    raw = [(seq, _bytes(body)) for seq, body in found]
    changed = [(new, seq) for seq, body in raw if (new := tidied(body)) != body]
    if not changed:
        return 0
    file.execute("PRAGMA secure_delete = ON")
    file.execute("BEGIN IMMEDIATE")
    for body, seq in changed:
        values = (body, sha256(body).hexdigest(), seq)
        file.execute(f"UPDATE {JournalTable.NOTES} SET body = ?, digest = ? WHERE seq = ?", values)  # noqa: S608  # an enum's
    file.execute("COMMIT")
    file.execute("PRAGMA secure_delete = OFF")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return len(changed)


def keys(file: sqlite3.Connection) -> Iterator[tuple[str, int, float]]:
    """Yield each key that signed events, their number, and the last arrival (epoch seconds)."""
    if version_of(file):
        asked = "SELECT key, count(*), max(wall) FROM events GROUP BY key ORDER BY 3 DESC"
        yield from file.execute(asked)


def position(path: Path, wall: float) -> int:
    """Return the position of a time in a journal file, as ``Log.position`` does."""
    with closing(read_only(path)) as file:
        try:
            firsts = [
                file.execute(f"SELECT min(seq) FROM {t} WHERE wall >= ?", (wall,)).fetchone()[0]  # noqa: S608  # our own names
                for t in tables(version_of(file))
            ]
            known = [first for first in firsts if first is not None]
            return min(known) - 1 if known else last(file)
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None
