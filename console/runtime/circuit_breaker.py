"""A circuit breaker that suspends reads while the API fails. Commands ignore it.

All times are monotonic seconds. The caller passes in the time and the random numbers.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import inf

IN_A_ROW = 5
"""Consecutive failures that open the breaker."""
WINDOW = 30.0
"""Seconds of past reads that the failure rate is computed from."""
ENOUGH = 10
"""Reads in the window from which on a failure rate of one half opens the breaker."""
FIRST_REST = 5.0
"""Longest first pause in seconds; each failed probe doubles it."""
LONGEST_REST = 60.0
"""Upper limit of a pause in seconds."""
PROBE = 15.0
"""Seconds after which a probe without a result is given up."""


class Breaker:
    """Allows every read while closed. While open, allows one probe, which closes it on success.

    ``chance`` returns random numbers from 0 to 1, which spread the pauses of several consoles.
    """

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._recent: deque[tuple[float, bool]] = deque()
        self._row = 0
        self._rests = 0
        self._until: float | None = None
        self._probe = -inf

    @property
    def next_probe(self) -> float | None:
        """Time of the next probe; None while the breaker is closed."""
        return self._until

    def delay(self, now: float) -> float:
        """Return the seconds until a read may begin; 0.0 if it may begin now."""
        if self._until is None:
            return 0.0
        return max(self._until - now, self._probe + PROBE - now, 0.0)

    def on_start(self, now: float) -> None:
        """Record the start of a read. While the breaker is open, this read is the probe."""
        if self._until is not None:
            self._probe = now

    def on_answer(self, now: float) -> None:
        """Record that a read was answered, with any status that is not a server error."""
        if self._until is not None:
            self._recent.clear()
            self._until, self._rests, self._probe = None, 0, -inf
        self._row = 0
        self._note(now, failed=False)

    def on_failure(self, now: float) -> None:
        """Record that a read got no answer or a server error."""
        self._row += 1
        self._note(now, failed=True)
        if self._until is not None:
            if self._probe >= self._until:
                self._rest(now)
            return
        reads, failures = len(self._recent), sum(failed for _, failed in self._recent)
        if self._row >= IN_A_ROW or (reads >= ENOUGH and failures * 2 >= reads):
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
