"""Injects faults into the processes, disks, keys, clocks and resolvers."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Container, Sequence
from pathlib import Path

from nacl.signing import SigningKey

from benchmarks.chaos_rig.api_proxy import ENGINE, RECEIVER, Proxy
from benchmarks.chaos_rig.disk_faults import Disks, Owner, until
from benchmarks.chaos_rig.fault_plan import Faults, Planned
from benchmarks.chaos_rig.processes import Engine, Program
from benchmarks.chaos_rig.webhook_sender import NOT_TRUSTED, Sender, key_of, public

STOP_SECS = 2.5
"""Longer than Telnyx waits for an answer."""
HOLD_SECS = 1.0
"""Seconds that a missing key, a wrong clock or an unknown name lasts once it has taken effect."""
STEPS = {"clock-ahead": 3600.0, "clock-behind": -3600.0}
PATIENCE, NAME_PATIENCE, PAID_PATIENCE = 15.0, 25.0, 5.0


class ProcessFaults:
    """Injects one fault after another into each process."""

    def __init__(
        self,
        faults: Faults,
        sender: Sender,
        proxy: Proxy,
        *,
        receiver: Program,
        engine: Engine,
        journal: Path,
        audit: Path,
        seed: int,
    ) -> None:
        self.codes: list[tuple[str, int]] = []
        """Exit codes other than 0 after a signal that asks for an end; there must be none."""
        self.enough = False
        """True to start no further fault."""
        self._faults = faults
        self._sender = sender
        self._proxy = proxy
        self._receiver = receiver
        self._engine = engine
        self._seed = seed
        self._number = 0
        self._folder = asyncio.Lock()
        """Held while the folder is read-only, so that no process starts then."""
        self._disk = self._below(
            receiver, journal, lambda: sender.statuses[503], lambda: sender.statuses[200]
        )
        self._audit_disk = self._below(
            engine, audit, lambda: engine.write_failures, lambda: engine.kept
        )
        self._trust()

    def _below(
        self, program: Program, journal: Path, refused: Callable[[], int], kept: Callable[[], int]
    ) -> Disks:
        owner = Owner(program, journal, refused, kept, self._folder, self._ended)
        return Disks(self._faults, owner)

    @property
    def stuck(self) -> list[str]:
        """Disk faults after which a process did not write again."""
        return self._disk.stuck + self._audit_disk.stuck

    async def inject(self, planned: Sequence[Planned]) -> None:
        """Inject each fault when it is due, or as soon as the one before is over."""
        for each in planned:
            await asyncio.sleep(max(0.0, each.at - self._faults.elapsed))
            if self.enough:
                return
            await self._do(each.kind)

    async def _do(self, kind: str) -> None:
        match kind.partition("-"):
            case "receiver" | "engine", _, _:
                await self._strike(kind)
            case "disk", _, _:
                await self._disk.inject(kind)
            case "audit", _, _:
                await self._unaudited(kind)
            case "key", _, how:
                await (self._rotated() if how == "rotate" else self._removed())
            case "clock", _, _:
                await self._stepped(kind)
            case _:
                await self._unnamed(kind)

    async def _strike(self, kind: str) -> None:
        who, _, how = kind.partition("-")
        program: Program = self._receiver if who == "receiver" else self._engine
        if how == "stop":
            if await program.freeze(STOP_SECS):
                self._faults.took_effect(kind)
            return
        async with self._folder:
            if how == "kill":
                code = await program.end(signal.SIGKILL)
                assert code == -signal.SIGKILL, code
            else:
                self._ended(kind, await program.end(signal.SIGHUP))
            self._faults.took_effect(kind)
            await program.start()

    def _ended(self, kind: str, code: int) -> None:
        if code:
            self.codes.append((kind, code))

    async def _unaudited(self, kind: str) -> None:
        """Make the audit disk fail; then wait for the intents that permitted commands owe."""
        intents = self._proxy.intents
        intents.dark = True
        try:
            await self._audit_disk.inject(kind)
            await until(lambda: self._engine.keeps and not intents.unpaid, PAID_PATIENCE)
        finally:
            intents.dark = False

    async def _rotated(self) -> None:
        """Let the sender change to the new key, then remove the old one."""
        old, new = self._key(), self._key(1)
        self._sender.key = new
        if await self._answered(new, {200}):
            self._number += 1
            self._trust()
            await self._restarted("key-rotate")
            if await self._answered(old, NOT_TRUSTED):
                self._faults.took_effect("key-rotate")

    async def _removed(self) -> None:
        """Remove the key in use, then put it back; the sender does not change."""
        self._sender.trusted.clear()
        try:
            self._trust(self._key(1))
            await self._restarted("key-remove")
            if await self._answered(self._key(), NOT_TRUSTED):
                self._faults.took_effect("key-remove")
                await asyncio.sleep(HOLD_SECS)
            self._trust()
            await self._restarted("key-remove")
        finally:
            self._sender.trusted.set()

    async def _stepped(self, kind: str) -> None:
        """Set the clock of both processes wrong; the sender's clock stays right."""
        self._sender.trusted.clear()
        refused = self._sender.statuses[401]
        both = (self._receiver, self._engine)
        try:
            off = [await self._off(program, STEPS[kind]) for program in both]
            if await until(lambda: self._sender.statuses[401] > refused, PATIENCE):
                self._faults.took_effect(kind, receiver=off[0], engine=off[1])
                await asyncio.sleep(HOLD_SECS)
        finally:
            for program in both:
                await self._off(program, 0.0)
            self._sender.trusted.set()

    async def _off(self, program: Program, ahead: float) -> int | None:
        """Set a process's clock ``ahead`` seconds; return its real offset, None if it is dead."""
        reply = await program.set_faults(clock=ahead)
        return None if reply is None else round(reply["wall"] - time.time())

    async def _unnamed(self, kind: str) -> None:
        """Let the API's name be unknown, with every connection closed so that it is looked up."""
        who = ENGINE if kind == "net-dns" else RECEIVER
        program: Program = self._engine if who == ENGINE else self._receiver
        was = who in self._proxy.closing
        self._proxy.closing.add(who)
        await program.set_faults(dns=True)
        ends, lookups = time.monotonic() + NAME_PATIENCE, 0
        while not lookups and time.monotonic() < ends:
            await asyncio.sleep(0.05)
            reply = await program.set_faults()
            lookups = reply["dns"] if reply else 0
        if lookups:
            self._faults.took_effect(kind, lookups=lookups)
            await asyncio.sleep(HOLD_SECS)
        await program.set_faults(dns=False)
        if not was:
            self._proxy.closing.discard(who)

    async def _restarted(self, kind: str) -> None:
        """Restart the receiver with the keys it is to trust now."""
        async with self._folder:
            self._ended(kind, await self._receiver.end(signal.SIGTERM))
            await self._receiver.start()

    async def _answered(self, key: SigningKey, wanted: Container[int]) -> bool:
        ends = time.monotonic() + PATIENCE
        while (status := await self._sender.probe(key)) not in wanted and time.monotonic() < ends:
            if status in NOT_TRUSTED:
                return False
            await asyncio.sleep(0.1)
        return status in wanted

    def _key(self, ahead: int = 0) -> SigningKey:
        return key_of(self._seed, self._number + ahead)

    def _trust(self, *keys: SigningKey) -> None:
        """Set the keys trusted from the next start: the given ones, or the current and the next."""
        public_keys = ",".join(public(key) for key in keys or (self._key(), self._key(1)))
        self._receiver.env["TELNYX_PUBLIC_KEY"] = public_keys
        self._engine.env["TELNYX_PUBLIC_KEY"] = public_keys
