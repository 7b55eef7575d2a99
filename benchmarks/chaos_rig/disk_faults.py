"""Disk faults of a process that keeps a journal: full, failing, locked, read-only."""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from benchmarks.chaos_rig.failing_vfs import FAILURES
from benchmarks.chaos_rig.fault_plan import Faults
from benchmarks.chaos_rig.processes import Program

DISK_SECS, DISK_PATIENCE, RECOVERY_PATIENCE = 1.0, 10.0, 8.0
"""Seconds that a fault lasts once effective, that it may take to be, and to recover from."""
FULL_BYTES = 4096
"""Size limit of each file: less than the journal's second page and most of its log."""


@dataclass(slots=True)
class Owner:
    """A process that keeps a journal.

    ``refused`` returns the number of failed writes seen so far, ``kept`` that of successful ones.
    The process may be restarted only while ``away`` is held, because the folder may be read-only.
    ``ended(kind, code)`` reports its exit code.
    """

    program: Program
    journal: Path
    refused: Callable[[], int]
    kept: Callable[[], int]
    away: asyncio.Lock
    ended: Callable[[str, int], None]


class Disks:
    """The disk faults of one process."""

    def __init__(self, faults: Faults, owner: Owner) -> None:
        self.stuck: list[str] = []
        """Faults that ended without a write afterwards."""
        self._faults = faults
        self._owner = owner
        self._failures = cycle(how for how in FAILURES if how != "full")
        self._fullness = cycle(["no file may grow", "full"])

    async def inject(self, kind: str) -> None:
        """Inject a fault for a while; the text after ``-`` in ``kind`` selects it."""
        match kind.partition("-")[2]:
            case "full":
                how = next(self._fullness)
                context = self._failing(how) if how in FAILURES else self._no_larger()
            case "eio":
                how = next(self._failures)
                context = self._failing(how)
            case "locked":
                how, context = "a lock", self._locked()
            case "read-only":
                how, context = "permissions", self._read_only(kind)
            case _:
                raise ValueError(kind)
        await self._during(kind, how, context)

    async def _during(
        self, kind: str, how: str, context: AbstractAsyncContextManager[None]
    ) -> None:
        """Count the fault as effective once a write was refused inside ``context``."""
        refused = self._owner.refused
        async with context:
            before = refused()
            effective = await until(lambda: refused() > before, DISK_PATIENCE)
            if effective:
                self._faults.took_effect(kind, how=how)
            await asyncio.sleep(DISK_SECS)
            kept = self._owner.kept()
        if effective and not await until(lambda: self._owner.kept() > kept, RECOVERY_PATIENCE):
            self.stuck.append(f"{kind} ({how})")

    @asynccontextmanager
    async def _failing(self, how: str) -> AsyncIterator[None]:
        await self._owner.program.set_faults(disk=how)
        try:
            yield
        finally:
            await self._owner.program.set_faults(disk="")

    @asynccontextmanager
    async def _no_larger(self) -> AsyncIterator[None]:
        pid = self._owner.program.pid
        free = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_BYTES, free[1]))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, free)

    @asynccontextmanager
    async def _locked(self) -> AsyncIterator[None]:
        path = self._owner.journal
        with closing(sqlite3.connect(path, timeout=5.0, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            yield
            file.execute("ROLLBACK")

    @asynccontextmanager
    async def _read_only(self, kind: str) -> AsyncIterator[None]:
        program, journal = self._owner.program, self._owner.journal
        async with self._owner.away:
            self._owner.ended(kind, await program.end(signal.SIGTERM))
            _permit(journal, 0o400)
            try:
                await program.start()
                yield
            finally:
                _permit(journal, 0o600)


def _permit(journal: Path, mode: int) -> None:
    """Set the permissions of the folder and of the journal's files."""
    journal.parent.chmod(mode | 0o100)
    for path in journal.parent.glob(f"{journal.name}*"):
        path.chmod(mode)


async def until(true: Callable[[], bool], patience: float) -> bool:
    """Return True if ``true()`` holds within ``patience`` seconds, by polling it."""
    ends = time.monotonic() + patience
    while not true() and time.monotonic() < ends:  # noqa: ASYNC110  # another process acts
        await asyncio.sleep(0.02)
    return true()
