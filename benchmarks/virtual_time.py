"""An event loop in virtual time: instead of waiting, it moves to the next timer at once."""

from __future__ import annotations

import asyncio
import selectors

INSTANT = 1e-6
"""Seconds that pass with every step. A wait too short for a float would never end otherwise."""


class _Deaf(selectors.SelectSelector):
    """Reports no events: no input comes from outside, and a system call for each step is slow."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing is planned, and no input can come")
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop of one thread whose ``time`` starts at 0 and moves only when nothing is ready."""

    def __init__(self) -> None:
        self._made = 0.0
        super().__init__(_Deaf())

    def time(self) -> float:
        """Return the virtual time in seconds."""
        return self._made

    def _run_once(self) -> None:
        ready, timers = self._ready, self._scheduled  # type: ignore[attr-defined]  # asyncio.base_events
        self._made += INSTANT
        if not ready and timers:
            self._made = max(self._made, timers[0].when())
        super()._run_once()  # type: ignore[misc]  # asyncio.base_events
