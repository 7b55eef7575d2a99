"""A poll that the operator asks for ends and logs its result."""

from __future__ import annotations

from dataclasses import replace

import pytest
from view.scenes import scene, words

from console.core.messages import facts, intents
from console.core.messages.effects import Refresh
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallsScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.listed_resources import Problem, ProblemKind
from console.core.model.state import Sign
from console.view.panes.receipt import line
from support.playbook import CONFERENCE, Playbook, at, people_listed, reading

DOWN = Problem(
    ProblemKind.UNREACHABLE, title="Telnyx cannot be reached", detail="connection refused"
)


def listed(scope: Scope, asked: float) -> facts.Listed:
    """Return an empty listing of this scope."""
    match scope:
        case QueuesScope():
            return facts.QueuesListed(reading(asked), ())
        case CallsScope(queue):
            return facts.CallsListed(reading(asked), queue, None)
        case ParticipantsScope(conference):
            return facts.ParticipantsListed(reading(asked), conference, None)
        case _:
            return facts.ConferencesListed(
                reading(asked), "init" if scope == INIT else "in_progress", ()
            )


def asked() -> Playbook:
    """Return a console whose polls pause and whose operator asks for a poll at 10 s."""
    talk = Playbook().say(people_listed(0.0), intents.WatchAsked(at(0.0), "vip", CONFERENCE))
    talk.say(facts.ReadingFailed(at(1.0), LIVE, DOWN), facts.PollsPaused(at(1.0), 30.0))
    talk.effects = ()
    return talk.say(intents.RefreshAsked(at(10.0)))


def story(talk: Playbook, seconds: float) -> str:
    return words(line(scene(talk.state, seconds))).strip()


def said(talk: Playbook) -> list[tuple[str, str]]:
    """Return the log entries of polls that the operator asked for."""
    notes = [entry for entry in talk.state.log if entry.sign is Sign.NOTE]
    return [(e.name, e.text) for e in notes if e.name in {"polled", "poll failed"}]


SCOPES: list[Scope] = [QueuesScope(), LIVE, INIT, CallsScope("vip"), ParticipantsScope(CONFERENCE)]


def test_it_reads_all_that_is_looked_at_ahead_of_what_pauses() -> None:
    wanted = [effect for effect in asked().effects if isinstance(effect, Refresh)]
    assert [effect.scope for effect in wanted] == SCOPES
    assert all(effect.by_operator for effect in wanted)


def test_it_is_under_way_until_everything_is_read() -> None:
    talk = asked()
    assert "poll now  0 of 5 read…" in story(talk, 10.1)
    for number, scope in enumerate(SCOPES[:-1], 1):
        talk.say(listed(scope, 10.1))
        assert f"{number} of 5 read" in story(talk, 10.5)
        assert said(talk) == []
    talk.say(listed(SCOPES[-1], 10.3))
    assert "polled  all 5 listings read" in story(talk, 10.5)
    assert said(talk) == [("polled", "all 5 listings, 0.4 s")]


def test_an_answer_to_an_older_question_does_not_count() -> None:
    talk = asked().say(*(listed(scope, 9.9) for scope in SCOPES))
    assert "0 of 5 read" in story(talk, 10.1)


@pytest.mark.parametrize("read", [0, 2])
def test_its_failure_is_said_with_the_reason_each_time(read: int) -> None:
    talk = asked()
    for time in (10.0, 20.0):
        talk.say(intents.RefreshAsked(at(time)))
        talk.say(*(listed(scope, time + 0.1) for scope in SCOPES[:read]))
        talk.say(*(facts.ReadingFailed(at(time + 0.2), one, DOWN) for one in SCOPES[read:]))
        assert f"{read} of 5 read  not reached: connection refused" in story(talk, time + 0.3)
    assert said(talk) == [("poll failed", f"{read} of 5 read; not reached: connection refused")] * 2


def test_a_refused_key_ends_it_at_once() -> None:
    talk = asked().say(
        facts.ReadingFailed(at(10.1), QueuesScope(), Problem(ProblemKind.UNAUTHORISED, 401))
    )
    assert "0 of 5 read" in story(talk, 10.2)
    assert [name for name, _ in said(talk)] == ["poll failed"]


def test_it_ends_also_where_nothing_comes() -> None:
    talk = asked().say(facts.Ticked(at(80.0)))
    assert said(talk) == []
    talk.say(facts.Ticked(at(86.0)))
    assert said(talk) == [("poll failed", "0 of 5 read; reading failed: no answer in time")]


def test_the_line_gives_way_to_what_is_newer_and_to_time() -> None:
    talk = asked().say(*(listed(scope, 10.1) for scope in SCOPES))
    until = 10.2 + talk.state.policy.undo
    assert "polled" in story(talk, until - 0.1)
    assert story(talk, until + 0.1) == "ready"
    talk.say(intents.Declined(at(11.0), "mute: nobody is there"))
    assert "nobody is there" in story(talk, 11.1)
    talk.say(intents.RefreshAsked(at(12.0)))
    assert "poll now" in story(talk, 12.1)


def test_what_is_inspected_or_asked_to_be_undone_is_asked_by_the_operator() -> None:
    talk = Playbook().say(intents.InspectAsked(at(1.0), ParticipantsScope(CONFERENCE)))  # type: ignore[arg-type]
    assert [one for one in talk.effects if isinstance(one, Refresh)] == [
        Refresh(ParticipantsScope(CONFERENCE), by_operator=True)
    ]
    assert replace(Refresh(LIVE)).by_operator is False
