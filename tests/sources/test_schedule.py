from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallsScope,
    ConferencesScope,
    DeliveryScope,
    MissedEventsScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
)
from console.core.model.entities import Conference, Coverage, Gap, Membership, Queue
from console.core.model.frozen_maps import sealed
from console.core.model.listed_resources import Moment, Problem, ProblemKind, QueueResource
from console.core.model.state import Health, State
from console.core.poll_intervals import rate_factor, webhook_silence
from console.runtime.rate_limiter import BURST, RateLimiter
from console.sources.schedule import next_read

if TYPE_CHECKING:
    from console.core.messages.read_scopes import Scope

HERE = Membership(here=True)
GONE = Membership(here=False)
PANES: tuple[Scope, ...] = (LIVE, QueuesScope(), INIT)


def at(mono: float) -> Moment:
    return Moment(mono, mono + 1e9)


def conference(name: str, **changes: object) -> Conference:
    return replace(Conference(name, HERE), **changes)  # type: ignore[arg-type]


def line(name: str, size: int = 1, register: Membership = HERE) -> Queue:
    return Queue(name, register, QueueResource(name, name, size, 10, 0, 0.0, 0.0))


def world(
    *conferences: Conference,
    lines: tuple[Queue, ...] = (),
    read: dict[Scope, float] | None = None,
    conference_watched: str | None = None,
    queue_watched: str | None = None,
) -> State:
    asked = dict.fromkeys(PANES, 0.0) | (read or {})
    return State(
        conferences=sealed({each.id: each for each in conferences}),
        queues=sealed({each.name: each for each in lines}),
        coverage=sealed(
            {scope: Coverage(asked=at(mono), answered=at(mono)) for scope, mono in asked.items()}
        ),
        watched_conference=conference_watched,
        watched_queue=queue_watched,
    )


def order(state: State, now: float, due: dict[Scope, float] | None = None) -> list[Scope]:
    """Return the scopes that would be read now, in order."""
    begun: list[Scope] = []
    while not isinstance(scope := next_read(state, at(now), begun, due or {}, {}), float):
        begun.append(scope)
    return begun


def intervals(state: State, scope: Scope, until: float = 130.0) -> list[float]:
    """Return the seconds between readings of a scope, with instant answers and no rate limit."""
    begun: dict[Scope, float] = {}
    times, now = [], 0.0
    while now < until:
        while not isinstance(found := next_read(state, at(now), (), {}, begun), float):
            begun[found] = now
            if found == scope:
                times.append(now)
        now += found
    return [round(later - sooner, 6) for sooner, later in pairwise(times)]


def test_at_the_start_every_pane_is_read_at_once() -> None:
    assert order(State(), 0.0) == list(PANES)


@pytest.mark.parametrize(
    ("scope", "every"),
    [
        (QueuesScope(), 5.0),
        (LIVE, 5.0),
        (INIT, 5.0),
        (CallsScope("seen"), 3.0),
        (CallsScope("other"), 15.0),
        (ParticipantsScope("seen"), 2.0),
        (ParticipantsScope("other"), 5.0),
        (OneConferenceScope("lost"), 5.0),
    ],
)
def test_each_scope_has_its_interval(scope: Scope, every: float) -> None:
    state = world(
        conference("seen"),
        conference("other"),
        conference("lost", unsettled=True),
        lines=(line("seen"), line("other")),
        conference_watched="seen",
        queue_watched="seen",
    )
    found = intervals(state, scope)
    assert set(found) == {every}


SILENT = Health(listening_since=at(-200.0), last_webhook=at(-100.0), polled_changes_since=at(-20.0))
"""Polls have shown a change of which no webhook told for long."""


def floor() -> State:
    return world(
        conference("seen"),
        conference("other"),
        lines=(line("seen"), line("other")),
        conference_watched="seen",
        queue_watched="seen",
    )


@pytest.mark.parametrize(
    "scope",
    [
        *PANES,
        CallsScope("seen"),
        CallsScope("other"),
        ParticipantsScope("seen"),
        ParticipantsScope("other"),
    ],
)
def test_while_webhooks_are_silent_it_is_read_twice_as_often_until_one_is_heard(
    scope: Scope,
) -> None:
    state = floor()
    (usual,) = set(intervals(state, scope))
    assert set(intervals(replace(state, health=SILENT), scope)) == {usual / 2.0}
    heard = replace(SILENT, last_webhook=at(-1.0), polled_changes_since=None)
    assert set(intervals(replace(state, health=heard), scope)) == {usual}


