from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sources.polled import SELDOM, World, polling, settle

from console.core.messages.effects import Refresh
from console.core.messages.facts import (
    ConferencesListed,
    LoadingProgressed,
    PollsPaused,
    PollsResumed,
    QueuesListed,
)
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    ParticipantsScope,
    QueuesScope,
)
from console.core.model.entities import Coverage
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.state import Health, State

if TYPE_CHECKING:
    from console.core.messages.facts import Fact
    from console.core.messages.read_scopes import Scope

PANES = {LIVE, INIT, QueuesScope()}


async def test_at_the_start_every_pane_is_read_at_once() -> None:
    world = World(open=False)
    async with polling(world):
        await settle()
        assert set(world.begun) == PANES
        world.gates[LIVE].set()
        await world.until(lambda: len(world.posted) == 1)
        assert isinstance(world.posted[0], ConferencesListed)
        began = {fact for fact in world.loading if fact.page == 0}
        assert {fact.scope for fact in began} == PANES
        assert LoadingProgressed(world.clock(), LIVE, 1, 2) in world.loading


async def test_how_far_a_reading_is_is_told_of_the_first_one_alone() -> None:
    world = World(state=State(policy=SELDOM, coverage={LIVE: Coverage(answered=Moment(0.0, 0.0))}))
    async with polling(world):
        await world.until(lambda: len(world.posted) == 3)
    assert {fact.scope for fact in world.loading} == {INIT, QueuesScope()}


async def test_a_refresh_is_read_at_once_and_again_after_each_delay() -> None:
    world = World()
    async with polling(world) as poller:
        await world.until(lambda: len(world.posted) == 3)
        world.begun.clear()
        poller.refresh(Refresh(LIVE, (0.0, 3.0, 9.0)))
        await world.until(lambda: world.begun == [LIVE])
        for later, count in ((3.0, 2), (4.0, 2), (6.0, 3), (50.0, 3)):
            world.mono += later
            poller.wake()
            await settle()
            assert len(world.begun) == count


async def test_refreshes_that_are_due_together_are_one_reading() -> None:
    world = World()
    async with polling(world) as poller:
        await world.until(lambda: len(world.posted) == 3)
        world.begun.clear()
        poller.refresh(Refresh(LIVE, (0.3, 0.7)))
        poller.refresh(Refresh(LIVE, (0.5,)))
        world.mono += 1.0
        poller.wake()
        await settle()
        assert world.begun == [LIVE]


async def test_two_readings_of_one_scope_never_overlap() -> None:
    world = World(open=False)
    async with polling(world) as poller:
        await settle()
        poller.refresh(Refresh(LIVE))
        await settle()
        assert world.begun.count(LIVE) == 1
        world.gates[LIVE].set()
        await world.until(lambda: world.begun.count(LIVE) == 2)
        assert world.cancelled == []


async def test_a_reading_that_drags_on_gives_way_to_a_newer_one() -> None:
    world = World(open=False)
    async with polling(world) as poller:
        await settle()
        world.mono += SELDOM.attempt + 0.1
        poller.refresh(Refresh(LIVE))
        await world.until(lambda: world.begun.count(LIVE) == 2)
        assert world.cancelled == [LIVE]
        assert world.posted == []


async def test_only_so_many_readings_are_under_way() -> None:
    world = World(open=False)
    async with polling(world) as poller:
        for name in "abcdef":
            poller.refresh(Refresh(ParticipantsScope(name)))
        await settle()
        assert len(world.begun) == 4
        world.gates[world.begun[0]].set()
        await world.until(lambda: len(world.begun) == 5)


async def test_readings_wait_for_the_budget() -> None:
    world = World()
    async with polling(world, budget=0.001) as poller:
        for name in "abcdef":
            poller.refresh(Refresh(ParticipantsScope(name)))
        await settle()
        assert len(world.begun) == 4
        assert len(world.posted) == 4


async def test_a_429_is_told_with_the_pause_it_makes_and_reads_resume_after_it() -> None:
    world = World(problems={LIVE: Problem(ProblemKind.LIMITED, 429, retry_after=9.0)})
    async with polling(world) as poller:
        await world.until(lambda: len(world.posted) == 3)
        assert world.failed[0].problem.retry_after == 9.0
        world.problems.clear()
        world.begun.clear()
        for passed, begun in ((8.0, []), (1.0, [LIVE])):
            world.mono += passed
            poller.refresh(Refresh(LIVE))
            await settle()
            assert world.begun == begun


