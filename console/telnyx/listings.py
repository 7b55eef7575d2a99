"""Whole listings: which pages a scope has, and when what they show was there all at once."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias, TypeVar, assert_never

from console.core.messages.facts import (
    CallsListed,
    CallTold,
    ConferenceRead,
    ConferencesListed,
    DeliveryTold,
    EventsTold,
    ParticipantsListed,
    QueuesListed,
    Reading,
    ResourceRead,
)
from console.core.messages.read_scopes import (
    CallEventsScope,
    CallsScope,
    ConferencesScope,
    DeliveryScope,
    MissedEventsScope,
    OneConferenceScope,
    OneResourceScope,
    ParticipantsScope,
    QueuesScope,
)
from console.core.model.resources import Problem, ProblemKind
from console.telnyx.errors import error_of, misread
from console.telnyx.events import outcome, remembered, reports
from console.telnyx.fitting import described, odd_members
from console.telnyx.resources import (
    Page,
    answered,
    page,
    participant,
    queue,
    queued_call,
    single,
)
from console.telnyx.resources import (
    conference as conference_item,
)
from console.telnyx.shapes import ConferenceShape, ParticipantShape, QueueCallShape, QueueShape

if TYPE_CHECKING:
    from console.core.messages.facts import Listed
    from console.core.messages.read_scopes import Aside, Scope
    from console.core.model.resources import (
        ConferenceResource,
        Moment,
        Odd,
        ParticipantResource,
        QueuedCallResource,
        QueueResource,
    )
    from console.telnyx.shapes import ItemShape

T = TypeVar("T")

PAGE = 250
"""Items asked for at once: the most Telnyx gives (Telnyx API, page[size])."""
PASSES = 4
"""Times a listing of several pages is read before it is taken for what it is: not atomic."""
PAGES = 200
"""Pages after which a listing is not believed to end."""
PAGES_BACK = 8
"""Pages of the past that are read at once for what was missed."""
_TOLD = {"filter[type]": "webhook"}
_SHAPES: Mapping[tuple[str, ...], type[ItemShape]] = {
    ("conferences",): ConferenceShape,
    ("conferences", "participants"): ParticipantShape,
    ("queues",): QueueShape,
    ("queues", "calls"): QueueCallShape,
}
"""The shape of a single read, by the words of its path without the ids between them."""


@dataclass(frozen=True, slots=True)
class ApiReply:
    """An answer with its times. ``date`` is its Date in epoch seconds; header names are lower.

    ``problem`` is what an answer that is not 2xx says.
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
"""A page of several came: its number, of how many, and whether it is read once more."""


async def read(
    scope: Scope,
    get: Get,
    region: str | None,
    turn: Turn | None = None,
    count: Count | None = None,
) -> Listed:
    """All of a scope, or RequestError. ``count`` is told of each page of a long listing.

    A 404 of a conference or a queue is an answer: it is not there (Telnyx API: empty queues are
    collected, and a conference in another region is not found).
    """
    under_way = _ListingUnderWay(get, turn, count)
    where = {"region": region} if region else {}
    match scope:
        case QueuesScope():
            queues = await under_way.listing(("queues",), {}, queue, _name)
            return QueuesListed(under_way.reading(), _there(queues))
        case CallsScope(name):
            calls = await under_way.listing(("queues", name, "calls"), {}, queued_call, _leg)
            return CallsListed(under_way.reading(), name, calls)
        case ConferencesScope(status):
            query = {"filter[status]": status, **where}
            conferences = await under_way.listing(("conferences",), query, conference_item, _id)
            return ConferencesListed(under_way.reading(), status, _there(conferences))
        case ParticipantsScope(conference):
            path = ("conferences", conference, "participants")
            people = await under_way.listing(path, where, participant, _leg)
            return ParticipantsListed(under_way.reading(), conference, people)
        case OneConferenceScope(conference):
            reply = await under_way.reply(("conferences", conference), where)
            item = None if reply is None else single(reply.body, conference_item)
            return ConferenceRead(under_way.reading(), conference, item)
        case CallEventsScope() | MissedEventsScope() | DeliveryScope() | OneResourceScope():
            return await _aside(scope, under_way, where)
        case _:
            assert_never(scope)


