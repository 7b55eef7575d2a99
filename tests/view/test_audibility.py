"""The preview of a role change, and the sources on the inspect screen."""

from __future__ import annotations

import pytest
from view.scenes import calls_listed, cells, known, queue, queued, queues_listed, roles, scene, text

from console.commands import COMMANDS
from console.core.messages import facts, intents, webhooks
from console.core.messages.read_scopes import OneResourceScope
from console.core.model.command import ConfirmationLevel, Pane, People, WholeConference
from console.core.model.entities import Note
from console.core.model.listed_resources import Leg
from console.view.audibility import MOST, own_audibility, preview
from console.view.dialogs.form import form
from console.view.dialogs.inspect import inspection
from console.view.panes import calls, conferences, people, queues
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    joined,
    listed_conference,
    origin,
    participant,
    people_listed,
    reading,
)

ME, BO, CY = "v3:me-0001", "v3:bo-0002", "v3:cy-0003"


def floor(*, held: bool = False) -> Playbook:
    """Return a conference with the own leg, an agent and a caller."""
    there = (participant(ME, muted=True), participant(BO), participant(CY, held=held))
    talk = Playbook().begin(*there)
    known(talk, BO, agent="Bo Reyes")
    known(talk, CY, number="+15125550199", caller=True)
    known(talk, ME, agent="ana")
    return talk.say(facts.NoteKept(at(0.0), Note(ME, mine=True, at=at(0.0))))


def shown(talk: Playbook, role: str, to: str = "", leg: str = ME) -> list[str]:
    values = {"supervisor_role": role, "whisper_call_control_ids": to}
    targets = (People(CONFERENCE, (leg,)),)
    lines = preview(scene(talk.state, 1.0), COMMANDS["role"], targets, values)
    return [" ".join(text(line).split()) for line in lines]


def test_a_whisper_is_heard_by_whom_it_is_for_and_the_caller_is_named() -> None:
    assert shown(floor(), "whisper", BO) == [
        "Bo Reyes MAY hear you: not known. The caller will not hear you.",
        "heard by now after",
        "Bo Reyes no ? <- changes may still be muted",
        "+1 512 555 0199 no no not whispered to",
    ]
    talk = floor()
    talk.say(people_listed(2.0, participant(ME), participant(BO), participant(CY)))
    assert shown(talk, "whisper", BO)[0] == (
        "Bo Reyes WILL hear you. The caller +1 512 555 0199 may hear you now, and will NOT after."
    )


def test_barge_is_heard_by_the_caller() -> None:
    talk = floor()
    talk.say(people_listed(2.0, participant(ME), participant(BO), participant(CY)))
    lines = shown(talk, "barge")
    assert lines[2] == "Bo Reyes ? YES <- changes now role unknown"
    assert lines[0] == "The caller +1 512 555 0199 and Bo Reyes WILL hear you."


def test_a_monitor_is_not_called_silent_before_it_shows() -> None:
    assert shown(floor(), "monitor")[0] == (
        "Nobody should hear you. Proved once a listing shows you muted."
    )


def test_who_is_held_cannot_hear_and_another_is_them() -> None:
    lines = shown(floor(held=True), "barge", leg=BO)
    assert "+1 512 555 0199 no no on hold: cannot hear" in lines
    assert lines[0].startswith("ana (you) WILL hear them.")


def test_of_a_crowd_those_for_whom_it_changes_come_first() -> None:
    crowd = [participant(f"v3:c-{number:04}") for number in range(MOST + 3)]
    talk = Playbook().begin(participant(ME), *crowd)
    lines = shown(talk, "whisper", crowd[-1].leg)
    assert lines[2].startswith(f"?leg ..{crowd[-1].leg[-4:]} ? YES")
    assert lines[MOST + 2] == "and 3 people more: 3 no, 3 of them change"


