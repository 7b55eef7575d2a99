"""Side effects are named before a command runs, and raise its confirmation level."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.commands import COMMANDS
from console.commands.targeting import level_of, questions_of, repeated, side_effects_of
from console.core.messages import facts, intents, webhooks
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    Order,
    People,
    Queued,
    Target,
    WholeConference,
    WholeQueue,
)
from console.core.model.listed_resources import Leg, ParticipantResource, Problem, ProblemKind
from console.core.model.stage import Stage
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    joined,
    listed_conference,
    origin,
    participant,
    people_listed,
    queue,
    queued,
    reading,
)

ANA, BO, CY = "v3:ana", "v3:bo", "v3:cy"
ONE = People(CONFERENCE, (ANA,))
OTHER = "7c1f0e52-0000-4000-8000-000000000002"


def conference(*people: ParticipantResource) -> Playbook:
    return Playbook().begin(*(people or (participant(ANA), participant(BO))))


def level(
    name: str, talk: Playbook, target: Target = ONE, seconds: float = 0.5
) -> ConfirmationLevel:
    return level_of(COMMANDS[name], target, talk.state, at(seconds))


def said(name: str, talk: Playbook, target: Target = ONE, seconds: float = 0.5) -> str:
    effects = side_effects_of(COMMANDS[name], target, talk.state, at(seconds))
    return " ".join(" ".join((effect.text, *effect.legs)) for effect in effects)


@pytest.mark.parametrize(
    ("name", "count", "asked"),
    [
        ("stop_room", 1, ConfirmationLevel.AT_ONCE),
        ("stop_room", 2, ConfirmationLevel.CONFIRM),
        ("stop_room", 11, ConfirmationLevel.TYPED),
        ("play_room", 11, ConfirmationLevel.TYPED),
        ("dtmf_room", 2, ConfirmationLevel.CONFIRM),
        ("pause", 11, ConfirmationLevel.AT_ONCE),
        ("record", 11, ConfirmationLevel.DIALOG),
        ("record_stop", 11, ConfirmationLevel.CONFIRM),
        ("end", 1, ConfirmationLevel.TYPED),
    ],
)
def test_a_whole_conference_is_asked_about_by_how_many_are_in_it(
    name: str, count: int, asked: ConfirmationLevel
) -> None:
    talk = conference(*(participant(f"v3:{number}") for number in range(count)))
    assert level(name, talk, WholeConference(CONFERENCE)) is asked


def test_what_is_final_or_wide_asks_why() -> None:
    for command in COMMANDS.values():
        asked = [field.name for field in questions_of(command, ConfirmationLevel.TYPED)]
        assert asked.count("reason") == 1
        assert questions_of(command, ConfirmationLevel.CONFIRM) == command.fields


def test_a_verb_where_another_is_under_way_is_asked_about_and_its_opposite_is_not() -> None:
    talk = conference()
    talk.ask("mute", 0.0, ANA, id_="m")
    assert "mute is still under way here." in said("hold", talk)
    assert level("hold", talk) is ConfirmationLevel.CONFIRM
    assert level("unmute", talk) is ConfirmationLevel.AT_ONCE, "it waits behind"
    assert level("mute", talk) is ConfirmationLevel.AT_ONCE, "it is swallowed"
    assert level("hold", talk, People(CONFERENCE, (BO,))) is ConfirmationLevel.AT_ONCE
    talk.accept(0.3, "m").say(people_listed(4.0, participant(ANA, muted=True), participant(BO)))
    assert level("hold", talk, seconds=4.5) is ConfirmationLevel.AT_ONCE


def test_what_is_old_is_asked_about_in_conferences_and_queues() -> None:
    talk = conference().say(facts.QueuesListed(reading(0.0), (queue("vip"),)))
    assert level("play", talk, seconds=290.0) is ConfirmationLevel.DIALOG
    assert level("play", talk, seconds=300.0) is ConfirmationLevel.CONFIRM
    assert "The data of this conference is old." in said("play", talk, seconds=300.0)


def test_what_cannot_be_repeated_says_that_it_was_sent_and_is_sent_only_knowingly() -> None:
    talk = conference()
    talk.ask("play", 0.0, ANA, id_="one", media_name="hold")
    talk.say(facts.CommandSent(at(0.1), "one", 1))
    assert "already sent 1.2 s ago; outcome unknown." in said("play", talk, seconds=1.3)
    assert level("play", talk) is ConfirmationLevel.CONFIRM
    assert level("play", talk, People(CONFERENCE, (BO,))) is ConfirmationLevel.DIALOG
    assert talk.ask("play", 1.0, ANA, id_="two", media_name="hold") is None
    repeats = repeated(COMMANDS["play"], ONE, talk.state)
    again = Order(
        *("three", at(1.3), COMMANDS["play"], ONE, "ana"), {"media_name": "hold"}, repeats=repeats
    )
    assert talk.say(intents.OrderAsked(again)).sent == ["play"]
    assert "again" not in COMMANDS["play"].request(again).body


def test_an_answer_that_never_came_is_asked_about_until_a_newer_one_came_out() -> None:
    talk = conference()
    talk.ask("dtmf", 0.0, ANA, id_="one", digits="1")
    talk.say(facts.CommandUnanswered(at(5.0), "one", Problem(ProblemKind.UNANSWERED))).pass_(40.0)
    assert talk.stage("one") is Stage.UNKNOWN
    assert level("dtmf", talk, seconds=41.0) is ConfirmationLevel.CONFIRM
    talk.ask("dtmf", 42.0, ANA, id_="two", digits="1")
    talk.accept(42.3, "two")
    assert talk.stage("two") is Stage.NO_PROOF, "tones can never be seen"
    assert level("dtmf", talk, seconds=43.0) is ConfirmationLevel.DIALOG


def test_who_leaves_as_a_host_ends_the_conference() -> None:
    host = replace(participant(ANA), end_on_exit=True)
    talk = conference(host, participant(BO))
    assert said("leave", talk) == (
        "The conference ends when they leave: END-EXIT is set and nobody else is a host. v3:ana"
    )
    assert level("leave", talk) is ConfirmationLevel.TYPED
    assert (
        level("enqueue", talk, AnyLeg(ANA, from_conference=CONFERENCE)) is ConfirmationLevel.TYPED
    )
    talk.say(joined(0.1, CY))
    unlisted = People(CONFERENCE, (CY,))
    assert said("leave", talk, unlisted) == "role unknown, they may be a host: v3:cy"
    assert level("leave", talk, unlisted) is ConfirmationLevel.CONFIRM


def test_holding_the_only_caller_is_asked_about_and_who_the_caller_is_may_be_unknown() -> None:
    talk = conference()
    assert said("hold", talk) == "role unknown, they may be the only caller: v3:ana"
    assert level("hold", talk) is ConfirmationLevel.AT_ONCE, (
        "said where it is asked, and not asked for it"
    )
    talk.say(facts.CallsListed(reading(-0.9), "vip", (queued(ANA),)))
    assert said("hold", talk).startswith("This is the only caller")
    assert level("hold", talk) is ConfirmationLevel.CONFIRM
    assert level("hold", talk, People(CONFERENCE, (BO,))) is ConfirmationLevel.AT_ONCE


def test_an_end_names_the_call_the_conference_was_made_from_wherever_it_is_now() -> None:
    began = webhooks.ConferenceCreated(
        origin(0.0, "conference.created", occurred=-60.0), Leg(CY), CONFERENCE
    )
    talk = Playbook().say(began).begin(participant(ANA), participant(CY))
    assert said("end", talk, WholeConference(CONFERENCE)) == ""
    talk.say(people_listed(4.0, participant(ANA)))
    assert said("end", talk, WholeConference(CONFERENCE)) == (
        "It was made from a call that has left. Ending it hangs up that call: v3:cy"
    )
    live = (listed_conference(), listed_conference(OTHER, "vip-2"))
    talk.say(facts.ConferencesListed(reading(5.0), "in_progress", live))
    talk.say(people_listed(5.0, participant(CY), conference=OTHER))
    assert "hangs up that call in vip-2: v3:cy" in said("end", talk, WholeConference(CONFERENCE))


@pytest.mark.parametrize("name", ["role", "join"])
def test_a_whisper_to_somebody_on_hold_is_said_not_to_be_heard(name: str) -> None:
    talk = conference(participant(ANA), participant(BO, held=True))
    values = {"room": CONFERENCE, "supervisor_role": "whisper", "whisper_call_control_ids": BO}
    target: Target = ONE if name == "role" else AnyLeg(ANA)
    assert "on hold" in warned(COMMANDS[name], talk, target, values)
    values["whisper_call_control_ids"] = ANA
    assert "on hold" not in warned(COMMANDS[name], talk, target, values)


def test_an_enqueue_that_would_make_a_queue_says_so() -> None:
    talk = conference().say(facts.QueuesListed(reading(0.0), (queue("vip"),)))
    for name in ("enqueue", "enqueue_leg"):
        assert "a new one is created" in warned(COMMANDS[name], talk, ONE, {"queue_name": "vpi"})
        assert warned(COMMANDS[name], talk, ONE, {"queue_name": "vip"}) == ""


def warned(command: Command, talk: Playbook, target: Target, values: dict[str, str]) -> str:
    assert command.warning is not None
    return command.warning(talk.state, target, values)


@pytest.mark.parametrize("name", [".", ".."])
def test_a_queue_named_by_dots_is_never_deleted_nor_is_a_place_in_it(name: str) -> None:
    talk = conference().say(facts.QueuesListed(reading(0.0), (queue(name),)))
    talk.say(facts.CallsListed(reading(0.0), name, (queued(CY, alive=False),)))
    told = {
        COMMANDS["queue_delete"].why_not(talk.state, WholeQueue(name)),
        COMMANDS["ghost"].why_not(talk.state, Queued(name, CY)),
    }
    assert told == {"a name of only dots cannot be used"}
