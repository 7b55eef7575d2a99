"""A heap of planned actions, ordered by due time."""

from __future__ import annotations

import heapq
from collections.abc import Callable

COMPACT_FROM = 64


class PlannedAction:
    """A planned action that can be cancelled."""

    __slots__ = ("_scheduler", "act", "due")

    def __init__(self, scheduler: Scheduler, due: float, act: Callable[[], None]) -> None:
        self._scheduler = scheduler
        self.due = due
        self.act: Callable[[], None] | None = act

    def cancel(self) -> None:
        """Cancel the action. A second call changes nothing."""
        if self.act is not None:
            self.act = None
            self._scheduler.note_cancelled()


class Scheduler:
    """Planned actions by due time (epoch seconds); equal times keep the order of planning."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, PlannedAction]] = []
        self._count = 0
        self._cancelled = 0

    def at(self, due: float, act: Callable[[], None]) -> PlannedAction:
        """Plan ``act`` for the epoch time ``due``; return the ticket that can cancel it."""
        planned = PlannedAction(self, due, act)
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, planned))
        return planned

    def next_due(self) -> float | None:
        """Return the due time of the next action, or None if nothing is planned."""
        self._drop_cancelled()
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: float) -> PlannedAction | None:
        """Remove and return the next action that is due by ``now``; None if none is."""
        self._drop_cancelled()
        if not self._heap or self._heap[0][0] > now:
            return None
        return heapq.heappop(self._heap)[2]

    def note_cancelled(self) -> None:
        """Count a cancelled ticket, and drop all cancelled ones once they are most of the heap."""
        self._cancelled += 1
        if self._cancelled > COMPACT_FROM and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[2].act is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def _drop_cancelled(self) -> None:
        while self._heap and self._heap[0][2].act is None:
            heapq.heappop(self._heap)
            self._cancelled = max(0, self._cancelled - 1)
