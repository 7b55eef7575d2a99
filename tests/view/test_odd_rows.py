"""One odd value in a listing or a webhook changes no other row of any pane."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from view.scenes import cells, scene, text, words

from console.commands import COMMANDS
from console.commands.targeting import Cursor, level_of, target_at
from console.core.messages import intents
from console.core.messages.facts import UnreadableReceived
from console.core.messages.read_scopes import (
    LIVE,
    CallsScope,
    OneResourceScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.command import Pane, WholeConference
from console.core.model.listed_resources import Source
from console.core.model.state import State
from console.telnyx.events import event
from console.view.dialogs.form import form, text_to_type, typed_code
from console.view.dialogs.inspect import inspection, scope_at_cursor
from console.view.screen_elements import Board
from console.view.workspace_layout import board
from support.oddities import ABSENT, ODD, read_now
from support.playbook import CONFERENCE, EPOCH, Playbook, at

QUEUE = "tier1"
CONFERENCES, LEGS, QUEUES = (
    (CONFERENCE, "r2", "r3"),
    ("v3:a", "v3:b", "v3:c"),
    (QUEUE, "tier2", "tier3"),
)
WAITING = ("v3:x", "v3:y", "v3:z")


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(EPOCH + seconds, UTC).isoformat()


def conference(id_: str) -> dict[str, Any]:
    return {"id": id_, "name": f"name-{id_}", "created_at": iso(-600), "expires_at": iso(300),
            "status": "in_progress", "updated_at": iso(-600), "connection_id": "c"}  # fmt: skip


def person(leg: str) -> dict[str, Any]:
    return {"call_control_id": leg, "id": f"p{leg}", "call_leg_id": f"l{leg}", "muted": True,
            "created_at": iso(-60), "updated_at": iso(-60), "end_conference_on_exit": True,
            "soft_end_conference_on_exit": False, "on_hold": True, "status": "joined",
            "whisper_call_control_ids": ["v3:a"]}  # fmt: skip


def queue(name: str) -> dict[str, Any]:
    return {"name": name, "id": f"q{name}", "current_size": 3, "max_size": 4,
            "average_wait_time_secs": 47, "created_at": iso(-60), "updated_at": iso(0)}  # fmt: skip


def call(leg: str) -> dict[str, Any]:
    place = WAITING.index(leg) + 1
    return {"call_control_id": leg, "call_leg_id": f"l{leg}", "call_session_id": f"s{leg}",
            "connection_id": "c", "from": "+15125550142", "to": "sip:x", "queue_position": place,
            "enqueued_at": iso(place - 90), "wait_time_secs": 90, "is_alive": True}  # fmt: skip


SOUND: dict[Scope, tuple[dict[str, Any], ...]] = {
    LIVE: tuple(map(conference, CONFERENCES)),
    QueuesScope(): tuple(map(queue, QUEUES)),
    ParticipantsScope(CONFERENCE): tuple(map(person, LEGS)),
    CallsScope(QUEUE): tuple(map(call, WAITING)),
}
PANES = {
    LIVE: "conferences",
    QueuesScope(): "queues",
    ParticipantsScope(CONFERENCE): "people",
    CallsScope(QUEUE): "calls",
}
KEYS = {
    LIVE: CONFERENCES,
    QueuesScope(): QUEUES,
    ParticipantsScope(CONFERENCE): LEGS,
    CallsScope(QUEUE): WAITING,
}
IDENTITIES = {LIVE: "id", QueuesScope(): "name", ParticipantsScope(CONFERENCE): "call_control_id",
              CallsScope(QUEUE): "call_control_id"}  # fmt: skip
HERE = {"conference": CONFERENCE, "leg": LEGS[1], "queue": QUEUE, "call": WAITING[1]}


def listed(talk: Playbook, scope: Scope, items: object, seconds: float) -> Playbook:
    return talk.say(read_now(scope, {"data": items}, at=at(seconds)))


def _begun() -> State:
    talk = Playbook()
    for scope, items in SOUND.items():
        listed(talk, scope, list(items), 1.0)
    return talk.say(intents.WatchAsked(at(1.0), QUEUE, CONFERENCE)).state


BEGUN = _begun()


def begun() -> Playbook:
    """Return a floor on which everything is listed and valid."""
    return Playbook(BEGUN)


def drawn(state: State) -> Board:
    """Lay out every pane with all its rows, and inspect every resource."""
    look = scene(state, 12.0, **HERE)
    found = board(look)
    words(found.header), words(found.receipt), words(found.hints)
    for sheet in found.sheets.values():
        for key in sheet.keys:
            sheet.row(key)
    return found


def asked(state: State) -> Iterator[str]:
    """Return every dialog of every command for the rows in the middle."""
    for command in COMMANDS.values():
        for pane in command.panes:
            cursor = Cursor(pane, queue=QUEUE, call=WAITING[1], conference=CONFERENCE, leg=LEGS[1])
            target = target_at(command, state, cursor)
            if isinstance(target, str):
                continue
            level = level_of(command, target, state, at(12.0))
            yield form(scene(state, 12.0, pane=pane, **HERE), command, target, level, {}).title


SHOWN = {
    (scope, key): cells(
        drawn(listed(begun(), scope, list(items), 10.0).state).sheets[PANES[scope]], key
    )
    for scope, items in SOUND.items()
    for key in KEYS[scope]
}
"""Each row after a second listing at ten seconds that is as sound as the first."""
FIRST = {
    (scope, key): cells(drawn(BEGUN).sheets[PANES[scope]], key)
    for scope in SOUND
    for key in KEYS[scope]
}
"""Each row after the first listing."""


def test_what_is_sound_is_drawn_and_asked_about() -> None:
    state = begun().state
    assert drawn(state).sheets["people"].keys == LEGS
    assert len(list(asked(state))) > 20


@pytest.mark.parametrize("scope", SOUND, ids=str)
@settings(max_examples=40)
@given(data=st.data())
def test_an_odd_value_leaves_every_other_row_as_it_was(scope: Scope, data: st.DataObject) -> None:
    first, middle, last = SOUND[scope]
    member = data.draw(st.sampled_from(sorted(middle)))
    odd = data.draw(st.sampled_from(ODD))
    rest = {name: value for name, value in middle.items() if name != member}
    spoilt = rest if odd is ABSENT else {**rest, member: odd}
    name, keys = PANES[scope], KEYS[scope]
    talk = listed(begun(), scope, [first, spoilt, last], 10.0)
    found = drawn(talk.state)
    other = member == IDENTITIES[scope] and odd in ("odd", "7", "9999-12-31T00:00:00Z")
    assert set(keys) <= {*found.sheets[name].keys, *(keys[1:2] if other else ())}, "nobody is gone"
    for key in (keys[0], keys[2]):
        assert cells(found.sheets[name], key) == SHOWN[scope, key]
    assert talk.state.coverage[scope].problem is None
    assert len(list(asked(talk.state))) > 10 or other


@pytest.mark.parametrize("scope", SOUND, ids=str)
def test_identity_alone_is_enough_from_the_first_listing_on(scope: Scope) -> None:
    """Only the identity of the middle row is known: every other cell shows ``?``."""
    talk = Playbook().say(intents.WatchAsked(at(0.0), QUEUE, CONFERENCE))
    for each, items in SOUND.items():
        key = IDENTITIES[each]
        bare = {key: items[1][key]}
        listed(talk, each, [items[0], bare if each == scope else items[1], items[2]], 1.0)
    found = drawn(talk.state).sheets[PANES[scope]]
    sound = drawn(begun().state).sheets[PANES[scope]]
    for key in (sound.keys[0], sound.keys[2]):
        was, now = cells(sound, key), cells(found, key)
        was.pop("position", ""), now.pop("position", "")  # a call with an unknown wait is last
        assert now == was
    shown = cells(found, sound.keys[1])
    known = {"sign", "queue", "conference", "who", "people", "rec", "audio", "why", "source",
             "position", "load", "size", "oldest", "from", "role", "sla", "exit"}  # fmt: skip
    assert {value for name, value in shown.items() if name not in known} == {"?"}


@pytest.mark.parametrize(
    ("scope", "member", "path", "shown"),
    [
        (LIVE, "expires_at", ("conferences", CONFERENCE), "null, where a time is expected"),
        (QueuesScope(), "max_size", ("queues", QUEUE), "null, where a whole number is expected"),
        (ParticipantsScope(CONFERENCE), "muted",
         ("conferences", CONFERENCE, "participants", "pv3:a"),
         "null, where true or false is expected"),
        (CallsScope(QUEUE), "from", ("queues", QUEUE, "calls", "v3:x"),
         "null, where a text is expected"),
    ],
)  # fmt: skip
def test_the_reason_stands_under_i(
    scope: Scope, member: str, path: tuple[str, ...], shown: str
) -> None:
    first, *others = SOUND[scope]
    talk = listed(begun(), scope, [{**first, member: None}, *others], 10.0)
    thing = OneResourceScope(path)
    talk.say(read_now(thing, {"data": {**first, "id": "same", member: []}}, at=at(11.0)))
    look = scene(talk.state, 12.0, **HERE)
    lines = [text(line) for line in inspection(look, intents.InspectAsked(at(10.5), thing))]
    odd = lines.index("odd in the listing:")
    assert [line.split()[:2] for line in lines[odd + 1 : odd + 2]] == [[member, "?"]]
    assert lines[odd + 1].endswith(shown)
    [direct] = [line for line in lines[:odd] if line.startswith(member)]
    assert direct.split()[1] == "?"
    assert direct.endswith(shown.replace("null", "a list"))


def test_a_person_without_an_id_cannot_be_looked_at_and_that_is_said() -> None:
    items = [{**person("v3:a"), "id": None}]
    talk = listed(begun(), ParticipantsScope(CONFERENCE), items, 10.0)
    look = scene(talk.state, 12.0, pane=Pane.PEOPLE, conference=CONFERENCE, leg="v3:a")
    assert scope_at_cursor(look) == "the listing gives no id to read it by"


def test_a_conference_of_an_unknown_name_is_shown_by_its_id_and_ended_by_a_code() -> None:
    talk = listed(begun(), LIVE, [{**conference(CONFERENCE), "name": None}], 10.0)
    look, target = scene(talk.state, 12.0, **HERE), WholeConference(CONFERENCE)
    assert cells(drawn(talk.state).sheets["conferences"], CONFERENCE)["conference"] == "?7c1f0e52"
    assert text_to_type(look, target) == typed_code(CONFERENCE)


NAMES = ("call.enqueued", "call.dequeued", "conference.created", "conference.floor.changed",
         "conference.participant.joined", "conference.participant.left", "call.hangup",
         "conference.participant.playback.started", "conference.recording.saved")  # fmt: skip
PAYLOAD: dict[str, Any] = {
    "call_control_id": "v3:new", "call_leg_id": "l", "call_session_id": "s", "connection_id": "c",
    "client_state": "e30=", "conference_id": "new", "queue": "new", "current_position": 4,
    "wait_time_secs": 38, "reason": "leave", "media_name": "tune", "recording_id": "rec",
    "recording_started_at": iso(0), "recording_ended_at": iso(5), "format": "mp3",
    "channels": "dual", "from": "+1", "to": "+2", "direction": "incoming",
}  # fmt: skip


@settings(max_examples=50)
@given(
    name=st.sampled_from(NAMES),
    member=st.sampled_from(sorted({*PAYLOAD, "occurred_at"})),
    odd=st.sampled_from(ODD),
)
def test_an_odd_webhook_is_folded_and_leaves_every_other_row_as_it_was(
    name: str, member: str, odd: object
) -> None:
    payload = {**PAYLOAD, "occurred_at": iso(10)}
    payload.pop(member)
    if odd is not ABSENT:
        payload[member] = odd
    said = {"data": {"event_type": name, "id": "e1", "occurred_at": iso(10), "payload": payload}}
    fact = event(json.dumps(said).encode(), at(10.5))
    talk = begun().say(fact)
    after = drawn(talk.state)
    for (scope, key), shown in FIRST.items():
        assert cells(after.sheets[PANES[scope]], key) == shown
    [line] = talk.state.log
    if not isinstance(fact, UnreadableReceived) and fact.origin.odd:
        assert line.text.endswith(f"(odd: {member})")


def test_a_lasting_nameless_item_is_counted_beside_the_title_and_named_once_in_the_log() -> None:
    talk, items = begun(), [person("v3:a"), {**person("v3:b"), "call_control_id": 5}]
    for seconds in (10.0, 12.0, 14.0):
        listed(talk, ParticipantsScope(CONFERENCE), items, seconds)
    found = drawn(talk.state).sheets["people"]
    assert text(found.alert) == "1 left out: no id"
    assert found.keys == LEGS, "it may be anyone: nobody is gone"
    lines = [(line.name, line.text) for line in talk.state.log]
    assert lines == [("left out", "1 item of the people: no call_control_id")]
    listed(talk, ParticipantsScope(CONFERENCE), [person("v3:a")], 20.0)
    found = drawn(talk.state).sheets["people"]
    assert (text(found.alert), found.keys) == ("", ("v3:a",))


def test_a_value_that_becomes_odd_is_unknown_and_not_what_it_was() -> None:
    talk = listed(
        begun(),
        ParticipantsScope(CONFERENCE),
        [{**person("v3:a"), "muted": None, "on_hold": 1}],
        10.0,
    )
    shown = cells(drawn(talk.state).sheets["people"], "v3:a")
    assert (shown["mic"], shown["hold"]) == ("?", "?")
    assert talk.state.people[CONFERENCE]["v3:a"].membership.source is Source.POLL


@pytest.mark.parametrize(
    ("scope", "member", "keys"),
    [
        (LIVE, "created_at", ("r2", "r3", CONFERENCE)),
        (ParticipantsScope(CONFERENCE), "created_at", ("v3:b", "v3:c", "v3:a")),
        (CallsScope(QUEUE), "enqueued_at", ("v3:y", "v3:z", "v3:x")),
    ],
)
def test_what_came_at_an_unknown_time_stands_last(
    scope: Scope, member: str, keys: tuple[str, ...]
) -> None:
    talk, (first, *others) = Playbook(), SOUND[scope]
    for each, items in SOUND.items():
        listed(talk, each, [{**first, member: None}, *others] if each == scope else items, 1.0)
    assert drawn(talk.state).sheets[PANES[scope]].keys == keys


def test_sums_of_what_is_not_all_known_say_that_there_is_more() -> None:
    talk = listed(
        Playbook(), QueuesScope(), [queue("a"), {**queue("b"), "current_size": None}], 1.0
    )
    assert text(drawn(talk.state).sheets["queues"].figures).startswith("2 · 3+ waiting")
    calls = [call("v3:x"), {**call("v3:y"), "enqueued_at": ""}]
    listed(talk, CallsScope("a"), calls, 1.0)
    assert cells(drawn(talk.state).sheets["queues"], "a")["oldest"] == "1:41+"
