"""A pane shows the progress of its listing, its problem and the time of the next try."""

from __future__ import annotations

from dataclasses import replace

import pytest
from view.scenes import cells, failed, healthy, queues_listed, roles, scene, text

from console.core.messages import facts, intents
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallEventsScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.listed_resources import Problem, ProblemKind
from console.sources import schedule
from console.view.screen_elements import Sheet
from console.view.workspace_layout import board
from support.playbook import CONFERENCE, Playbook, at, joined, participant, people_listed, reading

ANA, BO = "v3:ana", "v3:bo-0199"


def pane(talk: Playbook, name: str, seconds: float = 1.0, **more: str | None) -> Sheet:
    return board(scene(talk.state, seconds, **more)).sheets[name]


def conference() -> Playbook:
    return Playbook().begin(participant(ANA), participant(BO))


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("forbidden", "403: may not list people"),
        ("limited", "429: polls slowed, resume in 6 s"),
        ("unreachable", "no answer, retry 1 in 2 s"),
        ("unanswered", "no answer, retry 1 in 2 s"),
        ("server", "error 500, retry 1 in 2 s"),
        ("shape", "not understood, retry 1 in 1 s"),
    ],
)
def test_what_is_wrong_with_a_reading_stands_beside_the_title(kind: str, shown: str) -> None:
    talk = conference().say(intents.WatchAsked(at(0.0), None, CONFERENCE))
    assert pane(talk, "people", 1.0).alert == ()
    problem = Problem(ProblemKind(kind), 500, None, "Oh\x1b dear", retry_after=6.0)
    talk.say(facts.ReadingFailed(at(1.0), ParticipantsScope(CONFERENCE), problem, 0.4))
    assert text(pane(talk, "people", 1.0).alert) == shown
    assert pane(talk, "people", 1.0).keys == (ANA, BO), "what was known is kept"
    assert pane(talk, "conferences", 1.0).alert == ()
    talk.say(people_listed(2.0, participant(ANA)))
    assert pane(talk, "people", 2.1).alert == ()


def test_the_countdown_of_a_retry_is_the_pollers_own_and_ends_where_that_is_not_known() -> None:
    talk = conference().say(intents.WatchAsked(at(0.0), None, CONFERENCE))

    def told(seconds: float) -> str:
        return text(pane(talk, "people", seconds).alert)

    def fail(seconds: float, pause: float = 0.0) -> None:
        talk.say(
            facts.ReadingFailed(
                at(seconds), ParticipantsScope(CONFERENCE), Problem(ProblemKind.SERVER, 503), pause
            )
        )

    for seconds in (1.0, 3.0, 7.0):
        fail(seconds)
    assert told(7.0) == "error 503, retry 3 in 8 s", "two seconds, doubled twice"
    others: set[Scope] = {
        LIVE,
        INIT,
        QueuesScope(),
        *(CallEventsScope(f"leg-{leg}") for leg in (ANA, BO)),
    }
    assert schedule.next_read(talk.state, at(7.0), others, {}, {}) == 8.0
    assert [told(s) for s in (7.1, 10.9, 14.5)] == [
        f"error 503, retry 3 in {n} s" for n in (8, 5, 1)
    ]
    assert told(15.0) == "error 503, retry 3", "it is due: nobody knows when its turn comes"
    fail(15.2, pause=20.0)
    assert told(16.0) == "error 503, retry 4 in 20 s", "no poll begins before"
    talk.say(facts.PollsPaused(at(16.0), 9.0))
    assert told(17.0) == "error 503, polls pause 8 s"
    assert told(25.5) == "error 503, polls pause", "a probe is on its way"
    talk.say(facts.PollsResumed(at(26.0)))
    assert told(26.0) == "error 503, retry 4 in 10 s"
    health = talk.state.health
    talk.state = replace(talk.state, health=replace(health, key_refused=at(26.0)))
    assert told(26.0) == "401: key refused", "with it nothing is tried"
    talk.state = replace(talk.state, health=health)
    talk.say(intents.WatchAsked(at(26.0), None, None))
    assert told(26.0) == "error 503, retry 4", "rooms that nobody looks at take turns"
    talk.say(people_listed(27.0, participant(ANA)))
    assert told(27.1) == ""


