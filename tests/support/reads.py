"""Listings in progress in virtual time: the real reader, stopped at every request."""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Mapping
from typing import Any
from urllib.parse import quote

from console.core.messages.facts import Listed, ReadingFailed
from console.core.messages.read_scopes import Scope
from console.core.model.listed_resources import Moment
from console.simulator import api
from console.simulator.http_types import Request
from console.simulator.world import World
from console.telnyx import listings
from console.telnyx.errors import RequestError, problem_of, unanswered

BAD = 300


class Wanted:
    """One request that the reader waits for."""

    def __init__(self, path: tuple[str, ...], query: Mapping[str, str]) -> None:
        self.path = path
        self.query = query

    def __await__(self) -> Generator[Wanted, listings.ApiReply, listings.ApiReply]:
        """Stop the reader until a reply is sent to it."""
        return (yield self)

    def asked_of(self, world: World) -> tuple[int, bytes]:
        """Return the current answer of the world to the request."""
        path = "/".join(quote(part, safe="") for part in self.path)
        response = api.answer(world, Request("GET", f"/{path}", self.query))
        return response.status, response.body


class UnderWay:
    """A reading in progress. ``page`` is the most items that this API returns at once."""

    def __init__(self, scope: Scope, world: World, now: float, page: int) -> None:
        self.scope = scope
        self.since = now
        self._world = world
        self._page = page
        self._work: Coroutine[Any, listings.ApiReply, Listed] = listings.read(
            scope, self._get, None
        )
        self._wanted: Wanted = self._work.send(None)  # type: ignore[arg-type]  # a coroutine's first
        self._asked = now
        self._served: tuple[int, bytes] | None = None
        self._served_at = now

    async def _get(self, path: tuple[str, ...], query: Mapping[str, str]) -> listings.ApiReply:
        fewer = {"page[size]": str(self._page)} if "page[size]" in query else {}
        return await Wanted(path, {**query, **fewer})

    def serve(self, now: float) -> None:
        """Let the API compute its answer to the current request; the answer arrives later."""
        if self._served is None:
            self._served, self._served_at = self._wanted.asked_of(self._world), now

    def answer(
        self, now: float, clock: Clock, *, lag: float = 0.0, error: int = 0
    ) -> Listed | ReadingFailed | None:
        """Let the answer arrive; return the listing, or None if another request follows.

        ``lag``: seconds by which the answer is older than its request. ``error``: seconds by which
        its Date is wrong.
        """
        self.serve(now)
        status, body = self._served or (0, b"")
        asked = min(now, self._served_at + lag) if lag else self._asked
        date = float(int(clock.provider(max(asked, self._served_at)) + error))
        problem = problem_of(status, body, None) if status >= BAD else None
        at = clock.ours(now)
        reply = listings.ApiReply(status, {}, body, clock.ours(asked), at, date, problem)
        try:
            self._wanted = self._work.send(reply)
        except StopIteration as end:
            listed: Listed = end.value
            return listed
        except RequestError as refusal:
            return ReadingFailed(at, self.scope, refusal.problem)
        self._asked, self._served = now, None
        return None

    def fail(self, now: float, clock: Clock) -> ReadingFailed:
        """Let the answer to the current request never come."""
        try:
            self._work.throw(unanswered("nothing came"))
        except RequestError as refusal:
            return ReadingFailed(clock.ours(now), self.scope, refusal.problem)
        raise AssertionError("a failed page must fail the reading")

    def close(self) -> None:
        """Give up the reading."""
        self._work.close()


class Clock:
    """The provider's clock and this host's two clocks, which are independent."""

    def __init__(self, start: float, offset: float) -> None:
        self._start = start
        self._offset = offset

    def provider(self, now: float) -> float:
        """Return the provider's time in epoch seconds."""
        return self._start + now

    def ours(self, now: float) -> Moment:
        """Return this host's time."""
        return Moment(77.0 + now, self._start + self._offset + now)
