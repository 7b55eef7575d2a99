"""An event loop whose time is made: it never waits, and goes to the next timer at once."""

from __future__ import annotations

import asyncio


class VirtualLoop(asyncio.SelectorEventLoop):
    """``time`` begins at 0 and moves only when nothing is left to do at it."""

    _made = 0.0

    def time(self) -> float:
        """Seconds of made time."""
        return self._made

    def _run_once(self) -> None:
        ready, timers = self._ready, self._scheduled  # type: ignore[attr-defined]  # asyncio.base_events
        if not ready and timers:
            self._made = max(self._made, timers[0].when())
        super()._run_once()  # type: ignore[misc]  # asyncio.base_events
