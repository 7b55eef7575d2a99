"""When reading stops for a while because nothing comes of it. Commands never ask here.

All times are monotonic seconds, and both time and chance are handed in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import inf

IN_A_ROW = 5
"""Failures one after another that open it."""
WINDOW = 30.0
"""Seconds that are looked back on, and of so many readings in them half must have failed."""
ENOUGH = 10
FIRST_REST = 5.0
LONGEST_REST = 60.0
PROBE = 15.0
"""Seconds after which a probe that nobody heard of again is given up."""


class Breaker:
    """Closed, every reading may go; open, none may, until one probe shows that it is over."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._recent: deque[tuple[float, bool]] = deque()
        self._row = 0
        self._rests = 0
        self._until: float | None = None
        self._probe = -inf

    @property
    def until(self) -> float | None:
        """When it lets a probe through; None while it is closed."""
        return self._until

    def wait(self, now: float) -> float:
        """Seconds until a reading may begin; 0.0 where it may now."""
        if self._until is None:
            return 0.0
        return max(self._until - now, self._probe + PROBE - now, 0.0)

    def begun(self, now: float) -> None:
        """A reading began: while it is open, this is the probe."""
        if self._until is not None:
            self._probe = now

    def succeeded(self, now: float) -> None:
        """An answer came, whatever it said."""
        if self._until is not None:
            self._recent.clear()
            self._until, self._rests, self._probe = None, 0, -inf
        self._row = 0
        self._note(now, failed=False)

    def failed(self, now: float) -> None:
        """No answer came, or the server failed at it."""
        self._row += 1
        self._note(now, failed=True)
        if self._until is not None:
            if self._probe >= self._until:
                self._rest(now)
            return
        failures = sum(failed for _, failed in self._recent)
        if self._row >= IN_A_ROW or (
            len(self._recent) >= ENOUGH and failures * 2 >= len(self._recent)
        ):
            self._rest(now)

    def _rest(self, now: float) -> None:
        half = min(FIRST_REST * 2.0 ** min(self._rests, 10), LONGEST_REST) / 2.0
        self._until = now + half + self._chance() * half
        self._rests += 1
        self._probe = -inf

    def _note(self, now: float, *, failed: bool) -> None:
        self._recent.append((now, failed))
        while self._recent[0][0] <= now - WINDOW:
            self._recent.popleft()
