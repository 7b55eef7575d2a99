"""Compare the cost of a long queue with that of a short one at the same rate of changes.

    python -m benchmarks.long_queue

Two consoles run at once with the same number of calls coming and going: one has 100 calls in its
queue and one 10,000, all of them reported by webhooks. Most of its 50 seconds are spent sending
them.
"""

from __future__ import annotations

import sys
import time

from benchmarks.console_under_test import Console, Sender, body, closed_api, console, request
from benchmarks.processor_load import Load
from benchmarks.pseudo_terminal import pause
from benchmarks.targets import Targets

WINDOW_SECS = 8.0
FEW, MANY = 100, 10_000
PAIRS_A_SECOND = 5
AT_ONCE = 64


class LongQueue:
    """A queue of ``size`` calls in one console."""

    def __init__(self, running: Console, size: int) -> None:
        self._senders = [Sender(running.port) for _ in range(AT_ONCE)]
        self._first = 0
        self._next = 0
        while self._next < size:
            self.join(min(AT_ONCE, size - self._next))
        for sender in self._senders:  # the receiver closes idle connections
            sender.close()

    def join(self, number: int) -> None:
        """Add ``number`` calls at the end."""
        self._send("call.enqueued", self._next, number)
        self._next += number

    def leave(self) -> None:
        """Remove the first call."""
        self._send("call.dequeued", self._first, 1)
        self._first += 1

    def _send(self, kind: str, first: int, number: int) -> None:
        senders = self._senders[:number]
        for each, sender in enumerate(senders, first):
            sender.put(request(body(kind, f"{kind}{each}", call_control_id=f"v3:call-{each:06}")))
        assert all(sender.take() == 200 for sender in senders)


def compare_queues(targets: Targets) -> None:
    """Make the same changes to a short and a long queue, and compare their cost."""
    with closed_api() as url, console(url) as small, console(url) as large:
        queues = [LongQueue(small, FEW), LongQueue(large, MANY)]
        pause(2)
        ptys = [small.pty, large.pty]
        before = [(pty.cpu(), len(pty.raw)) for pty in ptys]
        began = time.perf_counter()
        for number in range(int(WINDOW_SECS * PAIRS_A_SECOND)):
            pause(max(0.0, began + number / PAIRS_A_SECOND - time.perf_counter()))
            for queue in queues:
                queue.leave()
                queue.join(1)
        lasted = time.perf_counter() - began
        few, many = (
            Load(100 * (pty.cpu() - cpu) / lasted, (len(pty.raw) - size) / lasted)
            for pty, (cpu, size) in zip(ptys, before, strict=True)
        )
    for calls, load in ((FEW, few), (MANY, many)):
        targets.show(
            f"{calls:,} queued calls, {PAIRS_A_SECOND} pairs a second: share of a core",
            load.cpu,
            "%",
        )
        targets.show("  written", load.written, "B/s")
    targets.at_most(f"  processor time, {MANY:,} calls to {FEW}", many.cpu / few.cpu, 1.2, "")
    targets.at_least("  bytes written, long queue to short", many.written / few.written, 0.7, "")


def main() -> int:
    """Measure, compare with the targets and return the exit code."""
    targets = Targets()
    compare_queues(targets)
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
