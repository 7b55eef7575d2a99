"""The parked pane: names, times, origins, operators, and inferred rows."""

from __future__ import annotations

import pytest
from view.scenes import cells, known, roles, scene, words

from console.commands import COMMANDS
from console.commands.targeting import Cursor, target_at
from console.core.messages import facts, intents, webhooks
from console.core.messages.read_scopes import OneResourceScope
from console.core.model.command import AnyLeg, Order, Pane
from console.core.model.entities import Parked
from console.core.model.listed_resources import Leg, Source
from console.view import alerts
from console.view.alerts import CALM, Alarm, Level
from console.view.dialogs import inspect
from console.view.dialogs.suggestions import names_to_pick
from console.view.panes import header, parked
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    joined,
    left,
    listed_conference,
    origin,
    participant,
    reading,
)

OTHER = "8d2f0e52-0000-4000-8000-000000000002"
LEG = "v3:ana"
ANSWERS = {
    "join": {"room": OTHER},
    "enqueue": {"queue_name": "vip"},
    "create_with": {"name": "new"},
}


def floor() -> Playbook:
    talk = Playbook().begin(participant(LEG), participant("v3:bo"))
    conferences = (listed_conference(), listed_conference(OTHER, "other"))
    talk.say(facts.ConferencesListed(reading(-0.9), "in_progress", conferences))
    return known(talk, LEG, name="Ana Reyes")


def taken_out() -> Playbook:
    talk = floor()
    talk.ask("leave", 0.5, LEG, id_="out")
    return talk.accept(0.8, "out").say(left(1.0, LEG))


def out_of_queue(reason: str) -> Playbook:
    said = origin(1.0, "call.dequeued")
    return floor().say(webhooks.CallDequeued(said, Leg("v3:q"), "vip", 30, reason))


def bring(talk: Playbook, seconds: float, target: AnyLeg, name: str = "join") -> None:
    order = Order("in", at(seconds), COMMANDS[name], target, "ana", ANSWERS[name])
    talk.say(intents.OrderAsked(order))


def test_a_row_tells_who_since_when_from_where_and_by_whom() -> None:
    sheet = parked.sheet(scene(taken_out().state, 45.0))
    assert sheet.keys == (LEG,)
    assert cells(sheet, LEG) == {
        "sign": "",
        "who": "Ana Reyes",
        "since": "0:44",
        "from": "board-q3",
        "by": "ana",
        "source": "j 44s",
    }
    assert roles(sheet, LEG, "by") == {"you"}


def test_who_may_have_hung_up_is_never_claimed_to_be_there() -> None:
    sheet = parked.sheet(scene(floor().say(left(1.0, LEG)).state, 6.0))
    row = cells(sheet, LEG)
    assert (row["by"], row["source"]) == ("hung up?", "~ 5s")
    assert roles(sheet, LEG, "who") == {"dim"}


@pytest.mark.parametrize(("reason", "by"), [("leave", "another"), ("timeout", "timeout")])
def test_out_of_a_queue_it_is_told_by_whom(reason: str, by: str) -> None:
    row = cells(parked.sheet(scene(out_of_queue(reason).state, 2.0)), "v3:q")
    assert (row["from"], row["by"], row["source"]) == ("vip", by, "w 1s")


def test_who_was_alive_when_read_is_said_to_be_by_that_poll() -> None:
    talk = floor().say(left(1.0, LEG))
    alive = (("is_alive", "true"),)
    talk.say(facts.ResourceRead(reading(5.0), OneResourceScope(("calls", LEG)), alive))
    row = cells(parked.sheet(scene(talk.state, 8.0)), LEG)
    assert (row["by"], row["source"], row["since"]) == ("alive", "p 2s", "0:07")


def test_those_who_surely_are_there_come_first_and_then_the_longest() -> None:
    talk = floor().say(left(1.0, LEG), left(2.0, "v3:bo"))
    talk.say(webhooks.CallDequeued(origin(3.0, "d"), Leg("v3:q"), "vip", 30, "leave"))
    sheet = parked.sheet(scene(talk.state, 11.0))
    assert sheet.keys == ("v3:q", LEG, "v3:bo")
    assert "".join(span.text for span in sheet.figures) == "3 · oldest 0:10"


def test_an_empty_shelf_says_so() -> None:
    sheet = parked.sheet(scene(floor().state))
    assert sheet.keys == ()
    assert [span.text for cell in sheet.empty for span in cell] == ["Nobody is parked."]


