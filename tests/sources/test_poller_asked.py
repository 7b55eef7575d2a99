"""A poll that the operator asks for runs at once, also while polls pause."""

from __future__ import annotations

from sources.polled import World, polling, settle

from console.core.messages.effects import Refresh
from console.core.messages.facts import ApiAnswered, PollsPaused, PollsResumed
from console.core.messages.read_scopes import INIT, LIVE, ParticipantsScope, QueuesScope
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.runtime.rate_limiter import RateLimiter

FAILS = Problem(ProblemKind.SERVER, 500)
CONFERENCES = tuple(ParticipantsScope(name) for name in "abcdefgh")


async def paused(world: World, poller: object) -> None:
    """Make readings fail until polls pause."""
    await world.until(lambda: len(world.posted) == 3)
    for scope in CONFERENCES:
        if any(isinstance(fact, PollsPaused) for fact in world.posted):
            return
        world.mono += 5.0
        poller.refresh(Refresh(scope))  # type: ignore[attr-defined]  # a Poller
        await settle()
    raise AssertionError("polls never paused")


async def test_the_operators_own_goes_through_the_breaker_and_ends_the_pause() -> None:
    world = World(problems=dict.fromkeys((LIVE, INIT, QueuesScope(), *CONFERENCES), FAILS))
    async with polling(world) as poller:
        await paused(world, poller)
        world.problems.clear()
        world.begun.clear()
        poller.refresh(Refresh(ParticipantsScope("x")))
        await settle()
        assert world.begun == [], "what we ask for by ourselves waits"
        poller.refresh(Refresh(LIVE, by_operator=True))
        await settle()
        assert world.begun[0] == LIVE
        assert any(isinstance(fact, PollsResumed) for fact in world.posted)


async def test_the_operators_own_that_fails_moves_no_probe() -> None:
    world = World(problems=dict.fromkeys((LIVE, INIT, QueuesScope(), *CONFERENCES), FAILS))
    async with polling(world) as poller:
        await paused(world, poller)
        (pause,) = [fact for fact in world.posted if isinstance(fact, PollsPaused)]
        for _ in range(3):
            world.begun.clear()
            poller.refresh(Refresh(LIVE, by_operator=True))
            await settle()
            assert world.begun == [LIVE]
        assert [fact for fact in world.posted if isinstance(fact, PollsPaused)] == [pause]
        world.begun.clear()
        world.mono = pause.at.mono + pause.seconds
        poller.refresh(Refresh(QueuesScope()))
        await settle()
        assert world.begun, "the probe goes out when it was to go"


async def test_the_operators_own_waits_for_no_slow_reading_of_another_scope() -> None:
    world = World(open=False)
    async with polling(world) as poller:
        for scope in CONFERENCES:
            poller.refresh(Refresh(scope))
        await settle()
        assert ParticipantsScope("x") not in world.begun
        poller.refresh(Refresh(ParticipantsScope("x"), by_operator=True))
        await settle()
        assert ParticipantsScope("x") in world.begun


async def test_what_is_under_way_is_read_once_more_for_the_operator() -> None:
    world = World(open=False)
    async with polling(world) as poller:
        await settle()
        poller.refresh(Refresh(LIVE, by_operator=True))
        await settle()
        assert world.begun.count(LIVE) == 1
        world.open = True
        world.gates[LIVE].set()
        await world.until(lambda: world.begun.count(LIVE) == 2)


def test_a_rate_limit_holds_the_operators_own_too() -> None:
    bucket = RateLimiter(5.0, 0.0, lambda: 1.0)
    for _ in range(6):
        bucket.on_failure(0.0)
    assert bucket.take_scheduled_read(0.1) > 0.0
    assert bucket.take_manual_read(0.1) == 0.0
    bucket.on_limit(0.2, 12.0)
    assert bucket.take_manual_read(0.2) == 12.0
    other = RateLimiter(5.0, 0.0, lambda: 1.0)
    other.apply_headers(ApiAnswered(Moment(0.0, 0.0), 0.1, 100, 3, 30.0))
    assert other.take_manual_read(0.0) == 30.0, "what is left is the commands'"


def test_a_key_held_down_stays_within_the_budget() -> None:
    bucket = RateLimiter(5.0, 0.0, lambda: 1.0)
    asked = [number / 30 for number in range(300)]
    assert sum(bucket.take_manual_read(now) == 0.0 for now in asked) <= 7 + 5 * 10
