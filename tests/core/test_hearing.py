"""How well the provider is heard: what is wrong is said once, and once more when it is right."""

from __future__ import annotations

import pytest

from console.core import facts
from console.core.state import Sign
from support.playbook import Playbook, at


def notes(talk: Playbook) -> list[tuple[str, str]]:
    """What the log has noted, oldest first."""
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
    assert talk.state.health.clock == pytest.approx(-71.6)
    talk.say(facts.ApiAnswered(at(3.0), 0.2))
    assert talk.state.health.clock_wrong
    talk.say(answered(4.0, 0.5))
    assert not talk.state.health.clock_wrong
    assert notes(talk)[-1][0] == "clock right"


def test_polls_that_pause_say_so_once_until_they_go_on() -> None:
    talk = Playbook().say(facts.PollsPaused(at(0.0), 5.0), facts.PollsPaused(at(5.0), 10.0))
    assert talk.state.health.paused == at(15.0)
    talk.say(facts.PollsResumed(at(15.5)))
    assert talk.state.health.paused is None
    assert [name for name, _ in notes(talk)] == ["polls pause", "polls go on"]
