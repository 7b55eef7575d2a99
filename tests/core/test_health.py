"""A fault of the connection to Telnyx is logged once, and its end once."""

from __future__ import annotations

import pytest

from console.core import poll_intervals
from console.core.messages import facts, intents, webhooks
from console.core.messages.effects import Refresh
from console.core.messages.read_scopes import (
    LIVE,
    CallEventsScope,
    CallsScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.model.state import Sign
from support.playbook import CONFERENCE, Playbook, at, origin, participant, reading


def notes(talk: Playbook) -> list[tuple[str, str]]:
    """Return the notes in the log, oldest first."""
    return [(entry.name, entry.text) for entry in talk.state.log if entry.sign is Sign.NOTE]


def test_a_wrong_clock_is_an_alarm_until_it_is_right() -> None:
    def answered(seconds: float, ahead: float) -> facts.ApiAnswered:
        date = at(seconds).wall - ahead
        return facts.ApiAnswered(at(seconds), 0.2, date=date)

    talk = Playbook().say(answered(0.0, 50.0))
    assert notes(talk) == []
    talk.say(answered(1.0, -70.0), answered(2.0, -71.0))
    assert [name for name, _ in notes(talk)] == ["clock wrong"]
    assert "behind" in notes(talk)[0][1]
    assert talk.state.health.clock_ahead == pytest.approx(-71.6)
    talk.say(facts.ApiAnswered(at(3.0), 0.2))
    assert talk.state.health.clock_wrong
    talk.say(answered(4.0, 0.5))
    assert not talk.state.health.clock_wrong
    assert notes(talk)[-1][0] == "clock right"


def test_polls_that_pause_say_so_once_until_they_go_on() -> None:
    talk = Playbook().say(facts.PollsPaused(at(0.0), 5.0), facts.PollsPaused(at(5.0), 10.0))
    assert talk.state.health.polls_paused_until == at(15.0)
    talk.say(facts.PollsResumed(at(15.5)))
    assert talk.state.health.polls_paused_until is None
    assert [name for name, _ in notes(talk)] == ["polls pause", "polls go on"]


def refused(seconds: float, kind: str = "unauthorised") -> facts.ReadingFailed:
    return facts.ReadingFailed(at(seconds), QueuesScope(), Problem(ProblemKind(kind), 401))


def test_a_refused_key_is_accepted_again_by_what_was_asked_later_and_sends_nothing() -> None:
    talk = Playbook().begin(participant("v3:ana"))
    talk.say(refused(10.0), refused(10.1))
    talk.ask("mute", 11.0, "v3:ana")
    talk.say(facts.QueuesListed(reading(10.0), ()))
    assert talk.state.health.key_refused == at(10.1), "that was asked for before the refusal"
    talk.say(facts.QueuesListed(reading(70.5), ()))
    assert talk.state.health.key_refused is None
    assert talk.effects == (), "no command goes out by itself"
    assert [name for name, _ in notes(talk)] == ["key refused", "not done", "key accepted"]


@pytest.mark.parametrize("kind", ["server", "limited", "unreachable", "unanswered"])
def test_what_is_no_answer_to_the_key_leaves_it_refused_and_tries_later(kind: str) -> None:
    talk = Playbook().say(refused(10.0), refused(70.5, kind))
    assert talk.state.health.key_refused == at(70.5)


@pytest.mark.parametrize("kind", ["forbidden", "missing", "refused", "shape"])
def test_a_definite_no_is_an_answer_to_a_key_that_is_accepted(kind: str) -> None:
    talk = Playbook().say(refused(10.0), refused(10.2, kind))
    assert talk.state.health.key_refused is not None, "it may have been asked before the refusal"
    talk.say(refused(70.5, kind))
    assert talk.state.health.key_refused is None


def test_why_telnyx_cannot_be_reached_is_said_once() -> None:
    why = Problem(ProblemKind.UNREACHABLE, title="Telnyx cannot be reached", detail="no such name")
    failed = facts.ReadingFailed(at(1.0), QueuesScope(), why)
    talk = Playbook().say(failed, failed, facts.ReadingFailed(at(1.1), LIVE, why))
    assert notes(talk) == [("not reached", "no such name")]


def test_why_nothing_came_back_is_said_behind_it() -> None:
    why = Problem(ProblemKind.UNANSWERED, title="no answer", detail="nothing came within 5 s")
    talk = Playbook().say(facts.ReadingFailed(at(1.0), QueuesScope(), why))
    assert notes(talk) == [("reading failed", "no answer: nothing came within 5 s")]


def test_an_answer_that_cannot_be_read_is_named_and_is_no_outage() -> None:
    why = Problem(
        ProblemKind.SHAPE, 200, title="answer not understood", detail="data is null and no list"
    )
    talk = Playbook().say(facts.ReadingFailed(at(1.0), QueuesScope(), why))
    assert notes(talk) == [("not understood", "data is null and no list")]
    assert talk.state.health.unreachable is None


def test_what_cannot_be_read_is_read_as_often_as_ever() -> None:
    why = Problem(ProblemKind.SHAPE, 200, title="answer not understood")
    talk = Playbook()
    for seconds in (5.0, 10.0, 15.0, 20.0):
        talk.say(facts.ReadingFailed(at(seconds), QueuesScope(), why))
    known = talk.state.coverage[QueuesScope()]
    assert poll_intervals.next_poll(known, 5.0, at(20.0).mono) == at(25.0).mono


def test_only_listings_that_still_matter_are_counted_as_not_understood() -> None:
    why = Problem(ProblemKind.SHAPE, 200, title="answer not understood")
    scopes: tuple[Scope, ...] = (
        QueuesScope(),
        LIVE,
        ParticipantsScope(CONFERENCE),
        CallsScope("vip"),
        CallEventsScope("l"),
    )
    talk = Playbook().begin()
    for scope in scopes:
        talk.say(facts.ReadingFailed(at(1.0), scope, why))
    assert poll_intervals.unreadable_scopes(talk.state) == 4
    talk.say(webhooks.ConferenceEnded(origin(2.0, "conference.ended"), CONFERENCE, "all_left"))
    assert poll_intervals.unreadable_scopes(talk.state) == 3


def test_an_operator_tries_a_refused_key_at_once() -> None:
    talk = Playbook().say(refused(10.0), intents.RefreshAsked(at(11.0)))
    assert talk.state.health.key_refused is None
    assert {one.scope for one in talk.effects if isinstance(one, Refresh)} >= {QueuesScope(), LIVE}
