"""An event loop whose time is made: it never waits, and goes to the next timer at once."""

from __future__ import annotations

import asyncio
import selectors

INSTANT = 1e-6
"""Seconds that pass with every step: a wait too short for a float would else never end."""


class _Deaf(selectors.SelectSelector):
    """Nothing comes from outside; asking the system each time would cost a third of a run."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing is left to do, and nothing will come")
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time`` begins at 0 and moves only when nothing is left to do at it. Of one thread."""

    def __init__(self) -> None:
        self._made = 0.0
        super().__init__(_Deaf())

    def time(self) -> float:
        """Seconds of made time."""
        return self._made

    def _run_once(self) -> None:
        ready, timers = self._ready, self._scheduled  # type: ignore[attr-defined]  # asyncio.base_events
        self._made += INSTANT
        if not ready and timers:
            self._made = max(self._made, timers[0].when())
        super()._run_once()  # type: ignore[misc]  # asyncio.base_events
