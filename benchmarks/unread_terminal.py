"""Check that an unread terminal delays no acknowledgement and loses no webhook or signal.

    python -m benchmarks.unread_terminal

A console in a real pty gets signed webhooks at 50 a second: first while its screen is read, then
for 20 seconds while it is not. Every acknowledgement is timed. Then the screen is read again, and
its own count of webhooks is compared with the acknowledgements. At the end it is left unread once
more and gets SIGTERM. An acknowledgement waits for a sync of the disk, so the disk's own worst sync
is measured in the same run. It takes about 35 seconds.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time

from benchmarks.console_under_test import CONFERENCES, Sender, body, closed_api, console, request
from benchmarks.pseudo_terminal import pause
from benchmarks.targets import Targets, median, p99

RATE = 50
READ_SECS, STALL_SECS, AGAIN_SECS = 4, 20, 4
SIGTERM_CODE = 128 + signal.SIGTERM


class Stream:
    """Webhooks at an even pace, each with its own id and name."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self.acknowledged = 0
        self.sent = 0

    def run(self, seconds: float) -> list[float]:
        """Send for ``seconds``; return the milliseconds from each due time to its answer."""
        taken, began = [], time.perf_counter()
        for number in range(int(seconds * RATE)):
            due = began + number / RATE
            pause(max(0.0, due - time.perf_counter()))
            kind = f"bench.{self.sent:06}" if number % 2 else "conference.floor.changed"
            wire = request(body(kind, f"s{self.sent}", conference_id=CONFERENCES[number % 8]))
            signed = time.perf_counter()
            status, _ = self._sender.ask(wire)
            self.sent += 1
            self.acknowledged += status == 200
            taken.append((time.perf_counter() - min(signed, max(due, began))) * 1000)
        return taken


class DiskProbe(threading.Thread):
    """Measures the sync of a few bytes on the journal's disk."""

    EVERY = 0.02

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()
        self.worst = 0.0
        """Milliseconds of the worst sync."""

    def run(self) -> None:
        """Write and sync until ended."""
        with tempfile.NamedTemporaryFile() as file:
            while not self._ended.wait(self.EVERY):
                file.write(b"x" * 512)
                file.flush()
                began = time.perf_counter()
                os.fsync(file.fileno())
                self.worst = max(self.worst, (time.perf_counter() - began) * 1000)

    def end(self) -> float:
        """Stop, and return the worst sync in milliseconds."""
        self._ended.set()
        self.join()
        return self.worst


def main() -> int:
    """Measure, compare with the targets and return the exit code."""
    targets = Targets()
    with closed_api() as url, console(url, (200, 50)) as running:
        stream = Stream(Sender(running.port))
        pause(1)
        read = stream.run(READ_SECS)
        running.pty.stall()
        taken = len(running.pty.raw)
        disk = DiskProbe()
        disk.start()
        unread = stream.run(STALL_SECS)
        worst_sync = disk.end()
        more = len(running.pty.raw) - taken
        running.pty.read()
        pause(1)
        count = f"{stream.acknowledged} webhooks"
        shown = count in running.pty.text()
        running.pty.stall()
        stream.run(AGAIN_SECS)
        signalled = time.perf_counter()
        running.pty.process.send_signal(signal.SIGTERM)
        code = running.pty.process.wait(10)
        ended = time.perf_counter() - signalled
    targets.show("acknowledgement while the screen is read, median", median(read), "ms")
    targets.show("  p99", p99(read), "ms")
    targets.show("  worst", max(read), "ms")
    targets.show(f"unread for {STALL_SECS} s: median", median(unread), "ms")
    targets.show("  p99", p99(unread), "ms")
    targets.show("  bytes read meanwhile (by a read already started)", more, "B")
    targets.show("  worst", max(unread), "ms")
    targets.show("  worst sync of the disk meanwhile", worst_sync, "ms")
    targets.at_most("  worst acknowledgement beyond that sync", max(unread) - worst_sync, 250, "ms")
    targets.equal("acknowledged of those sent", stream.acknowledged, stream.sent, "")
    targets.equal("the screen, read again, counts them all (1 is yes)", shown, 1, "")
    targets.at_most("SIGTERM while unread: ended after", ended, 3, "s")
    targets.equal("  with exit code", code, SIGTERM_CODE, "")
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
