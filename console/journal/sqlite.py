"""The log in a file: SQLite, committed in groups by a thread of its own.

The standard library's sqlite3 does all of it; a wrapper would only hide which statement runs on
which thread. While one batch is being synced to the disk the next one collects, so that a burst
costs as many syncs as the disk can do and not as many as there are webhooks.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue

from console.journal.locations import Lock, TakenError, file_of, own, prepare, set_aside
from console.journal.log import (
    GENESIS,
    JournalError,
    JournalRow,
    JournalTable,
    Kept,
    Record,
    again,
    chained,
)
from console.journal.retention import Retention, prune, sure
from console.journal.schema import (
    Connect,
    connect,
    known,
    last,
    lay_out,
    notes,
    position,
    put,
    rows,
    tidy,
)

_LOG = logging.getLogger(__name__)

BATCH = 256
"""Records in one commit at most."""
PRUNE_EVERY = 3600.0
"""Seconds."""
BITE = 250
"""Rows that are removed at once at most: whoever comes next waits for it, some 15 ms."""
CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True, slots=True)
class _Job:
    record: Record
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Kept]


class SqliteLog:
    """A log in the file at ``path``, under a Lock that is taken when the file is opened.

    ``lock`` is that Lock, where this process has it already, and ``holder`` what this process says
    of itself where it has to take it. ``wall`` gives epoch seconds.
    ``said`` is told, from the log's own thread, what an operator should know: that a torn file was
    set aside. Every failure closes the file; the next append opens it again, so that the log
    recovers as soon as the disk does. ``tidied`` returns a note's body without what is not to be
    remembered; the notes are rewritten by it when the file is first opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        wall: Callable[[], float],
        said: Callable[[str], None],
        lock: Lock | None = None,
        holder: Mapping[str, object] | None = None,
        connect: Connect = connect,
        retention: Retention | None = None,
        tidied: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self.path = path
        self._tidied = tidied
        self._wall = wall
        self._lock = lock
        self._holder = holder or {}
        self._said = said
        self._connect = connect
        self._retention = retention or Retention()
        self._pruned = 0.0
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._file: sqlite3.Connection | None = None
        self._inode = 0
        self._checked = False
        self._seq = 0
        self._head = GENESIS
        self._closed = False
        self._thread = threading.Thread(target=self._write, name="journal", daemon=True)
        self._thread.start()

    async def append(self, record: Record) -> Kept:
        """See ``journal.Log``."""
        if self._closed:
            raise JournalError("the journal is closed")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Kept] = loop.create_future()
        self._jobs.put(_Job(record, loop, done))
        return await done

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        """See ``journal.Log``."""
        return await asyncio.to_thread(lambda: list(rows(self.path, after, limit)))

    async def notes(self) -> Sequence[Record]:
        """See ``journal.Log``."""
        return await asyncio.to_thread(notes, self.path)

    async def position(self, wall: float) -> int:
        """See ``journal.Log``."""
        return await asyncio.to_thread(position, self.path, wall)

    async def close(self) -> None:
        """See ``journal.Log``."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _write(self) -> None:
        """The thread: one batch after another, until it is told to end."""
        ends = False
        while not ends:
            batch = [self._jobs.get()]
            with suppress(Empty):
                while len(batch) < BATCH:
                    batch.append(self._jobs.get_nowait())
            ends = None in batch
            jobs = [job for job in batch if job is not None]
            if jobs:
                _tell(jobs, self._committed([job.record for job in jobs]))
                self._forget()
        self._leave()

    def _committed(self, records: Sequence[Record]) -> Sequence[Kept] | JournalError:
        try:
            file = self._opened()
            file.execute("BEGIN IMMEDIATE")
            kept = [self._insert(file, record) for record in records]
            file.execute("COMMIT")
            self._stand()
        except Exception as failure:  # noqa: BLE001  a thread that died would answer nobody
            self._let_go()
            return self._understood(failure)
        return kept

    def _stand(self) -> None:
        """Raise JournalError where what was written lies in a file that nobody will find."""
        with suppress(OSError):
            if self.path.stat().st_ino == self._inode:
                return
        self._leave()
        raise JournalError("its file was moved or removed; a new one is begun")

    def _forget(self) -> None:
        """Remove some of what is old, every hour until there is no more of it."""
        now, gone = self._wall(), 0
        if self._file is None or 0.0 <= now - self._pruned < PRUNE_EVERY:
            return
        try:
            gone = prune(self._file, sure(self._file, now), self._retention, BITE)
        except Exception:  # noqa: BLE001  # what is kept is kept; an hour later it is tried again
            _LOG.warning("the journal was not pruned", exc_info=True)
            self._let_go()
        if gone < BITE:
            self._pruned = now

    def _insert(self, file: sqlite3.Connection, record: Record) -> Kept:
        kept = Kept.NEW
        seq = self._seq + 1
        if record.table is JournalTable.AUDIT:
            record = chained(self._head, seq, record)
        if not put(file, seq, record):
            digest, wall = known(file, record.id)
            if digest == record.digest:
                return again(record, wall)
            kept, record = Kept.COLLIDED, replace(record, table=JournalTable.OBSERVATIONS)
            put(file, seq, record)
        self._seq = seq
        if record.table is JournalTable.AUDIT:
            self._head = record.digest
        return kept

    def _opened(self) -> sqlite3.Connection:
        if self._file is not None:
            return self._file
        if self._lock is None:
            self._lock = Lock(self.path, self._holder)
        self._lock.say()
        prepare(self.path)
        try:
            self._file = self._ready()
        except sqlite3.DatabaseError as failure:
            if _code(failure) not in CORRUPT:
                raise
            away = set_aside(self.path, self._wall())
            self._said(f"the journal was torn and is set aside: {away.name}")
            prepare(self.path)
            self._file = self._ready()
        self._inode = self.path.stat().st_ino
        return self._file

    def _ready(self) -> sqlite3.Connection:
        file = self._connect(self.path)
        try:
            self._check(file)
            (high,) = file.execute("SELECT high FROM meta").fetchone()
            self._seq = max(high, last(file))
            newest = file.execute("SELECT digest FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
            self._head = newest[0] if newest else GENESIS
        except BaseException:
            file.close()
            raise
        return file

    def _check(self, file: sqlite3.Connection) -> None:
        if not self._checked and file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            broken = sqlite3.DatabaseError("the file is torn")
            broken.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise broken
        lay_out(file)
        if not self._checked and self._tidied is not None:
            tidy(file, self._tidied)
        self._checked = True

    def _understood(self, failure: Exception) -> JournalError:
        if isinstance(failure, JournalError):
            return failure
        if _code(failure) in CORRUPT:
            with suppress(JournalError):
                away = set_aside(self.path, self._wall())
                self._said(f"the journal was torn and is set aside: {away.name}")
        return JournalError(str(failure))

    def _leave(self) -> None:
        self._let_go()
        if self._lock is not None:
            self._lock.release()
        self._lock = None

    def _let_go(self) -> None:
        if self._file is not None:
            with suppress(sqlite3.Error):
                self._file.close()
        self._file = None


def opened(
    folder: Path,
    profile: str,
    *,
    alone: bool,
    holder: Mapping[str, object],
    wall: Callable[[], float],
    said: Callable[[str], None],
    tidied: Callable[[bytes], bytes] | None = None,
) -> SqliteLog:
    """The journal of a profile; with ``alone`` the receiver's or none, else any that is free.

    Raises TakenError where another process has it. A folder that cannot be used now is no reason
    not to begin: nothing is kept, and that is said, until it can be.
    """
    lock: Lock | None = None
    path = file_of(folder, profile, 1 if alone else 2)
    try:
        lock = Lock(path, holder) if alone else own(folder, profile, holder)
        path = lock.path
    except TakenError:
        raise
    except JournalError:
        pass
    return SqliteLog(path, wall=wall, said=said, lock=lock, holder=holder, tidied=tidied)


def _tell(jobs: Sequence[_Job], outcome: Sequence[Kept] | JournalError) -> None:
    """Wake everybody who waits for this batch with one call into their loop."""

    def tell() -> None:
        for number, job in enumerate(jobs):
            if job.done.done():  # whoever asked has gone
                continue
            if isinstance(outcome, JournalError):
                job.done.set_exception(JournalError(str(outcome)))
            else:
                job.done.set_result(outcome[number])

    with suppress(RuntimeError):  # the loop has ended: nobody waits
        jobs[0].loop.call_soon_threadsafe(tell)


def _code(failure: Exception) -> int | None:
    code: int | None = getattr(failure, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
