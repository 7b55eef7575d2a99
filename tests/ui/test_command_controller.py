"""A command key freezes its targets, asks, and makes orders, or shows the reason for a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ui.bench import ANA, BO, EVE, FAY, Bench, bench

from console.commands import COMMANDS
from console.core.messages import facts, intents, webhooks
from console.core.model.command import (
    AnyLeg,
    NoTarget,
    Pane,
    People,
    Queued,
    Target,
    TargetKind,
    WholeConference,
    WholeQueue,
)
from console.view.typed_names import LineTarget
from support.playbook import (
    CONFERENCE,
    left,
    listed_conference,
    origin,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)
from support.playbook import at as moment


@pytest.mark.parametrize(
    ("key", "name"), [("m", "mute"), ("M", "unmute"), ("h", "hold"), ("H", "unhold"), ("P", "stop")]
)
def test_what_can_be_taken_back_is_done_at_once_to_the_one_under_the_cursor(
    key: str, name: str
) -> None:
    at = bench(participant(ANA), participant(BO, muted=key == "M", held=key == "H"), leg=BO)
    at.press(key)
    assert at.orders == [(name, People(CONFERENCE, (BO,)))]
    assert at.forms == []


def test_an_order_says_who_gave_it_when_where_and_under_which_id() -> None:
    at = bench()
    at.sitting.region = "Europe"
    at = Bench(at.sitting, at.looking)
    at.press("m")
    at.press("h")
    mute, hold = (one.order for one in at.sitting.said(intents.OrderAsked))
    assert (mute.operator, mute.region, mute.at) == ("ana", "Europe", moment(2.0))
    assert (hold.operator, hold.region, hold.at) == ("ana", "Europe", moment(3.0))
    assert mute.id != hold.id
    assert mute.undoes is None


def test_on_a_conference_it_is_asked_about_and_names_everyone() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("m")
    assert at.orders == []
    assert at.forms[0].run == "mute 2 people"
    at.answers[0]({})
    assert at.orders == [("mute", People(CONFERENCE, (ANA, BO)))]


def test_no_answer_is_no_order() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("e")
    at.answers[0](None)
    assert at.sitting.posted == []


def test_whom_it_is_aimed_at_is_settled_when_the_key_is_pressed() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("m")
    at.sitting.happen(left(2.0, ANA), people_listed(9.0, participant(BO), participant(EVE)))
    at.looking |= {"conference": "another-room", "leg": EVE, "pane": Pane.PEOPLE}
    at.answers[0]({})
    assert at.orders == [("mute", People(CONFERENCE, (ANA, BO)))]


def test_so_is_it_for_the_one_under_the_cursor() -> None:
    at = bench(leg=ANA)
    at.press("p")
    at.looking["leg"] = BO
    at.answers[0]({"audio_url": "https://a.example/x.mp3"})
    asked = at.sitting.said(intents.OrderAsked)[0].order
    assert asked.target == People(CONFERENCE, (ANA,))
    assert asked.values == {"audio_url": "https://a.example/x.mp3"}


@pytest.mark.parametrize(
    ("looking", "key", "why"),
    [
        ({"leg": None}, "m", "mute: nobody is selected"),
        ({"conference": None}, "m", "mute: no conference is selected"),
        ({"conference": None, "pane": Pane.CONFERENCES}, "e", "end: no conference is selected"),
        ({"leg": EVE}, "m", "mute: left already"),
        ({"pane": Pane.QUEUES}, "m", "m does nothing in queues"),
        ({"pane": Pane.LOG}, "e", "e does nothing in log"),
        ({"conference": "gone"}, "m", "mute: the conference is gone"),
    ],
)
def test_a_key_that_can_do_nothing_says_why(looking: dict[str, Any], key: str, why: str) -> None:
    at = bench()
    at.looking |= looking
    at.press(key)
    assert at.refusals == [why]
    assert at.orders == []
    assert at.forms == []


def test_so_does_one_on_a_conference_that_has_ended() -> None:
    at = bench()
    at.sitting.happen(webhooks.ConferenceEnded(origin(0.5, "conference.ended"), CONFERENCE, None))
    for key in "mpe":
        at.press(key)
    assert at.refusals == [
        f"{words}: the conference has ended" for words in ("mute", "play to", "end")
    ]


def test_keys_that_come_like_a_paste_do_nothing_from_then_on_but_say_so() -> None:
    at = bench()
    for _ in range(30):
        at.sitting.seconds += 0.001
        at.hands.press("m")
    assert len(at.orders) == 5
    left_out = at.sitting.said(intents.KeysTooFast)
    assert [one.left_out for one in left_out] == list(range(1, 26))
    ids = [(one.order.id,) for one in at.sitting.said(intents.OrderAsked)]
    assert [press.orders for press in left_out[-1].taken] == ids
    at.sitting.seconds += 0.3
    at.hands.press("h")
    assert at.orders[-1] == ("hold", People(CONFERENCE, (ANA,)))


def test_a_fast_hand_is_not_a_paste() -> None:
    at = bench()
    for _ in range(30):
        at.sitting.seconds += 0.061
        at.hands.press("m")
    assert at.refusals == []
    assert len(at.orders) == 30


def test_the_same_question_about_the_same_conference_comes_with_the_last_answers() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("r")
    at.answers[0]({"format": "wav", "channels": "dual", "play_beep": "no"})
    at.press("r")
    assert at.forms[1].values["format"] == "wav"
    assert at.forms[1].values["play_beep"] == "no"
    at.press("p")
    assert "format" not in at.forms[2].values


def test_last_times_answer_is_never_a_namesake_that_came_since() -> None:
    at = bench(pane=Pane.PEOPLE)
    other, namesake = listed_conference("r-2", "esc-1"), listed_conference("r-3", "esc-1")
    at.sitting.happen(
        facts.ConferencesListed(reading(1.0), "in_progress", (listed_conference(), other))
    )
    at.press("a")
    at.answers[0]({**at.forms[0].values, "room": "esc-1"})
    assert at.sitting.said(intents.OrderAsked)[0].order.values["room"] == "r-2"
    at.sitting.seconds += 5.0
    at.sitting.happen(
        facts.ConferencesListed(
            reading(at.sitting.seconds), "in_progress", (listed_conference(), namesake)
        ),
        webhooks.ConferenceEnded(origin(at.sitting.seconds, "conference.ended"), "r-2", None),
    )
    at.press("a")
    assert at.forms[1].known["room"]["esc-1"] == "r-3"
    assert at.forms[1].read(at.forms[1].values)["room"] == "", "it has ended: nothing is offered"


def test_answers_cannot_be_changed_after_they_were_given() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("r")
    given = {"format": "wav"}
    at.answers[0](given)
    given["format"] = "mp3"
    assert at.sitting.said(intents.OrderAsked)[0].order.values["format"] == "wav"


def test_what_is_old_is_asked_about_even_if_it_can_be_taken_back() -> None:
    at = bench()
    at.sitting.seconds = 400.0
    at.press("m")
    assert at.orders == []
    assert at.forms[0].run == "mute"


def test_more_than_ten_must_be_typed() -> None:
    at = bench(*(participant(f"v3:{n:02}") for n in range(11)), pane=Pane.CONFERENCES)
    at.press("h")
    assert at.forms[0].typed == "board-q3"


TARGETS: dict[TargetKind, Callable[[Pane], Target]] = {
    TargetKind.PEOPLE: lambda _: People(CONFERENCE, (ANA,)),
    TargetKind.ONE: lambda _: People(CONFERENCE, (ANA,)),
    TargetKind.CONFERENCE: lambda _: WholeConference(CONFERENCE),
    TargetKind.CALL: lambda _: Queued("vip", BO),
    TargetKind.QUEUE: lambda _: WholeQueue("vip"),
    TargetKind.LEG: lambda pane: {
        Pane.CALLS: AnyLeg(BO, from_queue="vip"),
        Pane.PEOPLE: AnyLeg(ANA, from_conference=CONFERENCE),
        Pane.PARKED: AnyLeg(FAY),
    }[pane],
    TargetKind.NOTHING: lambda _: NoTarget(),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_reached_by_its_key_in_each_of_its_panes(name: str) -> None:
    command = COMMANDS[name]
    for pane in command.panes:
        at = bench(participant(ANA, muted=name == "unmute", held=name == "unhold"), pane=pane)
        calls = (
            () if command.target_kind is TargetKind.QUEUE else (queued(BO, alive=name != "ghost"),)
        )
        at.sitting.happen(
            facts.QueuesListed(reading(0.2), (queue("vip"),)),
            facts.CallsListed(reading(0.3), "vip", calls),
            left(0.4, FAY),
        )
        at.looking |= {"queue": "vip", "call": BO, "parked": FAY}
        if command.key:
            at.press(command.key)
        else:
            at.hands.run(name, LineTarget(at.look().cursor))
        if at.answers:
            at.answers[0]({})
        assert at.orders == [(name, TARGETS[command.target_kind](pane))]


def test_no_verb_runs_on_a_row_that_nobody_moved_to() -> None:
    at = bench(participant(ANA), participant(BO))
    at.hands.ignore_commands_at_cursor()
    at.sitting.seconds -= 0.5
    at.press("m")
    assert at.orders == []
    assert "look again" in at.refusals[-1]
    at.press("m")
    assert len(at.orders) == 1


def test_a_row_that_went_stays_no_hand_that_has_gone_to_another_pane() -> None:
    at = bench(participant(ANA), participant(BO))
    at.sitting.happen(left(0.4, FAY))
    at.hands.ignore_commands_at_cursor()
    at.looking |= {"pane": Pane.PARKED, "parked": FAY}
    at.hands.press("a")
    assert [form.title for form in at.forms] == ["add to a conference: ?leg ..:fay"]


def test_a_console_that_was_started_read_only_is_not_unlocked() -> None:
    at = bench()
    at.sitting.talk.policy(read_only=True)
    at.sitting.happen(intents.LockAsked(moment(0.1)))
    assert not at.sitting.state.locked
    assert at.sitting.state.log[-1].text == "unlock: this console was started read-only"
    at.press("m")
    assert at.orders == []
    assert at.refusals == ["mute: this console was started read-only"]


def test_while_locked_no_key_does_anything_but_say_so() -> None:
    at = bench()
    at.sitting.happen(intents.LockAsked(moment(0.1)))
    at.press("m")
    at.press("e")
    assert (at.orders, at.forms) == ([], [])
    assert at.refusals == ["mute: locked; L unlocks", "end: locked; L unlocks"]
    at.sitting.happen(intents.LockAsked(moment(3.0)))
    at.press("m")
    assert len(at.orders) == 1


def test_a_lock_is_told_before_a_row_that_has_just_gone() -> None:
    at = bench(participant(ANA), participant(BO))
    at.sitting.happen(intents.LockAsked(moment(0.1)))
    at.hands.ignore_commands_at_cursor()
    at.hands.press("m")
    assert at.refusals == ["mute: locked; L unlocks"]


def test_what_is_made_anew_is_not_aimed_at_a_row() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.hands.ignore_commands_at_cursor()
    at.hands.press("n")
    assert at.forms[0].title == "new conference"
    assert at.forms[0].targets == ()
    assert at.forms[0].wording is not None
    assert at.forms[0].wording(at.forms[0].values).targets == ()


def test_a_refusal_reads_as_a_sentence() -> None:
    at = bench(pane=Pane.CALLS)
    at.press("a")
    assert at.refusals == ["add to a conference: no call is selected"]
