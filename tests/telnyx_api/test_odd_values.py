"""One odd value in an answer loses only that value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from console.core.messages.facts import ConferenceRead, DeliveryRead, Listed, ResourceRead
from console.core.messages.read_scopes import (
    LIVE,
    CallsScope,
    DeliveryScope,
    OneConferenceScope,
    OneResourceScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.telnyx.errors import ShapeError
from console.telnyx.resources import leg_named
from support.oddities import ABSENT, DEEP, ODD, read_now, spoilt

NOON = "2026-11-22T12:00:00.000Z"


def conference(id_: str) -> dict[str, Any]:
    return {"id": id_, "name": f"Name {id_}", "created_at": NOON, "expires_at": NOON,
            "status": "in_progress", "updated_at": NOON, "region": "sv1", "end_reason": None,
            "connection_id": "c"}  # fmt: skip


def person(leg: str) -> dict[str, Any]:
    return {"call_control_id": leg, "id": f"p{leg}", "call_leg_id": f"l{leg}", "created_at": NOON,
            "updated_at": NOON, "end_conference_on_exit": True, "muted": True, "on_hold": True,
            "soft_end_conference_on_exit": True, "status": "joined",
            "whisper_call_control_ids": ["v3:b"]}  # fmt: skip


def queue(name: str) -> dict[str, Any]:
    return {"name": name, "id": f"q{name}", "current_size": 3, "max_size": 300,
            "average_wait_time_secs": 47, "created_at": NOON, "updated_at": NOON}  # fmt: skip


def call(leg: str) -> dict[str, Any]:
    return {"call_control_id": leg, "call_leg_id": f"l{leg}", "call_session_id": f"s{leg}",
            "connection_id": "c", "from": "+1", "to": "sip:x", "enqueued_at": NOON,
            "wait_time_secs": 9, "queue_position": 1, "is_alive": True}  # fmt: skip


Item = Callable[[str], dict[str, Any]]
KINDS: tuple[tuple[Scope, Item, str], ...] = (
    (LIVE, conference, "id"),
    (ParticipantsScope("r"), person, "call_control_id"),
    (QueuesScope(), queue, "name"),
    (CallsScope("q"), call, "call_control_id"),
)
MEMBERS = {
    "call_control_id": "leg", "call_leg_id": "leg_id", "call_session_id": "session_id",
    "from": "from_", "wait_time_secs": "waited", "queue_position": "position",
    "is_alive": "alive", "current_size": "size", "average_wait_time_secs": "average_wait",
    "end_conference_on_exit": "end_on_exit", "soft_end_conference_on_exit": "soft_end_on_exit",
    "whisper_call_control_ids": "whisper_to",
}  # fmt: skip
MAY_BE_ABSENT = {"status", "updated_at", "end_reason", "region", "connection_id"}
NO_ITEMS = [odd for odd in ODD if odd is not ABSENT]
NO_LISTS = [odd for odd in NO_ITEMS if not isinstance(odd, list)]


def items(listed: Listed) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(listed, "items")  # noqa: B009  # each listing has them
    return found


@pytest.mark.parametrize(("scope", "item", "identity"), KINDS)
def test_any_odd_member_leaves_every_other_item_and_value_as_it_was(
    scope: Scope, item: Item, identity: str
) -> None:
    sound = items(read_now(scope, {"data": [item("a"), item("b"), item("c")]}))
    for member, odd, spoilt_item in spoilt(item("b")):
        told = f"{member}: {str(odd)[:60]}"
        listed = read_now(scope, {"data": [item("a"), spoilt_item, item("c")]})
        first, *middle, last = items(listed)
        assert (first, last) == (sound[0], sound[2]), told
        assert listed.reading.atomic is bool(middle), told
        assert listed.reading.left_out == (() if middle else (f"no {identity}",)), told
        assert middle or member == identity, told
        for found in middle:
            hit = MEMBERS.get(member, member)
            whole = {hit: getattr(sound[1], hit), "odd": ()}
            assert replace(found, **whole) == sound[1], told
            lacks = getattr(found, hit) is None
            may = (scope, member) == (LIVE, member) and member in MAY_BE_ABSENT
            may = (may or member == "connection_id") and (odd is None or odd is ABSENT)
            assert [name for name, _ in found.odd] == ([member] if lacks and not may else []), told


@pytest.mark.parametrize(("scope", "item", "identity"), KINDS)
@pytest.mark.parametrize("odd", NO_ITEMS, ids=range(len(NO_ITEMS)))
def test_what_is_no_item_is_left_out_and_proves_nobody_gone(
    scope: Scope, item: Item, identity: str, odd: object
) -> None:
    del identity
    listed = read_now(scope, {"data": [item("a"), odd, item("b")]})
    assert len(items(listed)) == 2
    assert listed.reading.atomic is False
    assert len(listed.reading.left_out) == 1


@pytest.mark.parametrize(("scope", "item", "identity"), KINDS)
def test_only_identity_is_required(scope: Scope, item: Item, identity: str) -> None:
    [bare] = items(read_now(scope, {"data": [{identity: item("a")[identity]}]}))
    values = {each.name: getattr(bare, each.name) for each in fields(bare) if each.name != "odd"}
    named = {name: value for name, value in values.items() if value is not None}
    assert set(named.values()) == {item("a")[identity]}
    assert all(why.startswith("absent, where a") or "true or false" in why for _, why in bare.odd)


@pytest.mark.parametrize(
    ("item", "member", "odd", "why"),
    [
        (call, "from", None, "null, where a text is expected"),
        (call, "wait_time_secs", 46.5, "46.5, where a whole number is expected"),
        (call, "wait_time_secs", True, "true, where a whole number is expected"),
        (call, "wait_time_secs", 10**4000, "an enormous number, where a whole number is expected"),
        (call, "is_alive", "yes", '"yes", where true or false is expected'),
        (call, "enqueued_at", "", "an empty text, where a time is expected"),
        (call, "enqueued_at", "9999-12-31", '"9999-12-31", where a time is expected'),
        (call, "to", "9" * 5000, "a text of 5000 characters, where a text is expected"),
        (person, "whisper_call_control_ids", [None], "a list with a value that is no id"),
        (person, "whisper_call_control_ids", None, "null, where a list of ids is expected"),
        (person, "muted", DEEP, "an object, where true or false is expected"),
        (conference, "expires_at", ABSENT, "absent, where a time is expected"),
    ],
)
def test_the_reason_says_what_came_and_what_was_expected(
    item: Item, member: str, odd: object, why: str
) -> None:
    scope = next(scope for scope, kind, _ in KINDS if kind is item)
    whole = {name: value for name, value in item("a").items() if name != member}
    said = whole if odd is ABSENT else {**whole, member: odd}
    [found] = items(read_now(scope, {"data": [said]}))
    assert found.odd == ((member, why),)


@pytest.mark.parametrize(("value", "read"), [("9", 9), (9.0, 9), (9, 9)])
def test_a_number_that_is_plainly_meant_is_read(value: object, read: int) -> None:
    [found] = items(read_now(CallsScope("q"), {"data": [{**call("a"), "wait_time_secs": value}]}))
    assert (found.waited, found.odd) == (read, ())


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_an_odd_count_of_pages_never_cuts_a_listing_short(odd: object) -> None:
    """Otherwise the items of the second page would count as gone."""
    meta = {} if odd is ABSENT else {"total_pages": odd}
    full = {"data": [queue(f"n{number}") for number in range(250)], "meta": meta}
    rest = {"data": [queue("last")], "meta": meta}
    end = {"data": [], "meta": meta}
    listed = read_now(QueuesScope(), full, rest, end)
    whole = {each.name for each in items(listed)}
    assert "last" in whole


@pytest.mark.parametrize("odd", NO_LISTS, ids=range(len(NO_LISTS)))
def test_an_answer_of_another_shape_is_no_outage_and_no_empty_listing(odd: object) -> None:
    answers = [{"data": odd}, odd]
    for answer in answers:
        with pytest.raises(ShapeError) as raised:
            read_now(QueuesScope(), answer)
        problem = raised.value.problem
        assert (problem.kind, problem.status) == ("shape", 200)
        assert len(problem.detail) < 200


def test_a_single_conference_is_read_by_the_same_rule() -> None:
    told = read_now(OneConferenceScope("a"), {"data": {**conference("a"), "expires_at": None}})
    assert isinstance(told, ConferenceRead)
    assert told.item is not None
    assert (told.item.name, told.item.expires_at) == ("Name a", None)
    with pytest.raises(ShapeError, match="no id"):
        read_now(OneConferenceScope("a"), {"data": {**conference("a"), "id": None}})


@pytest.mark.parametrize(
    ("path", "item"),
    [
        (("conferences", "r"), conference),
        (("conferences", "r", "participants", "p"), person),
        (("queues", "q"), queue),
        (("queues", "q", "calls", "l"), call),
    ],
)
def test_a_thing_that_is_looked_at_says_which_of_its_members_are_odd(
    path: tuple[str, ...], item: Item
) -> None:
    for member, odd, said in spoilt(item("a")):
        told = read_now(OneResourceScope(path), {"data": said})
        assert isinstance(told, ResourceRead)
        assert {name for name, _ in told.odd} <= ({member} if odd is not ABSENT else set())
    told = read_now(
        OneResourceScope(path), {"data": {**item("a"), "created_at": [], "enqueued_at": []}}
    )
    assert isinstance(told, ResourceRead)
    known = "enqueued_at" if item is call else "created_at"
    assert told.odd == ((known, "a list, where a time is expected"),)


def test_an_answer_to_a_command_names_a_leg_that_fits_or_none() -> None:
    assert leg_named({"call_control_id": "v3:a", "is_alive": {}}) == "v3:a"
    unfit: tuple[object, ...] = ("", None, True, [], {}, DEEP, "9" * 5_000, "\ud800")
    for odd in unfit:
        assert leg_named({"call_control_id": odd}) is None
    for odd in ODD:
        assert leg_named(odd) is None or odd == {}


def test_an_attempt_that_cannot_be_read_is_said_of_a_delivery_and_the_others_are_told() -> None:
    odd: list[object] = [None, {"http": None}, {"http": {"response": {"status": []}}}]
    sound = [{"http": {"response": {"status": 503}}}, {"http": {"response": None}}]
    row = {"status": "failed", "webhook": {"id": "e1"}, "attempts": [*odd, *sound]}
    told = read_now(DeliveryScope("e1"), {"data": [None, {"webhook": []}, row]})
    assert isinstance(told, DeliveryRead)
    assert told.outcome == "failed, 5 tries: no answer, 503, ?, ?, ?"
    told = read_now(DeliveryScope("e1"), {"data": [{**row, "attempts": 5, "status": {}}]})
    assert isinstance(told, DeliveryRead)
    assert told.outcome == "?, ? tries"
