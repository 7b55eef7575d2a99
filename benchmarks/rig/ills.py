"""What is done to the processes, the disk and the keys."""

from __future__ import annotations

import asyncio
import resource
import signal
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from nacl.signing import SigningKey

from benchmarks.rig.faults import Faults, Planned
from benchmarks.rig.processes import Engine, Life
from benchmarks.rig.sender import Sender, key_of, public

STOP_SECS = 2.5
"""Longer than Telnyx waits."""
DISK_SECS, DISK_PATIENCE = 1.0, 6.0
PATIENCE = 15.0
FULL_BYTES = 4096
"""No file may be written beyond: the journal's second page, and all but the start of its log."""


class Ills:
    """Does one thing after another to each process."""

    def __init__(
        self,
        faults: Faults,
        sender: Sender,
        *,
        receiver: Life,
        engine: Engine,
        journal: Path,
        seed: int,
    ) -> None:
        self.codes: list[tuple[str, int]] = []
        """Exit codes other than 0 after a signal that asks to end: there must be none."""
        self.enough = False
        """Nothing further is begun."""
        self._faults = faults
        self._sender = sender
        self._receiver = receiver
        self._engine = engine
        self._journal = journal
        self._seed = seed
        self._number = 0
        self._folder = asyncio.Lock()
        """Nobody starts while the folder is read-only: an audit that cannot be opened refuses
        what is grave alone, by design."""
        self._trust()

    async def befall(self, planned: Sequence[Planned]) -> None:
        """Each when it is due, or as soon as the one before is over."""
        for each in planned:
            await asyncio.sleep(max(0.0, each.at - self._faults.elapsed))
            if self.enough:
                return
            await self._do(each.kind)

    async def _do(self, kind: str) -> None:
        match kind:
            case "receiver-kill" | "engine-kill":
                await self._killed(kind)
            case "receiver-stop" | "engine-stop":
                life = self._receiver if kind == "receiver-stop" else self._engine
                if await life.freeze(STOP_SECS):
                    self._faults.took(kind)
            case "receiver-hangup" | "engine-hangup":
                await self._hung_up(kind)
            case "disk-full":
                await self._full()
            case "disk-locked":
                await self._locked()
            case "disk-read-only":
                await self._read_only()
            case "key-rotate":
                await self._rotated()
            case _:
                raise ValueError(kind)

    async def _killed(self, kind: str) -> None:
        life = self._receiver if kind == "receiver-kill" else self._engine
        async with self._folder:
            code = await life.end(signal.SIGKILL)
            assert code == -signal.SIGKILL, code
            self._faults.took(kind)
            await life.start()

    async def _hung_up(self, kind: str) -> None:
        life = self._receiver if kind == "receiver-hangup" else self._engine
        async with self._folder:
            self._ended(kind, await life.end(signal.SIGHUP))
            self._faults.took(kind)
            await life.start()

    def _ended(self, kind: str, code: int) -> None:
        if code:
            self.codes.append((kind, code))

    async def _full(self) -> None:
        pid = self._receiver.pid
        free = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_BYTES, free[1]))
        try:
            await self._refusals("disk-full")
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, free)

    async def _locked(self) -> None:
        with closing(sqlite3.connect(self._journal, timeout=5.0, isolation_level=None)) as file:
            file.execute("BEGIN IMMEDIATE")
            await self._refusals("disk-locked")
            file.execute("ROLLBACK")

    async def _read_only(self) -> None:
        folder = self._journal.parent
        async with self._folder:
            self._ended("disk-read-only", await self._receiver.end(signal.SIGTERM))
            _permit(folder, 0o400)
            try:
                await self._receiver.start()
                await self._refusals("disk-read-only")
            finally:
                _permit(folder, 0o600)

    async def _refusals(self, kind: str) -> None:
        """It took effect when a webhook was answered 503."""
        refused, ends = self._sender.statuses[503], time.monotonic() + DISK_PATIENCE
        while self._sender.statuses[503] == refused and time.monotonic() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        if self._sender.statuses[503] > refused:
            self._faults.took(kind)
        await asyncio.sleep(DISK_SECS)

    async def _rotated(self) -> None:
        """The sender goes over to the new key, and then the old one is removed."""
        old, new = self._key(), self._key(1)
        self._sender.key = new
        if await self._answered(new, 200):
            self._number += 1
            self._trust()
            async with self._folder:
                self._ended("key-rotate", await self._receiver.end(signal.SIGTERM))
                await self._receiver.start()
            if await self._answered(old, 401):
                self._faults.took("key-rotate")

    async def _answered(self, key: SigningKey, status: int) -> bool:
        ends = time.monotonic() + PATIENCE
        while (told := await self._sender.probe(key)) != status and time.monotonic() < ends:
            if told == 401:
                return False
            await asyncio.sleep(0.1)
        return told == status

    def _key(self, ahead: int = 0) -> SigningKey:
        return key_of(self._seed, self._number + ahead)

    def _trust(self) -> None:
        """From its next start the receiver trusts the key that is in use, and the next."""
        keys = f"{public(self._key())},{public(self._key(1))}"
        self._receiver.env["TELNYX_PUBLIC_KEY"] = keys
        self._engine.env["TELNYX_PUBLIC_KEY"] = keys


def _permit(folder: Path, mode: int) -> None:
    """The folder, and what is in it, to be written or only to be read."""
    folder.chmod(mode | 0o100)
    for path in folder.glob("default.db*"):
        path.chmod(mode)
