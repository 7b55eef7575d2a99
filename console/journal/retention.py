"""What of a journal is let go, and when: never what operators did or noted."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from console.journal.log import JournalTable
from console.journal.schema import last

ALL = 2**62
"""More rows than any journal has."""
STEP = 1000
"""Rows that are removed at once at most, to see whether that was enough."""
PRUNED = (JournalTable.EVENTS, JournalTable.OBSERVATIONS)
SAMPLE = 1000
"""Rows that are measured, the newest, to know how much a table takes up."""
TEXTS = ("id", "id", "boot", "body", "digest", "stamp", "signature", "key", "source", "type")
"""What a row is made of; its id stands in an index too."""
ROW = 90
"""Bytes of a row and of its place in the indexes, beside its texts."""
ID = 200
"""Bytes of a remembered id with its indexes."""
SHARE = 0.25
"""Of the size that is allowed, what the ids may have of it."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How much of the past is kept: its rows, in days, and the ids of its events beyond that.

    ``megabytes`` are of what can go: audit rows and notes are kept whatever their age and size.
    """

    days: float = 3.0
    megabytes: float = 512.0
    ids: float = 7.0


def prune(file: sqlite3.Connection, wall: float, keep: Retention, most: int = ALL) -> int:
    """Remove the events and observations that are too old or too many; how many went.

    The id of an event that goes is remembered for a while. ``wall`` is now in epoch seconds, and
    ``most`` how many may go. Raises sqlite3.Error.
    """
    file.execute("BEGIN IMMEDIATE")
    try:
        file.execute("UPDATE meta SET high = max(high, ?)", (last(file),))
        gone = _aged(file, wall - keep.days * 86400.0, most)
        forgotten = "DELETE FROM ids WHERE id IN (SELECT id FROM ids WHERE wall < ? LIMIT ?)"
        file.execute(forgotten, (wall - keep.ids * 86400.0, most))
        gone += _crowded(file, keep.megabytes * 1_000_000, most - gone)
        file.execute("COMMIT")
    except sqlite3.Error:
        file.execute("ROLLBACK")
        raise
    if gone:
        file.executescript("PRAGMA incremental_vacuum")  # execute would free one page
    return gone


def sure(file: sqlite3.Connection, wall: float) -> float:
    """Now (epoch seconds), but no later than the last signed event came in.

    A delivery is only taken when its signed time is that of this host's clock: where that runs
    ahead it takes none, and must not remove what it would take for old. Raises sqlite3.Error.
    """
    (newest,) = file.execute("SELECT max(wall) FROM events").fetchone()
    return wall if newest is None else min(wall, float(newest))


def _aged(file: sqlite3.Connection, wall: float, most: int) -> int:
    gone = 0
    for table in PRUNED:
        old = f"SELECT seq FROM {table} WHERE wall < ? LIMIT ?"  # noqa: S608  # our own names
        removed = f"DELETE FROM {table} WHERE seq IN ({old})"  # noqa: S608  # our own names
        gone += file.execute(removed, (wall, most - gone)).rowcount
    return gone


def _crowded(file: sqlite3.Connection, size: float, most: int) -> int:
    """Remove the oldest rows until the others fit in so many bytes."""
    gone = 0
    while gone < most and _taken(file) > size:
        removed = _oldest(file, min(most - gone, STEP))
        if not _fewer_ids(file, int(size * SHARE / ID)) and not removed:
            break
        gone += removed
    return gone


def _oldest(file: sqlite3.Connection, most: int) -> int:
    """Remove the oldest rows, of whichever table; how many went."""
    both = " UNION ALL ".join(f"SELECT seq FROM {table}" for table in PRUNED)  # noqa: S608  # our own names
    (newest,) = file.execute(
        f"SELECT max(seq) FROM (SELECT seq FROM ({both}) ORDER BY seq LIMIT ?)",  # noqa: S608  # our own names
        (most,),
    ).fetchone()
    return sum(
        file.execute(f"DELETE FROM {table} WHERE seq <= ?", (newest,)).rowcount  # noqa: S608  # our own names
        for table in PRUNED
    )


def _fewer_ids(file: sqlite3.Connection, most: int) -> int:
    """Forget the oldest ids beyond so many; how many went."""
    surplus = min(max(_count(file, "ids") - most, 0), STEP)
    oldest = "SELECT id FROM ids ORDER BY wall LIMIT ?"
    return file.execute(f"DELETE FROM ids WHERE id IN ({oldest})", (surplus,)).rowcount  # noqa: S608  # our own names


def _taken(file: sqlite3.Connection) -> float:
    """What can go takes up, near enough: to add it all up would be to read it all."""
    taken = float(ID * _count(file, "ids"))
    for table in PRUNED:
        size = "+".join(f"length({name})" for name in TEXTS)
        newest = f"SELECT {size} AS size FROM {table} ORDER BY seq DESC LIMIT {SAMPLE}"  # noqa: S608  # our own names
        (mean,) = file.execute(f"SELECT coalesce(avg(size), 0) FROM ({newest})").fetchone()  # noqa: S608  # our own names
        taken += _count(file, table) * (mean + ROW)
    return taken


def _count(file: sqlite3.Connection, table: str) -> int:
    (count,) = file.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  # our own names
    return int(count)
