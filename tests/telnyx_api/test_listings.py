from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from console.core.messages.facts import (
    CallEventsRead,
    CallsListed,
    ConferenceRead,
    ConferencesListed,
    DeliveryRead,
    MissedEventsRead,
    ParticipantsListed,
    QueuesListed,
    Reading,
)
from console.core.messages.read_scopes import (
    LIVE,
    CallEventsScope,
    CallsScope,
    DeliveryScope,
    MissedEventsScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
)
from console.core.model.listed_resources import (
    ConferenceResource,
    Moment,
    ParticipantResource,
    Problem,
    ProblemKind,
    QueuedCallResource,
    QueueResource,
)
from console.telnyx.errors import MissingError, ServerError, ShapeError
from console.telnyx.listings import ApiReply, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.core.messages.read_scopes import Scope

NOON = "2026-11-22T12:00:00.000Z"
SECONDS = 1_795_348_800.0
CONFERENCE = {"record_type": "conference", "id": "r", "name": "Room", "created_at": NOON,
        "expires_at": NOON, "status": "in_progress", "region": "sv1", "surprise": 1}  # fmt: skip
PERSON = {"record_type": "participant", "id": "p", "call_control_id": "v3:a", "call_leg_id": "l",
          "conference": {"id": "r", "name": "Room"}, "created_at": NOON, "updated_at": NOON,
          "end_conference_on_exit": True, "soft_end_conference_on_exit": False, "muted": True,
          "on_hold": False, "status": "joined", "whisper_call_control_ids": ["v3:b"]}  # fmt: skip
QUEUE = {"record_type": "queue", "id": "q", "name": "tier", "current_size": 3, "max_size": 300,
         "average_wait_time_secs": 47, "created_at": NOON, "updated_at": NOON}  # fmt: skip
CALL = {"record_type": "queue_call", "call_control_id": "v3:a", "call_leg_id": "l",
        "call_session_id": "s", "connection_id": "c", "from": "+1", "to": "sip:x",
        "enqueued_at": NOON, "wait_time_secs": 9, "queue_position": 1, "queue_id": "q",
        "is_alive": False}  # fmt: skip


def rows(*items: object, total: int | None = None) -> dict[str, Any]:
    meta = {} if total is None else {"meta": {"page_number": 1, "total_pages": total}}
    return {"data": list(items), **meta}


class Api:
    """A scripted API whose clock moves one second with each request and each answer."""

    def __init__(self, *script: dict[str, Any] | Problem) -> None:
        self.script = list(script)
        self.asked: list[tuple[tuple[str, ...], Mapping[str, str]]] = []
        self.turns = 0
        self.counted: list[tuple[int, int | None, bool]] = []
        self._ticks = count(1)

    async def get(self, path: tuple[str, ...], query: Mapping[str, str]) -> ApiReply:
        self.asked.append((path, query))
        said = self.script.pop(0)
        asked, answered = self.now(), self.now()
        problem = said if isinstance(said, Problem) else None
        body = b"" if problem else json.dumps(said).encode()
        return ApiReply(200, {}, body, asked, answered, 500.0 + answered.mono, problem)

    def now(self) -> Moment:
        tick = float(next(self._ticks))
        return Moment(tick, tick)

    async def turn(self) -> None:
        self.turns += 1

    async def read(self, scope: Scope, region: str | None = None) -> Any:  # noqa: ANN401
        return await read(scope, self.get, region, self.turn, self.count)

    def count(self, *told: Any) -> None:  # noqa: ANN401  # a page as it is counted
        self.counted.append(told)


def moment(tick: float) -> Moment:
    return Moment(tick, tick)


ONCE = Reading(moment(1.0), moment(2.0), moment(2.0), 502.0, atomic=True)


async def test_each_scope_becomes_its_fact() -> None:
    conference = ConferenceResource("r", "Room", SECONDS, SECONDS, "in_progress", region="sv1")
    person = ParticipantResource(
        "v3:a", "p", "l", "joined", True, False, True, False, ("v3:b",), SECONDS, SECONDS
    )
    line = QueueResource("tier", "q", 3, 300, 47, SECONDS, SECONDS)
    call = QueuedCallResource(
        "v3:a", "l", "s", "+1", "sip:x", SECONDS, 9, 1, False, connection_id="c"
    )
    cases: list[tuple[Scope, dict[str, Any], object]] = [
        (LIVE, rows(CONFERENCE), ConferencesListed(ONCE, "in_progress", (conference,))),
        (OneConferenceScope("r"), {"data": CONFERENCE}, ConferenceRead(ONCE, "r", conference)),
        (ParticipantsScope("r"), rows(PERSON), ParticipantsListed(ONCE, "r", (person,))),
        (QueuesScope(), rows(QUEUE), QueuesListed(ONCE, (line,))),
        (CallsScope("tier"), rows(CALL), CallsListed(ONCE, "tier", (call,))),
        (ParticipantsScope("r"), rows(), ParticipantsListed(ONCE, "r", ())),
    ]
    for scope, answer, fact in cases:
        assert await Api(answer).read(scope) == fact


