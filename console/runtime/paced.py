"""The client, with every command counted against the same budget as the reads."""

from __future__ import annotations

from collections.abc import Callable

from console.core.command import Order
from console.core.things import Moment
from console.runtime.pace import Pace
from console.runtime.runner import Answer, Api


class Paced:
    """Sends commands through ``api`` at once, and lets reads pay for them."""

    def __init__(self, api: Api, pace: Pace, clock: Callable[[], Moment]) -> None:
        self._api = api
        self._pace = pace
        self._clock = clock

    async def send(self, order: Order) -> Answer:
        """One attempt."""
        self._pace.command(self._clock().mono)
        answer = await self._api.send(order)
        if answer.problem is not None and answer.problem.kind == "limited":
            self._pace.limited(self._clock().mono, answer.problem.retry_after)
        return answer
