"""Every row of every pane has all its cells in every state of knowledge."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from view.scenes import (
    QUEUE,
    calls_listed,
    cells,
    failed,
    known,
    queue,
    queued,
    queues_listed,
    roles,
    scene,
    text,
)

from console.core.messages import facts, webhooks
from console.core.messages.read_scopes import LIVE, CallsScope, ParticipantsScope, QueuesScope
from console.core.model.listed_resources import Leg
from console.core.model.state import State
from console.view.screen_elements import Role, Sheet
from console.view.workspace_layout import board
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    joined,
    left,
    listed_conference,
    origin,
    participant,
    people_listed,
    reading,
)
from support.twin import Twin

LEGS = ("v3:a", "v3:b", "v3:c\x1b[2J")
CONFERENCES = (CONFERENCE, "second-room\u202e")
VERBS = ("mute", "unmute", "hold", "unhold")
PLAYED = (
    webhooks.PlaybackStarted,
    webhooks.PlaybackEnded,
)
Step: TypeAlias = tuple[str, int, int]
Deed: TypeAlias = Callable[[Playbook, float, int, int], object]


def hook(now: float, name: str, one: int) -> webhooks.Origin:
    """Return the origin of a webhook; some have no time of occurrence."""
    said = origin(now, name, id_=f"{name}{now}")
    return said if one % 5 else webhooks.Origin(said.at, said.event_id, said.name, None)


def join(talk: Playbook, now: float, one: int, two: int) -> None:
    said = hook(now, "conference.participant.joined", one)
    talk.say(webhooks.ParticipantJoined(said, Leg(LEGS[one % 3]), CONFERENCES[two % 2]))


def list_people(talk: Playbook, now: float, one: int, two: int) -> None:
    shown = [participant(leg, muted=bool(one & 1), held=bool(one & 2)) for leg in LEGS[: two % 4]]
    talk.say(people_listed(now, *shown, conference=CONFERENCES[one % 2]))


def list_conferences(talk: Playbook, now: float, one: int, two: int) -> None:
    status = "init" if two % 3 == 0 else "in_progress"
    conferences = tuple(
        listed_conference(id_, f"room {n}\n", status)
        for n, id_ in enumerate(CONFERENCES[: one % 3])
    )
    talk.say(facts.ConferencesListed(reading(now), status, conferences))


def enqueue(talk: Playbook, now: float, one: int, _: int) -> None:
    said = hook(now, "call.enqueued", one)
    talk.say(webhooks.CallEnqueued(said, Leg(LEGS[one % 3]), QUEUE, None, None))


def list_calls(talk: Playbook, now: float, one: int, two: int) -> None:
    calls = [queued(leg, 30.0 * two, alive=one % 2 == 0) for leg in LEGS[: one % 4]]
    talk.say(calls_listed(now, *calls))


def play(talk: Playbook, now: float, one: int, two: int) -> None:
    leg = Leg(LEGS[one % 3]) if two % 2 else None
    said = hook(now, "conference.playback.x", one)
    talk.say(PLAYED[two % 2](said, CONFERENCES[one % 2], leg, None))


def press(talk: Playbook, now: float, one: int, two: int) -> None:
    talk.ask(VERBS[one % 4], now, *LEGS[two % 3 :], id_=str(now))


def answer(talk: Playbook, now: float, one: int, two: int) -> None:
    pending = [id_ for id_, receipt in talk.state.receipts.items() if receipt.stage.open]
    if pending and two % 3:
        talk.accept(now, pending[one % len(pending)])
    elif pending:
        talk.refuse(now, pending[one % len(pending)])


def record(talk: Playbook, now: float, one: int, _: int) -> None:
    talk.ask(("record", "pause", "resume", "end")[one % 4], now, id_=str(now))


DEEDS: dict[str, Deed] = {
    "join": join,
    "list people": list_people,
    "list rooms": list_conferences,
    "list queues": lambda talk, now, one, two: talk.say(queues_listed(now, queue(one, two * 4))),
    "enqueue": enqueue,
    "list calls": list_calls,
    "play": play,
    "press": press,
    "answer": answer,
    "record": record,
    "leave": lambda talk, now, one, two: talk.say(
        left(now, LEGS[one % 3], conference=CONFERENCES[two % 2])
    ),
    "speak": lambda talk, now, one, two: talk.say(
        webhooks.FloorChanged(hook(now, "floor", two), Leg(LEGS[one % 3]), CONFERENCES[two % 2])
    ),
    "end": lambda talk, now, one, two: talk.say(
        webhooks.ConferenceEnded(
            hook(now, "conference.ended", two), CONFERENCES[one % 2], "host_left"
        )
    ),
    "fail": lambda talk, now, one, two: talk.say(
        failed(
            now,
            (QueuesScope(), LIVE, CallsScope(QUEUE), ParticipantsScope(CONFERENCE))[one % 4],
            ("forbidden", "unauthorised", "limited", "unreachable", "server")[two % 5],
        )
    ),
    "name": lambda talk, _, one, two: known(talk, LEGS[one % 3], name="A\x07", caller=two % 2 == 0),
    "wait": lambda talk, now, _, __: talk.pass_(now),
}
steps = st.lists(
    st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 30), st.integers(0, 30)), max_size=25
)


def sheets(state: State, seconds: float) -> list[Sheet]:
    looks = [
        scene(state, seconds, conference=conference, width=80)
        for conference in (*CONFERENCES, None)
    ]
    looks.append(scene(state, seconds, queue=None, demo=True))
    return [sheet for look in looks for sheet in board(look).sheets.values()]


def check(sheet: Sheet) -> None:
    names = [column.name for column in sheet.columns]
    assert len(set(names)) == len(names)
    assert len(set(sheet.keys)) == len(sheet.keys)
    assert sheet.keys or sheet.empty
    for key in sheet.keys:
        assert len(sheet.row(key)) == len(sheet.columns), (sheet.name, key)
    spans = [span for key in sheet.keys for cell in sheet.row(key) for span in cell]
    spans += [span for cell in sheet.empty for span in cell]
    spans += [*sheet.figures, *sheet.alert]
    for words in [sheet.title, sheet.about, *(span.text for span in spans)]:
        assert not {unicodedata.category(one) for one in words} & {"Cc", "Cf", "Zl", "Zp"}, words


def unknown_is_said(state: State, seconds: float, conference: str) -> None:
    """Check that nobody is drawn as open or free before a listing showed it."""
    people = board(scene(state, seconds, conference=conference)).sheets["people"]
    for leg in people.keys:
        row = cells(people, leg)
        if state.people[conference][leg].listed is None:
            assert row["mic"].startswith("?") or row["mic"].endswith("…")
            assert row["hold"] == "?" or row["hold"].endswith("…")
            assert row["exit"] == "?"
        else:
            assert row["mic"] != ""
            assert "?" not in row["mic"] + row["hold"] + row["exit"]


@settings(max_examples=120)
@given(steps, st.sampled_from([0.0, 3.0, 400.0, 20_000.0]))
def test_every_row_has_its_cells_and_what_is_unknown_says_so(
    happened: list[Step], later: float
) -> None:
    talk, now = Playbook().begin(*map(participant, LEGS[:2])), 0.0
    for name, one, two in happened:
        now += 0.7
        DEEDS[name](talk, now, one, two)
    for sheet in sheets(talk.state, now + later):
        check(sheet)
    for conference in CONFERENCES:
        unknown_is_said(talk.state, now + later, conference)


def test_a_live_floor_is_laid_out_before_and_after_it_was_listed() -> None:
    twin = Twin(callers=6)
    legs = [twin.leg(number) for number in range(6)]
    twin.call("POST", "/conferences", call_control_id=legs[0], name="board")
    conference = twin.world.live_names["board"].id
    for leg in legs[1:4]:
        twin.call("POST", f"/conferences/{conference}/actions/join", call_control_id=leg)
    twin.call("POST", f"/conferences/{conference}/actions/mute", call_control_ids=legs[:1])
    twin.call("POST", f"/conferences/{conference}/actions/hold", call_control_ids=legs[1:2])
    twin.call("POST", f"/calls/{legs[4]}/actions/enqueue", queue_name="vip")
    while twin.pending:
        twin.deliver(0)
        look(twin, conference)
    assert {row["mic"].split()[0] for row in look(twin, conference)} == {"?"}
    twin.wait(5.0)
    twin.poll()
    rows = look(twin, conference)
    assert sorted((row["mic"].split()[-1], row["hold"]) for row in rows) == [
        ("muted", ""),
        ("open", ""),
        ("open", ""),
        ("open", "held"),
    ]


def look(twin: Twin, conference: str) -> list[dict[str, str]]:
    """Check every pane, and return the rows of the people pane."""
    seen = scene(twin.state, conference=conference, queue="vip")
    panes = board(replace(seen, now=twin.moment())).sheets
    for sheet in panes.values():
        check(sheet)
    return [cells(panes["people"], leg) for leg in panes["people"].keys]


def test_an_ended_conference_is_struck_out_for_half_a_minute_and_its_people_are_none() -> None:
    talk = Playbook().begin(participant("a"))
    said = origin(1.0, "conference.ended")
    talk.say(webhooks.ConferenceEnded(said, CONFERENCE, "host_left"))
    panes = board(scene(talk.state, 2.0)).sheets
    assert panes["conferences"].keys == (CONFERENCE,)
    assert cells(panes["conferences"], CONFERENCE)["audio"] == "ended 08:00:01 host left"
    assert roles(panes["conferences"], CONFERENCE, "conference") == {Role.GONE}
    assert text(panes["conferences"].figures).startswith("0 live")
    assert panes["people"].keys == ()
    assert board(scene(talk.state, 32.0)).sheets["conferences"].keys == ()
    talk.say(people_listed(3.0, participant("a")), joined(3.5, "b"))
    assert board(scene(talk.state, 4.0)).sheets["people"].keys == ()
    assert talk.state.conferences[CONFERENCE].ended_at == at(1.0)
