"""Measure the processor time and terminal output of a console that nobody touches.

    python -m benchmarks.processor_load

The demo's busy morning at three sizes and an empty demo run at once, beside a bare Textual app that
changes ten lines as often as the busy morning changes something. The bare app shows the share of
Textual itself on this machine. It takes about 30 seconds.
"""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.pseudo_terminal import CONSOLE, ROOT, Pty, pause
from benchmarks.targets import Targets

SETTLE_SECS, WINDOW_SECS = 6.0, 12.0
SIZES = ((80, 24), (120, 36), (200, 50))
BARE = [sys.executable, str(ROOT / "benchmarks/bare_textual_app.py"), "10", "4"]


@dataclass(frozen=True, slots=True)
class Load:
    """The share of one core in per cent, and the bytes written a second."""

    cpu: float
    written: float


def watch(ptys: list[Pty], seconds: float) -> list[Load]:
    """Return the load of each console in the same window of ``seconds``."""
    before = [(pty.cpu(), len(pty.raw)) for pty in ptys]
    began = time.perf_counter()
    pause(seconds)
    lasted = time.perf_counter() - began
    return [
        Load(100 * (pty.cpu() - cpu) / lasted, (len(pty.raw) - size) / lasted)
        for pty, (cpu, size) in zip(ptys, before, strict=True)
    ]


def demos(targets: Targets) -> None:
    """Measure the demo, busy at three sizes and empty, beside the bare app."""
    with ExitStack() as stack:
        ptys = [stack.enter_context(Pty(BARE, (120, 36)))]
        ptys.append(stack.enter_context(Pty([*CONSOLE, "demo", "empty"], (120, 36))))
        ptys += [stack.enter_context(Pty([*CONSOLE, "demo"], size)) for size in SIZES]
        for pty in ptys[1:]:
            pty.wait_for(b"DEMO")
        pause(SETTLE_SECS)
        bare, empty, *busy = watch(ptys, WINDOW_SECS)
    targets.show("bare Textual, ten lines four times a second: share of a core", bare.cpu, "%")
    targets.show("  written", bare.written, "B/s")
    targets.at_most("demo empty, 120x36: share of a core", empty.cpu, 1, "%")
    targets.show("  written", empty.written, "B/s")
    for (columns, rows), load in zip(SIZES, busy, strict=True):
        targets.at_most(f"demo busy-morning, {columns}x{rows}: share of a core", load.cpu, 3, "%")
        targets.show("  times the bare app", load.cpu / bare.cpu, "")
        targets.show("  written", load.written, "B/s")


def main() -> int:
    """Measure, compare with the targets and return the exit code."""
    targets = Targets()
    demos(targets)
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
