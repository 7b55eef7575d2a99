"""What a shell can do with a journal: look, check, export, prune.

Everything but `prune` only reads, so that it can be done while a console runs.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from console.journal.audit_lines import Clean, raw, story
from console.journal.confidential import exported
from console.journal.locations import Lock, file_of, held, holder_of
from console.journal.log import GENESIS, JournalError, JournalRow, JournalTable, Record, link
from console.journal.retention import Retention, prune
from console.journal.schema import (
    connect,
    keys,
    last,
    lay_out,
    read_only,
    rows,
    tables,
    version_of,
)

PAGE = 1000
OURS = frozenset({JournalTable.AUDIT, JournalTable.NOTES})
"""Tables that this program words itself: an export masks what an earlier version wrote there. A
row that is masked so is marked, for its digest is of the row as it stands."""

Say: TypeAlias = Callable[[str], object]
Proves: TypeAlias = Callable[[Record], bool]
"""Whether an event's headers sign its body with the key it names."""


@dataclass(frozen=True, slots=True)
class Where:
    """A profile's journal in a folder, and now in epoch seconds."""

    folder: Path
    profile: str
    wall: float
    seat: int = 1

    @property
    def path(self) -> Path:
        """Its file. Raises JournalError where there is none."""
        path = file_of(self.folder, self.profile, self.seat)
        if not path.exists():
            raise JournalError(f"the profile {self.profile} has no journal yet: {path}")
        return path


def everything(path: Path) -> Iterator[JournalRow]:
    """All rows, in order, a page at a time."""
    after = 0
    while page := list(rows(path, after, PAGE)):
        yield from page
        after = page[-1].seq


def info(where: Where, say: Say) -> int:
    """What is in the journal, and who writes to it; the exit code."""
    path = where.path
    size = sum(p.stat().st_size for p in path.parent.glob(path.name + "*"))
    say(f"file          {path} ({size / 1e6:.1f} MB)")
    process = f"process {holder_of(path).get('pid', '?')}"
    say(f"written by    {process if held(path) else 'nobody now'}")
    with closing(read_only(path)) as file:
        for table in tables(version_of(file)):
            query = f"SELECT count(*), min(wall), max(wall) FROM {table}"  # noqa: S608  # an enum's
            count, first, newest = file.execute(query).fetchone()
            span = f", {_time(first)} to {_time(newest)}" if count else ""
            say(f"{table:<13} {count}{span}")
        say(f"last row      {last(file)}")
        for key, count, newest in keys(file):
            say(f"signed by     {key} {count}, last {_time(newest)}")
    for away in sorted(path.parent.glob(f"{path.stem}.broken-*.db")):
        say(f"set aside     {away.name}")
    return 0


def verify(where: Where, say: Say, proves: Proves) -> int:
    """Whether the file is whole and every event is signed; the exit code is 1 where not."""
    path = where.path
    with closing(read_only(path)) as file:
        (sound,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    events = [row for row in everything(path) if row.record.table is JournalTable.EVENTS]
    unsigned = [row.seq for row in events if not proves(row.record)]
    say(f"file          {'whole' if sound == 'ok' else 'TORN: ' + str(sound)}")
    named = ", ".join(map(str, unsigned[:5]))
    say(
        f"events        {len(events)}, not signed: {len(unsigned)}{' at ' + named if named else ''}"
    )
    return 0 if sound == "ok" and not unsigned else 1


def export(where: Where, say: Say, tables: frozenset[JournalTable]) -> int:
    """Every row as one JSON object a line; the exit code."""
    for row in everything(where.path):
        if row.record.table in tables:
            say(_line(row))
    return 0


def pruned(where: Where, say: Say, keep: Retention) -> int:
    """Remove what is too old or too much; the exit code. Raises JournalError while it is in use."""
    with Lock(where.path, {}), closing(connect(where.path)) as file:
        lay_out(file)
        gone = prune(file, where.wall, keep)
    say(f"{gone} rows removed; the audit is kept")
    return 0


def show(where: Where, say: Say, clean: Clean, *, as_written: bool) -> int:
    """The audit, one line a command, or one line a row ``as_written``; the exit code."""
    told = _audit(where.path)
    lines = (raw(row, moment=_time) for row in told)
    for line in lines if as_written else story(told, moment=_time, clean=clean):
        say(line)
    return 0


def check(where: Where, say: Say, head: str | None) -> int:
    """Whether the audit's chain is unbroken; the exit code is 1 where it is not.

    A chain cannot show that its end was cut off or that all of it was written anew: that shows
    only against ``head``, a digest of it that was noted elsewhere.
    """
    previous, count, met = GENESIS, 0, head in {None, GENESIS}
    for row in _audit(where.path):
        if link(previous, row.seq, row.record) != row.record.digest:
            say(f"BROKEN at row {row.seq} ({_time(row.record.at.wall)})")
            return 1
        previous, count = row.record.digest, count + 1
        met = met or previous == head
    say(f"{count} rows, unbroken")
    say(f"head {previous}")
    if not met:
        say(
            "BROKEN: the head that was noted is not in it: its end was cut off, or it was rewritten"
        )
        return 1
    return 0


def _audit(path: Path) -> Iterator[JournalRow]:
    return (row for row in everything(path) if row.record.table is JournalTable.AUDIT)


def _line(row: JournalRow) -> str:
    record = row.record
    text: object
    body = exported(record.body) if record.table in OURS else record.body
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = {"base64": base64.b64encode(body).decode()}
    told = {
        "seq": row.seq,
        "table": record.table,
        "id": record.id,
        "received": record.at.wall,
        "monotonic": record.at.mono,
        "boot": record.boot,
        "source": record.source,
        "type": record.type,
        "occurred": record.occurred,
        "timestamp": record.stamp,
        "signature": record.signature,
        "key": record.key,
        "digest": record.digest,
        "body": text,
        **({"masked": True} if body != record.body else {}),
    }
    return json.dumps(told)


def _time(wall: float) -> str:
    return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


FAILURES = (JournalError, sqlite3.Error, OSError)
"""What a journal that cannot be read raises here."""
