"""Reading of all pages of a listing, repeated until two passes agree."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias, TypeVar, assert_never

from console.core.messages import facts, read_scopes
from console.core.messages.webhooks import CallReported
from console.core.model.listed_resources import Problem, ProblemKind
from console.telnyx import resources
from console.telnyx.errors import error_of, misread
from console.telnyx.events import outcome, webhooks_in
from console.telnyx.json_models import ConferenceShape, ParticipantShape, QueueCallShape, QueueShape
from console.telnyx.validation import described, odd_members

if TYPE_CHECKING:
    from console.core.model.listed_resources import Moment, Odd
    from console.telnyx.json_models import ItemShape

T = TypeVar("T")

PAGE = 250
"""Items per page: Telnyx's maximum (Telnyx API, page[size])."""
PASSES = 4
"""Most passes over a listing of several pages. If no two agree, it is marked as not atomic."""
PAGES = 200
"""Pages after which a listing counts as endless, and as an error."""
PAGES_BACK = 8
"""Most pages of past events that one search for missed webhooks reads."""
_WEBHOOKS = {"filter[type]": "webhook"}
"""Limits GET /call_events to the events that Telnyx also sent as webhooks."""
_SHAPES: Mapping[tuple[str, ...], type[ItemShape]] = {
    ("conferences",): ConferenceShape,
    ("conferences", "participants"): ParticipantShape,
    ("queues",): QueueShape,
    ("queues", "calls"): QueueCallShape,
}
"""The shape of a resource that is read alone, by its path without the ids."""