@pytest.mark.parametrize(
    ("sure", "seconds", "level"),
    [
        (True, 60.0, Level.CALM),
        (True, 60.1, Level.NOW),
        (False, 60.0, Level.CALM),
        (False, 60.1, Level.SOON),
    ],
)
def test_after_a_minute_of_silence_it_is_an_alarm(
    seconds: float, level: Level, *, sure: bool
) -> None:
    gone = Parked(LEG, at(0.0), None, CONFERENCE, None, was_alive=sure, source=Source.POLL)
    assert alerts.of_parked(scene(floor().state, seconds), gone) == Alarm(level)


def test_the_header_counts_it_once_the_minute_is_over() -> None:
    talk = taken_out()
    assert "▲" not in words(header.line(scene(talk.state, 61.0)))
    assert "▲1" in words(header.line(scene(talk.state, 61.1))).replace(" ", "")
    assert cells(parked.sheet(scene(talk.state, 61.1)), LEG)["sign"] == "▲"


@pytest.mark.parametrize("name", ANSWERS)
def test_whom_we_bring_elsewhere_is_not_on_the_shelf_on_the_way(name: str) -> None:
    talk = floor()
    bring(talk, 0.5, AnyLeg(LEG, from_conference=CONFERENCE), name)
    talk.accept(0.8, "in").say(left(1.0, LEG))
    assert LEG in talk.state.parked
    assert parked.sheet(scene(talk.state, 1.1)).keys == ()
    talk.pass_(9.5)
    assert parked.sheet(scene(talk.state, 9.5)).keys == (LEG,)
    assert cells(parked.sheet(scene(talk.state, 9.5)), LEG)["by"] == "hung up?"


def test_a_made_conference_is_proved_before_its_first_has_joined() -> None:
    talk = floor()
    bring(talk, 0.5, AnyLeg(LEG, from_conference=CONFERENCE), "create_with")
    talk.accept(0.8, "in").say(left(1.0, LEG))
    talk.say(webhooks.ConferenceCreated(origin(1.1, "conference.created"), Leg(LEG), "new"))
    assert not talk.stage("in").open
    assert parked.sheet(scene(talk.state, 4.1)).keys == ()
    assert parked.sheet(scene(talk.state, 4.2)).keys == (LEG,)
    assert parked.sheet(scene(talk.say(joined(4.3, LEG, conference="new")).state, 4.4)).keys == ()


def test_whom_we_bring_from_the_shelf_stays_on_it_without_alarm_until_seen() -> None:
    talk = taken_out()
    bring(talk, 90.0, AnyLeg(LEG))
    sheet = parked.sheet(scene(talk.state, 90.1))
    assert (cells(sheet, LEG)["by"], cells(sheet, LEG)["sign"]) == ("add…", "")
    assert parked.alarm_levels(scene(talk.state, 90.1)) == [CALM.level]
    talk.accept(90.3, "in").say(joined(90.5, LEG, conference=OTHER))
    assert parked.sheet(scene(talk.state, 90.6)).keys == ()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_key_there_is_aimed_at_the_leg_alone(name: str) -> None:
    state, command = taken_out().state, COMMANDS[name]
    assert target_at(
        command, state, Cursor(Pane.PARKED, conference=CONFERENCE, leg="v3:bo", parked=LEG)
    ) == AnyLeg(LEG)
    assert (
        target_at(command, state, Cursor(Pane.PARKED, conference=CONFERENCE, leg="v3:bo"))
        == "nobody is selected"
    )
    assert command.why_not(state, AnyLeg(LEG)) is None
    assert command.why_not(state, AnyLeg("v3:bo")) == "no longer parked"


def test_it_is_read_by_its_id_and_offered_where_a_call_is_asked_for() -> None:
    at_it = scene(taken_out().state, pane=Pane.PARKED, parked=LEG)
    assert inspect.scope_at_cursor(at_it) == OneResourceScope(("calls", LEG))
    assert (
        inspect.scope_at_cursor(scene(taken_out().state, pane=Pane.PARKED)) == "nothing is selected"
    )
    command = COMMANDS["create"]
    target = target_at(command, at_it.state, Cursor(Pane.CONFERENCES))
    assert not isinstance(target, str)
    offered = names_to_pick(at_it, command, target)
    assert offered["call_control_id"] == {"Ana Reyes": LEG}
