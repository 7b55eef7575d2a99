from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.core.messages import webhooks
from console.core.messages.facts import UnreadableReceived
from console.core.messages.webhooks import (
    CallReported,
    ConferenceEnded,
    FloorChanged,
    Origin,
    ParticipantJoined,
    PlaybackStarted,
    RecordingSaved,
    UnknownReceived,
)
from console.core.model.listed_resources import Leg, Moment
from console.telnyx.events import event, state_in
from console.telnyx.json_models import seconds

if TYPE_CHECKING:
    from datetime import datetime

AT = Moment(5.0, 1_800_000_000.0)
IDS = {
    "call_control_id": "v3:leg",
    "call_leg_id": "c1de40aa",
    "call_session_id": "c1de3f10",
    "connection_id": "2963500000000000123",
    "client_state": b64encode(b'{"agent":"Ann"}').decode(),
}
LEG = Leg("v3:leg", "c1de40aa", "c1de3f10", "2963500000000000123", "Ann")
NOON = "2026-11-22T12:00:00.250000Z"
NOON_SECONDS = 1_795_348_800.25

CONFERENCE = {"conference_id": "room"}
ALL: list[tuple[str, dict[str, Any], str]] = [
    ("call.enqueued", {"queue": "q", "current_position": 4, "queue_avg_wait_time_secs": 52},
     "CallEnqueued"),
    ("call.dequeued", {"queue": "q", "wait_time_secs": 38, "reason": "leave"}, "CallDequeued"),
    ("conference.created", CONFERENCE, "ConferenceCreated"),
    ("conference.ended", {**CONFERENCE, "reason": "host_left"}, "ConferenceEnded"),
    ("conference.floor.changed", CONFERENCE, "FloorChanged"),
    ("conference.participant.joined", CONFERENCE, "ParticipantJoined"),
    ("conference.participant.left", CONFERENCE, "ParticipantLeft"),
    ("conference.participant.playback.started", CONFERENCE, "PlaybackStarted"),
    ("conference.participant.playback.ended", CONFERENCE, "PlaybackEnded"),
    ("conference.participant.speak.started", CONFERENCE, "SpeakStarted"),
    ("conference.participant.speak.ended", CONFERENCE, "SpeakEnded"),
    ("conference.playback.started", CONFERENCE, "PlaybackStarted"),
    ("conference.playback.ended", CONFERENCE, "PlaybackEnded"),
    ("conference.speak.started", CONFERENCE, "SpeakStarted"),
    ("conference.speak.ended", CONFERENCE, "SpeakEnded"),
    ("conference.recording.saved", {**CONFERENCE, "recording_id": "rec"}, "RecordingSaved"),
    ("call.initiated", {}, "CallReported"),
    ("call.answered", {}, "CallReported"),
    ("call.bridged", {}, "CallReported"),
    ("call.hangup", {}, "CallReported"),
]  # fmt: skip


def wrapped(name: str, payload: object, **members: object) -> dict[str, Any]:
    return {"data": {"record_type": "event", "event_type": name, "id": "e1",
                     "payload": payload, **members}}  # fmt: skip


def told(body: object) -> Any:  # noqa: ANN401  the tests check the type of the fact
    return event(json.dumps(body).encode(), AT)


@pytest.mark.parametrize(("name", "payload", "kind"), ALL)
def test_every_webhook_becomes_its_fact(name: str, payload: dict[str, Any], kind: str) -> None:
    fact = told(wrapped(name, {**IDS, **payload}, occurred_at=NOON))
    assert type(fact) is getattr(webhooks, kind)
    assert fact.origin == Origin(AT, "e1", name, NOON_SECONDS, 1)
    if name.startswith("conference."):
        assert fact.conference == "room"
    if ".playback." in name or ".speak." in name:
        assert fact.leg == (LEG if "participant" in name else None)


@pytest.mark.parametrize(("name", "payload", "kind"), ALL)
def test_every_webhook_is_read_flat_too(name: str, payload: dict[str, Any], kind: str) -> None:
    flat = wrapped(name, {**IDS, **payload})["data"]
    assert type(told(flat)) is getattr(webhooks, kind)


def test_values_are_carried_over() -> None:
    queued = told(wrapped(*ALL[0][:1], {**IDS, **ALL[0][1]}))
    assert (queued.leg, queued.queue, queued.position, queued.average_wait) == (LEG, "q", 4, 52)
    gone = told(wrapped("call.dequeued", {**IDS, **ALL[1][1]}))
    assert (gone.queue, gone.waited, gone.reason) == ("q", 38, "leave")
    call = told(wrapped("call.hangup", {**IDS, "from": "+1", "to": "+2", "direction": "incoming"}))
    assert isinstance(call, CallReported)
    assert (call.from_, call.to, call.incoming, call.ended) == ("+1", "+2", True, True)
    played = told(
        wrapped("conference.playback.started", {**CONFERENCE, "media_url": "https://a/b"})
    )
    assert isinstance(played, PlaybackStarted)
    assert played.media == "https://a/b"
    saved = told(wrapped("conference.recording.saved",
        {**CONFERENCE, "recording_id": "rec", "format": "mp3", "channels": "dual",
         "recording_started_at": NOON, "recording_ended_at": NOON}))  # fmt: skip
    assert isinstance(saved, RecordingSaved)
    assert (saved.recording, saved.format, saved.channels) == ("rec", "mp3", "dual")
    assert saved.started == saved.ended == saved.origin.occurred == NOON_SECONDS