@dataclass(frozen=True, slots=True)
class ApiReply:
    """An HTTP answer with the moments of request and answer.

    Header names are in lower case. ``date`` is the Date header in epoch seconds. ``problem`` is
    set if the answer is not 2xx.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: Moment
    answered: Moment
    date: float | None
    problem: Problem | None


Get: TypeAlias = Callable[[tuple[str, ...], Mapping[str, str]], Awaitable[ApiReply]]
Turn: TypeAlias = Callable[[], Awaitable[None]]
Count: TypeAlias = Callable[[int, int | None, bool], None]
"""Called for each page: page number, number of pages if known, True in a repeated pass."""


async def read(
    scope: read_scopes.Scope,
    get: Get,
    region: str | None,
    turn: Turn | None = None,
    count: Count | None = None,
) -> facts.Listed:
    """Return everything in a scope. Raise RequestError if that fails.

    ``turn`` is awaited before each request after the first. ``count`` is called for each page of
    a long listing. A 404 of a conference or queue is a valid answer: it does not exist (Telnyx
    removes empty queues, and answers 404 for a conference in another region).
    """
    under_way = _ListingUnderWay(get, turn, count)
    where = {"region": region} if region else {}
    match scope:
        case read_scopes.QueuesScope():
            queues = await under_way.listing(("queues",), {}, resources.queue, lambda q: q.name)
            return facts.QueuesListed(under_way.reading(), _required(queues))
        case read_scopes.CallsScope(name):
            path = ("queues", name, "calls")
            calls = await under_way.listing(path, {}, resources.queued_call, lambda call: call.leg)
            return facts.CallsListed(under_way.reading(), name, calls)
        case read_scopes.ConferencesScope(status):
            query = {"filter[status]": status, **where}
            convert = resources.conference
            conferences = await under_way.listing(("conferences",), query, convert, lambda c: c.id)
            return facts.ConferencesListed(under_way.reading(), status, _required(conferences))
        case read_scopes.ParticipantsScope(conference):
            path = ("conferences", conference, "participants")
            people = await under_way.listing(path, where, resources.participant, lambda p: p.leg)
            return facts.ParticipantsListed(under_way.reading(), conference, people)
        case read_scopes.OneConferenceScope(conference):
            reply = await under_way.reply(("conferences", conference), where)
            item = None if reply is None else resources.single(reply.body, resources.conference)
            return facts.ConferenceRead(under_way.reading(), conference, item)
        case _:
            return await _aside(scope, under_way, where)


async def _aside(
    scope: read_scopes.UnspecifiedScope | read_scopes.OneResourceScope,
    under_way: _ListingUnderWay,
    where: Mapping[str, str],
) -> facts.CallEventsRead | facts.MissedEventsRead | facts.DeliveryRead | facts.ResourceRead:
    """Return a scope that is not a listing of current resources: events, deliveries, one object."""
    match scope:
        case read_scopes.OneResourceScope(path):
            reply = await under_way.reply(path, where if path[0] == "conferences" else {})
            if reply is None:
                return facts.ResourceRead(under_way.reading(), scope, None)
            members, odd = _members(path, resources.answered(reply.body).get("data"))
            return facts.ResourceRead(under_way.reading(), scope, members, odd)
        case read_scopes.CallEventsScope(leg):
            query = {"filter[leg_id]": leg, **_WEBHOOKS}
            rows = await under_way.rows(("call_events",), query, 1)
            reading = under_way.reading()
            found = (webhook for webhook, _ in webhooks_in(rows, reading.answered))
            reports = tuple(each for each in found if isinstance(each, CallReported))
            return facts.CallEventsRead(reading, leg, reports)
        case read_scopes.MissedEventsScope(connection, since):
            start = datetime.fromtimestamp(since, UTC).isoformat().replace("+00:00", "Z")
            query = {"filter[connection_id]": connection, "filter[occurred_at][gte]": start}
            rows = await under_way.rows(("call_events",), {**query, **_WEBHOOKS}, PAGES_BACK)
            reading, whole = under_way.reading(), len(rows) < PAGES_BACK * PAGE
            webhooks = webhooks_in(rows, reading.answered)
            return facts.MissedEventsRead(reading, connection, webhooks, whole)
        case read_scopes.DeliveryScope(event_id):
            query = {"filter[webhook][contains]": event_id}
            rows = await under_way.rows(("webhook_deliveries",), query, 1)
            return facts.DeliveryRead(under_way.reading(), event_id, outcome(rows, event_id))
        case _:
            assert_never(scope)


def _members(path: tuple[str, ...], data: object) -> tuple[tuple[tuple[str, str], ...], Odd]:
    """Return the name and text of each member, and the invalid members with the reason."""
    if not isinstance(data, dict):
        raise misread(f"data is {described(data)} and no object")
    shape = _SHAPES.get(path[::2])
    odd = odd_members(shape, data) if shape is not None else ()
    return tuple((str(name), _text(value)) for name, value in data.items()), odd


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _required(found: T | None) -> T:
    """Return the content of a listing that always exists. Raise MissingError after a 404."""
    if found is None:
        raise error_of(Problem(ProblemKind.MISSING, HTTPStatus.NOT_FOUND, title="no such listing"))
    return found


class _ListingUnderWay:
    """The requests of one reading, from the first request to the last answer."""

    def __init__(self, get: Get, turn: Turn | None, count: Count | None) -> None:
        self._get = get
        self._turn = turn
        self._count = count
        self._first: ApiReply | None = None
        self._last: ApiReply | None = None
        self._atomic = True
        self._left_out: tuple[str, ...] = ()

    def reading(self) -> facts.Reading:
        """Return the times and the completeness of the reading so far."""
        if self._first is None or self._last is None:
            raise RuntimeError("nothing was read")
        return facts.Reading(
            asked=self._first.asked,
            first_answer=self._first.answered,
            answered=self._last.answered,
            date=self._first.date,
            atomic=self._atomic and not self._left_out,
            left_out=self._left_out,
        )

    async def reply(self, path: tuple[str, ...], query: Mapping[str, str]) -> ApiReply | None:
        """Return the answer to one request, or None for a 404. Raise RequestError if not 2xx."""
        if self._first is not None and self._turn is not None:
            await self._turn()
        reply = await self._get(path, query)
        self._first = self._first or reply
        self._last = reply
        if reply.problem is None:
            return reply
        if reply.problem.kind == ProblemKind.MISSING:
            return None
        raise error_of(reply.problem)

    async def _page(
        self, path: tuple[str, ...], query: Mapping[str, str], number: int
    ) -> ApiReply | None:
        asked = {**query, "page[number]": str(number), "page[size]": str(PAGE)}
        return await self.reply(path, asked)

    async def rows(
        self, path: tuple[str, ...], query: Mapping[str, str], most: int
    ) -> list[object]:
        """Return the rows of at most ``most`` pages. Raise MissingError after a 404."""
        found: list[object] = []
        for number in range(1, most + 1):
            reply = _required(await self._page(path, query, number))
            rows = resources.page(reply.body, lambda row: row).items
            found += rows
            if len(rows) < PAGE:
                break
        return found

    async def listing(
        self,
        path: tuple[str, ...],
        query: Mapping[str, str],
        convert: Callable[[object], T],
        identity: Callable[[T], str],
    ) -> tuple[T, ...] | None:
        """Return every item with an identity, or None after a 404.

        ``convert`` makes an item of a row, and ``identity`` names it. Pages shift while they are
        read. So a listing of several pages is read until two passes in a row agree: then all of
        its items existed at the same time.
        """
        before: list[str] | None = None
        items: tuple[T, ...] = ()
        for _ in range(PASSES):
            pages = await self._pages(path, query, convert, again=before is not None)
            if pages is None:
                return None
            items = tuple(item for each in pages for item in each.items)
            self._left_out = tuple(why for each in pages for why in each.left_out)
            now = [identity(item) for item in items]
            if len(pages) == 1 or now == before:
                return items
            before = now
        self._atomic = False
        return items

    async def _pages(
        self,
        path: tuple[str, ...],
        query: Mapping[str, str],
        convert: Callable[[object], T],
        *,
        again: bool,
    ) -> list[resources.Page[T]] | None:
        pages: list[resources.Page[T]] = []
        for number in range(1, PAGES + 1):
            reply = await self._page(path, query, number)
            if reply is None:
                return None
            found = resources.page(reply.body, convert)
            pages.append(found)
            full = found.size >= PAGE
            more = full if found.total is None else number < found.total
            if self._count is not None and (more or number > 1):
                self._count(number, found.total, again)
            if not more or not found.size:
                return pages
        raise misread("the listing does not end")
