"""A key press freezes its targets by id, and never hits anybody by accident."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.commands import COMMANDS
from console.commands.bulk_targeting import TargetSelection, level_for, select_targets
from console.commands.targeting import (
    MANY,
    Cursor,
    command_for,
    excluded_legs,
    level_of,
    side_effects_of,
    target_at,
)
from console.core.messages import facts, intents
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    NoTarget,
    Pane,
    People,
    SideEffect,
    Target,
    TargetKind,
    WholeConference,
)
from console.core.model.listed_resources import ParticipantResource, Problem, ProblemKind
from console.core.model.state import State
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    joined,
    listed_conference,
    participant,
    people_listed,
    reading,
)

ANA, BO, EVE = "v3:ana", "v3:bo", "v3:eve"
MUTE, HOLD, UNMUTE = COMMANDS["mute"], COMMANDS["hold"], COMMANDS["unmute"]


def pressed(
    command: Command, state: State, pane: Pane, conference: str | None, leg: str | None
) -> Target | str:
    """Return the target of a key with the cursors on this conference and this person."""
    return target_at(command, state, Cursor(pane, conference=conference, leg=leg))


def whispering(leg: str) -> ParticipantResource:
    return replace(participant(leg), whisper_to=(ANA,))


def crowd(count: int) -> State:
    return Playbook().begin(*(participant(f"v3:{n:03}") for n in range(count))).state


@pytest.mark.parametrize(
    ("key", "pane", "name"),
    [
        ("m", Pane.PEOPLE, "mute"),
        ("m", Pane.CONFERENCES, "mute"),
        ("M", Pane.PEOPLE, "unmute"),
        ("p", Pane.PEOPLE, "play"),
        ("p", Pane.CONFERENCES, "play_room"),
        ("P", Pane.CONFERENCES, "stop_room"),
        ("s", Pane.CONFERENCES, "speak_room"),
        ("e", Pane.PEOPLE, "end"),
    ],
)
def test_a_key_means_what_its_pane_makes_of_it(key: str, pane: Pane, name: str) -> None:
    command = command_for(COMMANDS, key, pane)
    assert command is not None
    assert command.name == name


@pytest.mark.parametrize("pane", [Pane.QUEUES, Pane.CALLS, Pane.LOG])
def test_no_verb_of_a_conference_means_anything_elsewhere(pane: Pane) -> None:
    assert not [key for key in "mMhHpPsSrRcCe" if command_for(COMMANDS, key, pane)]


def test_in_people_it_is_the_one_under_the_cursor() -> None:
    state = Playbook().begin(participant(ANA), participant(BO)).state
    assert pressed(MUTE, state, Pane.PEOPLE, CONFERENCE, BO) == People(CONFERENCE, (BO,))


@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_selected_is_a_sentence_and_never_a_target(name: str) -> None:
    state = Playbook().begin(participant(ANA)).state
    command = COMMANDS[name]
    for pane in command.panes:
        target = target_at(command, state, Cursor(pane))
        if command.target_kind is TargetKind.NOTHING:
            assert target == NoTarget()
        else:
            assert target in {
                "no conference is selected",
                "nobody is selected",
                "no queue is selected",
                "no call is selected",
            }
    if not command.is_for_conference and Pane.PEOPLE in command.panes:
        assert pressed(command, state, Pane.PEOPLE, CONFERENCE, None) == "nobody is selected"


def test_on_a_conference_people_are_named_one_by_one_and_supervisors_spared() -> None:
    state = Playbook().begin(participant(ANA), participant(BO), whispering(EVE)).state
    assert pressed(MUTE, state, Pane.CONFERENCES, CONFERENCE, None) == People(CONFERENCE, (ANA, BO))
    assert excluded_legs(state, CONFERENCE) == (EVE,)


def test_a_supervisor_can_still_be_chosen_by_name() -> None:
    state = Playbook().begin(participant(ANA), whispering(EVE)).state
    assert pressed(MUTE, state, Pane.PEOPLE, CONFERENCE, EVE) == People(CONFERENCE, (EVE,))


def test_who_is_so_already_is_left_out() -> None:
    talk = Playbook().begin(participant(ANA, muted=True), participant(BO))
    assert pressed(MUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == People(
        CONFERENCE, (BO,)
    )
    assert pressed(UNMUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == People(
        CONFERENCE, (ANA,)
    )
    assert pressed(HOLD, talk.state, Pane.CONFERENCES, CONFERENCE, None) == People(
        CONFERENCE, (ANA, BO)
    )
    talk.say(people_listed(4.0, participant(ANA, muted=True), participant(BO, muted=True)))
    assert (
        pressed(MUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == "everyone is muted already"
    )


def test_who_has_not_been_listed_yet_is_not_taken_to_be_so_already() -> None:
    talk = Playbook().begin(participant(ANA, muted=True)).say(joined(0.5, BO))
    assert pressed(MUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == People(
        CONFERENCE, (BO,)
    )


def test_where_only_supervisors_are_that_is_what_is_said() -> None:
    talk = Playbook().begin(whispering(EVE))
    assert pressed(MUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == (
        "only supervisors and pinned people are there"
    )
    assert (
        pressed(MUTE, Playbook().begin().state, Pane.CONFERENCES, CONFERENCE, None)
        == "nobody is there"
    )


def test_a_conference_whose_people_were_never_listed_is_no_target() -> None:
    talk = Playbook()
    talk.say(facts.ConferencesListed(reading(-1.0), "in_progress", (listed_conference(),)))
    unlisted = "its people have not been listed yet"
    assert pressed(MUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == unlisted
    talk.say(joined(0.0, BO))
    assert pressed(MUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == unlisted
    talk.say(
        facts.ReadingFailed(at(0.5), PeopleScope(CONFERENCE), Problem(ProblemKind.SERVER, 500))
    )
    assert pressed(MUTE, talk.state, Pane.CONFERENCES, CONFERENCE, None) == unlisted


def test_what_addresses_the_conference_as_such_is_aimed_at_the_conference() -> None:
    state = Playbook().begin(participant(ANA)).state
    for name in ("play_room", "stop_room", "speak_room", "record", "end"):
        assert pressed(
            COMMANDS[name], state, Pane.CONFERENCES, CONFERENCE, None
        ) == WholeConference(CONFERENCE)
    assert pressed(COMMANDS["end"], state, Pane.PEOPLE, CONFERENCE, ANA) == WholeConference(
        CONFERENCE
    )


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=8),
    st.sampled_from(["mute", "unmute", "hold", "unhold"]),
)
def test_a_target_is_always_explicit_and_only_of_those_concerned(
    people: list[tuple[bool, bool, bool]], name: str
) -> None:
    listed = [
        replace(
            participant(f"v3:{n}", muted=muted, held=held), whisper_to=(ANA,) if whispers else ()
        )
        for n, (muted, held, whispers) in enumerate(people)
    ]
    state = Playbook().begin(*listed).state
    field, value = {
        "mute": ("muted", True),
        "unmute": ("muted", False),
        "hold": ("on_hold", True),
        "unhold": ("on_hold", False),
    }[name]
    target = pressed(COMMANDS[name], state, Pane.CONFERENCES, CONFERENCE, None)
    meant = [p.leg for p in listed if not p.whisper_to and getattr(p, field) is not value]
    if meant:
        assert isinstance(target, People)
        assert sorted(target.legs) == sorted(meant)
    else:
        assert isinstance(target, str)


def test_one_is_done_at_once_many_are_asked_about_and_more_than_ten_typed() -> None:
    now = at(0.0)
    for count, level in (
        (1, ConfirmationLevel.AT_ONCE),
        (2, ConfirmationLevel.CONFIRM),
        (10, ConfirmationLevel.CONFIRM),
        (11, ConfirmationLevel.TYPED),
    ):
        state = crowd(count)
        target = pressed(MUTE, state, Pane.CONFERENCES, CONFERENCE, None)
        assert isinstance(target, People)
        assert len(target.legs) == count
        assert level_of(MUTE, target, state, now) is level
    assert MANY == 10


def test_what_is_shown_too_long_ago_is_asked_about() -> None:
    talk = Playbook().begin(participant(ANA))
    target = People(CONFERENCE, (ANA,))
    levels = {
        seconds: level_of(MUTE, target, talk.state, at(seconds)) for seconds in (298.0, 300.0)
    }
    assert levels == {298.0: ConfirmationLevel.AT_ONCE, 300.0: ConfirmationLevel.CONFIRM}
    talk.say(intents.WatchAsked(at(0.0), None, CONFERENCE))
    levels = {seconds: level_of(MUTE, target, talk.state, at(seconds)) for seconds in (8.5, 9.5)}
    assert levels == {8.5: ConfirmationLevel.AT_ONCE, 9.5: ConfirmationLevel.CONFIRM}
    unlisted = People("never-listed", (ANA,))
    assert level_of(MUTE, unlisted, talk.state, at(0.0)) is ConfirmationLevel.CONFIRM


def test_while_its_listing_fails_everything_is_asked_for_one_tier_more() -> None:
    talk = Playbook().begin(participant(ANA), participant(BO))
    stop = COMMANDS["record_stop"]
    both, conference = People(CONFERENCE, (ANA, BO)), WholeConference(CONFERENCE)

    def asked(seconds: float) -> tuple[ConfirmationLevel, ...]:
        state, now = talk.state, at(seconds)
        return (
            level_of(MUTE, People(CONFERENCE, (ANA,)), state, now),
            level_of(MUTE, both, state, now),
            level_for(MUTE, TargetSelection((both,), asked=2), state, now),
            level_of(stop, conference, state, now),
        )

    calm = (
        ConfirmationLevel.AT_ONCE,
        ConfirmationLevel.CONFIRM,
        ConfirmationLevel.CONFIRM,
        ConfirmationLevel.CONFIRM,
    )
    assert asked(0.0) == calm
    for kind in ("server", "unreachable", "unanswered", "shape"):
        talk.say(facts.ReadingFailed(at(0.1), PeopleScope(CONFERENCE), Problem(ProblemKind(kind))))
        assert asked(0.1) == (
            ConfirmationLevel.CONFIRM,
            ConfirmationLevel.TYPED,
            ConfirmationLevel.TYPED,
            ConfirmationLevel.TYPED,
        ), kind
        effect = side_effects_of(MUTE, both, talk.state, at(0.1))[-1]
        assert effect == SideEffect(
            ConfirmationLevel.CONFIRM, "The listing of this conference is failing."
        )
    talk.say(
        facts.ReadingFailed(at(0.2), PeopleScope(CONFERENCE), Problem(ProblemKind.LIMITED, 429))
    )
    assert asked(0.2) == calm, "a slowed poll is no reason to doubt"
    talk.say(people_listed(0.3, participant(ANA), participant(BO)))
    assert asked(0.4) == calm


@pytest.mark.parametrize("name", COMMANDS)
def test_no_circumstance_asks_less_than_the_record_does(name: str) -> None:
    command, state = COMMANDS[name], crowd(12)
    target = (
        WholeConference(CONFERENCE)
        if command.is_for_conference
        else People(CONFERENCE, ("v3:001",))
    )
    for seconds in (0.0, 5_000.0):
        level = level_of(command, target, state, at(seconds))
        assert level >= command.confirmation
        if seconds:
            assert level > ConfirmationLevel.AT_ONCE
    if not command.is_for_conference:
        two = People(CONFERENCE, ("v3:001", "v3:002"))
        assert level_of(command, two, state, at(0.0)) >= ConfirmationLevel.CONFIRM


def test_the_end_always_takes_the_typed_name() -> None:
    assert (
        level_of(COMMANDS["end"], WholeConference(CONFERENCE), crowd(1), at(0.0))
        is ConfirmationLevel.TYPED
    )


def test_nothing_is_done_to_what_a_pane_may_not_list_or_has_not_listed_yet() -> None:
    talk = Playbook().say(joined(0.0, ANA))
    cursors = {
        pane: Cursor(pane, conference=CONFERENCE, leg=ANA)
        for pane in (Pane.PEOPLE, Pane.CONFERENCES)
    }

    def why(name: str, pane: Pane) -> str | TargetSelection:
        return select_targets(COMMANDS[name], talk.state, cursors[pane])

    unread = "the people have not been listed yet"
    assert why("mute", Pane.PEOPLE) == why("end", Pane.PEOPLE) == unread
    assert why("end", Pane.CONFERENCES) == "the conferences have not been listed yet"
    assert isinstance(why("create", Pane.CONFERENCES), TargetSelection), (
        "what is made anew needs no listing"
    )
    talk.begin(participant(ANA))
    assert isinstance(why("mute", Pane.PEOPLE), TargetSelection)
    talk.say(
        facts.ReadingFailed(at(1.0), PeopleScope(CONFERENCE), Problem(ProblemKind.FORBIDDEN, 403))
    )
    shut = "403: this key may not list people"
    assert why("mute", Pane.PEOPLE) == why("mute", Pane.CONFERENCES) == shut
    assert isinstance(why("end", Pane.CONFERENCES), TargetSelection), "the other panes go on"
    talk.say(people_listed(2.0, participant(ANA)))
    assert isinstance(why("mute", Pane.PEOPLE), TargetSelection)
