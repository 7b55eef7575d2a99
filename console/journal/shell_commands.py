"""The work of the shell commands ``journal`` and ``audit``.

All but ``prune`` only read, so that they can run beside a console.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from console.journal import schema
from console.journal.audit_lines import Clean, raw, story, time_text
from console.journal.confidential import exported
from console.journal.locations import file_of
from console.journal.lock import Lock, held, holder_of
from console.journal.log import GENESIS, JournalError, JournalRow, JournalTable, Record, link
from console.journal.retention import Retention, prune

PAGE = 1000
OURS = frozenset({JournalTable.AUDIT, JournalTable.NOTES})
"""Tables with texts of this program. An export masks what earlier versions wrote there in full. A
masked row is marked, because its digest is that of the unmasked row."""

Say: TypeAlias = Callable[[str], object]
Proves: TypeAlias = Callable[[Record], bool]
"""Returns True if the signature of an event's record is valid for the key it names."""


@dataclass(frozen=True, slots=True)
class Where:
    """The location of a profile's journal, with the current time in epoch seconds."""

    folder: Path
    profile: str
    wall: float
    slot: int = 1

    @property
    def path(self) -> Path:
        """The journal's file. Raises JournalError if there is none."""
        path = file_of(self.folder, self.profile, self.slot)
        if not path.exists():
            raise JournalError(f"the profile {self.profile} has no journal yet: {path}")
        return path


def everything(path: Path) -> Iterator[JournalRow]:
    """Yield all rows of a journal in order, reading a page at a time."""
    after = 0
    while page := list(schema.rows(path, after, PAGE)):
        yield from page
        after = page[-1].seq


def info(where: Where, say: Say) -> int:
    """Print the size, the writer and the number of rows of a journal. Return the exit code."""
    path = where.path
    size = sum(p.stat().st_size for p in path.parent.glob(path.name + "*"))
    say(f"file          {path} ({size / 1e6:.1f} MB)")
    process = f"process {holder_of(path).get('pid', '?')}"
    say(f"written by    {process if held(path) else 'nobody now'}")
    with closing(schema.read_only(path)) as file:
        for table in schema.tables(schema.version_of(file)):
            query = f"SELECT count(*), min(wall), max(wall) FROM {table}"  # noqa: S608  # an enum's
            count, first, newest = file.execute(query).fetchone()
            span = f", {time_text(first)} to {time_text(newest)}" if count else ""
            say(f"{table:<13} {count}{span}")
        say(f"last row      {schema.last(file)}")
        for key, count, newest in schema.keys(file):
            say(f"signed by     {key} {count}, last {time_text(newest)}")
    for away in sorted(path.parent.glob(f"{path.stem}.broken-*.db")):
        say(f"set aside     {away.name}")
    return 0


def verify(where: Where, say: Say, proves: Proves) -> int:
    """Check the file's integrity and the signature of every event. Return 1 if one fails."""
    path = where.path
    with closing(schema.read_only(path)) as file:
        (sound,) = file.execute("PRAGMA integrity_check(1)").fetchone()
    events = [row for row in everything(path) if row.record.table is JournalTable.EVENTS]
    unsigned = [row.seq for row in events if not proves(row.record)]
    say(f"file          {'sound' if sound == 'ok' else 'DAMAGED: ' + str(sound)}")
    named = f" at {', '.join(map(str, unsigned[:5]))}" if unsigned else ""
    say(f"events        {len(events)}, not signed: {len(unsigned)}{named}")
    return 0 if sound == "ok" and not unsigned else 1


def export(where: Where, say: Say, tables: frozenset[JournalTable]) -> int:
    """Print every row of these tables as one JSON object per line. Return the exit code."""
    for row in everything(where.path):
        if row.record.table in tables:
            say(_line(row))
    return 0


def pruned(where: Where, say: Say, keep: Retention) -> int:
    """Remove rows beyond the retention. Return the exit code.

    Raise JournalError if a console writes to the journal.
    """
    with Lock(where.path, {}), closing(schema.connect(where.path)) as file:
        schema.lay_out(file)
        gone = prune(file, where.wall, keep)
    say(f"{gone} rows removed; the audit is kept")
    return 0


def show(where: Where, say: Say, clean: Clean, *, as_written: bool) -> int:
    """Print the audit, one line per command, or per row if ``as_written``. Return the exit code."""
    audit = _audit(where.path)
    for line in map(raw, audit) if as_written else story(audit, clean):
        say(line)
    return 0


def check(where: Where, say: Say, head: str | None) -> int:
    """Check the hash chain of the audit and print its head. Return 1 if the chain is broken.

    The chain alone does not show that its end was removed or that all of it was rewritten. Only
    ``head`` shows that: a digest from an earlier check, kept elsewhere.
    """
    previous, count, met = GENESIS, 0, head in {None, GENESIS}
    for row in _audit(where.path):
        if link(previous, row.seq, row.record) != row.record.digest:
            say(f"BROKEN at row {row.seq} ({time_text(row.record.at.wall)})")
            return 1
        previous, count = row.record.digest, count + 1
        met = met or previous == head
    say(f"{count} rows, unbroken")
    say(f"head {previous}")
    if not met:
        say("BROKEN: the given head is missing: the end was removed, or the audit was rewritten")
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
    members = {
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
    return json.dumps(members)


FAILURES = (JournalError, sqlite3.Error, OSError)
"""The exceptions of a journal that cannot be read."""
