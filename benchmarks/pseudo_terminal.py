"""A program in its own pty, whose output is read by a thread that can be paused."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

ROOT = Path(__file__).parents[1]
CONSOLE = (sys.executable, "-P", "-m", "console")
_QUERY, _KNOWN = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_OTHERS = re.compile(rb"\x1b\[[<>=][0-9;]*[uc]|\x1b\[\?[0-9;]*\$p|\x1b\][0-9]+;[^\x07\x1b]*\x07")
_OURS = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " os.execvp(sys.argv[1], sys.argv[1:])"
)
"""The child makes the pty its controlling terminal itself."""


class Pty:
    """Runs ``command`` until the block ends; answers queries as a terminal with whole frames."""

    def __init__(
        self,
        command: Sequence[str],
        size: tuple[int, int],
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.size = size
        self.raw = bytearray()
        self._came = threading.Condition()
        self._reading = threading.Event()
        self._reading.set()
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(  # noqa: S603  # our own programs
            [sys.executable, "-I", "-S", "-c", _OURS, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LC_ALL": "C.UTF-8",
                **(env or {}),
            },
        )
        os.close(slave)
        self._thread = threading.Thread(target=self._pump, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Return the terminal, whose program runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program."""
        self.read()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self._thread.join(2)
        os.close(self._master)

    def stall(self) -> None:
        """Stop reading."""
        self._reading.clear()

    def read(self) -> None:
        """Read again."""
        self._reading.set()

    def send(self, keys: bytes) -> None:
        """Type keys."""
        os.write(self._master, keys)

    def wait_for(self, text: bytes, since: int = 0, timeout: float = 20.0) -> float:
        """Return the time (perf_counter) at which ``text`` came after byte ``since``.

        Raises:
            AssertionError: If it did not come within ``timeout`` seconds.
        """
        deadline = time.perf_counter() + timeout
        with self._came:
            while self.raw.find(text, since) < 0:
                left = deadline - time.perf_counter()
                if left <= 0 or self.process.poll() is not None:
                    raise AssertionError(f"never seen: {text!r}; {bytes(self.raw[-500:])!r}")
                self._came.wait(min(left, 0.2))
            return time.perf_counter()

    def cpu(self) -> float:
        """Return the processor time that the program's process has used, in seconds."""
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            with suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def text(self) -> str:
        """Return the screen as a terminal would show it."""
        screen = pyte.Screen(*self.size)
        pyte.ByteStream(screen).feed(_OTHERS.sub(b"", bytes(self.raw)))
        return "\n".join(screen.display)

    def _pump(self) -> None:
        while True:
            self._reading.wait()
            try:
                data = os.read(self._master, 65536)
            except OSError:
                return
            if _QUERY in data:
                os.write(self._master, _KNOWN)
            with self._came:
                self.raw += data
                self._came.notify_all()


def pause(seconds: float) -> None:
    """Sleep for ``seconds``."""
    threading.Event().wait(seconds)
