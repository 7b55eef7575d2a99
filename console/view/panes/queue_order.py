"""Order of the calls in a queue, first come first: Telnyx queues are FIFO.

The last order of each queue is kept and updated with the changes: in a long queue that takes one
pass instead of a sort.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from math import inf
from operator import le

from console.core.model.entities import QueuedCall
from console.core.model.frozen_maps import changes
from console.core.model.state import State

KEPT = 1_024
"""Most queues whose order is kept."""
FEW = 64
"""Most changes that are inserted one by one. With more, the queue is sorted again."""
_kept: dict[str, tuple[Mapping[str, QueuedCall], tuple[str, ...]]] = {}
_followed: dict[str, tuple[Mapping[str, QueuedCall], bool]] = {}
"""By queue: its calls, and True if their listed positions follow the order of arrival."""


def legs_in_queue(state: State, queue: str) -> tuple[str, ...]:
    """Return the legs that wait in a queue, first come first."""
    calls = state.waiting.get(queue, {})
    before, order = _kept.get(queue, (None, ()))
    if before is calls:
        return order
    order = _ordered(calls) if before is None else _reordered(before, order, calls)
    _kept[queue] = calls, order
    if len(_kept) > KEPT:
        del _kept[next(iter(_kept))]
    return order


def position_in(state: State, queue: str, leg: str) -> int:
    """Return the position of a waiting leg; 1 is the head.

    Counted from the order of arrival, which webhooks keep current. Where the newest listing's
    ``queue_position`` contradicts that order, the listed position is returned: Telnyx decides who
    is next (Telnyx API, QueueCall.queue_position).
    """
    calls, order = state.waiting[queue], legs_in_queue(state, queue)
    call = calls[leg]
    listed = call.listed.position if call.listed is not None else None
    if listed is not None and not _follows_arrival(queue, calls, order):
        return listed
    return _place(order, calls, leg) + 1


def _follows_arrival(queue: str, calls: Mapping[str, QueuedCall], order: tuple[str, ...]) -> bool:
    """Return True if the positions of the newest listing rise with the order of arrival.

    Positions of different listings are not compared: a call that left in between moves the others.
    """
    before, follows = _followed.get(queue, (None, True))
    if before is not calls:
        listed = [call for call in map(calls.__getitem__, order) if call.listed is not None]
        newest = max((call.listed_seen for call in listed if call.listed_seen), default=None)
        ranks = [call.position or 0 for call in listed if call.listed_seen == newest]
        follows = all(map(le, ranks, ranks[1:]))
        _followed[queue] = calls, follows
        if len(_followed) > KEPT:
            del _followed[next(iter(_followed))]
    return follows


def _ordered(calls: Mapping[str, QueuedCall]) -> tuple[str, ...]:
    here = [call for call in calls.values() if call.membership.here]
    return tuple(call.leg for call in sorted(here, key=_sort_key))


def _reordered(
    before: Mapping[str, QueuedCall], order: tuple[str, ...], calls: Mapping[str, QueuedCall]
) -> tuple[str, ...]:
    changed = changes(before, calls)
    if len(changed) > FEW:
        return _ordered(calls)
    legs = list(order)
    for leg in changed:
        if leg in before and before[leg].membership.here:
            del legs[_place(legs, before, leg)]
    for leg in changed:
        if leg in calls and calls[leg].membership.here:
            legs.insert(_place(legs, calls, leg), leg)
    made = tuple(legs)
    return order if made == order else made


def _place(order: tuple[str, ...] | list[str], calls: Mapping[str, QueuedCall], leg: str) -> int:
    return bisect_left(order, _sort_key(calls[leg]), key=lambda one: _sort_key(calls[one]))


def _sort_key(call: QueuedCall) -> tuple[float, int, str]:
    """Return the sort key by arrival; an unknown time comes last."""
    since = inf if call.enqueued_at is None else call.enqueued_at
    return since, call.position or 0, call.leg
