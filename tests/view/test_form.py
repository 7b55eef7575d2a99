"""A dialog names the action and its targets, and asks for every answer that it needs."""
# ruff: noqa: RUF001  # the signs we draw are meant

from __future__ import annotations

from dataclasses import replace

import pytest
from view.scenes import known, scene, text

from console.commands import COMMANDS
from console.core.messages import facts
from console.core.model.command import ConfirmationLevel, People, Target, WholeConference
from console.view.dialogs.form import LETTERS, complaints, form, text_to_type
from console.view.screen_elements import Confirm, Form
from support.playbook import (
    CONFERENCE,
    Playbook,
    listed_conference,
    participant,
    people_listed,
    reading,
)

ANA, BO, EVE = "v3:ana-0101", "v3:bo-0102", "v3:eve-0103"


def floor() -> Playbook:
    """Return a conference of Ana, Bo, and Eve, who whispers to Ana."""
    eve = replace(participant(EVE), whisper_to=(ANA,))
    talk = Playbook().begin(participant(ANA), participant(BO), eve)
    for leg, name in ((ANA, "Ana"), (BO, "Bo"), (EVE, "Eve")):
        known(talk, leg, name=name)
    return talk


def asked(
    name: str,
    target: Target,
    level: ConfirmationLevel | None = None,
    talk: Playbook | None = None,
    seconds: float = 1.0,
    **last: str,
) -> Form:
    command = COMMANDS[name]
    look = scene((talk or floor()).state, seconds)
    return form(look, command, target, command.confirmation if level is None else level, last)


def named(name: str) -> str:
    """Return the text to type for a conference of this name."""
    talk = Playbook()
    talk.say(facts.ConferencesListed(reading(0.0), "in_progress", (listed_conference(name=name),)))
    return text_to_type(scene(talk.state), WholeConference(CONFERENCE))


def notes(shown: Form) -> list[str]:
    return [text(note) for note in shown.notes]


@pytest.mark.parametrize("name", ["board-q3", "a", "esc 4471 (refund)", "x" * 24])
def test_a_short_plain_name_is_typed_as_it_is(name: str) -> None:
    assert named(name) == name


@pytest.mark.parametrize(
    "name", ["x" * 25, "Müller", "漢字", "a\tb", "a\x1b", " a", "a ", "", "board\u200bq3"]
)
def test_a_name_that_cannot_be_typed_safely_has_a_code(name: str) -> None:
    code = named(name)
    assert len(code) == 4
    assert set(code) <= set(LETTERS)
    assert named(name) == code, "the same each time it is asked"


def test_a_conference_that_was_never_read_has_a_code() -> None:
    code = text_to_type(scene(Playbook().state), WholeConference("some-room"))
    assert len(code) == 4
    assert set(code) <= set(LETTERS)


def test_codes_are_spread() -> None:
    look = scene(Playbook().state)
    conferences = (f"7c1f0e52-0000-4000-8000-{number:012}" for number in range(2_000))
    codes = {text_to_type(look, WholeConference(conference)) for conference in conferences}
    assert len(codes) > 1_900


@pytest.mark.parametrize(
    ("name", "target", "level", "confirm", "final"),
    [
        ("mute", People(CONFERENCE, (ANA, BO)), ConfirmationLevel.CONFIRM, Confirm.YES, False),
        ("mute", People(CONFERENCE, (ANA, BO)), ConfirmationLevel.TYPED, Confirm.TYPED, False),
        ("play", People(CONFERENCE, (ANA,)), ConfirmationLevel.DIALOG, Confirm.RUN, False),
        ("play", People(CONFERENCE, (ANA, BO)), ConfirmationLevel.CONFIRM, Confirm.RUN, False),
        ("record_stop", WholeConference(CONFERENCE), ConfirmationLevel.CONFIRM, Confirm.YES, False),
        ("end", WholeConference(CONFERENCE), ConfirmationLevel.TYPED, Confirm.TYPED, True),
    ],
)
def test_how_it_is_answered(
    name: str, target: Target, level: ConfirmationLevel, confirm: Confirm, *, final: bool
) -> None:
    shown = asked(name, target, level)
    assert (shown.confirm, shown.irreversible) == (confirm, final)
    assert shown.typed == ("board-q3" if confirm is Confirm.TYPED else "")


def test_title_and_button_name_the_target() -> None:
    one = asked("mute", People(CONFERENCE, (ANA,)), ConfirmationLevel.CONFIRM)
    assert (one.title, one.run) == ("mute Ana in board-q3", "mute")
    two = asked("unhold", People(CONFERENCE, (ANA, BO)), ConfirmationLevel.CONFIRM)
    assert (two.title, two.run) == ("take off hold 2 people in board-q3", "take off hold 2 people")
    wide = asked("play_room", WholeConference(CONFERENCE))
    assert (wide.title, wide.run) == ("play to everyone in board-q3", "play")
    assert asked("record_stop", WholeConference(CONFERENCE)).run == "stop recording"


def test_a_voice_is_picked_or_typed() -> None:
    shown = asked("speak", People(CONFERENCE, (ANA,)))
    assert shown.values["voice"] in shown.known["voice"]
    typed_ = {**shown.values, "payload": "Good night.", "voice": "Rime.mist"}
    assert shown.complain(typed_) == {}
    assert shown.read(typed_)["voice"] == "Rime.mist"