def test_the_target_of_a_role_is_a_fact_and_your_own_leg_whispers_to_the_row() -> None:
    look = scene(floor().state, 1.0, pane=Pane.PEOPLE, leg=BO)
    asked = form(look, COMMANDS["role"], People(CONFERENCE, (ME,)), ConfirmationLevel.DIALOG, {})
    assert asked.title == "change role of ana (you) in board-q3"
    assert text(asked.targets) == "ana (you) ..0001"
    assert asked.values["whisper_call_control_ids"] == "Bo Reyes"
    assert [field.name for field in asked.fields] == ["supervisor_role", "whisper_call_control_ids"]
    notes = [text(note) for note in asked.notes]
    assert "This is for your own leg. For another: mark the row, or :role and the name." in notes


def test_a_role_meant_for_a_row_names_the_person_and_whispers_to_nobody_yet() -> None:
    look = scene(floor().state, 1.0, pane=Pane.PEOPLE, leg=ME, named=True)
    asked = form(look, COMMANDS["role"], People(CONFERENCE, (BO,)), ConfirmationLevel.DIALOG, {})
    assert asked.title == "change role of Bo Reyes in board-q3"
    assert text(asked.targets) == "Bo Reyes ..0002"
    assert asked.values["whisper_call_control_ids"] == ""
    assert not any("your own leg" in text(note) for note in asked.notes)


@pytest.mark.parametrize(
    ("role", "to", "said"),
    [
        ("monitor", "", ""),
        ("whisper", BO, "1 person in the conference may hear this, but does not now."),
        ("barge", "", "Everyone in the conference may hear this, but does not now."),
    ],
)
def test_becoming_audible_is_asked_about_again(role: str, to: str, said: str) -> None:
    look = scene(floor().state, 1.0)
    asked = form(look, COMMANDS["role"], People(CONFERENCE, (ME,)), ConfirmationLevel.DIALOG, {})
    names = {"supervisor_role": role, "whisper_call_control_ids": to}
    assert asked.warn(names) == said


def test_a_whisper_to_somebody_on_hold_is_said() -> None:
    command = COMMANDS["role"]
    assert command.warning is not None
    values = {"supervisor_role": "whisper", "whisper_call_control_ids": CY}
    told = command.warning(floor(held=True).state, People(CONFERENCE, (ME,)), values)
    assert told == "A person chosen for the whisper is on hold and cannot hear it."


def test_your_phone_is_heard_by_nobody_before_it_is_there() -> None:
    command = COMMANDS["dial"]
    look = scene(floor().state, 1.0)
    lines = preview(look, command, (WholeConference(CONFERENCE),), {"supervisor_role": "barge"})
    assert "Bo Reyes" in text(lines[3])
    assert "WILL hear you" in text(lines[0])
    assert command.warning is not None
    assert (
        command.warning(look.state, WholeConference(CONFERENCE), {"supervisor_role": "monitor"})
        == ""
    )


def test_the_people_pane_says_who_hears_you() -> None:
    talk = floor()
    assert own_audibility(scene(talk.state, 1.0)) == "you are not heard"
    talk.say(people_listed(2.0, participant(ME), participant(BO), participant(CY)))
    assert own_audibility(scene(talk.state, 2.0)) == "you may be heard"
    row = cells(people.sheet(scene(talk.state, 2.0)), ME)
    assert row["who"] == "ana (you)"
    assert roles(people.sheet(scene(talk.state, 2.0)), ME, "who") == {"you"}


def given(talk: Playbook, role: str) -> Playbook:
    talk.ask("role", 1.0, ME, id_="r", supervisor_role=role, was="")
    return talk.accept(1.2, "r")


def test_a_role_of_our_own_is_marked_as_such_and_a_polled_value_where_the_row_is_a_webhooks() -> (
    None
):
    talk = given(floor(), "monitor")
    assert cells(people.sheet(scene(talk.state, 2.0)), ME)["role"] == "monitor j"
    talk.say(joined(2.0, BO))
    row = cells(people.sheet(scene(talk.state, 3.0)), BO)
    assert row["source"] == "w 1s"
    assert row["mic"] == "?", "a new stay: what was polled before is not its own"
    talk.say(facts.NoteKept(at(3.0), Note(BO, pinned=True)))
    assert cells(people.sheet(scene(talk.state, 3.0)), BO)["who"] == "◊ Bo Reyes"