async def test_the_query_asks_for_whole_pages_and_the_region_where_there_is_one() -> None:
    whole = {"page[number]": "1", "page[size]": "250"}
    cases: list[tuple[Scope, dict[str, Any], tuple[str, ...], dict[str, str]]] = [
        (LIVE, rows(), ("conferences",),
         {"filter[status]": "in_progress", "region": "US", **whole}),
        (ParticipantsScope("r"), rows(), ("conferences", "r", "participants"),
         {"region": "US", **whole}),
        (OneConferenceScope("r"), {"data": CONFERENCE}, ("conferences", "r"), {"region": "US"}),
        (QueuesScope(), rows(), ("queues",), whole),
        (CallsScope("a/b"), rows(), ("queues", "a/b", "calls"), whole),
    ]  # fmt: skip
    for scope, answer, path, query in cases:
        api = Api(answer)
        await api.read(scope, "US")
        assert api.asked == [(path, query)]


async def test_a_404_of_what_has_a_name_is_an_answer() -> None:
    lost = Problem(ProblemKind.MISSING, 404)
    assert await Api(lost).read(CallsScope("q")) == CallsListed(ONCE, "q", None)
    assert await Api(lost).read(ParticipantsScope("r")) == ParticipantsListed(ONCE, "r", None)
    assert await Api(lost).read(OneConferenceScope("r")) == ConferenceRead(ONCE, "r", None)
    for scope in (QueuesScope(), LIVE):
        with pytest.raises(MissingError):
            await Api(lost).read(scope)


def remembered(name: str, id_: str) -> dict[str, Any]:
    payload = {"call_control_id": "v3:a", "conference_id": "r", "connection_id": "c"}
    event = {"event_type": name, "id": id_, "occurred_at": NOON, "payload": payload}
    return {"record_type": "call_event", "name": name, "metadata": {"attempt": 3, "event": event}}


async def test_what_is_remembered_of_a_connection_is_every_webhook_since_with_its_body() -> None:
    name = "conference.participant.left"
    many = [remembered("call.answered", f"e{n}") for n in range(249)]
    api = Api(rows(*many, {"metadata": None}), rows(remembered(name, "e249")))
    told = await api.read(MissedEventsScope("c", SECONDS + 0.25))
    assert isinstance(told, MissedEventsRead)
    assert (told.connection, len(told.events)) == ("c", 250)
    newest, body = told.events[-1]
    assert (newest.origin.name, newest.origin.api, newest.origin.occurred) == (name, True, SECONDS)
    assert json.loads(body)["data"]["id"] == "e249"
    assert api.asked[1] == (
        ("call_events",),
        {
            "filter[connection_id]": "c",
            "filter[occurred_at][gte]": "2026-11-22T12:00:00.250000Z",
            "filter[type]": "webhook",
            "page[number]": "2",
            "page[size]": "250",
        },
    )


@pytest.mark.parametrize(
    ("attempts", "said"),
    [
        ([], "failed, 0 tries: "),
        ([{"http": {"response": None}}, {"http": {"response": {"status": 503}}}],
         "failed, 2 tries: 503, no answer"),
    ],
)  # fmt: skip
async def test_why_a_delivery_failed(attempts: list[object], said: str) -> None:
    mine = {"status": "failed", "webhook": {"id": "e1"}, "attempts": attempts}
    api = Api(rows({"webhook": 3}, {**mine, "webhook": {"id": "e2"}}, mine))
    assert await api.read(DeliveryScope("e1")) == DeliveryRead(ONCE, "e1", said)
    assert api.asked[0][1]["filter[webhook][contains]"] == "e1"
    assert await Api(rows()).read(DeliveryScope("e1")) == DeliveryRead(ONCE, "e1", None)


@pytest.mark.parametrize(
    "scope", [CallEventsScope("l"), MissedEventsScope("c", 0.0), DeliveryScope("e")]
)
async def test_what_the_specification_does_not_have_may_not_be_there(scope: Scope) -> None:
    with pytest.raises(MissingError):
        await Api(Problem(ProblemKind.MISSING, 404)).read(scope)


