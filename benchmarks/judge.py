"""Printing of measured values beside their targets, with the exit code that follows."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Judge:
    """Prints each value as it is measured, and remembers the missed targets."""

    missed: list[str] = field(default_factory=list)

    def say(self, what: str, value: float, unit: str) -> None:
        """Print a value without a target."""
        print(f"        {what:<58} {value:>12,.2f} {unit}", flush=True)

    def most(self, what: str, value: float, target: float, unit: str) -> None:
        """Print a value that must not be above its target."""
        self._judge(what, value, target, unit, met=value <= target, sign="<=")

    def least(self, what: str, value: float, target: float, unit: str) -> None:
        """Print a value that must not be below its target."""
        self._judge(what, value, target, unit, met=value >= target, sign=">=")

    def same(self, what: str, value: float, target: float, unit: str) -> None:
        """Print a value that must equal its target."""
        self._judge(what, value, target, unit, met=value == target, sign="==")

    def code(self) -> int:
        """Print the missed targets and return the exit code: 1 if there are any."""
        print(f"missed: {', '.join(self.missed)}" if self.missed else "all targets met")
        return 1 if self.missed else 0

    def _judge(
        self, what: str, value: float, target: float, unit: str, *, met: bool, sign: str
    ) -> None:
        mark = "met   " if met else "MISSED"
        line = f"{mark}  {what:<58} {value:>12,.2f} {unit}   target {sign} {target:,.2f}"
        print(line, flush=True)
        if not met:
            self.missed.append(what)


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def late(values: Sequence[float]) -> float:
    """Return the 99th percentile; of a few values the largest."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]
