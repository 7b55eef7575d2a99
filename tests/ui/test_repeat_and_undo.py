"""Repeating a command: with the last answers, after a refusal, by undo and by redo."""

from __future__ import annotations

from ui.bench import ANA, BO, Bench, bench
from view.scenes import scene, text

from console.commands import COMMANDS
from console.core.messages import facts, intents
from console.core.model.command import ConfirmationLevel, FieldKind, Pane, People
from console.core.model.entities import Answers
from console.core.model.listed_resources import Problem, ProblemKind
from console.ui.undo import take_back
from console.view.typed_names import LineTarget
from support.playbook import (
    CONFERENCE,
    EPOCH,
    listed_conference,
    participant,
    people_listed,
    reading,
)
from support.playbook import at as moment

JAZZ = {"audio_url": "https://media.example/jazz.mp3", "media_name": ""}


def back(at: Bench, *, redo: bool = False) -> list[intents.UndoAsked]:
    """Press ``z`` or ``Z``, and return the undo intents so far."""

    def look() -> object:
        return scene(at.sitting.state, at.sitting.seconds, **at.looking)

    def ask(form: object, answered: object) -> None:
        at.forms.append(form)  # type: ignore[arg-type]  # as Hands is given one
        at.answers.append(answered)  # type: ignore[arg-type]

    take_back(at.sitting.desk(), look, ask, redo=redo)  # type: ignore[arg-type]
    return at.sitting.said(intents.UndoAsked)


def test_hold_plays_what_was_last_used_in_the_conference_and_by_name_it_asks() -> None:
    at = bench()
    at.hands.run("hold", LineTarget(at.look().cursor))
    assert at.orders == []
    assert [field.name for field in at.forms[0].fields] == ["audio_url", "media_name"]
    at.answers[0](JAZZ)
    at.looking["leg"] = BO
    at.press("h")
    first, second = (asked.order for asked in at.sitting.said(intents.OrderAsked))
    assert first.values == second.values == JAZZ
    assert second.target == People(CONFERENCE, (BO,))
    assert len(at.forms) == 1


def test_after_a_restart_hold_plays_what_was_last_used_in_this_conference_alone() -> None:
    at = bench()
    other = listed_conference("room-other", "board-q3")
    at.sitting.happen(
        facts.NoteKept(moment(0.5), Answers("hold", CONFERENCE, JAZZ)),
        facts.ConferencesListed(reading(0.6), "in_progress", (listed_conference(), other)),
        people_listed(0.7, participant("v3:dan"), conference="room-other"),
    )
    at.press("h")
    at.looking |= {"conference": "room-other", "leg": "v3:dan"}
    at.press("h")
    first, second = (asked.order for asked in at.sitting.said(intents.OrderAsked))
    assert first.values == JAZZ
    assert second.values == {}


def test_whom_a_code_and_which_recording_are_asked_each_time_anew() -> None:
    at = bench()
    at.press("d")
    at.answers[0]({"digits": "4711#", "duration_millis": "300"})
    at.press("d")
    assert at.forms[1].values["digits"] == ""
    assert at.forms[1].values["duration_millis"] == "300"
    at.looking["pane"] = Pane.CONFERENCES
    at.hands.run("pause", LineTarget(at.look().cursor))
    at.answers[2]({"recording_id": "7d8b3c1e-9a4f-4f2e-8f6a-0a1b2c3d4e5f"})
    at.hands.run("pause", LineTarget(at.look().cursor))
    assert at.forms[3].values["recording_id"] == ""
    again = {f.name for c in COMMANDS.values() for f in c.fields if f.remembered}
    whom = {
        f.name
        for c in COMMANDS.values()
        for f in c.fields
        if f.kind in {FieldKind.LEG, FieldKind.LEGS}
    }
    assert not again & whom


def test_what_was_answered_about_a_place_is_to_be_kept_and_nothing_else() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("r")
    at.answers[0]({"format": "wav", "channels": "dual"})
    (kept,) = at.sitting.said(intents.AnswersAsked)
    assert kept.answers == Answers("record", CONFERENCE, {"format": "wav", "channels": "dual"})
    at.press("n")
    at.answers[1]({"call_control_id": "v3:x", "name": "esc-9"})
    assert len(at.sitting.said(intents.AnswersAsked)) == 1, "about no conference and no queue yet"


