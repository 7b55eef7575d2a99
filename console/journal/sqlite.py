"""The journal in an SQLite file, which a thread of its own writes in batches.

While one batch is synced to the disk, the next one collects. So a burst of webhooks costs as many
syncs as the disk can do, and not one for each webhook.
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

from console.journal import schema
from console.journal.locations import file_of, prepare, set_aside
from console.journal.lock import Lock, TakenError, lock_free_slot
from console.journal.log import GENESIS, JournalError, JournalTable, Kept, Record, again, link
from console.journal.retention import Retention, prune, safe_now

_LOG = logging.getLogger(__name__)

BATCH = 256
"""Most records in one commit."""
PRUNE_EVERY = 3600.0
"""Seconds between two prunings."""
BITE = 250
"""Most rows removed at once. The next delivery waits for it, about 15 ms."""
CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@dataclass(frozen=True, slots=True)
class _Job:
    record: Record
    done: asyncio.Future[Kept]


class _DamagedFileError(sqlite3.DatabaseError):
    """SQLite's check found damage. The code makes the log set the file aside."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


class SqliteLog(schema.JournalFile):
    """A log in the file at ``path``, protected by a Lock.

    ``lock`` is the Lock if this process has it. Else it is taken with ``holder`` when the file is
    opened. ``wall`` returns epoch seconds. ``notify`` is called, from the thread of the log, with
    the text that a damaged file was set aside. Every failure closes the file, and the next append
    opens it again, so that the log recovers with the disk. ``tidied`` returns a note's body without
    texts that may not be remembered. When the file is first opened, it is applied to all notes.
    """

    def __init__(
        self,
        path: Path,
        *,
        wall: Callable[[], float],
        notify: Callable[[str], None],
        lock: Lock | None = None,
        holder: Mapping[str, object] | None = None,
        connect: schema.Connect = schema.connect,
        retention: Retention | None = None,
        tidied: Callable[[bytes], bytes] | None = None,
    ) -> None:
        super().__init__(path)
        self._tidied = tidied
        self._wall = wall
        self._lock = lock
        self._holder = holder or {}
        self._notify = notify
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
        """See ``log.Log``."""
        if self._closed:
            raise JournalError("the journal is closed")
        done: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._jobs.put(_Job(record, done))
        return await done

    async def close(self) -> None:
        """See ``log.Log``."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _write(self) -> None:
        """Run the writer thread: commit one batch after another until ``close``."""
        ends = False
        while not ends:
            batch = [self._jobs.get()]
            with suppress(Empty):
                while len(batch) < BATCH:
                    batch.append(self._jobs.get_nowait())
            ends = None in batch
            jobs = [job for job in batch if job is not None]
            if jobs:
                _resolve(jobs, self._committed([job.record for job in jobs]))
                self._prune()
        self._close_and_unlock()

    def _committed(self, records: Sequence[Record]) -> Sequence[Kept] | JournalError:
        try:
            file = self._opened()
            file.execute("BEGIN IMMEDIATE")
            kept = [self._insert(file, record) for record in records]
            file.execute("COMMIT")
            self._check_in_place()
        except Exception as failure:  # noqa: BLE001  if the thread died, every append would hang
            self._close_file()
            return self._journal_error(failure)
        return kept

    def _check_in_place(self) -> None:
        """Raise JournalError if the open file is no longer the one at ``path``."""
        with suppress(OSError):
            if self.path.stat().st_ino == self._inode:
                return
        self._close_and_unlock()
        raise JournalError("its file was moved or removed; a new one is begun")

    def _prune(self) -> None:
        """Remove at most BITE old rows per batch, until none is left. Begin again every hour."""
        now, gone = self._wall(), 0
        if self._file is None or 0.0 <= now - self._pruned < PRUNE_EVERY:
            return
        try:
            gone = prune(self._file, safe_now(self._file, now), self._retention, BITE)
        except Exception:  # noqa: BLE001  # nothing is lost; the next try is an hour later
            _LOG.warning("the journal was not pruned", exc_info=True)
            self._close_file()
        if gone < BITE:
            self._pruned = now

    def _insert(self, file: sqlite3.Connection, record: Record) -> Kept:
        kept = Kept.NEW
        seq = self._seq + 1
        if record.table is JournalTable.AUDIT:
            record = replace(record, digest=link(self._head, seq, record))
        if not schema.put(file, seq, record):
            digest, wall = schema.known(file, record.id)
            if digest == record.digest:
                return again(record, wall)
            kept, record = Kept.COLLIDED, replace(record, table=JournalTable.OBSERVATIONS)
            schema.put(file, seq, record)
        self._seq = seq
        if record.table is JournalTable.AUDIT:
            self._head = record.digest
        return kept

    def _opened(self) -> sqlite3.Connection:
        if self._file is not None:
            return self._file
        if self._lock is None:
            self._lock = Lock(self.path, self._holder)
        self._lock.write_holder()
        prepare(self.path)
        try:
            self._file = self._ready()
        except sqlite3.DatabaseError as failure:
            if _code(failure) not in CORRUPT:
                raise
            self._set_aside()
            prepare(self.path)
            self._file = self._ready()
        self._inode = self.path.stat().st_ino
        return self._file

    def _ready(self) -> sqlite3.Connection:
        file = self._connect(self.path)
        try:
            self._check(file)
            (high,) = file.execute("SELECT high FROM meta").fetchone()
            self._seq = max(high, schema.last(file))
            newest = file.execute("SELECT digest FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
            self._head = newest[0] if newest else GENESIS
        except BaseException:
            file.close()
            raise
        return file

    def _check(self, file: sqlite3.Connection) -> None:
        if not self._checked and file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise _DamagedFileError("the file is damaged")
        schema.lay_out(file)
        if not self._checked and self._tidied is not None:
            schema.tidy(file, self._tidied)
        self._checked = True

    def _journal_error(self, failure: Exception) -> JournalError:
        """Return a failure as a JournalError. Set a damaged file aside."""
        if isinstance(failure, JournalError):
            return failure
        if _code(failure) in CORRUPT:
            with suppress(JournalError):
                self._set_aside()
        return JournalError(str(failure))

    def _set_aside(self) -> None:
        away = set_aside(self.path, self._wall())
        self._notify(f"the journal was damaged and is set aside: {away.name}")

    def _close_and_unlock(self) -> None:
        self._close_file()
        if self._lock is not None:
            self._lock.release()
        self._lock = None

    def _close_file(self) -> None:
        if self._file is not None:
            with suppress(sqlite3.Error):
                self._file.close()
        self._file = None


def open_log(
    folder: Path,
    profile: str,
    *,
    alone: bool,
    holder: Mapping[str, object],
    wall: Callable[[], float],
    notify: Callable[[str], None],
    tidied: Callable[[bytes], bytes] | None = None,
) -> SqliteLog:
    """Return the log of a profile's journal slot: with ``alone`` the first, else any free other.

    Raise TakenError if another process has the first slot. An unusable folder does not stop the
    start: every append fails and is reported until the folder can be used.
    """
    lock: Lock | None = None
    path = file_of(folder, profile, 1 if alone else 2)
    try:
        lock = Lock(path, holder) if alone else lock_free_slot(folder, profile, holder)
        path = lock.path
    except TakenError:
        raise
    except JournalError:
        pass
    return SqliteLog(path, wall=wall, notify=notify, lock=lock, holder=holder, tidied=tidied)


def _resolve(jobs: Sequence[_Job], outcome: Sequence[Kept] | JournalError) -> None:
    """Resolve the futures of a batch, with one call into their event loop."""

    def resolve() -> None:
        for number, job in enumerate(jobs):
            if job.done.done():  # the append was cancelled
                continue
            if isinstance(outcome, JournalError):
                job.done.set_exception(JournalError(str(outcome)))
            else:
                job.done.set_result(outcome[number])

    with suppress(RuntimeError):  # the loop is closed, so that nothing waits
        jobs[0].done.get_loop().call_soon_threadsafe(resolve)


def _code(failure: Exception) -> int | None:
    code: int | None = getattr(failure, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