async def _aside(
    scope: Aside | OneResourceScope, under_way: _ListingUnderWay, where: Mapping[str, str]
) -> CallTold | EventsTold | DeliveryTold | ResourceRead:
    """What is read for its own sake and is part of no listing."""
    match scope:
        case OneResourceScope(path):
            reply = await under_way.reply(path, where if path[0] == "conferences" else {})
            if reply is None:
                return ResourceRead(under_way.reading(), scope, None)
            members, odd = _members(path, answered(reply.body).get("data"))
            return ResourceRead(under_way.reading(), scope, members, odd)
        case CallEventsScope(leg):
            rows = await under_way.rows(("call_events",), {"filter[leg_id]": leg, **_TOLD}, 1)
            told = under_way.reading()
            return CallTold(told, leg, reports(rows, told.answered))
        case MissedEventsScope(connection, since):
            start = datetime.fromtimestamp(since, UTC).isoformat().replace("+00:00", "Z")
            query = {"filter[connection_id]": connection, "filter[occurred_at][gte]": start}
            rows = await under_way.rows(("call_events",), {**query, **_TOLD}, PAGES_BACK)
            told, whole = under_way.reading(), len(rows) < PAGES_BACK * PAGE
            return EventsTold(told, connection, remembered(rows, told.answered), whole)
        case DeliveryScope(event_id):
            query = {"filter[webhook][contains]": event_id}
            rows = await under_way.rows(("webhook_deliveries",), query, 1)
            return DeliveryTold(under_way.reading(), event_id, outcome(rows, event_id))
        case _:
            assert_never(scope)


def _members(path: tuple[str, ...], data: object) -> tuple[tuple[tuple[str, str], ...], Odd]:
    """Return each member by its name, as text, and those that do not fit with the reason."""
    if not isinstance(data, dict):
        raise misread(f"data is {described(data)} and no object")
    shape = _SHAPES.get(path[::2])
    odd = odd_members(shape, data) if shape is not None else ()
    return tuple((str(name), _text(value)) for name, value in data.items()), odd


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_it_is(row: object) -> object:
    return row


def _id(thing: ConferenceResource) -> str:
    return thing.id


def _name(thing: QueueResource) -> str:
    return thing.name


def _leg(thing: ParticipantResource | QueuedCallResource) -> str:
    return thing.leg


def _there(items: tuple[T, ...] | None) -> tuple[T, ...]:
    if items is None:
        raise error_of(Problem(ProblemKind.MISSING, HTTPStatus.NOT_FOUND, title="no such listing"))
    return items


class _ListingUnderWay:
    """One reading, from its first request to its last answer."""

    def __init__(self, get: Get, turn: Turn | None, count: Count | None) -> None:
        self._get = get
        self._turn = turn
        self._count = count
        self._first: ApiReply | None = None
        self._last: ApiReply | None = None
        self._atomic = True
        self._left_out: tuple[str, ...] = ()

    def reading(self) -> Reading:
        """When and how completely it was read, so far."""
        if self._first is None or self._last is None:
            raise RuntimeError("nothing was read")
        return Reading(
            asked=self._first.asked,
            first_answer=self._first.answered,
            answered=self._last.answered,
            date=self._first.date,
            atomic=self._atomic and not self._left_out,
            left_out=self._left_out,
        )

    async def reply(self, path: tuple[str, ...], query: Mapping[str, str]) -> ApiReply | None:
        """One answer; None for a 404. Raises RequestError for every other refusal."""
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

    async def rows(
        self, path: tuple[str, ...], query: Mapping[str, str], most: int
    ) -> list[object]:
        """The rows of at most so many pages. A 404 says that there is no such listing."""
        found: list[object] = []
        for number in range(1, most + 1):
            asked = {**query, "page[number]": str(number), "page[size]": str(PAGE)}
            reply = await self.reply(path, asked)
            if reply is None:
                raise error_of(
                    Problem(ProblemKind.MISSING, HTTPStatus.NOT_FOUND, title="no such listing")
                )
            rows = page(reply.body, _as_it_is).items
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
        """Every item that has an identity; None for a 404.

        Offset pages shift while they are read, so a listing of several is read until two passes
        in a row agree; then everything in it was there between the two.
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
    ) -> list[Page[T]] | None:
        pages: list[Page[T]] = []
        for number in range(1, PAGES + 1):
            asked = {**query, "page[number]": str(number), "page[size]": str(PAGE)}
            reply = await self.reply(path, asked)
            if reply is None:
                return None
            found = page(reply.body, convert)
            pages.append(found)
            full = found.size >= PAGE
            more = full if found.total is None else number < found.total
            if self._count is not None and (more or number > 1):
                self._count(number, found.total, again)
            if not more or not found.size:
                return pages
        raise misread("the listing does not end")
