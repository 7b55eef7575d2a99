"""The client, with every command counted against the same budget as the reads."""

from __future__ import annotations

from collections.abc import Callable

from console.core.model.command import Order
from console.core.model.resources import Moment, Problem, ProblemKind
from console.runtime.rate_limiter import RateLimiter
from console.runtime.runner import Api, ApiAnswer

SILENCE = frozenset({ProblemKind.SERVER, ProblemKind.UNREACHABLE, ProblemKind.UNANSWERED})
"""Problems that are no answer."""


class RateLimitedApi:
    """Sends commands through ``api`` at once, and lets reads pay for them.

    An answer to a command shows that the API is there, whatever reads came to: they go on.
    """

    def __init__(self, api: Api, pace: RateLimiter, clock: Callable[[], Moment]) -> None:
        self._api = api
        self._pace = pace
        self._clock = clock

    def unfit(self, order: Order) -> Problem | None:
        """Why no request can be made of it."""
        return self._api.unfit(order)

    async def send(self, order: Order) -> ApiAnswer:
        """One attempt."""
        self._pace.command(self._clock().mono)
        answer = await self._api.send(order)
        problem, now = answer.problem, self._clock().mono
        if problem is not None and problem.kind == ProblemKind.LIMITED:
            self._pace.limited(now, problem.retry_after)
        elif problem is None or problem.kind not in SILENCE:
            self._pace.answered(now)
        return answer
