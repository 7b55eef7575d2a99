"""Webhooks and listings merged end in the simulator's own state, whatever the network did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.core import fold, reconcile
from console.core.beliefs import Register
from console.core.facts import Reading
from console.core.policy import Policy
from console.core.scopes import INIT, LIVE, Calls, People, Queues, Scope
from console.core.things import Moment
from support.twin import Twin

ROOMS = ("alpha", "beta", "gamma", "delta")
LEGS = 7
QUEUES = ("vip", "billing")
QUIET = 14.0
"""Seconds of quiet: longer than reads may lag and provider's clocks may differ, together."""

Step: TypeAlias = tuple[str, int, int]
WEIGHTS = {
    "create": 2,
    "join": 3,
    "leave": 1,
    "hangup": 1,
    "mute": 1,
    "unmute": 1,
    "hold": 1,
    "unhold": 1,
    "end": 1,
    "enqueue": 2,
    "dequeue": 1,
    "deliver": 5,
    "again": 1,
    "repeat": 1,
    "lose": 1,
    "list": 2,
    "answer": 1,
    "stale": 1,
    "wait": 1,
}
"""How often each deed is drawn."""
DEEDS = [deed for deed, weight in WEIGHTS.items() for _ in range(weight)]
steps = st.lists(
    st.tuples(st.sampled_from(DEEDS), st.integers(0, 27), st.integers(0, 9)),
    min_size=4,
    max_size=40,
)


def do(twin: Twin, step: Step) -> None:
    """One thing happens: in the world, or on the way."""
    deed, one, two = step
    room, leg = ROOMS[one % len(ROOMS)], one % LEGS
    deeds: dict[str, Callable[[], object]] = {
        "create": lambda: twin.call(
            "POST",
            "/conferences",
            call_control_id=twin.leg(leg),
            name=room,
            start_conference_on_create=two % 4 != 0,
        ),
        "join": lambda: twin.call(
            "POST",
            f"/conferences/{_id(twin, room)}/actions/join",
            call_control_id=twin.leg(leg),
            mute=two % 2 == 0,
            end_conference_on_exit=two == 3,
            start_conference_on_enter=two == 4,
        ),
        "leave": lambda: _act(twin, room, "leave", call_control_id=twin.leg(leg)),
        "hangup": lambda: twin.hang_up(leg),
        "end": lambda: _act(twin, room, "end"),
        "enqueue": lambda: twin.call(
            "POST",
            f"/calls/{twin.leg(leg)}/actions/enqueue",
            queue_name=QUEUES[two % len(QUEUES)],
        ),
        "dequeue": lambda: twin.call("POST", f"/calls/{twin.leg(leg)}/actions/leave_queue"),
        "deliver": lambda: twin.deliver(one),
        "again": lambda: twin.deliver(one, again=True),
        "repeat": lambda: twin.repeat(one),
        "lose": lambda: twin.lose(one),
        "list": lambda: twin.capture(_scope(twin, one)),
        "answer": lambda: _answer(twin, one, stale=False),
        "stale": lambda: _answer(twin, one, stale=True),
        "wait": lambda: twin.wait((0.2, 1.0, 4.0)[two % 3]),
    }
    act = deeds.get(deed)
    if act is None:
        _act(twin, room, deed, call_control_ids=[twin.leg(leg)])
    else:
        act()
    twin.wait(0.05)


def _act(twin: Twin, room: str, action: str, **sent: object) -> None:
    twin.call("POST", f"/conferences/{_id(twin, room)}/actions/{action}", **sent)


def _id(twin: Twin, name: str) -> str:
    live = twin.world.live_names.get(name)
    return live.id if live is not None else "00000000-0000-4000-8000-000000000000"


def _scope(twin: Twin, index: int) -> Scope:
    people = [People(room) for room in twin.world.conferences]
    calls = [Calls(name) for name in twin.world.queues]
    scopes: list[Scope] = [LIVE, INIT, Queues(), *people, *people, *calls]
    return scopes[index % len(scopes)]


def _answer(twin: Twin, index: int, *, stale: bool) -> None:
    if twin.captured:
        twin.answer(twin.captured[index % len(twin.captured)], stale=stale)


