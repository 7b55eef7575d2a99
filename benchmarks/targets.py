"""Printing of measured values beside their targets, with the exit code that follows."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Targets:
    """Prints each value as it is measured, and remembers the missed targets."""

    missed: list[str] = field(default_factory=list)

    def show(self, what: str, value: float, unit: str) -> None:
        """Print a value without a target."""
        print(f"        {what:<58} {value:>12,.2f} {unit}", flush=True)

    def at_most(self, what: str, value: float, target: float, unit: str) -> None:
        """Print a value that must not be above its target."""
        self._compare(what, value, target, unit, met=value <= target, sign="<=")

    def at_least(self, what: str, value: float, target: float, unit: str) -> None:
        """Print a value that must not be below its target."""
        self._compare(what, value, target, unit, met=value >= target, sign=">=")

    def equal(self, what: str, value: float, target: float, unit: str) -> None:
        """Print a value that must equal its target."""
        self._compare(what, value, target, unit, met=value == target, sign="==")

    def exit_code(self) -> int:
        """Print the missed targets and return the exit code: 1 if there are any."""
        print(f"missed: {', '.join(self.missed)}" if self.missed else "all targets met")
        return 1 if self.missed else 0

    def _compare(
        self, what: str, value: float, target: float, unit: str, *, met: bool, sign: str
    ) -> None:
        mark = "met   " if met else "MISSED"
        line = f"{mark}  {what:<58} {value:>12,.2f} {unit}   target {sign} {target:,.2f}"
        print(line, flush=True)
        if not met:
            self.missed.append(what)


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def p99(values: Sequence[float]) -> float:
    """Return the 99th percentile; of a few values the largest."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]
