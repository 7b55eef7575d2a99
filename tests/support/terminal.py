"""A terminal for end-to-end tests: a program in a real pty, its screen read with pyte.

Nothing reads in the background. The program's output is read whenever the test waits or looks. So a
test that does neither is a stalled SSH link, and no result depends on the timing of two threads.
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import pyte
from pyte.screens import wcwidth

Size = tuple[int, int]
"""Columns and rows."""

_TAKE = 65536
_READS = 16
_LOOK_AGAIN_S = 0.05  # interval of checks that a silent program has ended
_END_S = 5.0
_APART_S = 0.01  # between two keys: the kernel passes the bytes on a moment after the write
_READ_S = 0.002  # interval of checks that the program has read its input

# The child makes the pty its controlling terminal itself: no code of ours runs after a fork.
_TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    " os.execvp(sys.argv[1], sys.argv[1:])"
)
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*)?\Z")
_NOT_FOR_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;]*[uc]|\x1b\[\?[0-9;]*\$p|\x1b\][0-9]+;[^\x07\x1b]*\x07"
    rb"|\xe2\x80\x8e"  # the left-to-right mark takes no cell
)
ANSWERS = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?1006$p": b"\x1b[?1006;2$y"}
"""Answers of a modern terminal: frames are written whole, the mouse is reported in SGR form."""


class Terminal:
    """A program in its own terminal; `with` ends it."""

    def __init__(
        self,
        command: Sequence[str],
        size: Size = (80, 24),
        env: Mapping[str, str] | None = None,
        answers: Mapping[bytes, bytes] = ANSWERS,
    ) -> None:
        """Start `command`; `env` adds to this process's environment; `answers` are to queries."""
        columns, rows = size
        self._answers = answers
        self._raw = bytearray()
        self._shown = 0  # bytes of raw that are on the screen
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lines: list[str] = []  # lines of the screen at the last read
        # This end stays open after the program's end, to read the terminal's modes then.
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        self._set_size(size)
        self._modes_before = termios.tcgetattr(self._slave)
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command],
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})},
        )

    def __enter__(self) -> Self:
        """Return the terminal, whose program runs already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program and close the pty."""
        self.close()
        for end in (self._master, self._slave):
            with suppress(OSError):
                os.close(end)

    @property
    def pid(self) -> int:
        """The program's process id, which is also its process group's."""
        return self._process.pid

    @property
    def raw(self) -> bytes:
        """All bytes that the program has written."""
        self._take(0)
        return bytes(self._raw)

    @property
    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor."""
        self._take(0)
        return self._screen.cursor.x, self._screen.cursor.y

    def text(self) -> list[str]:
        """The lines of the screen, as many cells as it is wide (a wide character takes two)."""
        self._take(0)
        screen = self._screen
        del self._lines[screen.lines :]
        changed = {y for dirty in screen.dirty for y in (dirty - 1, dirty)}  # a mark may go back
        for y in sorted(changed & set(range(screen.lines))):
            self._lines[y : y + 1] = [self._line(y)]
        screen.dirty.clear()
        return list(self._lines)

    def cell(self, column: int, row: int) -> Any:  # noqa: ANN401 - pyte is not typed
        """Return one character of the screen with its colours: pyte's `Char`."""
        self._take(0)
        return self._screen.buffer[row][column]

    def send(self, keys: str | bytes) -> None:
        r"""Type: "q", "\r", "\x1b[A". The program reads it separately from earlier input."""
        deadline = time.monotonic() + _END_S
        self._take(_APART_S)
        while self._unread() and self._process.poll() is None and time.monotonic() < deadline:
            self._take(_READ_S)
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            with suppress(BlockingIOError):
                data = data[os.write(self._master, data) :]
            self._take(_LOOK_AGAIN_S if data else 0)

    def resize(self, columns: int, rows: int) -> None:
        """Change the window as a user would; the program gets SIGWINCH."""
        self._take(0)
        self._screen.resize(rows, columns)
        self._set_size((columns, rows))

    def wait_for(self, wanted: "str | Callable[[Terminal], object]", timeout: float = 10.0) -> None:
        """Read until a text is on the screen, or until a condition holds.

        Raises:
            AssertionError: After `timeout` seconds, or if the program ended without it; the message
                shows the screen.
        """
        deadline = time.monotonic() + timeout
        while not self._has(wanted):
            ended = self._process.poll() is not None
            left = deadline - time.monotonic()
            if not self._take(max(0.0, min(left, _LOOK_AGAIN_S))) and (ended or left <= 0):
                why = f"the program ended ({self._process.returncode})" if ended else "in time"
                screen = "\n".join(line.rstrip() for line in self.text())
                raise AssertionError(f"never seen, {why}: {wanted!r}\n{screen}")

    def wait_exit(self, timeout: float = 10.0) -> int:
        """Read until the program has ended by itself, and return its exit code.

        Raises:
            AssertionError: If it has not ended after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while self._process.poll() is None:
            if time.monotonic() > deadline:
                shown = "\n".join(self.text())
                raise AssertionError(f"the program has not ended; the screen:\n{shown}")
            self._take(_LOOK_AGAIN_S)
        while self._take(0):
            pass
        return self._process.returncode

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal, as a broken connection does."""
        os.close(self._slave)
        os.close(self._master)

    def end_unread(self) -> int:
        """Return the exit code of a program whose output nobody reads."""
        return self._process.wait(20)

    def close(self, patience: float = _END_S) -> int:
        """End the program with SIGTERM, or by force, and return its exit code."""
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self.wait_exit(patience)
        except AssertionError:
            os.killpg(self.pid, signal.SIGKILL)
            return self.wait_exit(_END_S)

    def modes_restored(self) -> bool:
        """Return True if the line discipline (echo, signals, ...) is as the program found it."""
        return termios.tcgetattr(self._slave) == self._modes_before

    def _unread(self) -> int:
        """Return the number of sent bytes that the program has not read."""
        waiting = fcntl.ioctl(self._slave, termios.FIONREAD, struct.pack("i", 0))
        return int(struct.unpack("i", waiting)[0])

    def _has(self, wanted: "str | Callable[[Terminal], object]") -> bool:
        if isinstance(wanted, str):
            return any(wanted in line for line in self.text())
        return bool(wanted(self))

    def _line(self, y: int) -> str:
        """Return a line of the screen without the stub behind each wide character."""
        row, shown, stub = self._screen.buffer[y], [], False
        for x in range(self._screen.columns):
            if not stub:
                shown.append(row[x].data)
            stub = not stub and wcwidth(row[x].data[0]) == 2
        return "".join(shown)

    def _set_size(self, size: Size) -> None:
        columns, rows = size
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _take(self, patience: float) -> bool:
        """Read what the program wrote, waiting a little for it; return False if it was nothing.

        At most ``_READS`` pieces are read: a program may write faster than they are drawn.
        """
        readable, _, _ = select.select([self._master], [], [], patience)
        if not readable:
            return False
        with suppress(BlockingIOError):
            for _ in range(_READS):
                if not (data := os.read(self._master, _TAKE)):
                    break
                self._raw += data
                self._show()
        return True

    def _show(self) -> None:
        """Draw the complete sequences; one cut in two by the pty waits for its other half."""
        news = bytes(self._raw[self._shown :])
        if cut := _UNFINISHED.search(news):
            news = news[: cut.start()]
        self._shown += len(news)
        self._stream.feed(_NOT_FOR_PYTE.sub(b"", news))
        for query, answer in self._answers.items():
            if query in news:
                os.write(self._master, answer)