def test_the_time_is_taken_from_the_first_place_that_has_one() -> None:
    later, early = "2026-11-22T12:00:01.250Z", "2026-11-22T11:00:00Z"
    places = {"occurred_at": NOON, "occured_at": later, "recording_ended_at": early}
    outer = told(wrapped("conference.ended", {**CONFERENCE, **places}, occurred_at=early))
    assert outer.origin.occurred == seconds(early)
    assert (
        told(wrapped("conference.ended", {**CONFERENCE, **places})).origin.occurred == NOON_SECONDS
    )
    del places["occurred_at"]
    assert told(wrapped("conference.ended", {**CONFERENCE, **places})).origin.occurred == seconds(
        later
    )
    assert told(wrapped("conference.ended", CONFERENCE)).origin.occurred is None
    assert told(wrapped("conference.ended", CONFERENCE, occurred_at="soon")).origin.occurred is None


@pytest.mark.parametrize(
    ("meta", "attempt"),
    [({"attempt": 3}, 3), ({"attempt": "2"}, 2), ({"attempt": -1}, 1), ({"attempt": None}, 1),
     ({}, 1), (None, 1), ([], 1), ({"attempt": {}}, 1)],
)  # fmt: skip
def test_the_attempt_is_beside_the_event(meta: object, attempt: int) -> None:
    assert told({**wrapped("conference.ended", CONFERENCE), "meta": meta}).origin.attempt == attempt


def test_an_unknown_type_is_known_as_unknown() -> None:
    fact = told(wrapped("call.machine.detection.ended", {"deep": [1]}, occurred_at=NOON))
    origin = Origin(AT, "e1", "call.machine.detection.ended", NOON_SECONDS)
    assert fact == UnknownReceived(origin)
    assert isinstance(told(wrapped("call.new", None)), UnknownReceived)


def nested(depth: int) -> object:
    return {"a": nested(depth - 1)} if depth else 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"NaN", "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (b'{"a":' + b"1" * 5_000 + b"}", "not JSON"),
        (b"[]", "not a JSON object"),
        (b'"x"', "not a JSON object"),
        (json.dumps(nested(33)).encode(), "nested deeper than 32"),
        (json.dumps({str(key): 1 for key in range(2_001)}).encode(), "more than 2000 members"),
        (b'{"data":[]}', "data is not an object"),
        (b'{"data":null}', "data is not an object"),
        (b'{"data":{}}', "no event_type"),
        (b'{"data":{"event_type":"conference.ended"}}', "no id"),
        (b'{"data":{"event_type":"conference.ended","id":""}}', "no id"),
        (b'{"data":{"event_type":"conference.ended","id":"e"}}', "no conference_id"),
        (b'{"event_type":"call_initiated","id":"e","created_at":"","payload":{}}',
         "webhook_api_version 1: set the application to version 2"),
    ],
)  # fmt: skip
def test_what_is_no_event_says_why_and_repeats_nothing(body: bytes, reason: str) -> None:
    assert event(body, AT) == UnreadableReceived(AT, reason)


@given(
    path=st.lists(st.sampled_from(["data", "payload", "meta", "x", "list"]), max_size=5),
    values=st.tuples(st.integers(), st.text() | st.none()),
    name=st.text(max_size=8),
)
def test_a_body_that_names_a_member_twice_is_unreadable_however_deep(
    path: list[str], values: tuple[object, object], name: str
) -> None:
    """Parsers keep different ones of the two, so neither is used."""
    first, second = (json.dumps(value) for value in values)
    spelt = "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else letter for letter in name)
    inner = f'{{{json.dumps(name)}: {first}, "other": 1, "{spelt}": {second}}}'
    for step in path:
        inner = f"[{inner}]" if step == "list" else f'{{"{step}": {inner}}}'
    body = f'{{"id": "e", "event_type": "conference.floor.changed", "rest": {inner}}}'.encode()
    assert event(body, AT) == UnreadableReceived(AT, "the same member twice")


def test_the_same_member_of_two_objects_is_no_repetition() -> None:
    rows = json.dumps({"data": {"event_type": "x.y", "id": "e", "payload": [{"id": 1}, {"id": 1}]}})
    assert isinstance(event(rows.encode(), AT), UnknownReceived)


