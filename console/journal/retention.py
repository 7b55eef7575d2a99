"""Removal of old events and observations from a journal; audit and notes are kept for ever."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from console.journal.log import JournalTable
from console.journal.schema import last

ALL = 2**62
"""More rows than any journal has."""
STEP = 1000
"""Most rows removed before the size is measured again."""
PRUNED = (JournalTable.EVENTS, JournalTable.OBSERVATIONS)
SAMPLE = 1000
"""Number of newest rows from which the mean row size of a table is estimated."""
TEXTS = ("id", "id", "boot", "body", "digest", "stamp", "signature", "key", "source", "type")
"""The columns whose lengths make up a row's size. The id counts twice, because an index has it."""
ROW = 90
"""Bytes of a row and its index entries in addition to the texts."""
ID = 200
"""Bytes of a remembered id with its index entries."""
SHARE = 0.25
"""Largest share of the allowed size for remembered ids."""


@dataclass(frozen=True, slots=True)
class Retention:
    """The amount of the past that is kept: ``days`` of rows, ``ids`` days of the events' ids.

    ``megabytes`` limits the prunable tables only: audit and notes are always kept.
    """

    days: float = 3.0
    megabytes: float = 512.0
    ids: float = 7.0


def prune(file: sqlite3.Connection, wall: float, keep: Retention, most: int = ALL) -> int:
    """Remove the events and observations beyond the retention. Return the number of removed rows.

    The ids of removed events are kept for ``keep.ids`` days. ``wall`` is now in epoch seconds.
    At most ``most`` rows are removed. Raise sqlite3.Error.
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


def safe_now(file: sqlite3.Connection, wall: float) -> float:
    """Return ``wall`` (now in epoch seconds), or the arrival of the newest event if earlier.

    If this host's clock runs ahead, every delivery is refused, because its signed time seems old.
    Rows must not be removed as old by such a clock. Raise sqlite3.Error.
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
    """Remove the oldest rows until the rest has at most ``size`` bytes. Return their number."""
    gone = 0
    while gone < most and _taken(file) > size:
        removed = _oldest(file, min(most - gone, STEP))
        if not _fewer_ids(file, int(size * SHARE / ID)) and not removed:
            break
        gone += removed
    return gone


def _oldest(file: sqlite3.Connection, most: int) -> int:
    """Remove at most ``most`` rows, the oldest of both tables. Return their number."""
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
    """Remove the oldest ids until ``most`` are left, at most STEP. Return the number removed."""
    surplus = min(max(_count(file, "ids") - most, 0), STEP)
    oldest = "SELECT id FROM ids ORDER BY wall LIMIT ?"
    return file.execute(f"DELETE FROM ids WHERE id IN ({oldest})", (surplus,)).rowcount  # noqa: S608  # our own names


def _taken(file: sqlite3.Connection) -> float:
    """Return the estimated bytes of the prunable tables. The exact size would need a full read."""
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
