"""What goes wrong with the disk that a process keeps its journal on."""

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

from benchmarks.rig.faults import Faults
from benchmarks.rig.processes import Life
from benchmarks.rig.vfs import FAILURES

DISK_SECS, DISK_PATIENCE, RECOVERY_PATIENCE = 1.0, 10.0, 8.0
"""How long it goes on once it has taken effect; how long it may take to, and to be over."""
FULL_BYTES = 4096
"""No file may be written beyond: the journal's second page, and all but the start of its log."""


@dataclass(slots=True)
class Owner:
    """A process that keeps a journal.

    ``refused`` counts the times that it was seen to keep nothing, ``kept`` the times that it kept
    something, and in ``away`` it may be ended while nobody may write to the folder. ``ended`` is
    told how it ended.
    """

    life: Life
    journal: Path
    refused: Callable[[], int]
    kept: Callable[[], int]
    away: asyncio.Lock
    ended: Callable[[str, int], None]


class Disks:
    """The disk below one process."""

    def __init__(self, faults: Faults, owner: Owner) -> None:
        self.stuck: list[str] = []
        """What was over, and nothing was kept all the same."""
        self._faults = faults
        self._owner = owner
        self._failures = cycle(how for how in FAILURES if how != "full")
        self._fullness = cycle(["no file may grow", "full"])

    async def befall(self, kind: str) -> None:
        """Let it go wrong for a while, as the last words of the kind say."""
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
        """It took effect when it was seen that nothing was kept."""
        refused = self._owner.refused
        async with context:
            before = refused()
            took = await until(lambda: refused() > before, DISK_PATIENCE)
            if took:
                self._faults.took(kind, how=how)
            await asyncio.sleep(DISK_SECS)
            kept = self._owner.kept()
        if took and not await until(lambda: self._owner.kept() > kept, RECOVERY_PATIENCE):
            self.stuck.append(f"{kind} ({how})")

    @asynccontextmanager
    async def _failing(self, how: str) -> AsyncIterator[None]:
        await self._owner.life.ail(disk=how)
        try:
            yield
        finally:
            await self._owner.life.ail(disk="")

    @asynccontextmanager
    async def _no_larger(self) -> AsyncIterator[None]:
        pid = self._owner.life.pid
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
        life, journal = self._owner.life, self._owner.journal
        async with self._owner.away:
            self._owner.ended(kind, await life.end(signal.SIGTERM))
            _permit(journal, 0o400)
            try:
                await life.start()
                yield
            finally:
                _permit(journal, 0o600)


def _permit(journal: Path, mode: int) -> None:
    """The folder and a journal in it, to be written or only to be read."""
    journal.parent.chmod(mode | 0o100)
    for path in journal.parent.glob(f"{journal.name}*"):
        path.chmod(mode)


async def until(true: Callable[[], bool], patience: float) -> bool:
    """Whether it is so within so many seconds: of what other processes do, nobody is told."""
    ends = time.monotonic() + patience
    while not true() and time.monotonic() < ends:  # noqa: ASYNC110  # as said
        await asyncio.sleep(0.02)
    return true()