async def test_a_429_that_asks_for_nothing_still_tells_a_pause() -> None:
    world = World(problems={LIVE: Problem(ProblemKind.LIMITED, 429)})
    async with polling(world):
        await world.until(lambda: len(world.posted) == 3)
        assert world.failed[0].problem.retry_after == 0.5


@pytest.mark.parametrize("kind", ["server", "unreachable", "unanswered"])
async def test_a_failure_backs_off(kind: str) -> None:
    world = World(problems={LIVE: Problem(ProblemKind(kind), 503)})
    async with polling(world) as poller:
        await world.until(lambda: len(world.posted) == 3)
        assert [fact.problem.retry_after for fact in world.failed] == [0.5]
        assert [fact.pause for fact in world.failed] == [0.5], "what is shown is what is kept"
        world.begun.clear()
        poller.refresh(Refresh(INIT))
        await settle()
        assert world.begun == []


async def test_answers_that_cannot_be_read_neither_back_off_nor_pause() -> None:
    scopes = tuple(ParticipantsScope(name) for name in "abcdefgh")
    failing: set[Scope] = {LIVE, INIT, QueuesScope(), *scopes}
    world = World(problems=dict.fromkeys(failing, Problem(ProblemKind.SHAPE, 200)))
    async with polling(world) as poller:
        await world.until(lambda: len(world.posted) == 3)
        for scope in scopes:
            world.mono += 1.0
            poller.refresh(Refresh(scope))
            await settle()
        assert {fact.scope for fact in world.failed} >= set(scopes)
        assert {fact.pause for fact in world.failed} == {0.0}
        assert not [fact for fact in world.posted if isinstance(fact, PollsPaused)]


async def test_readings_that_only_fail_pause_but_for_a_probe_and_go_on_when_one_is_answered() -> (
    None
):
    scopes = tuple(ParticipantsScope(name) for name in "abcdefgh")
    failing: set[Scope] = {LIVE, INIT, QueuesScope(), *scopes}
    world = World(problems=dict.fromkeys(failing, Problem(ProblemKind.SERVER, 500)))
    paused: list[float] = []
    async with polling(world) as poller:
        await world.until(lambda: len(world.posted) == 3)
        for scope in scopes[:4]:
            world.mono += 5.0
            poller.refresh(Refresh(scope))
            await settle()
            paused = [f.seconds for f in world.posted if isinstance(f, PollsPaused)]
        assert paused == [5.0, 10.0]
        assert scopes[3] not in world.begun, "the probe failed"
        world.problems.clear()
        world.mono += 10.0
        poller.wake()
        await settle()
        assert isinstance(world.posted[-1], ConferencesListed | QueuesListed | PollsResumed)
        assert sum(isinstance(fact, PollsResumed) for fact in world.posted) == 1
        assert scopes[3] in world.begun


async def test_a_refused_key_stops_all_readings_but_a_probe_until_they_are_asked_for() -> None:
    world = World(problems={LIVE: Problem(ProblemKind.UNAUTHORISED, 401)})
    async with polling(world) as poller:
        await world.until(lambda: len(world.posted) == 3)
        world.state = replace(world.state, health=Health(key_refused=world.clock()))
        world.begun.clear()
        poller.refresh(Refresh(INIT))
        world.mono += 59.0
        await settle()
        assert world.begun == []
        for _ in range(2):
            world.mono += 60.0
            poller.wake()
            await settle()
        assert world.begun == [QueuesScope(), QueuesScope()]
        world.state = replace(world.state, health=Health())
        poller.refresh(Refresh(QueuesScope()))
        await world.until(lambda: QueuesScope() in world.begun)


def broken(_: Fact) -> None:
    raise RuntimeError("a bug")


async def test_a_fault_of_ours_ends_the_poller_loudly() -> None:
    async def live() -> None:
        async with polling(World(), post=broken):
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as raised:
        await live()
    assert raised.group_contains(RuntimeError, match="a bug")
