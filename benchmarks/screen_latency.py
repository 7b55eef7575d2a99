"""Measure the time from a webhook to the screen, the bytes written and the time to start.

    python -m benchmarks.screen_latency

The real console runs in a real pty at 120x36 and gets only signed webhooks. A probe is a webhook
with a new name. Its time runs from before it is sent until its name is among the bytes read from
the pty. The baseline is an HTTP round trip to the same console, /healthz, before each probe. The
bytes of a key are those that follow it within a tenth of a second. It takes about 50 seconds.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from benchmarks.console_under_test import (
    CONFERENCES,
    HEALTH,
    Console,
    Sender,
    body,
    closed_api,
    console,
    request,
)
from benchmarks.one_cell_bytes import one_cell
from benchmarks.pseudo_terminal import ROOT, Pty, pause
from benchmarks.targets import Targets, median, p99

FRAME_MS = 1000 / 60
PROBES, KEYS, ROUNDS = 100, 25, 5
OTHERS = 100
BARE_APP = (sys.executable, str(ROOT / "benchmarks/bare_textual_app.py"))
LEAST_BYTES = 13
"""A cursor move and five characters, the least that any program must write."""
_numbers = count()


def probe(running: Console, sender: Sender) -> tuple[float, float]:
    """Return the milliseconds of a bare round trip, and of a webhook until it is on the screen."""
    _, round_trip = sender.ask(HEALTH)
    number = next(_numbers)
    name = f"bench.{number:06}"
    wire = request(body(name, f"probe{number}"))
    since, began = len(running.pty.raw), time.perf_counter()
    sender.ask(wire)
    shown = running.pty.wait_for(name.encode(), since)
    return round_trip * 1000, (shown - began) * 1000


@contextmanager
def others(running: Console) -> Iterator[None]:
    """Send ``OTHERS`` webhooks of other conferences a second inside the block."""
    stop = threading.Event()

    def send() -> None:
        sender, began = Sender(running.port), time.perf_counter()
        for number in count():
            kind, conference = "conference.floor.changed", CONFERENCES[number % 32]
            wire = request(body(kind, f"other{time.perf_counter_ns()}", conference_id=conference))
            if stop.wait(max(0.0, began + number / OTHERS - time.perf_counter())):
                return
            sender.ask(wire)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def latency(targets: Targets, running: Console, what: str) -> None:
    """Probe at uneven intervals and print the times; ``what`` names the conditions."""
    sender = Sender(running.port)
    seen = []
    for number in range(PROBES):
        pause(0.03 + (number * 37 % 50) / 1000)
        seen.append(probe(running, sender))
    base, screen = [list(column) for column in zip(*seen, strict=True)]
    targets.show(f"{what}: bare round trip, median", median(base), "ms")
    targets.show("  p99", p99(base), "ms")
    targets.show("  webhook to bytes on the pty, median", median(screen), "ms")
    targets.at_most(
        "  p99, frames beyond the baseline's p99", (p99(screen) - p99(base)) / FRAME_MS, 2, ""
    )


def key(targets: Targets, running: Console) -> None:
    """Measure the bytes of the key ``down`` in a pane of many rows: the log."""
    pty = running.pty
    pty.send(b"5")
    pause(0.5)
    sizes = []
    for _ in range(KEYS):
        before = len(pty.raw)
        pty.send(b"\x1b[B")
        pause(0.1)
        sizes.append(len(pty.raw) - before)
    targets.at_most("bytes for `down` in the log, median", median(sizes), 1600, "B")


def start(targets: Targets, url: str) -> None:
    """Measure the time to the first frame, in turns with a bare app."""
    ours, bare = [], []
    for number in range(ROUNDS + 1):
        with Pty([*BARE_APP, "1", "0"], (120, 36)) as pty:
            bare.append(pty.wait_for(b"bare 0") - pty.began)
        with console(url) as running:
            ours.append(running.ready - running.pty.began)
        if not number:  # the first round reads files from the disk
            ours.clear()
            bare.clear()
    ratio = median([mine / its for mine, its in zip(ours, bare, strict=True)])
    targets.show("first frame of a bare Textual app, median", median(bare) * 1000, "ms")
    targets.show("first frame of the console, median", median(ours) * 1000, "ms")
    targets.at_most("  times the bare app", ratio, 1.3, "")


def main() -> int:
    """Measure, compare with the targets and return the exit code."""
    targets = Targets()
    with closed_api() as url:
        with console(url) as running:
            pause(2)
            latency(targets, running, "quiet")
            with others(running):
                pause(1)
                latency(targets, running, f"with {OTHERS} other webhooks a second")
            pause(1)
            key(targets, running)
        written = asyncio.run(one_cell())
        targets.show("bytes for one changed cell, as Textual would write it", written.stock, "B")
        targets.at_most("bytes for one changed cell", written.ours, 7 * LEAST_BYTES, "B")
        start(targets, url)
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
