"""M, H, C, P and S with nothing to take back are refused as a sign of Caps Lock."""

from __future__ import annotations

import pytest
from ui.bench import ANA, BO, Bench, bench

from console.core.messages import facts, intents, webhooks
from console.core.model.command import Pane, People
from console.core.model.listed_resources import Leg, Problem, ProblemKind
from console.view.typed_names import LineTarget
from support.playbook import CONFERENCE, joined, origin, participant, people_listed


def take(at: Bench) -> None:
    """Pass the posted intents to the engine."""
    posted = list(at.sitting.posted)
    at.sitting.posted.clear()
    at.sitting.happen(*posted)


def started(seconds: float, leg: str | None = ANA) -> webhooks.PlaybackStarted:
    said = origin(seconds, "playback.started")
    return webhooks.PlaybackStarted(said, CONFERENCE, Leg(leg) if leg else None, "x.mp3")


def ended(seconds: float, leg: str | None = ANA) -> webhooks.PlaybackEnded:
    said = origin(seconds, "playback.ended")
    return webhooks.PlaybackEnded(said, CONFERENCE, Leg(leg) if leg else None, "x.mp3")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("M", "unmute: ?leg ..:ana not muted. Caps Lock? :unmute runs it"),
        ("H", "take off hold: ?leg ..:ana not on hold. Caps Lock? :unhold runs it"),
        ("P", "stop audio for: ?leg ..:ana no audio plays. Caps Lock? :stop runs it"),
        ("S", "stop audio for: ?leg ..:ana no audio plays. Caps Lock? :stop runs it"),
        ("C", "resume recording: board-q3 not paused. Caps Lock? :rec resume runs it"),
    ],
)
def test_what_is_seen_as_it_would_make_it_is_refused_and_its_line_runs_it(
    key: str, why: str
) -> None:
    at = bench()
    at.sitting.happen(started(0.2), ended(0.4))
    at.sitting.talk.ask("record", 0.3, id_="r")
    at.sitting.talk.accept(0.5, "r")
    at.press(key)
    assert (at.orders, at.forms) == ([], [])
    assert at.refusals == [why]
    name = {"M": "unmute", "H": "unhold", "C": "resume"}.get(key, "stop")
    at.hands.run(name, LineTarget(at.look().cursor))
    assert at.orders or at.forms


@pytest.mark.parametrize(("key", "name"), [("M", "unmute"), ("H", "unhold"), ("P", "stop")])
def test_what_nothing_shows_is_not_refused(key: str, name: str) -> None:
    at = bench()
    at.sitting.happen(joined(0.5, "v3:new"))
    at.looking["leg"] = "v3:new"
    at.press(key)
    assert at.orders == [(name, People(CONFERENCE, ("v3:new",)))]


def test_a_recording_of_which_nothing_is_known_is_not_refused() -> None:
    at = bench()
    at.press("C")
    assert [name for name, _ in at.orders] == ["resume"]


@pytest.mark.parametrize("key", "MH")
def test_an_order_of_ours_that_is_open_can_be_taken_back_before_any_listing(key: str) -> None:
    for pane in (Pane.PEOPLE, Pane.CONFERENCES):
        at = bench(pane=pane)
        at.press(key.lower())
        for answer in at.answers:
            answer({})
        take(at)
        at.press(key)
        assert at.refusals == []
        assert at.forms[1:] or at.orders


def test_one_whose_outcome_is_unknown_can_until_a_listing_has_shown_them_since() -> None:
    at = bench()
    at.press("m")
    id_ = at.sitting.said(intents.OrderAsked)[0].order.id
    take(at)
    at.sitting.happen(facts.CommandUnanswered(at.look().now, id_, Problem(ProblemKind.UNANSWERED)))
    at.sitting.seconds = 40.0
    at.sitting.happen(facts.Ticked(at.look().now))
    at.press("M")
    assert [name for name, _ in at.orders] == ["unmute"]
    at.sitting.posted.clear()
    at.sitting.seconds = 60.0
    at.sitting.happen(people_listed(59.0, participant(ANA), participant(BO)))
    at.press("M")
    assert at.orders == []
    assert "Caps Lock?" in at.refusals[-1]


def test_a_conference_in_which_nobody_is_muted_is_refused_with_the_same_question() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("M")
    assert at.refusals == ["unmute: everyone is unmuted already. Caps Lock?"]
    at.press("H")
    assert at.refusals[1:] == ["take off hold: everyone is taken off hold already. Caps Lock?"]


def test_several_are_refused_only_where_all_of_them_are_seen_so() -> None:
    at = bench(participant(ANA), participant(BO, muted=True))
    at.looking["marked"] = (ANA, BO)
    at.press("M")
    assert at.refusals == []
    assert len(at.forms) == 1
    at.sitting.happen(people_listed(1.5, participant(ANA), participant(BO)))
    at.press("M")
    assert at.refusals == ["unmute: 2 people not muted. Caps Lock? :unmute runs it"]


def test_two_capitals_in_a_row_that_take_back_nothing_known_are_a_sign() -> None:
    at = bench()
    at.sitting.happen(joined(0.5, "v3:new"))
    at.looking["leg"] = "v3:new"
    at.press("M")
    at.press("M")
    assert [name for name, _ in at.orders] == ["unmute", "unmute"]
    at.press("H")
    assert at.refusals == [
        "take off hold: M and H in a row take back nothing known. Caps Lock? :unhold runs it"
    ]
    at.hands.intercept_key("j", "j", {"j"})
    at.press("H")
    assert at.orders[-1][0] == "unhold"


def test_one_that_asks_first_may_follow_another_capital() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("M")
    at.press("P")
    assert at.forms[0].run == "stop audio"


def test_an_unknown_capital_whose_small_letter_moves_is_a_sign_too() -> None:
    at = bench()
    at.sitting.happen(joined(0.5, "v3:new"))
    at.looking["leg"] = "v3:new"
    known = {"j", "H", "m"}
    assert at.hands.intercept_key("J", "J", known)
    assert at.refusals == ["J does nothing here: Caps Lock?"]
    assert not at.hands.intercept_key("H", "H", known)
    at.press("H")
    assert at.orders == []
    assert at.refusals[1].startswith("take off hold: J and H in a row")


def test_where_the_listing_is_old_it_is_not_known_and_is_asked_about() -> None:
    at = bench()
    at.sitting.seconds = 400.0
    at.press("M")
    assert at.refusals == []
    assert len(at.forms) == 1


def test_s_stops_audio_as_p_does_at_once_for_one_and_asks_for_several() -> None:
    for key in "PS":
        at = bench()
        at.press(key)
        assert at.orders == [("stop", People(CONFERENCE, (ANA,)))]
        at = bench(pane=Pane.CONFERENCES)
        at.press(key)
        assert at.orders == []
        assert at.forms[0].run == "stop audio"
        one = bench(participant(ANA), pane=Pane.CONFERENCES)
        one.press(key)
        assert [name for name, _ in one.orders] == ["stop_room"]


def test_while_audio_plays_or_was_just_asked_for_it_is_stopped() -> None:
    at = bench()
    at.sitting.happen(started(0.1), ended(0.2), started(0.4))
    at.press("P")
    assert [name for name, _ in at.orders] == ["stop"]
    at = bench()
    at.sitting.happen(started(0.1), ended(0.2))
    at.press("p")
    at.answers[0]({"audio_url": "https://a.example/x.mp3"})
    take(at)
    at.press("P")
    assert at.refusals == []
    assert at.forms[1].run == "stop audio"
