"""An API wrapper that counts each command against the rate limit of the reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.core.model.command import Order
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.runtime.effect_runner import Api, ApiAnswer
from console.runtime.rate_limiter import RateLimiter

SILENCE = frozenset({ProblemKind.SERVER, ProblemKind.UNREACHABLE, ProblemKind.UNANSWERED})
"""Kinds of problems in which the API did not answer, or failed internally."""


@dataclass(frozen=True, slots=True)
class RateLimitedApi:
    """Sends commands through ``api`` without waiting. Reads wait longer instead.

    An answer to a command shows that the API works again, so paused reads go on.
    """

    api: Api
    limiter: RateLimiter
    clock: Callable[[], Moment]

    def unfit(self, order: Order) -> Problem | None:
        """Return the reason why no request can be built from the order; None if one can."""
        return self.api.unfit(order)

    async def send(self, order: Order) -> ApiAnswer:
        """Make one attempt and record its outcome in the rate limiter."""
        self.limiter.count_command(self.clock().mono)
        answer = await self.api.send(order)
        problem, now = answer.problem, self.clock().mono
        if problem is not None and problem.kind == ProblemKind.LIMITED:
            self.limiter.on_limit(now, problem.retry_after)
        elif problem is None or problem.kind not in SILENCE:
            self.limiter.on_answer(now)
        return answer