def test_a_dialog_is_not_one_that_hides_all_it_asks() -> None:
    who = People(CONFERENCE, (ANA,))
    assert not any(
        field.hidden_at_first for field in asked("hold", who, ConfirmationLevel.DIALOG).fields
    )
    assert all(
        field.hidden_at_first for field in asked("hold", who, ConfirmationLevel.CONFIRM).fields
    )
    assert any(
        field.hidden_at_first for field in asked("gather", who, ConfirmationLevel.DIALOG).fields
    )


def test_everyone_it_touches_is_named() -> None:
    assert (
        text(asked("mute", People(CONFERENCE, (ANA, BO)), ConfirmationLevel.CONFIRM).targets)
        == "Ana ..0101   Bo ..0102"
    )
    assert (
        text(asked("record_stop", WholeConference(CONFERENCE)).targets)
        == "3 people: Ana ..0101   Bo ..0102   Eve ..0103"
    )
    nobody = asked("record_stop", WholeConference(CONFERENCE), talk=Playbook().begin())
    assert text(nobody.targets) == "nobody has been listed there yet"


def test_old_values_are_called_old() -> None:
    old = "The data of this conference is old."
    assert old not in notes(asked("record_stop", WholeConference(CONFERENCE), seconds=299.0))
    assert old in notes(asked("record_stop", WholeConference(CONFERENCE), seconds=300.0))
    assert old in notes(asked("record_stop", WholeConference("never-listed")))


@pytest.mark.parametrize(
    ("name", "proof", "undo"),
    [
        ("mute", "the participants listing", "z, exactly as it was"),
        ("play_room", "a playback.started webhook", "none"),
        ("stop_room", "a playback.ended webhook or a speak.ended webhook", "none"),
        ("record", "none now; later recording.saved", "none"),
        ("pause", "none: Telnyx offers nothing", "none: the present setting is not known"),
        ("options", "the participants listing", "z, exactly as it was"),
        ("role", "the participants listing", "none: the present setting is not known"),
        ("end", "conference.ended, or a read of the conference", "none"),
    ],
)
def test_what_will_show_it_and_what_takes_it_back(name: str, proof: str, undo: str) -> None:
    target = (
        WholeConference(CONFERENCE)
        if COMMANDS[name].is_for_conference
        else People(CONFERENCE, (ANA,))
    )
    shown = notes(asked(name, target))
    assert shown[0] == COMMANDS[name].help
    assert f"proof: {proof}" in shown
    assert f"undo:  {undo}" in shown


def test_answers_are_those_of_last_time_or_what_telnyx_assumes() -> None:
    shown = asked("record", WholeConference(CONFERENCE), format="wav")
    assert shown.values["format"] == "wav"
    assert shown.values["play_beep"] == "yes"
    assert set(shown.values) == {field.name for field in COMMANDS["record"].fields}


@pytest.mark.parametrize(
    ("name", "values", "bad"),
    [
        ("speak", {"payload": "hi", "voice": "v"}, set()),
        ("speak", {"payload": " \n", "voice": ""}, {"payload", "voice"}),
        ("speak", {}, {"payload", "voice"}),
        ("speak", {"payload": "x" * 3000, "voice": "v"}, set()),
        ("speak", {"payload": "x" * 3001, "voice": "v"}, {"payload"}),
        ("speak", {"payload": "x", "voice": "v", "voice_settings": "{"}, {"voice_settings"}),
        ("speak", {"payload": "x", "voice": "v", "voice_settings": "[]"}, {"voice_settings"}),
        ("speak", {"payload": "x", "voice": "v", "voice_settings": '{"type": "aws"}'}, set()),
        ("play", {"audio_url": "https://a.example/x.mp3", "loop": "1"}, set()),
        ("play", {"media_name": "hold", "loop": "infinity"}, set()),
        ("play", {}, {"audio_url"}),
        ("play", {"audio_url": "https://a.example", "media_name": "x"}, {"media_name"}),
        ("play", {"audio_url": "ftp://a.example"}, {"audio_url"}),
        ("play", {"media_name": "x", "loop": "0"}, {"loop"}),
        ("play", {"media_name": "x", "loop": "101"}, {"loop"}),
        ("record", {"custom_file_name": "x" * 41}, {"custom_file_name"}),
        ("end", {}, set()),
    ],
)
def test_what_will_be_refused_is_said_before_it_is_sent(
    name: str, values: dict[str, str], bad: set[str]
) -> None:
    found = complaints(COMMANDS[name], values)
    assert set(found) == bad
    assert all(found.values())
    target = (
        WholeConference(CONFERENCE)
        if COMMANDS[name].is_for_conference
        else People(CONFERENCE, (ANA,))
    )
    assert asked(name, target).complain(values) == found


def test_a_complaint_counts_what_is_too_long() -> None:
    found = complaints(COMMANDS["speak"], {"payload": "x" * 3001, "voice": "v"})
    assert found["payload"] == "3001 of at most 3000 characters"


def test_names_are_cleaned_wherever_they_stand() -> None:
    talk = Playbook()
    hostile = listed_conference(name="a\x1b[2Jb")
    talk.say(facts.ConferencesListed(reading(-1.0), "in_progress", (hostile,)))
    talk.say(people_listed(-1.0, participant(ANA), participant(BO)))
    known(talk, ANA, name="E\u202eve\n")
    shown = asked("mute", People(CONFERENCE, (ANA,)), ConfirmationLevel.TYPED, talk)
    every = shown.title + text(shown.targets) + shown.run + "".join(notes(shown)) + shown.typed
    assert every.isprintable()
    assert "E‹202E›ve^J" in shown.title
    assert "a^[[2Jb" in shown.title