@pytest.mark.parametrize(
    "health",
    [
        replace(SILENT, polled_changes_since=None),
        replace(SILENT, polled_changes_since=at(-9.0)),
        replace(SILENT, last_webhook=at(-59.0)),
        replace(SILENT, listening_since=None),
    ],
    ids=["quiet", "its webhook may still come", "heard lately", "nothing can be heard"],
)
def test_it_is_not_silence_where(health: Health) -> None:
    assert webhook_silence(replace(floor(), health=health), at(0.0)) is None
    assert webhook_silence(replace(floor(), health=SILENT), at(0.0)) == 100.0


def test_in_haste_the_budget_is_kept_and_what_is_looked_at_comes_twice_as_often() -> None:
    seconds, budget = 60.0, 5.0
    others = [conference(f"r{n}") for n in range(40)]
    state = replace(world(*others, conference("seen"), conference_watched="seen"), health=SILENT)
    pace, now = RateLimiter(budget, 0.0, lambda: 1.0), 0.0
    begun: dict[Scope, float] = {}
    read: list[Scope] = []
    while now < seconds:
        scope = next_read(state, at(now), (), {}, begun)
        wait = scope if isinstance(scope, float) else pace.take_scheduled_read(now)
        if isinstance(scope, float) or wait > 0.0:
            now += max(wait, 1e-6)
            continue
        begun[scope] = now
        read.append(scope)
    assert len(read) <= seconds * budget + BURST * budget
    assert read.count(ParticipantsScope("seen")) >= 50, "and not 30, though 40 conferences wait"
    assert all(read.count(ParticipantsScope(other.id)) >= 2 for other in others)


def test_who_an_unknown_leg_is_and_what_was_missed_are_not_asked_for_more_often() -> None:
    state = replace(floor(), health=SILENT)
    assert {
        rate_factor(state, scope, at(0.0))
        for scope in (MissedEventsScope("ours", 0.0), DeliveryScope("e1"))
    } == {1.0}


def test_what_is_gone_or_empty_is_not_read() -> None:
    state = world(
        conference("over", ended=True),
        conference("away", membership=GONE),
        lines=(line("empty", 0), line("away", 3, GONE)),
        conference_watched="over",
        queue_watched="away",
    )
    assert order(state, 1e6) == list(PANES)


def test_a_watched_queue_is_read_though_it_is_empty_and_a_conference_though_it_is_new() -> None:
    state = world(lines=(line("q", 0),), conference_watched="new", queue_watched="q")
    assert set(order(state, 0.0)) == {ParticipantsScope("new"), CallsScope("q")}


def test_what_is_looked_at_and_what_was_promised_go_before_the_spare() -> None:
    read: dict[Scope, float] = {
        ParticipantsScope("a"): 0.0,
        ParticipantsScope("b"): 63.0,
        ParticipantsScope("seen"): 62.0,
    }
    state = world(
        conference("a"), conference("b"), conference("seen"), read=read, conference_watched="seen"
    )
    assert order(state, 64.0) == [*PANES, ParticipantsScope("seen"), ParticipantsScope("a")]
    assert order(state, 68.5)[-1] == ParticipantsScope("b")


def at_a_reading_each(seconds: float, state: State, until: float) -> list[Scope]:
    """Return the scopes read if the rate limit allows one reading every so many seconds."""
    begun: dict[Scope, float] = {}
    read, now = [], 0.0
    while now < until:
        scope = next_read(state, at(now), (), {}, begun)
        if not isinstance(scope, float):
            begun[scope] = now
            read.append(scope)
        now += seconds
    return read


def test_neither_what_is_looked_at_nor_what_was_promised_starves_of_a_small_budget() -> None:
    others = [conference(f"r{n}") for n in range(8)]
    state = world(
        *others,
        conference("seen"),
        lines=(line("q"),),
        conference_watched="seen",
        queue_watched="q",
    )
    read = at_a_reading_each(3.0, state, until=600.0)
    assert all(read.count(ParticipantsScope(other.id)) >= 9 for other in others)
    assert (
        sum(read.count(scope) for scope in (*PANES, ParticipantsScope("seen"), CallsScope("q")))
        >= 100
    )


def test_other_conferences_come_in_turn() -> None:
    read: dict[Scope, float] = {
        ParticipantsScope(name): mono for name, mono in (("a", 3), ("b", 1), ("c", 2))
    }
    state = world(*map(conference, "abc"), read=read | dict.fromkeys(PANES, 9.0))
    assert order(state, 9.0) == [
        ParticipantsScope("b"),
        ParticipantsScope("c"),
        ParticipantsScope("a"),
    ]


def test_what_was_asked_for_goes_first_and_not_before_its_time() -> None:
    state = State()
    due: dict[Scope, float] = {
        ParticipantsScope("x"): 4.0,
        OneConferenceScope("y"): 2.0,
        CallsScope("z"): 9.0,
    }
    assert order(state, 5.0, due) == [OneConferenceScope("y"), ParticipantsScope("x"), *PANES]


