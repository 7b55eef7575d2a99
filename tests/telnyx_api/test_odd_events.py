"""One odd value in a webhook loses only that value."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import fields, replace
from math import inf
from typing import Any

import pytest

from console.core.messages.facts import UnreadableReceived
from console.core.messages.webhooks import ConferenceCreated, Origin
from console.core.model.listed_resources import Leg, Moment
from console.telnyx.events import event
from support.oddities import ABSENT, DEEP, spoilt

AT = Moment(5.0, 1_800_000_000.0)
NOON = "2026-11-22T12:00:00.250000Z"
PAYLOAD: dict[str, Any] = {
    "call_control_id": "v3:leg", "call_leg_id": "leg", "call_session_id": "session",
    "connection_id": "296", "client_state": b64encode(b'{"agent":"Ann"}').decode(),
    "conference_id": "room", "queue": "q", "current_position": 4, "queue_avg_wait_time_secs": 52,
    "wait_time_secs": 38, "reason": "leave", "media_name": "tune", "recording_id": "rec",
    "recording_started_at": NOON, "recording_ended_at": NOON, "format": "mp3", "channels": "dual",
    "from": "+1", "to": "+2", "direction": "incoming",
}  # fmt: skip
NAMES = (
    "call.enqueued", "call.dequeued", "conference.created", "conference.ended",
    "conference.floor.changed", "conference.participant.joined", "conference.participant.left",
    "conference.participant.playback.started", "conference.participant.speak.ended",
    "conference.playback.ended", "conference.speak.started", "conference.recording.saved",
    "call.initiated", "call.hangup", "call.unheard.of",
)  # fmt: skip
IDENTITIES = {"event_type", "id", "call_control_id", "conference_id", "queue"}


def told(name: str, payload: Any = PAYLOAD, **members: object) -> Any:  # noqa: ANN401  # any fact
    inner = {"event_type": name, "id": "e1", "occurred_at": NOON, "payload": payload, **members}
    said = {key: value for key, value in inner.items() if value is not ABSENT}
    return event(json.dumps({"data": said}).encode(), AT)


def values(fact: object) -> dict[str, Any]:
    """Return every value of a fact by name, including those of its leg and origin."""
    found: dict[str, Any] = {}
    for each in fields(fact):  # type: ignore[arg-type]  # a fact is a dataclass
        value = getattr(fact, each.name)
        found |= values(value) if isinstance(value, Leg | Origin) else {each.name: value}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_any_odd_member_leaves_every_other_value_of_the_event_as_it_was(name: str) -> None:
    sound = told(name)
    assert not isinstance(sound, UnreadableReceived)
    for member, odd, payload in spoilt(PAYLOAD):
        if odd is DEEP or odd in (inf, 10**4000, "\ud800"):
            continue  # with such a value the parser of webhooks refuses the whole body
        fact, what = told(name, payload), f"{member}: {str(odd)[:60]}"
        if isinstance(fact, UnreadableReceived):
            assert member in IDENTITIES, what
            assert fact.reason == f"no {member}", what
            continue
        assert type(fact) is type(sound), what
        before, after = values(sound), values(fact)
        if isinstance(fact, ConferenceCreated) and fact.leg is None:
            assert member == "call_control_id"
            continue
        differ = {key for key in before if before[key] != after[key]} - {"odd"}
        assert len(differ) <= 2, what  # client_state holds two names, agent and name
        assert not differ or member not in IDENTITIES or odd not in (None, "", ABSENT), what
        if after["odd"]:
            assert after["odd"] == (member,), what


@pytest.mark.parametrize("name", NAMES)
def test_a_time_that_does_not_fit_is_not_known(name: str) -> None:
    sound = told(name, {**PAYLOAD, "recording_ended_at": None})
    unfit: tuple[object, ...] = (None, "", "soon", 5, True, [], {}, "9999-12-31", "9" * 5_000)
    for odd in unfit:
        fact = told(name, {**PAYLOAD, "recording_ended_at": None}, occurred_at=odd)
        named = () if odd is None else ("occurred_at",)
        assert fact.origin == replace(sound.origin, occurred=None, odd=named)


def test_what_is_no_payload_has_no_identity() -> None:
    unfit: tuple[object, ...] = (None, [], "x", 5, True)
    for odd in unfit:
        assert told("conference.ended", odd) == UnreadableReceived(AT, "no conference_id")


def test_a_conference_that_begins_without_a_sound_leg_has_begun() -> None:
    fact = told("conference.created", {**PAYLOAD, "call_control_id": None})
    assert isinstance(fact, ConferenceCreated)
    assert (fact.conference, fact.leg) == ("room", None)


def test_a_recording_is_saved_whatever_its_id_is() -> None:
    fact = told("conference.recording.saved", {**PAYLOAD, "recording_id": {}})
    assert (fact.conference, fact.recording, fact.origin.odd) == ("room", None, ("recording_id",))