def test_the_deepest_allowed_body_is_read() -> None:
    assert isinstance(told(wrapped("new.type", nested(29))), UnknownReceived)


@pytest.mark.parametrize(("name", "payload", "kind"), ALL)
def test_an_event_without_what_it_is_about_is_unreadable(
    name: str, payload: dict[str, Any], kind: str
) -> None:
    del kind
    whole = {**IDS, **payload}
    needed = {"call_control_id", "conference_id", "queue"} & set(whole)
    if name in {"conference.created", "conference.ended", "conference.recording.saved"} or (
        "participant" not in name and (".playback." in name or ".speak." in name)
    ):
        needed.discard("call_control_id")
    for lost in needed:
        absences: list[dict[str, object]] = [{}, {lost: None}, {lost: ""}, {lost: []}]
        for instead in absences:
            rest = {key: value for key, value in whole.items() if key != lost}
            assert told(wrapped(name, {**rest, **instead})) == UnreadableReceived(AT, f"no {lost}")


def test_optional_members_of_a_wrong_kind_are_left_out() -> None:
    fact = told(wrapped("call.enqueued", {**IDS, "queue": "q", "current_position": "soon",
                                          "client_state": 7, "call_leg_id": {}}))  # fmt: skip
    assert (fact.position, fact.leg.agent, fact.leg.leg_id) == (None, None, None)


def test_the_floor_may_come_before_everything_else() -> None:
    assert told(wrapped("conference.floor.changed", {**IDS, **CONFERENCE})) == FloorChanged(
        Origin(AT, "e1", "conference.floor.changed", None), LEG, "room"
    )


@pytest.mark.parametrize(
    ("state", "agent"),
    [
        (b'{"agent":"Ann","name":"Bob"}', "Ann"),
        (b'{"name":"Bob"}', "Bob"),
        (b'{"agent":7,"name":"Bob"}', "Bob"),
        (b'{"agent":""}', None),
        (b'{"by":"ops"}', None),
        (b"supervisor", None),
        (b"[" * 3_000, None),
        (b'{"agent":"\\ud800"}', None),
        (b"\xff", None),
    ],
)
def test_an_agent_is_named_in_client_state(state: bytes, agent: str | None) -> None:
    said = state_in(b64encode(state).decode())
    assert (said.agent or said.name or None) == agent


@pytest.mark.parametrize("state", [None, "", "not base64!", "c3V", "é"])
def test_other_client_states_name_nobody(state: str | None) -> None:
    said = state_in(state)
    assert (said.agent, said.name) == (None, None)


@given(st.text())
def test_client_state_never_raises(state: str) -> None:
    state_in(state)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_raise(body: bytes) -> None:
    assert isinstance(event(body, AT), UnreadableReceived | UnknownReceived)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = sorted({*IDS, "conference_id", "queue", "recording_id", "occurred_at", "media_url"})


@given(
    name=st.sampled_from([name for name, _, _ in ALL]) | st.text(),
    payload=JSON | st.dictionaries(st.sampled_from(MEMBERS), JSON | st.text(), max_size=8),
    outer=st.dictionaries(st.sampled_from(["id", "occurred_at", "meta", "data"]), JSON),
    flat=st.booleans(),
)
def test_every_envelope_becomes_one_fact(
    name: str, payload: object, outer: dict[str, object], flat: bool
) -> None:
    inner = {"event_type": name, "id": "e1", "payload": payload, **outer}
    fact = told(inner if flat else {"data": inner, "meta": outer.get("meta")})
    assert fact.at == AT if isinstance(fact, UnreadableReceived) else fact.origin.at == AT
    for member in fields(fact):
        value = getattr(fact, member.name)
        if isinstance(value, str):
            value.encode()


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_is_read_as_the_instant_it_names(moment: datetime) -> None:
    assert seconds(moment.isoformat()) == pytest.approx(moment.timestamp(), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-01-01T00:00:01Z", 1.0),
        ("1970-01-01T00:00:01", 1.0),
        ("1970-01-01T01:00:01+01:00", 1.0),
        ("1970-01-01T00:00:00.002Z", 0.002),
        ("", None),
        ("yesterday", None),
        (0, None),
        (None, None),
    ],
)
def test_times_without_an_offset_are_utc(text: object, at: float | None) -> None:
    assert seconds(text) == at


def test_a_join_says_who_and_where() -> None:
    assert told(
        wrapped("conference.participant.joined", {**IDS, **CONFERENCE})
    ) == ParticipantJoined(Origin(AT, "e1", "conference.participant.joined", None), LEG, "room")
    ended = told(wrapped("conference.ended", {**CONFERENCE, "reason": "ended_via_api"}))
    assert isinstance(ended, ConferenceEnded)
    assert ended.reason == "ended_via_api"
