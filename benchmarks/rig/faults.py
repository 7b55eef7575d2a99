"""What is to go wrong, seeded; and what did, written down when it took effect."""

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
"""The length of a run that the numbers below are for."""
HOOKS = {
    "hook-drop": 24,
    "hook-duplicate": 24,
    "hook-delay": 16,
    "hook-reorder": 16,
    "hook-bit-flip": 12,
    "hook-clock-off": 8,
}
"""Of one webhook. ``clock-off``: the sender's clock is half an hour from ours."""
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
"""Of one request of the engine's; by turns a command and a read, a page shift always a read."""
POLLS = {f"poll-{kind}": 2 for kind in API if kind not in {"api-timeout-after", "api-page-shift"}}
"""The same of the receiver's polls: a read is nothing that can be done or not, and its polls are
too few and too soon over to be sure of two pages of one listing."""
NAMES = {"net-dns": 6, "poll-net-dns": 3}
"""Of the resolver, for the engine and for the receiver."""
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
"""Of the process that receives, of its disk and of its keys; and of the clock of both."""
ENGINE = {
    "engine-kill": 12,
    "engine-stop": 4,
    "engine-hangup": 3,
    "audit-full": 4,
    "audit-locked": 3,
    "audit-read-only": 3,
    "audit-eio": 6,
}
"""Of the process that commands, and of the disk that its audit is on."""
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
    """A fault, and how many seconds into the run it is due."""

    at: float
    kind: str


class Faults:
    """Counts what was planned and what took effect; the latter is a line in ``path`` each."""

    def __init__(self, path: Path, seed: int) -> None:
        self.planned: Counter[str] = Counter()
        self.injected: Counter[str] = Counter()
        self._file = path.open("w", encoding="utf-8")
        self._chance = random.Random(seed)  # noqa: S311  # a seed, not a secret
        self._began = time.monotonic()

    def begin(self) -> None:
        """The run begins now."""
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds into the run."""
        return time.monotonic() - self._began

    def plan(self, family: Mapping[str, int], first: float, last: float) -> list[Planned]:
        """The faults of a family in a run of this length, each kind once at least."""
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

    def took(self, kind: str, **detail: object) -> None:
        """It takes effect now."""
        self.injected[kind] += 1
        line = {"at": round(self.elapsed, 3), "kind": kind, **detail}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    async def all_took(self, patience: float) -> None:
        """Until everything planned took effect, or for so many seconds."""
        ends = time.monotonic() + patience
        while self.planned - self.injected and time.monotonic() < ends:  # noqa: ASYNC110
            await asyncio.sleep(0.1)

    def close(self) -> None:
        """Nothing more goes wrong."""
        self._file.close()

    def invalid(self) -> str:
        """Why a run proves nothing; empty where it does."""
        never = [kind for kind in self.planned if not self.injected[kind]]
        if never:
            return f"never took effect: {', '.join(never)}"
        planned = self.planned.total()
        injected = sum(min(self.injected[kind], count) for kind, count in self.planned.items())
        return f"{injected} of {planned} faults took effect" if injected < 0.9 * planned else ""
