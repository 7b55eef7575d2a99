"""An API wrapper that counts each command against the rate limit of the reads."""

from __future__ import annotations

from collections.abc import Callable

from console.core.model.command import Order
from console.core.model.resources import Moment, Problem, ProblemKind
from console.runtime.effect_runner import Api, ApiAnswer
from console.runtime.rate_limiter import RateLimiter

SILENCE = frozenset({ProblemKind.SERVER, ProblemKind.UNREACHABLE, ProblemKind.UNANSWERED})
"""Kinds of problems in which the API did not answer, or failed internally."""


class RateLimitedApi:
    """Sends commands through ``api`` without waiting. Reads wait longer instead.

    An answer to a command shows that the API works again, so paused reads go on.
    """

    def __init__(self, api: Api, limiter: RateLimiter, clock: Callable[[], Moment]) -> None:
        self._api = api
        self._limiter = limiter
        self._clock = clock

    def unfit(self, order: Order) -> Problem | None:
        """Return the reason why no request can be built from the order; None if one can."""
        return self._api.unfit(order)

    async def send(self, order: Order) -> ApiAnswer:
        """Make one attempt and record its outcome in the rate limiter."""
        self._limiter.count_command(self._clock().mono)
        answer = await self._api.send(order)
        problem, now = answer.problem, self._clock().mono
        if problem is not None and problem.kind == ProblemKind.LIMITED:
            self._limiter.on_limit(now, problem.retry_after)
        elif problem is None or problem.kind not in SILENCE:
            self._limiter.on_answer(now)
        return answer