def test_why_it_was_done_is_asked_each_time_anew() -> None:
    at = bench(pane=Pane.CONFERENCES)
    at.press("e")
    at.answers[0]({"reason": "abuse"})
    assert at.sitting.said(intents.OrderAsked)[0].order.values == {"reason": "abuse"}
    at.press("e")
    assert at.forms[1].values == {"reason": ""}


def test_after_a_refused_answer_the_same_key_asks_even_where_it_is_done_at_once() -> None:
    at = bench()
    at.hands.run("hold", LineTarget(at.look().cursor))
    at.answers[0](JAZZ)
    order = at.sitting.said(intents.OrderAsked)[0].order
    no = Problem(
        ProblemKind.REFUSED, 400, "90040", "Downloading audio file failed", "", "/audio_url"
    )
    at.sitting.happen(intents.OrderAsked(order), facts.CommandRefused(moment(1.0), order.id, no))
    at.press("h")
    assert at.forms[1].values == JAZZ
    assert at.forms[1].refused == {"audio_url": "Downloading audio file failed (400 90040)"}


def settled_role(at: Bench, id_: str, seconds: float, role: str) -> None:
    order = at.sitting.talk.ask("role", seconds, ANA, id_=id_, supervisor_role=role)
    assert order is not None
    at.sitting.happen(
        facts.CommandSent(moment(seconds), id_, 1),
        facts.CommandAccepted(moment(seconds + 0.1), id_, EPOCH + seconds),
        people_listed(seconds + 4.0, participant(ANA, muted=role == "monitor"), participant(BO)),
        facts.Ticked(moment(seconds + 9.0)),
    )


def test_undo_runs_at_once_and_asks_where_somebody_would_be_heard() -> None:
    at = bench()
    at.sitting.talk.ask("mute", 0.0, BO, id_="m")
    assert len(back(at)) == 1
    assert at.forms == []
    at = bench()
    settled_role(at, "one", 0.0, "barge")
    settled_role(at, "two", 20.0, "monitor")
    assert back(at) == []
    assert at.forms[0].title.startswith("undo: change role of ")
    assert "WILL hear this, but does not now" in "".join(
        span.text for note in at.forms[0].notes for span in note
    )
    at.sitting.happen(people_listed(40.0, participant(ANA, muted=True), participant("v3:cy")))
    assert at.forms[0].wording is not None
    notes = at.forms[0].wording({}).notes
    assert any("1 person in the conference WILL hear this" in text(note) for note in notes)
    at.sitting.happen(
        people_listed(50.0, *(participant(leg, muted=True) for leg in (ANA, BO, "v3:cy")))
    )
    notes = at.forms[0].wording({}).notes
    assert any("Everyone in the conference WILL hear this" in text(note) for note in notes)
    at.answers[0](None)
    assert at.sitting.said(intents.UndoAsked) == []
    at.answers[0]({})
    (asked,) = at.sitting.said(intents.UndoAsked)
    assert (asked.redo, asked.confirmation) == (False, ConfirmationLevel.CONFIRM)


def test_one_key_for_two_conferences_is_one_undo_of_both() -> None:
    other, dan = "room-other", "v3:dan"
    at = bench(pane=Pane.CONFERENCES)
    both = (listed_conference(), listed_conference(other, "other"))
    at.sitting.happen(
        facts.ConferencesListed(reading(0.1), "in_progress", both),
        people_listed(0.2, participant(dan), conference=other),
    )
    at.looking["marked"] = (CONFERENCE, other)
    at.press("m")
    at.answers[0]({})
    asked = at.sitting.said(intents.OrderAsked)
    at.sitting.happen(*asked)
    for one in asked:
        at.sitting.happen(
            facts.CommandSent(moment(1.1), one.order.id, 1),
            facts.CommandAccepted(moment(1.2), one.order.id, EPOCH + 1.0),
        )
    at.sitting.happen(
        people_listed(3.0, participant(ANA, muted=True), participant(BO, muted=True)),
        people_listed(3.0, participant(dan, muted=True), conference=other),
    )
    assert len(at.forms) == 1
    at.sitting.happen(*back(at))
    undone = [r.order for r in at.sitting.state.receipts.values() if r.order.undoes is not None]
    assert [(order.command.name, order.target) for order in undone] == [
        ("unmute", People(CONFERENCE, (ANA, BO))),
        ("unmute", People(other, (dan,))),
    ]


def test_redo_is_asked_for_as_such() -> None:
    at = bench()
    assert [asked.redo for asked in back(at, redo=True)] == [True]
