"""The processes of a run, which can be killed, frozen and restarted.

Those of the product run without the right to ignore file permissions (CAP_DAC_OVERRIDE), so that a
read-only folder is read-only for root too.
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

from benchmarks.chaos_rig.faulty_host import FAULTS_VARIABLE, control_address
from benchmarks.pseudo_terminal import ROOT

PATIENCE, LIFE_PATIENCE, DOOR_PATIENCE = 45.0, 60.0, 10.0
"""Seconds. The first is for a reading: failing polls pause for 5, 10, then 20 s by design."""
OPEN = {"WAITING", "SENT", "ACCEPTED", "UNCERTAIN"}
_BARE = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 1, 0, 0, 0);"
    " os.execvp(sys.argv[1], sys.argv[1:])"
)
"""Drops CAP_DAC_OVERRIDE (1) from the bounding set (PR_CAPBSET_DROP, 24), if there is one."""


class EndedError(Exception):
    """A process ended by itself."""


class Program:
    """A process of the product that can be started again."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], stderr_file: Path) -> None:
        self.env = dict(env)
        self.recovered: list[float] = []
        """Seconds from each start until it was ready."""
        self._faults: dict[str, object] = {}
        """Faults of its host, kept across restarts; see `benchmarks.chaos_rig.faulty_host`."""
        self._command = (sys.executable, "-P", "-m", "benchmarks.chaos_rig.faulty_host", *command)
        self._stderr_file = stderr_file
        self.process: Process | None = None
        self._newest: Process | None = None

    async def start(self) -> str:
        """Start the process; return its first line, which reports that it is ready."""
        began, faults = time.monotonic(), dict(self._faults)
        env = {"PYTHONPATH": str(ROOT), **self.env, FAULTS_VARIABLE: json.dumps(faults)}
        with self._stderr_file.open("ab") as errors:
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
            raise EndedError(f"did not start: {self._stderr_file.read_text()[-2000:]}")
        self.recovered.append(time.monotonic() - began)
        if self._faults != faults:  # changed during the start
            await self.set_faults(**self._faults)
        return line

    async def set_faults(self, **faults: object) -> dict[str, Any] | None:
        """Change the faults of its host; return their effects, or None if the process is dead."""
        self._faults |= faults
        process = self.process
        if process is None or process.returncode is not None:
            return None
        with suppress(OSError, ValueError):  # the process is ending
            async with asyncio.timeout(DOOR_PATIENCE):
                reader, writer = await asyncio.open_unix_connection(control_address(process.pid))
                with closing(writer):
                    writer.write(json.dumps(faults).encode() + b"\n")
                    return dict(json.loads(await reader.readline()))
        async with asyncio.timeout(DOOR_PATIENCE):
            await process.wait()
        return None

    @property
    def pid(self) -> int:
        """Process id of the running process."""
        assert self.process is not None
        if self.process.returncode is not None:
            raise EndedError(f"ended by itself: {self._stderr_file.read_text()[-2000:]}")
        return self.process.pid

    async def end(self, number: signal.Signals) -> int:
        """Send a signal that ends the process; return its exit code."""
        os.kill(self.pid, number)
        assert self.process is not None
        async with asyncio.timeout(LIFE_PATIENCE):
            return await self.process.wait()

    async def kill_if_running(self) -> None:
        """Kill the process if it still runs."""
        if self._newest is not None and self._newest.returncode is None:
            self._newest.kill()
            await self._newest.wait()

    async def freeze(self, seconds: float) -> bool:
        """Stop the process for ``seconds``; return True if it was really stopped."""
        pid = self.pid
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        stood = _state(pid) == "T"
        os.kill(pid, signal.SIGCONT)
        return stood


class Engine(Program):
    """The process that commands, with its reports."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], stderr_file: Path) -> None:
        super().__init__(command, env, stderr_file)
        self.orders: dict[str, str] = {}
        """Command names of the orders, by id."""
        self.levels: list[int] = []
        self.declined = 0
        self.uncertain: set[str] = set()
        self.settled: set[str] = set()
        self.open: set[str] = set()
        self.write_failures = self.kept = 0
        """Reports that nothing can be written, and that writing works again."""
        self.keeps = True
        self._looks: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._numbers = 0

    async def run(self, ends: asyncio.Event) -> None:
        """Read its reports through all restarts, until ``ends`` is set."""
        while not ends.is_set():
            process = self.process
            if process is None or process.stdout is None:
                await asyncio.sleep(0.02)
                continue
            line = await process.stdout.readline()
            if line:
                self._handle(json.loads(line))
            elif process is self.process:
                await asyncio.sleep(0.02)

    async def start(self) -> str:
        """Start the process; looks that wait for an answer of the process before are cancelled."""
        self.keeps = True
        line = await super().start()
        for waiting in self._looks.values():
            waiting.cancel()
        self._looks.clear()
        return line

    def order(self, name: str, **aimed: object) -> None:
        """Ask for a command."""
        self._send(
            {"order": {"name": name, "conference": None, "queue": None, "values": {}, **aimed}}
        )

    async def look(self, after: float, **part: object) -> dict[str, Any] | None:
        """Return its state once it has read everything since ``after``; None if it died meanwhile.

        If it never read everything, ``unread`` in the answer names the missing parts.
        """
        self._numbers += 1
        number = self._numbers
        self._looks[number] = asyncio.get_running_loop().create_future()
        self._send({"look": number, "after": after, **part})
        message = await self._answer(number)
        if message is None and number in self._looks:
            self._send({"unread": number})
            message = await self._answer(number)
        return message

    async def _answer(self, number: int) -> dict[str, Any] | None:
        """Return the answer, or None if there is none yet or the process has ended."""
        waiting = self._looks[number]
        await asyncio.wait([waiting], timeout=PATIENCE)
        return waiting.result() if waiting.done() and not waiting.cancelled() else None

    def _send(self, message: dict[str, object]) -> None:
        process = self.process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(json.dumps(message).encode() + b"\n")

    def _handle(self, message: dict[str, Any]) -> None:
        match message:
            case {"look": number}:
                waiting = self._looks.pop(number, None)
                if waiting is not None:
                    waiting.set_result(message)
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
                self.levels.append(message["tier"])
            case {"declined": _}:
                self.declined += 1
            case {"journal": fails}:
                self.keeps = not fails
                self.write_failures += bool(fails)
                self.kept += not fails
            case _:
                pass


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


async def simulator(url: str, seed: int) -> tuple[Process, dict[str, str]]:
    """Start a simulator that posts its webhooks to ``url``; return it with its ready line."""
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