def test_where_the_rows_newest_word_is_a_webhook_a_polled_value_says_so() -> None:
    talk = Playbook().begin(participant(BO, since=0.0))
    talk.say(joined(0.5, BO, occurred=0.2))
    row = cells(people.sheet(scene(talk.state, 1.0)), BO)
    assert (row["source"], row["mic"]) == ("w 0s", "open p")


def read(talk: Playbook, path: tuple[str, ...], *members: tuple[str, str]) -> list[str]:
    asked = intents.InspectAsked(at(4.0), OneResourceScope(path))
    talk.say(asked, facts.ResourceRead(reading(4.5), asked.scope, members))
    lines = inspection(scene(talk.state, 7.0), asked)
    return [" ".join(text(line).split()) for line in lines]


def test_a_person_is_inspected_with_every_source_and_age() -> None:
    talk = given(floor(), "monitor")
    talk.say(webhooks.FloorChanged(origin(2.0, "conference.floor.changed"), Leg(BO), CONFERENCE))
    path = ("conferences", CONFERENCE, "participants", f"id-{ME}")
    lines = read(talk, path, ("muted", "true"), ("label", "null"))
    assert lines[:3] == ["read by poll, 2s ago", "muted true p 2s", "label ? p 2s"]
    assert lines[4] == "also known:"
    assert "role monitor j 5s" in lines
    assert "floor another person has it w 5s" in lines
    assert "audio ? its start was not seen" in lines
    assert "beep ? cannot be read" in lines
    assert "marked yours j 7s" in lines
    assert any(line.startswith("who ana (you)") and line.endswith("agent") for line in lines)
    assert any(line.startswith("Bo Reyes") for line in lines)


def test_a_role_that_does_not_show_is_not_claimed() -> None:
    talk = given(floor(), "monitor")
    talk.say(people_listed(6.0, participant(ME), participant(BO), participant(CY)))
    path = ("conferences", CONFERENCE, "participants", f"id-{ME}")
    assert "role ? accepted, not seen" in read(talk, path, ("muted", "false"))


def test_a_conference_is_inspected_with_what_no_read_shows() -> None:
    talk = floor()
    lines = read(talk, ("conferences", CONFERENCE), ("status", "in_progress"))
    assert "recording ? cannot be read" in lines
    assert "floor ?" in lines
    assert "people 3 p 7s" in lines
    talk.ask("record", 5.0, id_="rec", format="mp3")
    talk.accept(5.0, "rec")
    assert "recording on j 2s" in read(talk, ("conferences", CONFERENCE), ("status", "in_progress"))


def test_a_queued_call_is_inspected_with_what_we_sent() -> None:
    talk = Playbook().say(queues_listed(0.0, queue()), calls_listed(0.0, queued(CY)))
    lines = read(talk, ("queues", "tier1", "calls", CY), ("queue_position", "1"))
    assert "keeps place ? cannot be read" in lines


def test_in_every_pane_values_go_dim_with_age_and_never_blank() -> None:
    talk = floor()
    talk.say(facts.ConferencesListed(reading(-1.0), "in_progress", (listed_conference(),)))
    talk.say(queues_listed(-1.0, queue()), calls_listed(-1.0, queued(CY)))
    panes = (
        (queues, "tier1", "queue"),
        (calls, CY, "from"),
        (conferences, CONFERENCE, "conference"),
        (people, BO, "who"),
    )
    for pane, key, value in panes:
        young = pane.sheet(scene(talk.state, 0.5))
        old = pane.sheet(scene(talk.state, 4_000.0))
        assert roles(young, key, value) != {"dim"}
        assert roles(old, key, value) == {"dim"}, pane
        before, after = cells(young, key), cells(old, key)
        assert {name for name, shown in before.items() if shown} <= {
            name for name, shown in after.items() if shown
        }
        assert before[value] == after[value]
        assert "!" in text(old.figures)


def test_a_person_nobody_wrote_anything_about_is_inspected_too() -> None:
    talk = Playbook().begin(participant(CY))
    lines = read(talk, ("conferences", CONFERENCE, "participants", f"id-{CY}"), ("muted", "false"))
    assert "role ? never known" in lines
    assert any(line.startswith("who ?leg ..0003 ?") for line in lines)
    assert not any(line.startswith("marked") for line in lines)
