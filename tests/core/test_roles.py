"""A role is known from our own command, until a listing speaks against it or a process ends."""

from __future__ import annotations

from dataclasses import replace

from console.commands import COMMANDS
from console.commands.targeting import excluded_legs
from console.core.audibility import Audibility, KnownRole, judge_audibility, role_of, stance
from console.core.messages import facts, intents
from console.core.messages.effects import Send
from console.core.model.command import AnyLeg, Order, WholeConference
from console.core.model.entities import Note, Phone
from console.core.model.identity import is_mine
from console.core.model.listed_resources import Problem, ProblemKind, Source
from console.core.model.stage import Stage
from support.playbook import (
    CONFERENCE,
    EPOCH,
    Playbook,
    at,
    joined,
    left,
    participant,
    people_listed,
    queued,
    reading,
)

EVE, BO, CY = "v3:eve", "v3:bo", "v3:cy"
DIALLED = "v3:mine"


def conference() -> Playbook:
    return Playbook().begin(participant(EVE), participant(BO), participant(CY))


def asked(talk: Playbook, role: str, to: str = "", seconds: float = 0.0) -> Playbook:
    """Eve is given a role, and Telnyx says ok."""
    talk.ask(
        "role", seconds, EVE, id_="r", supervisor_role=role, whisper_call_control_ids=to, was=""
    )
    return talk.accept(seconds + 0.2, "r")


def role(talk: Playbook, leg: str = EVE) -> KnownRole | None:
    return role_of(talk.state.people[CONFERENCE][leg], talk.state.policy.sigma)


def audible(talk: Playbook, to: str) -> Audibility:
    speaker, listener = (stance(talk.state, CONFERENCE, leg) for leg in (EVE, to))
    return judge_audibility(speaker, listener).heard


def test_an_accepted_role_is_our_own_word_and_silences_nobody() -> None:
    talk = asked(conference(), "monitor")
    assert role(talk) == KnownRole("monitor", Source.OWN, at(0.2))
    assert audible(talk, BO) is Audibility.UNKNOWN
    talk.say(people_listed(4.0, participant(EVE, muted=True), participant(BO), participant(CY)))
    assert talk.stage("r") is Stage.SEEN
    assert audible(talk, BO) is Audibility.NO
    assert EVE in excluded_legs(talk.state, CONFERENCE)


def test_a_role_that_was_accepted_and_does_not_show_is_no_proof_and_not_believed() -> None:
    talk = asked(conference(), "whisper", BO)
    assert role(talk) is not None
    listed = people_listed(4.0, participant(EVE), participant(BO), participant(CY))
    talk.say(listed)
    assert talk.stage("r") is Stage.NO_PROOF
    assert role(talk) is None
    assert audible(talk, CY) is Audibility.UNKNOWN
    assert excluded_legs(talk.state, CONFERENCE) == ()


def test_a_whisper_list_that_shows_is_a_listings_word() -> None:
    talk = asked(conference(), "whisper", BO)
    shown = replace(participant(EVE), whisper_to=(BO,))
    talk.say(people_listed(4.0, shown, participant(BO), participant(CY)))
    found = role(talk)
    assert found is not None
    assert (found.role, found.source) == ("whisper", Source.POLL)
    assert (audible(talk, BO), audible(talk, CY)) == (Audibility.YES, Audibility.NO)


def test_nobody_answered_so_nobody_knows() -> None:
    talk = asked(conference(), "barge").pass_(9.0)
    assert role(talk) is not None
    talk.ask("role", 9.0, EVE, id_="s", supervisor_role="monitor", was="")
    talk.say(facts.CommandSent(at(9.1), "s", 1))
    talk.say(facts.CommandUnanswered(at(14.0), "s", Problem(ProblemKind.UNANSWERED)))
    assert role(talk) is None


