"""The calls of a queue in order: position, lookup by call and average wait, each without a scan."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from console.simulator.models import QueuedCall


@dataclass(slots=True)
class Queue:
    """A first-in, first-out queue. ``_order`` holds the calls' sequence numbers, ascending."""

    id: str
    name: str
    max_size: int
    created_at: float
    updated_at: float
    emptied_at: float | None = None
    _calls: dict[str, QueuedCall] = field(default_factory=dict)
    _order: list[int] = field(default_factory=list)
    _by_seq: dict[int, QueuedCall] = field(default_factory=dict)
    _alive: int = 0
    _alive_since: float = 0.0

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[QueuedCall]:
        return (self._by_seq[seq] for seq in self._order)

    def find(self, call_control_id: str) -> QueuedCall | None:
        """Return the entry of one call, ghost or not, or None."""
        return self._calls.get(call_control_id)

    def head(self) -> QueuedCall | None:
        """Return the first entry whose caller has not hung up, or None."""
        return next((call for call in self if call.hung_up_at is None), None)

    def slice(self, start: int, stop: int) -> list[QueuedCall]:
        """Return the entries from ``start`` to ``stop``, counted from 0."""
        return [self._by_seq[seq] for seq in self._order[start:stop]]

    def position(self, call: QueuedCall) -> int:
        """Return the place of an entry, 1 for the head (INFERRED; the examples show 3 and 5)."""
        return bisect_left(self._order, call.seq) + 1

    def append(self, call: QueuedCall) -> None:
        """Add an entry at the end."""
        self._calls[call.leg.call_control_id] = call
        self._by_seq[call.seq] = call
        self._order.append(call.seq)
        self._alive += 1
        self._alive_since += call.enqueued_at

    def remove(self, call: QueuedCall) -> None:
        """Remove an entry; the entries behind it move up."""
        del self._order[bisect_left(self._order, call.seq)]
        del self._by_seq[call.seq]
        del self._calls[call.leg.call_control_id]
        if call.hung_up_at is None:
            self._forget_wait(call)

    def mark_ghost(self, call: QueuedCall, now: float) -> None:
        """Mark an entry whose caller hung up; it no longer counts in the average wait."""
        call.hung_up_at = now
        self._forget_wait(call)

    def average_wait(self, now: float) -> int:
        """Return the average wait of the live calls in whole seconds (average_wait_time_secs)."""
        if not self._alive:
            return 0
        return max(0, int(now - self._alive_since / self._alive))

    def _forget_wait(self, call: QueuedCall) -> None:
        self._alive -= 1
        self._alive_since = self._alive_since - call.enqueued_at if self._alive else 0.0


def waited(call: QueuedCall, now: float) -> int:
    """Return the whole seconds a call has waited; a ghost's wait ends at its hang-up (INFERRED)."""
    return max(0, int((call.hung_up_at or now) - call.enqueued_at))