async def test_a_calls_story_is_who_called_whom() -> None:
    told = await Api(rows(remembered("call.answered", "e1"))).read(CallEventsScope("l"))
    assert isinstance(told, CallEventsRead)
    assert [report.leg.id for report in told.reports] == ["v3:a"]


def queue(number: int) -> dict[str, Any]:
    return {**QUEUE, "id": f"q{number}", "name": f"n{number}"}


def page(first: int, last: int, total: int | None = 2) -> dict[str, Any]:
    return rows(*map(queue, range(first, last)), total=total)


async def test_pages_are_read_until_two_passes_agree() -> None:
    api = Api(page(0, 3), page(4, 6), page(0, 3), page(3, 6), page(0, 3), page(3, 6))
    listed = await api.read(QueuesScope())
    assert [item.id for item in listed.items] == [f"q{n}" for n in range(6)]
    assert listed.reading == Reading(moment(1.0), moment(2.0), moment(12.0), 502.0, atomic=True)
    assert [query["page[number]"] for _, query in api.asked] == ["1", "2"] * 3
    assert api.turns == 5
    once = [(1, 2, False), (2, 2, False)]
    assert api.counted == [*once, *[(1, 2, True), (2, 2, True)] * 2]


async def test_one_page_alone_is_not_counted() -> None:
    for answers in ((page(0, 3, total=1),), (page(0, 3, total=None),), (rows(total=0),)):
        api = Api(*answers)
        await api.read(QueuesScope())
        assert api.counted == []


async def test_a_listing_that_never_agrees_says_so() -> None:
    api = Api(*(page(n, n + 2) for n in range(8)))
    listed = await api.read(QueuesScope())
    assert listed.reading.atomic is False
    assert [item.id for item in listed.items] == ["q6", "q7", "q7", "q8"]


async def test_the_order_counts() -> None:
    there, back = [page(0, 2), page(2, 4)], [page(2, 4), page(0, 2)]
    listed = await Api(*there, *back, *there, *back).read(QueuesScope())
    assert listed.reading.atomic is False


async def test_a_listing_that_shrank_to_one_page_was_there_at_once() -> None:
    listed = await Api(page(0, 2), page(2, 4), page(0, 2, total=1)).read(QueuesScope())
    assert listed.reading.atomic is True
    assert len(listed.items) == 2


async def test_without_meta_a_full_page_is_followed_by_another() -> None:
    full, rest = page(0, 250, None), page(250, 251, None)
    listed = await Api(full, rest, full, rest).read(QueuesScope())
    assert len(listed.items) == 251
    exact = await Api(full, page(0, 0, None), full, page(0, 0, None)).read(QueuesScope())
    assert len(exact.items) == 250


async def test_a_page_that_fails_discards_the_listing() -> None:
    with pytest.raises(ServerError):
        await Api(page(0, 2), Problem(ProblemKind.SERVER, 502)).read(QueuesScope())
    lost = Problem(ProblemKind.MISSING, 404)
    gone = await Api(rows(PERSON, total=2), lost).read(ParticipantsScope("r"))
    assert gone.items is None


async def test_a_listing_without_end_is_not_followed_for_ever() -> None:
    api = Api(*(page(n, n + 1, 10**9) for n in range(300)))
    with pytest.raises(ShapeError, match="does not end"):
        await api.read(QueuesScope())


def without(row: dict[str, Any], member: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != member}


@pytest.mark.parametrize("answer", [{}, {"data": None}, {"data": {}}, {"errors": []}])
async def test_an_answer_without_items_is_not_an_empty_listing(answer: dict[str, Any]) -> None:
    with pytest.raises(ShapeError):
        await Api(answer).read(QueuesScope())


async def test_what_may_be_absent_may_be_absent_and_new_values_are_kept() -> None:
    bare = {key: CONFERENCE[key] for key in ("id", "name", "created_at", "expires_at")}
    listed = await Api(rows(bare, {**CONFERENCE, "status": "paused", "end_reason": None})).read(
        LIVE
    )
    assert [item.status for item in listed.items] == [None, "paused"]
    calls = await Api(rows(without(CALL, "is_alive"))).read(CallsScope("q"))
    assert calls.items[0].alive is None


async def test_a_turn_is_waited_for_before_each_further_request_only() -> None:
    api = Api(rows())
    await api.read(QueuesScope())
    assert api.turns == 0