def test_a_role_ends_with_the_stay() -> None:
    talk = asked(conference(), "barge").say(left(1.0, EVE), joined(2.0, EVE))
    assert role(talk) is None
    talk = asked(conference(), "barge").say(people_listed(9.0, participant(BO)))
    talk.say(joined(10.0, EVE))
    assert role(talk) is None
    again = replace(participant(EVE, since=5.0), id="another")
    talk = asked(conference(), "barge").say(people_listed(9.0, again, participant(BO)))
    assert role(talk) is None


def test_after_a_restart_no_role_is_known() -> None:
    talk = asked(conference(), "monitor").say(facts.Resumed(at(1.0), 9))
    assert role(talk) is None
    assert audible(talk, BO) is Audibility.UNKNOWN


def test_somebody_joined_with_a_role_has_it_once_they_are_there() -> None:
    talk = conference().say(facts.CallsListed(reading(-1.0), "vip", (queued("v3:new"),)))
    values = {"room": CONFERENCE, "supervisor_role": "monitor", "mute": "no"}
    waits = AnyLeg("v3:new", from_queue="vip")
    joining = Order("x", at(0.0), COMMANDS["join"], waits, "ana", values)
    talk.say(intents.OrderAsked(joining)).accept(0.2, "x").say(joined(0.5, "v3:new"))
    found = role(talk, "v3:new")
    assert found is not None
    assert (found.role, found.source) == ("monitor", Source.OWN)


def dial(talk: Playbook) -> Playbook:
    command = COMMANDS["dial"]
    assert command.current is not None
    target = WholeConference(CONFERENCE)
    values = {**command.current(talk.state, target), "supervisor_role": "monitor"}
    order = Order("d", at(0.0), command, target, "ana", values)
    return talk.say(intents.OrderAsked(order))


def test_the_dialled_leg_is_yours_and_proved_when_it_joins() -> None:
    talk = dial(conference())
    assert [type(effect) for effect in talk.effects] == [Send]
    talk.say(facts.CommandSent(at(0.1), "d", 1))
    talk.say(facts.CommandAccepted(at(0.3), "d", EPOCH, DIALLED))
    assert is_mine(talk.state, DIALLED)
    talk.say(people_listed(4.0, participant(EVE)), facts.Ticked(at(12.0)))
    assert talk.stage("d") is Stage.ACCEPTED, "a phone rings"
    talk.say(joined(15.0, DIALLED))
    assert talk.stage("d") is Stage.SEEN
    found = role(talk, DIALLED)
    assert found is not None
    assert (found.role, found.source) == ("monitor", Source.OWN)
    assert DIALLED in excluded_legs(talk.state, CONFERENCE)


def test_a_phone_nobody_answers_is_no_proof_in_the_end() -> None:
    talk = dial(conference()).say(facts.CommandSent(at(0.1), "d", 1))
    talk.say(facts.CommandAccepted(at(0.3), "d", EPOCH, DIALLED), facts.Ticked(at(37.0)))
    assert talk.stage("d").open
    assert talk.say(facts.Ticked(at(39.0))).stage("d") is Stage.NO_PROOF


def test_a_dial_that_was_not_answered_is_not_waited_for_longer_than_any_command() -> None:
    talk = dial(conference()).say(facts.CommandSent(at(0.1), "d", 1))
    assert talk.say(facts.Ticked(at(31.0))).stage("d") is Stage.UNKNOWN


def test_what_the_settings_lack_is_said() -> None:
    talk = conference()
    talk.state = replace(talk.state, phone=Phone("1"))
    dial(talk)
    assert not talk.effects
    assert "the settings lack from_number and operator_number" in talk.state.log[-1].text


def test_whoever_is_pinned_or_you_is_left_out() -> None:
    talk = conference()
    talk.say(
        facts.NoteKept(at(0.0), Note(BO, pinned=True)),
        facts.NoteKept(at(0.0), Note(CY, mine=True)),
    )
    assert set(excluded_legs(talk.state, CONFERENCE)) == {BO, CY}
