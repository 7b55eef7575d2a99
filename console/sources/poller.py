"""The poller: reads the API in the order of ``schedule``, within the rate limit."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeAlias

from console.core.messages.facts import LoadingProgressed, PollsPaused, PollsResumed, ReadingFailed
from console.core.messages.read_scopes import (
    CallsScope,
    ConferencesScope,
    ParticipantsScope,
    QueuesScope,
)
from console.core.model.listed_resources import ProblemKind
from console.runtime.rate_limiter import wait_for_read
from console.sources.schedule import next_read
from console.telnyx.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from console.core.messages.effects import Refresh
    from console.core.messages.facts import Fact, Listed
    from console.core.messages.read_scopes import Scope
    from console.core.model.listed_resources import Moment, Problem
    from console.core.model.state import State
    from console.runtime.rate_limiter import RateLimiter

Clock: TypeAlias = "Callable[[], Moment]"
Count: TypeAlias = "Callable[[int, int | None, bool], None]"

AT_ONCE = 4
"""Most readings under way at the same time."""
_OUTAGES = {ProblemKind.SERVER, ProblemKind.UNREACHABLE, ProblemKind.UNANSWERED}
"""Kinds of problems that say that Telnyx or the network is down."""


class Reader(Protocol):
    """Reads everything in a scope, or raises RequestError.

    ``turn`` is awaited before each request after the first. ``count`` is called for each page of
    a long listing: page number, number of pages if known, True in a repeated pass.
    """

    def read(
        self,
        scope: Scope,
        turn: Callable[[], Awaitable[None]] | None = None,
        count: Count | None = None,
    ) -> Awaitable[Listed]:
        """Return everything in ``scope``, or raise RequestError."""


@dataclass(frozen=True, slots=True)
class _ReadUnderWay:
    since: float
    task: asyncio.Task[None]


class Poller:
    """Reads scopes of one account while ``run`` runs. ``refresh`` and ``wake`` change its plan."""

    def __init__(
        self,
        reader: Reader,
        *,
        latest: Callable[[], State],
        post: Callable[[Fact], None],
        clock: Clock,
        pace: RateLimiter,
    ) -> None:
        self._reader = reader
        self._latest = latest
        self._post = post
        self._clock = clock
        self._pace = pace
        self._under_way: dict[Scope, _ReadUnderWay] = {}
        self._begun: dict[Scope, float] = {}
        """Start of the last reading of each scope in monotonic seconds, the oldest first."""
        self._asked: dict[Scope, tuple[float, ...]] = {}
        """Times in monotonic seconds for which a reading of each scope was requested."""
        self._insisted: set[Scope] = set()
        """The requested scopes that the operator asked for."""
        self._woken = asyncio.Event()
        self._broken: float | None = None

    def refresh(self, effect: Refresh) -> None:
        """Schedule a reading after each delay, before all others. Call it in the event loop."""
        now = self._clock().mono
        times = [*self._asked.get(effect.scope, ()), *(now + delay for delay in effect.delays)]
        self._asked[effect.scope] = tuple(sorted(times))
        if effect.by_operator:
            self._insisted.add(effect.scope)
        self._woken.set()

    def wake(self) -> None:
        """Check the schedule again, because the state has changed."""
        self._woken.set()

    async def run(self) -> NoReturn:
        """Read until cancelled. Raise any exception of a reading that is not a RequestError."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._woken.clear()
                wait = self._step(group)
                with suppress(TimeoutError):
                    async with asyncio.timeout(None if wait == inf else wait):
                        await self._woken.wait()
        raise AssertionError("unreachable")

    def _step(self, group: asyncio.TaskGroup) -> float:
        """Begin every reading that may begin now. Return the seconds until the next one may."""
        state, now = self._latest(), self._clock()
        if state.health.key_refused is not None:
            self._asked.clear()  # with a refused key nothing but the probe is read
            self._insisted.clear()
        due = {scope: times[0] for scope, times in self._asked.items()}
        self._abandon(now, due, state.policy.attempt)
        self._forget(state, now)
        held = self._insist(group, now, due)
        while len(self._under_way) < AT_ONCE:
            scope = next_read(state, now, self._under_way, due, self._begun)
            if isinstance(scope, float):
                return min(scope, held)
            wait = self._pace.take_scheduled_read(now.mono)
            if wait > 0.0:
                return min(wait, held)
            self._begin(group, scope, now)
            due.pop(scope, None)
        return min(state.policy.attempt, held)

    def _insist(self, group: asyncio.TaskGroup, now: Moment, due: dict[Scope, float]) -> float:
        """Begin the readings that the operator asked for, even while polls pause.

        Return the seconds until the next of them may begin. A scope that is under way is read
        again after its reading has ended.
        """
        for scope in [each for each in self._insisted if each not in self._under_way]:
            wait = self._pace.take_manual_read(now.mono)
            if wait > 0.0:
                return wait
            self._insisted.discard(scope)
            self._begin(group, scope, now)
            due.pop(scope, None)
        return inf

    def _abandon(self, now: Moment, due: dict[Scope, float], patience: float) -> None:
        """Cancel a reading older than ``patience`` seconds if a newer one of its scope is due."""
        for scope, under_way in self._under_way.items():
            old = now.mono - under_way.since > patience and due.get(scope, inf) <= now.mono
            if old and not under_way.task.cancelling():
                under_way.task.cancel()

    def _forget(self, state: State, now: Moment) -> None:
        oldest = now.mono - state.policy.gone_kept
        while self._begun and self._begun[first := next(iter(self._begun))] < oldest:
            del self._begun[first]

    def _begin(self, group: asyncio.TaskGroup, scope: Scope, now: Moment) -> None:
        if later := tuple(at for at in self._asked.pop(scope, ()) if at > now.mono):
            self._asked[scope] = later
        self._begun.pop(scope, None)
        self._begun[scope] = now.mono
        first = self._is_first(scope)
        if first:
            self._post(LoadingProgressed(now, scope))
        task = group.create_task(self._read(scope, first=first))
        self._under_way[scope] = _ReadUnderWay(now.mono, task)

    def _is_first(self, scope: Scope) -> bool:
        """True if a listing was never read, so that a pane may have nothing to show yet."""
        if not isinstance(scope, QueuesScope | CallsScope | ConferencesScope | ParticipantsScope):
            return False
        known = self._latest().coverage.get(scope)
        return known is None or known.answered is None

    async def _read(self, scope: Scope, *, first: bool) -> None:
        def count(page: int, pages: int | None, again: bool) -> None:  # as Count
            self._post(LoadingProgressed(self._clock(), scope, page, pages, again))

        try:
            turn = partial(wait_for_read, self._pace, self._clock)
            listed = await self._reader.read(scope, turn, count if first else None)
        except RequestError as error:
            at = self._clock()
            problem = self._slow_down(at, error.problem)
            self._post(ReadingFailed(at, scope, problem, self._pace.pause_left(at.mono)))
        else:
            self._pace.on_answer(self._clock().mono)
            self._post(listed)
        finally:
            self._post_pause()
            del self._under_way[scope]
            self._woken.set()

    def _slow_down(self, at: Moment, problem: Problem) -> Problem:
        """Report a problem to the rate limiter. Return it with the resulting pause in seconds."""
        if problem.kind is ProblemKind.LIMITED:
            return replace(problem, retry_after=self._pace.on_limit(at.mono, problem.retry_after))
        if problem.kind in _OUTAGES:
            return replace(problem, retry_after=self._pace.on_failure(at.mono, problem.retry_after))
        self._pace.on_answer(at.mono)
        return problem

    def _post_pause(self) -> None:
        """Post PollsPaused or PollsResumed if the rate limiter's pause has changed."""
        until, at = self._pace.next_probe, self._clock()
        if until == self._broken:
            return
        self._broken = until
        left = None if until is None else max(until - at.mono, 0.0)
        self._post(PollsResumed(at) if left is None else PollsPaused(at, left))
