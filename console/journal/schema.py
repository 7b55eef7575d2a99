"""A journal's file: its tables, one row in, rows out, and what is too old."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from console.core.model.resources import Moment
from console.journal.log import JournalError, JournalRow, JournalTable, Record

VERSION = 3
"""Of the layout. The second has the notes. The third says where a row came from, what it is and
when it happened, and has the ids of events that are not kept any more. An older file is given what
it lacks when it is opened to be written."""
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
_ADDED = {
    "source": "TEXT NOT NULL DEFAULT ''",
    "type": "TEXT NOT NULL DEFAULT ''",
    "occurred": "REAL",
}
"""The columns of the third layout."""


def _columns(version: int) -> str:
    """What a record is read from, with what a row of that layout lacks."""
    added = ", ".join(_ADDED) if version >= VERSION else "'', '', NULL"
    return f"{_COLUMNS}, {added}"


def _union(version: int) -> str:
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{table}', seq, {_columns(version)} FROM {table}"  # noqa: S608  # our own names
        " WHERE seq > :after ORDER BY seq LIMIT :limit)"
        for table in tables(version)
    )


def tables(version: int) -> tuple[JournalTable, ...]:
    """The tables of a file of this layout; none of one that is empty."""
    if version == 0:
        return ()
    return tuple(table for table in JournalTable if version > 1 or table is not JournalTable.NOTES)


def version_of(file: sqlite3.Connection) -> int:
    """A file's layout; 0 of an empty one."""
    (version,) = file.execute("PRAGMA user_version").fetchone()
    return int(version)


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the log needs it; any thread may use it, one at a time."""
    found = sqlite3.connect(
        path, timeout=LOCKED, isolation_level=None, check_same_thread=False, cached_statements=64
    )
    try:
        found.execute("PRAGMA auto_vacuum = INCREMENTAL")
        found.execute("PRAGMA journal_mode = WAL")
        found.execute("PRAGMA synchronous = FULL")
    except BaseException:  # left open it would keep what it could not write to for all that follow
        found.close()
        raise
    return found


def put(file: sqlite3.Connection, seq: int, record: Record) -> bool:
    """Insert a row; False where it is an event whose id is there already, or was.

    Raises sqlite3.IntegrityError where its number is taken: it is not kept then.
    """
    told = (
        *(seq, record.id, record.at.wall, record.at.mono, record.boot, record.body),
        *(record.digest, record.stamp, record.signature, record.key),
        *(record.source, record.type, record.occurred),
    )
    marks = ", ".join(f"?{number}" for number in range(1, len(told) + 1))
    once = " WHERE NOT EXISTS (SELECT 1 FROM ids WHERE id = ?2) ON CONFLICT (id) DO NOTHING"
    again = once if record.table is JournalTable.EVENTS else ""
    statement = f"INSERT INTO {record.table} SELECT {marks}{again}"
    return file.execute(statement, told).rowcount == 1


def known(file: sqlite3.Connection, id_: str) -> tuple[str, float]:
    """The digest of an event that is there already, or was, and when it came in (epoch seconds)."""
    asked = " UNION ALL ".join(
        f"SELECT digest, wall FROM {name} WHERE id = ?1"  # noqa: S608  # our own names
        for name in (JournalTable.EVENTS, "ids")
    )
    digest, wall = file.execute(asked, (id_,)).fetchone()
    return str(digest), float(wall)


def last(file: sqlite3.Connection) -> int:
    """The newest seq of all tables."""
    newest = [
        file.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()[0]  # noqa: S608  # our own names
        for table in tables(version_of(file))
    ]
    return max(newest, default=0)


def lay_out(file: sqlite3.Connection) -> None:
    """The tables of an empty file, or what one of an older layout lacks.

    What stands in the audit can be neither changed nor removed, and no event goes but its id is
    remembered. Raises JournalError where the layout is a newer one.
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


def rows(path: Path, after: int, limit: int) -> Iterator[JournalRow]:
    """What ``Log.read`` promises, of any journal on this host, whoever writes to it."""
    with closing(read_only(path)) as file:
        try:
            version = version_of(file)
            asked = f"{_union(version)} ORDER BY seq LIMIT :limit"
            bounds = {"after": after, "limit": limit}
            found = file.execute(asked, bounds).fetchall() if version else []
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None
    for table, seq, *told in found:
        yield JournalRow(seq, _record(JournalTable(table), told))


def notes(path: Path) -> list[Record]:
    """What ``Log.notes`` promises, of any journal on this host."""
    with closing(read_only(path)) as file:
        try:
            version = version_of(file)
            if JournalTable.NOTES not in tables(version):
                return []
            asked = f"SELECT {_columns(version)} FROM {JournalTable.NOTES} ORDER BY seq"  # noqa: S608  # an enum's
            found = file.execute(asked).fetchall()
        except sqlite3.Error as failure:
            raise JournalError(f"{path}: {failure}") from None
    return [_record(JournalTable.NOTES, list(told)) for told in found]


def _record(table: JournalTable, told: list[Any]) -> Record:
    id_, wall, mono, boot, body, digest, *signed = told
    raw = body if isinstance(body, bytes) else str(body).encode()  # somebody's own hand
    return Record(table, id_, Moment(mono, wall), boot, raw, digest, *signed)


def tidy(file: sqlite3.Connection, tidied: Callable[[bytes], bytes]) -> int:
    """Rewrite the notes that ``tidied`` changes, so that nothing is left of them; how many.

    SQLite overwrites what it frees meanwhile, also in the log beside the file where nobody reads
    it. Raises sqlite3.Error.
    """
    found = file.execute(f"SELECT seq, body FROM {JournalTable.NOTES}").fetchall()  # noqa: S608  # an enum's
    raw = [(seq, body if isinstance(body, bytes) else str(body).encode()) for seq, body in found]
    changed = [(new, seq) for seq, body in raw if (new := tidied(body)) != body]
    if not changed:
        return 0
    file.execute("PRAGMA secure_delete = ON")
    file.execute("BEGIN IMMEDIATE")
    for body, seq in changed:
        told = (body, sha256(body).hexdigest(), seq)
        file.execute(f"UPDATE {JournalTable.NOTES} SET body = ?, digest = ? WHERE seq = ?", told)  # noqa: S608  # an enum's
    file.execute("COMMIT")
    file.execute("PRAGMA secure_delete = OFF")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return len(changed)


def keys(file: sqlite3.Connection) -> Iterator[tuple[str, int, float]]:
    """The keys that signed events, how many, and when the last came in (epoch seconds)."""
    if version_of(file):
        asked = "SELECT key, count(*), max(wall) FROM events GROUP BY key ORDER BY 3 DESC"
        yield from file.execute(asked)


def position(path: Path, wall: float) -> int:
    """What ``Log.position`` promises, of any journal on this host."""
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
