"""The seeded plan of faults, with a log of those that took effect."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FULL_SECS = 300.0
"""Length of the run that the numbers below are for."""
HOOKS = {
    "hook-drop": 24,
    "hook-duplicate": 24,
    "hook-delay": 16,
    "hook-reorder": 16,
    "hook-bit-flip": 12,
    "hook-clock-off": 8,
}
"""Faults of one webhook. ``clock-off``: the sender's clock is half an hour off."""
API = {
    "api-429": 6,
    "api-429-bare": 6,
    "api-401": 3,
    "api-500": 8,
    "api-502-html": 8,
    "api-timeout-before": 6,
    "api-timeout-after": 8,
    "api-truncated": 8,
    "api-wrong-type": 6,
    "api-empty-200": 6,
    "api-page-shift": 8,
    "net-reset": 8,
    "net-half-open": 6,
    "net-slow": 6,
}
"""Faults of one request of the engine, in turn a command and a read; a page shift only a read."""
POLLS = {f"poll-{kind}": 2 for kind in API if kind not in {"api-timeout-after", "api-page-shift"}}
"""The same for the receiver's polls, except two.

A read changes nothing, so a timeout after it is no different from one before. The polls are too few
for a shift between two pages of one listing.
"""
NAMES = {"net-dns": 6, "poll-net-dns": 3}
"""Faults of the resolver, for the engine and for the receiver."""
RECEIVER = {
    "receiver-kill": 16,
    "receiver-stop": 4,
    "receiver-hangup": 4,
    "disk-full": 4,
    "disk-locked": 4,
    "disk-read-only": 3,
    "disk-eio": 6,
    "key-rotate": 3,
    "key-remove": 3,
    "clock-ahead": 3,
    "clock-behind": 3,
}
"""Faults of the receiver's process, disk and keys, and of both clocks."""
ENGINE = {
    "engine-kill": 12,
    "engine-stop": 4,
    "engine-hangup": 3,
    "audit-full": 4,
    "audit-locked": 3,
    "audit-read-only": 3,
    "audit-eio": 6,
}
"""Faults of the engine's process, and of the disk of its audit."""
FAMILIES = {
    "hooks": HOOKS,
    "api": API,
    "polls": POLLS,
    "names": NAMES,
    "receiver": RECEIVER,
    "engine": ENGINE,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault with its due time in seconds from the start."""

    at: float
    kind: str


class Faults:
    """Counts the planned and the effective faults; each effective one is a line in ``path``."""

    def __init__(self, path: Path, seed: int) -> None:
        self.planned: Counter[str] = Counter()
        self.injected: Counter[str] = Counter()
        self._file = path.open("w", encoding="utf-8")
        self._chance = random.Random(seed)  # noqa: S311  # a seed, not a secret
        self._began = time.monotonic()

    def begin(self) -> None:
        """Start the time of the run."""
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the start of the run."""
        return time.monotonic() - self._began

    def plan(self, family: Mapping[str, int], first: float, last: float) -> list[Planned]:
        """Return the faults of a family between two times, each kind at least once."""
        share = (last - first) / FULL_SECS
        counts = {kind: max(1, round(count * share)) for kind, count in family.items()}
        kinds = [kind for kind, count in counts.items() for _ in range(count)]
        self.planned.update(kinds)
        self._chance.shuffle(kinds)
        step = (last - first) / len(kinds)
        return [
            Planned(first + step * (number + self._chance.random()), kind)
            for number, kind in enumerate(kinds)
        ]

    def took_effect(self, kind: str, **detail: object) -> None:
        """Record that a fault takes effect now."""
        self.injected[kind] += 1
        line = {"at": round(self.elapsed, 3), "kind": kind, **detail}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    async def wait_for_all(self, patience: float) -> None:
        """Wait until all planned faults took effect, for up to ``patience`` seconds."""
        ends = time.monotonic() + patience
        while self.planned - self.injected and time.monotonic() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    def close(self) -> None:
        """Close the log."""
        self._file.close()

    def invalid(self) -> str:
        """Return the reason why the run proves nothing; empty if it is valid."""
        never = [kind for kind in self.planned if not self.injected[kind]]
        if never:
            return f"never took effect: {', '.join(never)}"
        planned = self.planned.total()
        injected = sum(min(self.injected[kind], count) for kind, count in self.planned.items())
        return f"{injected} of {planned} faults took effect" if injected < 0.9 * planned else ""
