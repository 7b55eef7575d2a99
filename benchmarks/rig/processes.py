"""The simulator, the receiver and the engine as processes that can be killed, frozen and restarted.

The processes of the product run without the right to overlook file permissions (CAP_DAC_OVERRIDE),
so that a read-only folder is one for root too.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from benchmarks.rig.ailing import ILLS, door
from benchmarks.terminal import ROOT

PATIENCE, LIFE_PATIENCE, DOOR_PATIENCE = 45.0, 60.0, 10.0
"""The first is for a reading: polls that kept failing rest for 5, then 10, then 20 s, by design."""
OPEN = {"WAITING", "SENT", "ACCEPTED", "UNCERTAIN"}
_BARE = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0);"
    " os.execvp(sys.argv[1], sys.argv[1:])"
)
"""Drops CAP_DAC_OVERRIDE (1) from the bounding set (PR_CAPBSET_DROP, 24), where there is one."""


class EndedError(Exception):
    """A process ended that nobody had ended."""


class Life:
    """A process of the product, again and again."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], said: Path) -> None:
        self.env = dict(env)
        self.recovered: list[float] = []
        """Seconds until it was ready, for each start."""
        self._ills: dict[str, object] = {}
        """What ails its host, as `benchmarks.rig.ailing` understands it, life after life."""
        self._command = (sys.executable, "-P", "-m", "benchmarks.rig.ailing", *command)
        self._said = said
        self.process: Process | None = None
        self._newest: Process | None = None

    async def start(self) -> str:
        """Start it; its first line, which says that it is ready."""
        began, ills = time.monotonic(), dict(self._ills)
        env = {"PYTHONPATH": str(ROOT), **self.env, ILLS: json.dumps(ills)}
        with self._said.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", "-c", _BARE, *self._command),
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                cwd=ROOT,
                env={**os.environ, **env},
                limit=1 << 24,
            )
        assert process.stdout is not None
        self._newest = process
        async with asyncio.timeout(LIFE_PATIENCE):
            line = (await process.stdout.readline()).decode()
        self.process = process
        if not line:
            raise EndedError(f"did not start: {self._said.read_text()[-2000:]}")
        self.recovered.append(time.monotonic() - began)
        if self._ills != ills:  # changed while it started
            await self.ail(**self._ills)
        return line

    async def ail(self, **ills: object) -> dict[str, Any] | None:
        """Let its host ail so from now on; how it does, and None where it is dead just now."""
        self._ills |= ills
        process = self.process
        if process is None or process.returncode is not None:
            return None
        with suppress(OSError, ValueError):  # it ends just now
            async with asyncio.timeout(DOOR_PATIENCE):
                reader, writer = await asyncio.open_unix_connection(door(process.pid))
                with closing(writer):
                    writer.write(json.dumps(ills).encode() + b"\n")
                    return dict(json.loads(await reader.readline()))
        async with asyncio.timeout(DOOR_PATIENCE):
            await process.wait()
        return None

    @property
    def pid(self) -> int:
        """Of the one that runs now."""
        assert self.process is not None
        if self.process.returncode is not None:
            raise EndedError(f"ended by itself: {self._said.read_text()[-2000:]}")
        return self.process.pid

    async def end(self, number: signal.Signals) -> int:
        """Send it a signal that ends it; its exit code."""
        os.kill(self.pid, number)
        assert self.process is not None
        async with asyncio.timeout(LIFE_PATIENCE):
            return await self.process.wait()

    async def outlive(self) -> None:
        """Nothing of it is left."""
        if self._newest is not None and self._newest.returncode is None:
            self._newest.kill()
            await self._newest.wait()

    async def freeze(self, seconds: float) -> bool:
        """Stop it for so long; whether it really stood still."""
        pid = self.pid
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        stood = _state(pid) == "T"
        os.kill(pid, signal.SIGCONT)
        return stood


class Engine(Life):
    """The process that commands, and what it says."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], said: Path) -> None:
        super().__init__(command, env, said)
        self.orders: dict[str, str] = {}
        """Command names by id, of what was asked for."""
        self.tiers: list[int] = []
        self.declined = 0
        self.uncertain: set[str] = set()
        self.settled: set[str] = set()
        self.open: set[str] = set()
        self.unkept = self.kept = 0
        """Times that it began to say that nothing can be kept, and that everything is again."""
        self.keeps = True
        self._looks: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = 0

    async def run(self, ends: asyncio.Event) -> None:
        """Hear it out, life after life."""
        while not ends.is_set():
            process = self.process
            if process is None or process.stdout is None:
                await asyncio.sleep(0.02)
                continue
            line = await process.stdout.readline()
            if line:
                self._hear(json.loads(line))
            elif process is self.process:
                await asyncio.sleep(0.02)

    async def start(self) -> str:
        """As Life; whoever waits for an answer of the life before gets none."""
        self.keeps = True
        line = await super().start()
        for waiting in self._looks.values():
            waiting.cancel()
        self._looks.clear()
        return line

    def order(self, name: str, **aimed: object) -> None:
        """Ask for a command."""
        self._tell(
            {"order": {"name": name, "conference": None, "queue": None, "values": {}, **aimed}}
        )

    async def look(self, after: float, **corner: object) -> dict[str, Any] | None:
        """What it believes once it has read everything since; None where it died over it.

        Where it never read it there is ``unread``, which says what.
        """
        self._numbers += 1
        number = self._numbers
        self._looks[number] = asyncio.get_running_loop().create_future()
        self._tell({"look": number, "after": after, **corner})
        told = await self._answer(number)
        if told is None and number in self._looks:
            self._tell({"unread": number})
            told = await self._answer(number)
        return told

    async def _answer(self, number: int) -> dict[str, Any] | None:
        """None where there is none yet, or where the life is over."""
        waiting = self._looks[number]
        await asyncio.wait([waiting], timeout=PATIENCE)
        return waiting.result() if waiting.done() and not waiting.cancelled() else None

    def _tell(self, told: dict[str, object]) -> None:
        process = self.process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(json.dumps(told).encode() + b"\n")

    def _hear(self, told: dict[str, Any]) -> None:
        match told:
            case {"look": number}:
                waiting = self._looks.pop(number, None)
                if waiting is not None:
                    waiting.set_result(told)
            case {"stage": stage, "id": id_}:
                if stage == "UNCERTAIN":
                    self.uncertain.add(id_)
                if stage in OPEN:
                    self.open.add(id_)
                else:
                    self.open.discard(id_)
                    self.settled.add(id_)
            case {"ordered": id_, "name": name}:
                self.orders[id_] = name
                self.tiers.append(told["tier"])
            case {"declined": _}:
                self.declined += 1
            case {"journal": fails}:
                self.keeps = not fails
                self.unkept += bool(fails)
                self.kept += not fails
            case _:
                pass


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def simulator(url: str, seed: int) -> tuple[Process, dict[str, str]]:
    """A simulator that posts its webhooks to ``url``, and its ready line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "console.simulator", "--with-parent"),
        *("--seed", str(seed), "--webhook-url", url, "--rate-limit", "10000000"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    return process, json.loads(await process.stdout.readline())