def test_an_empty_pane_says_whether_it_loads_cannot_or_has_nothing() -> None:
    talk = healthy(Playbook(), receiver="x", last_webhook=at(-2.0))

    def empty(seconds: float, name: str = "conferences") -> list[str]:
        return [text(line) for line in pane(talk, name, seconds).empty]

    assert empty(0.0) == ["loading conferences…"]
    assert text(pane(talk, "conferences").figures) == "", "that there are none is not known"
    for told, shown in (
        (facts.LoadingProgressed(at(0.0), LIVE), "loading conferences, 0.8 s"),
        (facts.LoadingProgressed(at(0.3), LIVE, 2, 5), "loading conferences, 0.8 s, 2 of 5 pages"),
        (facts.LoadingProgressed(at(0.4), LIVE, 3), "loading conferences, 0.8 s, 3 pages"),
        (
            facts.LoadingProgressed(at(0.5), LIVE, 1, 5, again=True),
            "loading conferences, 0.8 s, 1 of 5 pages read again",
        ),
    ):
        talk.say(told)
        assert empty(0.8) == [shown]
    talk.say(failed(1.0, LIVE, "server"))
    talk.say(facts.LoadingProgressed(at(1.5), LIVE))
    assert empty(1.5) == ["The conferences are not known yet."]
    talk.say(facts.ConferencesListed(reading(1.95), "in_progress", ()))
    talk.say(facts.LoadingProgressed(at(2.5), LIVE))
    assert empty(3.0) == [
        "No conference is live. Seen 1s ago.",
        "n starts one with a call.",
        "Webhooks arrived 5s ago.",
    ]
    assert text(pane(talk, "people", conference=None).empty[0]) == "Select a conference."
    assert text(pane(talk, "calls", queue=None).empty[0]) == "Select a queue above."
    assert empty(3.0, "queues") == ["loading queues…"]
    talk.say(queues_listed(1.95))
    healthy(talk, receiver="x").policy(read_only=True)
    assert empty(3.0, "queues") == [
        "No queues. Seen 1s ago.",
        "The first caller creates one.",
        "No webhook has arrived yet.",
    ]
    healthy(talk, receiver_note="--no-receiver")
    assert empty(3.0)[1:] == ["A conference begins with a call.", "Webhooks are not received."]


def test_a_refused_key_is_said_beside_every_pane_whichever_reading_found_it_out() -> None:
    talk = conference().say(failed(0.5, INIT, "unauthorised"))
    for name in ("queues", "conferences", "people", "calls"):
        assert text(pane(talk, name).alert) == "401: key refused"
    talk.say(facts.ConferencesListed(reading(1.5), "in_progress", ()))
    for name in ("queues", "conferences", "people", "calls"):
        assert pane(talk, name, 2.0).alert == ()


def test_with_a_refused_key_every_value_is_dim_and_none_goes() -> None:
    talk = conference()
    assert roles(pane(talk, "people"), ANA, "mic") != {"dim"}
    healthy(talk, key_refused=at(-1.0))
    assert roles(pane(talk, "people"), ANA, "who") == {"dim"}
    assert cells(pane(talk, "people"), ANA)["mic"].startswith("open")


def test_a_count_is_about_so_many_until_it_was_listed() -> None:
    talk = Playbook().say(joined(0.0, ANA))
    assert text(pane(talk, "conferences").figures) == "~1 live"
    assert text(pane(talk, "people").figures) == "~1"
    talk.begin(participant(ANA), participant(BO))
    assert text(pane(talk, "conferences").figures).startswith("1 live")
    assert text(pane(talk, "people").figures).startswith("2")