def run(happened: list[Step], order: list[int]) -> None:
    """The property; raises AssertionError where it does not hold."""
    twin = Twin(callers=LEGS)
    for step in happened:
        do(twin, step)
    unanswered = twin.captured[: len(twin.captured) // 2]
    late = twin.pending[: len(twin.pending) // 3] if order[0] % 2 else []
    twin.pending = twin.pending[len(late) :]
    while twin.pending:
        twin.deliver(order[len(twin.pending) % len(order)])
    if not twin.lost and not late:
        believed, true = twin.members()
        assert believed == true, "every webhook came, in some order"
    twin.wait(QUIET)
    while twin.pending:
        twin.deliver(0)
    twin.wait(QUIET)
    twin.poll()
    assert twin.believed() == twin.true(), "after a quiet while and one whole poll"
    for captured in unanswered:
        twin.answer(captured)
    twin.pending = late
    while twin.pending:
        twin.deliver(0)
    assert twin.believed() == twin.true(), "late answers and late webhooks change nothing"
    must, shelf, may = twin.shelf()
    assert not shelf & twin.placed(), "who is in a room or a queue is not on the shelf"
    if not twin.lost:
        assert must <= shelf <= may, "who went and is alive is, and nobody who hung up"


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(happened=steps, order=st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_the_console_ends_in_the_simulators_own_state(
    happened: list[Step], order: list[int]
) -> None:
    run(happened, order)


def _without_last_writer_wins(
    register: Register, *, stamp: float | None, here: bool, scope_floor: float, at: Moment
) -> Register:
    blank = replace(register, stamp=float("-inf"), rank=-1)
    return reconcile.told(blank, stamp=stamp, here=here, scope_floor=scope_floor, at=at)


def _without_the_request_start_rule(_: Register, __: Reading, ___: Policy) -> bool:
    return True


def _without_the_scope_floor(
    register: Register, *, stamp: float | None, here: bool, scope_floor: float, at: Moment
) -> Register:
    del scope_floor
    return reconcile.told(register, stamp=stamp, here=here, scope_floor=float("-inf"), at=at)


@pytest.mark.parametrize(
    ("module", "rule", "broken", "happened", "order"),
    [
        pytest.param(
            fold,
            "told",
            _without_last_writer_wins,
            [("create", 12, 0), ("create", 19, 0), ("create", 0, 0), ("create", 0, 0)],
            [0, 0, 0, 0, 1],
            id="last writer wins",
        ),
        pytest.param(
            reconcile,
            "may_overrule",
            _without_the_request_start_rule,
            [("create", 0, 0), ("list", 2, 0), ("enqueue", 0, 0), ("list", 0, 0)],
            [0],
            id="request start",
        ),
        pytest.param(
            fold,
            "told",
            _without_the_scope_floor,
            [
                ("create", 2, 0),
                ("create", 0, 0),
                ("create", 1, 0),
                ("end", 0, 0),
                ("deliver", 0, 0),
                ("deliver", 0, 0),
                ("create", 0, 0),
                ("end", 0, 0),
                ("lose", 0, 0),
                ("create", 0, 0),
                ("lose", 22, 0),
            ],
            [1],
            id="scope floor",
        ),
    ],
)
def test_each_rule_is_needed(
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    rule: str,
    *,
    broken: Callable[..., object],
    happened: list[Step],
    order: list[int],
) -> None:
    run(happened, order)
    monkeypatch.setattr(module, rule, broken)
    with pytest.raises(AssertionError):
        run(happened, order)


def test_the_examples_hold_what_they_claim_to_hold() -> None:
    """Rooms, legs and queues enough, and steps of every kind, or the property says little."""
    assert len(ROOMS) >= 3
    assert LEGS >= 6
    twin = Twin(callers=LEGS)
    for room in range(len(ROOMS)):
        do(twin, ("create", room, 1))
    do(twin, ("enqueue", 5, 0))
    true = twin.true()
    assert (len(true["rooms"]), len(true["people"]), len(true["calls"])) == (4, 4, 1)  # type: ignore[arg-type]  # all are sized
