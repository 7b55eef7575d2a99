"""What the console takes of a core and writes to its terminal while nobody touches it.

    python -m benchmarks.load

First the demo's busy morning at three sizes and an empty one, all at once, beside a bare Textual
app that changes ten lines as often as a busy morning changes something: what Textual alone takes
here and now. Then two consoles at once with as many calls coming and going, one with 100 calls in
the queue and one with 10,000, told by webhooks. About 50 seconds.
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.hooks import Console, Sender, body, closed_api, console, request
from benchmarks.judge import Judge
from benchmarks.terminal import CONSOLE, ROOT, Pty, pause

SETTLE_SECS, WINDOW_SECS = 6.0, 12.0
SIZES = ((80, 24), (120, 36), (200, 50))
BARE = [sys.executable, str(ROOT / "benchmarks/bare.py"), "10", "4"]
FEW, MANY = 100, 10_000
PAIRS_A_SECOND = 5
AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Took:
    """Of one core, in per cent, and bytes a second."""

    cpu: float
    written: float


def watch(ptys: list[Pty], seconds: float) -> list[Took]:
    """What each takes in the same window."""
    before = [(pty.cpu(), len(pty.raw)) for pty in ptys]
    began = time.perf_counter()
    pause(seconds)
    lasted = time.perf_counter() - began
    return [
        Took(100 * (pty.cpu() - cpu) / lasted, (len(pty.raw) - size) / lasted)
        for pty, (cpu, size) in zip(ptys, before, strict=True)
    ]


def demos(judge: Judge) -> None:
    """The demo, busy at three sizes and empty, beside the bare app."""
    with ExitStack() as stack:
        ptys = [stack.enter_context(Pty(BARE, (120, 36)))]
        ptys.append(stack.enter_context(Pty([*CONSOLE, "demo", "empty"], (120, 36))))
        ptys += [stack.enter_context(Pty([*CONSOLE, "demo"], size)) for size in SIZES]
        for pty in ptys[1:]:
            pty.wait_for(b"DEMO")
        pause(SETTLE_SECS)
        bare, empty, *busy = watch(ptys, WINDOW_SECS)
    judge.say("bare Textual, ten lines four times a second: of a core", bare.cpu, "%")
    judge.say("  written", bare.written, "B/s")
    judge.most("demo empty, 120x36: of a core", empty.cpu, 1, "%")
    judge.say("  written", empty.written, "B/s")
    for (columns, rows), took in zip(SIZES, busy, strict=True):
        judge.most(f"demo busy-morning, {columns}x{rows}: of a core", took.cpu, 3, "%")
        judge.say("  times the bare app", took.cpu / bare.cpu, "")
        judge.say("  written", took.written, "B/s")


class Line:
    """A queue of so many calls in one console."""

    def __init__(self, running: Console, size: int) -> None:
        self._senders = [Sender(running.port) for _ in range(AT_ONCE)]
        self._first = 0
        self._next = 0
        while self._next < size:
            self.join(min(AT_ONCE, size - self._next))
        for sender in self._senders:  # the receiver would hang up on an idle one
            sender.close()

    def join(self, number: int) -> None:
        """So many more at the end."""
        self._tell("call.enqueued", self._next, number)
        self._next += number

    def leave(self) -> None:
        """The first one goes."""
        self._tell("call.dequeued", self._first, 1)
        self._first += 1

    def _tell(self, kind: str, first: int, number: int) -> None:
        senders = self._senders[:number]
        for each, sender in enumerate(senders, first):
            sender.put(request(body(kind, f"{kind}{each}", call_control_id=f"v3:call-{each:06}")))
        assert all(sender.take() == 200 for sender in senders)


def crowds(judge: Judge) -> None:
    """The same changes to a short and to a long queue."""
    with closed_api() as url, console(url) as small, console(url) as large:
        lines = [Line(small, FEW), Line(large, MANY)]
        pause(2)
        ptys = [small.pty, large.pty]
        before = [(pty.cpu(), len(pty.raw)) for pty in ptys]
        began = time.perf_counter()
        for number in range(int(WINDOW_SECS * PAIRS_A_SECOND)):
            pause(max(0.0, began + number / PAIRS_A_SECOND - time.perf_counter()))
            for line in lines:
                line.leave()
                line.join(1)
        lasted = time.perf_counter() - began
        few, many = (
            Took(100 * (pty.cpu() - cpu) / lasted, (len(pty.raw) - size) / lasted)
            for pty, (cpu, size) in zip(ptys, before, strict=True)
        )
    for calls, took in ((FEW, few), (MANY, many)):
        judge.say(
            f"{calls:,} queued calls, {PAIRS_A_SECOND} pairs a second: of a core", took.cpu, "%"
        )
        judge.say("  written", took.written, "B/s")
    judge.most(f"  {MANY:,} against {FEW}", many.cpu / few.cpu, 1.2, "")


def main() -> int:
    """Measure and judge."""
    judge = Judge()
    demos(judge)
    crowds(judge)
    return judge.code()


if __name__ == "__main__":
    sys.exit(main())
