"""The kept order of a queue always equals a fresh sort."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.core.model.entities import Membership, QueuedCall
from console.core.model.frozen_maps import changes
from console.core.model.state import State
from console.view.panes import queue_order

calls = st.builds(
    QueuedCall,
    leg=st.just(""),
    queue=st.just("vip"),
    membership=st.builds(Membership, here=st.booleans()),
    enqueued_at=st.sampled_from([None, 1.0, 2.0, 3.0]),
    position=st.sampled_from([None, 1, 2]),
)
queues = st.dictionaries(st.sampled_from("abcdef"), calls, max_size=6).map(
    lambda found: {
        leg: QueuedCall(leg, one.queue, one.membership, None, None, one.enqueued_at, one.position)
        for leg, one in found.items()
    }
)


def sorted_anew(queue: dict[str, QueuedCall]) -> tuple[str, ...]:
    here = [call for call in queue.values() if call.membership.here]
    here.sort(key=lambda call: (call.enqueued_at or inf, call.position or 0, call.leg))
    return tuple(call.leg for call in here)


@given(st.lists(st.tuples(queues, st.booleans()), min_size=1, max_size=6), st.sampled_from([1, 64]))
def test_the_order_is_that_of_a_new_sort(
    told: list[tuple[dict[str, QueuedCall], bool]], few: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue_order, "FEW", few)
        now: dict[str, QueuedCall] = {}
        for queue, whole in told:
            now = queue if whole else {**now, **queue}
            state = State(waiting={"vip": now})
            expected = sorted_anew(now)
            assert queue_order.legs_in_queue(state, "vip") == expected
            places = [queue_order.position_in(state, "vip", leg) for leg in expected]
            assert places == list(range(1, len(expected) + 1))


def test_what_moves_nobody_leaves_the_very_same_order() -> None:
    one = QueuedCall("a", "vip", Membership(here=True))
    again = QueuedCall("a", "vip", Membership(here=True, stamp=1.0))
    first = queue_order.legs_in_queue(State(waiting={"vip": {"a": one}}), "vip")
    assert queue_order.legs_in_queue(State(waiting={"vip": {"a": again}}), "vip") is first


def test_no_more_orders_are_kept_than_are_good_for_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue_order, "KEPT", 2)
    monkeypatch.setattr(queue_order, "_kept", {})
    state = State(waiting={name: {} for name in "abc"})
    assert [queue_order.legs_in_queue(state, name) for name in "abca"] == [()] * 4
    assert len(queue_order._kept) == 2  # noqa: SLF001  # the bounded cache


maps = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["x", "y"]))


@given(maps, maps, st.booleans())
def test_changes_are_all_that_differs(
    before: dict[str, str], after: dict[str, str], copied: bool
) -> None:
    after = {**before, **after} if copied else after
    differs = {key for key in (*before, *after) if before.get(key) is not after.get(key)}
    assert set(changes(before, after)) == differs
    assert len(changes(before, after)) == len(differs)
