from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from console.core.messages.facts import (
    ConferencesListed,
    LoadingProgressed,
    QueuesListed,
    Reading,
    ReadingFailed,
)
from console.core.messages.read_scopes import (
    ConferencesScope,
)
from console.core.model.listed_resources import Moment, Problem
from console.core.model.policy import Policy
from console.core.model.state import State
from console.runtime.rate_limiter import RateLimiter
from console.sources.poller import Poller
from console.telnyx.errors import error_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from console.core.messages.facts import Fact, Listed
    from console.core.messages.read_scopes import Scope

SELDOM = Policy(queues_every=1e6, conferences_every=1e6)


@dataclass
class World:
    """An API whose answers a test releases one by one, with a clock that the test moves."""

    state: State = field(default_factory=lambda: State(policy=SELDOM))
    mono: float = 100.0
    open: bool = True
    begun: list[Scope] = field(default_factory=list)
    cancelled: list[Scope] = field(default_factory=list)
    posted: list[Fact] = field(default_factory=list)
    loading: list[LoadingProgressed] = field(default_factory=list)
    problems: dict[Scope, Problem] = field(default_factory=dict)
    gates: dict[Scope, asyncio.Event] = field(default_factory=dict)

    def clock(self) -> Moment:
        return Moment(self.mono, 0.0)

    async def read(
        self,
        scope: Scope,
        turn: Callable[[], Awaitable[None]] | None = None,
        count: Callable[[int, int | None, bool], None] | None = None,
    ) -> Listed:
        assert turn is not None
        if count is not None:
            count(1, 2, False)
        self.begun.append(scope)
        if not self.open:
            try:
                await self.gates.setdefault(scope, asyncio.Event()).wait()
            except asyncio.CancelledError:
                self.cancelled.append(scope)
                raise
        if scope in self.problems:
            raise error_of(self.problems[scope])
        reading = Reading(self.clock(), self.clock(), self.clock(), None)
        if isinstance(scope, ConferencesScope):
            return ConferencesListed(reading, scope.status, ())
        return QueuesListed(reading, ())

    def post(self, fact: Fact) -> None:
        if isinstance(fact, LoadingProgressed):
            self.loading.append(fact)
        else:
            self.posted.append(fact)

    async def until(self, true: Callable[[], bool]) -> None:
        """Run the event loop until a condition holds."""
        while not true():  # noqa: ASYNC110  it is the loop's turns that are waited for
            await asyncio.sleep(0)

    @property
    def failed(self) -> list[ReadingFailed]:
        return [fact for fact in self.posted if isinstance(fact, ReadingFailed)]


@asynccontextmanager
async def polling(
    world: World, budget: float = 1_000.0, post: Callable[[Fact], None] | None = None
) -> AsyncIterator[Poller]:
    poller = Poller(
        world,
        latest=lambda: world.state,
        post=post or world.post,
        clock=world.clock,
        pace=RateLimiter(budget, world.mono, lambda: 1.0),
    )

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            await poller.run()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(run())
        yield poller
        task.cancel()


async def settle() -> None:
    """Run 50 turns of the event loop, more than any task here needs before it waits."""
    for _ in range(50):
        await asyncio.sleep(0)