def test_a_scope_under_way_is_not_begun_again() -> None:
    assert next_read(State(), at(0.0), PANES, {LIVE: 0.0}, {}) == float("inf")


def test_a_reading_not_folded_yet_counts_as_begun() -> None:
    begun: dict[Scope, float] = dict.fromkeys(PANES, 10.0)
    assert next_read(State(), at(14.0), (), {}, begun) == 1.0


def failing(kind: str, failures: int = 1) -> State:
    state = world()
    problem = Problem(ProblemKind(kind), 403)
    known = replace(state.coverage[LIVE], problem=problem, failed=at(10.0), failures=failures)
    return replace(state, coverage=sealed({**state.coverage, LIVE: known}))


def test_a_refused_key_stops_everything_but_one_listing_in_a_while() -> None:
    state = State(health=Health(key_refused=at(100.0)))
    assert order(state, 159.0, {LIVE: 0.0}) == []
    assert order(state, 160.0, {LIVE: 0.0}) == [QueuesScope()]
    begun: dict[Scope, float] = {QueuesScope(): 160.0}
    assert next_read(state, at(219.0), (), {LIVE: 0.0}, begun) == 1.0


def test_a_forbidden_kind_is_closed_until_it_is_asked_for() -> None:
    state = failing("forbidden")
    assert order(state, 1e6) == [QueuesScope()]
    assert order(state, 1e6, {LIVE: 0.0}) == [LIVE, QueuesScope()]


def test_a_failing_scope_is_read_ever_less_but_at_least_once_a_minute() -> None:
    for failures, rest in ((1, 5.0), (2, 10.0), (4, 40.0), (9, 60.0), (2_000, 60.0)):
        state = failing("server", failures)
        assert LIVE not in order(state, 10.0 + rest - 0.1)
        assert LIVE in order(state, 10.0 + rest)


def gap(leg: str, *, since: float, **more: Any) -> Gap:  # noqa: ANN401  # Gap's own
    found = Gap("x", "ours", "r", None, leg, since, since, 0.0, "polls show it", logged=at(5.0))
    return replace(found, **more)


def test_what_was_missed_is_asked_for_where_the_key_allows_and_not_for_ever() -> None:
    gaps = {
        ("x", "r", "a"): gap("a", since=70.0),
        ("x", "r", "b"): gap("b", since=50.0),
        ("x", "r", "c"): gap("c", since=1.0, logged=None),
        ("x", "r", "d"): gap("d", since=2.0, api_reads=3),
        ("x", "r", "e"): gap("e", since=3.0, event_id="e9"),
        ("x", "r", "f"): gap("f", since=4.0, connection=""),
    }
    state = replace(world(), gaps=gaps)
    found = order(state, 10.0)
    assert set(found) - {QueuesScope(), LIVE, INIT} == {
        MissedEventsScope("ours", 0.0),
        DeliveryScope("e9"),
    }
    (missed,) = [scope for scope in found if isinstance(scope, MissedEventsScope)]
    assert missed.since == 48.0
    shut = Coverage(problem=Problem(ProblemKind.MISSING, 404), failed=at(9.0), failures=1)
    coverage = {**state.coverage, MissedEventsScope("other", 0.0): shut, DeliveryScope("e1"): shut}
    assert set(order(replace(state, coverage=coverage), 1e6)) <= set(PANES)


@given(
    conferences=st.integers(0, 30),
    queues=st.integers(0, 10),
    now=st.floats(0.0, 200.0),
    in_flight=st.sets(st.sampled_from([*PANES, ParticipantsScope("r1"), CallsScope("q1")])),
)
def test_what_is_waited_for_is_ready_then_and_nothing_is_before(
    conferences: int, queues: int, now: float, in_flight: set[Scope]
) -> None:
    state = world(
        *(conference(f"r{n}", unsettled=n % 5 == 0, ended=n % 7 == 0) for n in range(conferences)),
        lines=tuple(line(f"q{n}", n % 3) for n in range(queues)),
        read={ParticipantsScope(f"r{n}"): float(n) for n in range(conferences)},
        conference_watched="r1",
        queue_watched="q1",
    )
    found = next_read(state, at(now), in_flight, {}, {})
    assert found not in in_flight
    if isinstance(found, float) and found < float("inf"):
        assert found > 0.0
        assert isinstance(next_read(state, at(now + found * 0.99), in_flight, {}, {}), float)
        later = at(now + found + 1e-6)
        assert not isinstance(next_read(state, later, in_flight, {}, {}), float)


def test_only_the_two_living_states_of_conferences_are_listed() -> None:
    assert {scope for scope in order(State(), 0.0) if isinstance(scope, ConferencesScope)} == {
        LIVE,
        INIT,
    }
