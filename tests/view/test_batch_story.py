"""The receipt line of several orders: how many are seen, and each failure by name."""
# the signs we draw are meant

from __future__ import annotations

import pytest
from view.scenes import known, scene, words

from console.commands import COMMANDS
from console.core.messages import facts, intents
from console.core.model.command import Order, People, Target, WholeConference
from console.core.model.listed_resources import Problem, ProblemKind
from console.view.panes.receipt import line
from console.view.text.cell_width import width_of
from support.playbook import (
    CONFERENCE,
    Playbook,
    at,
    left,
    listed_conference,
    participant,
    people_listed,
    reading,
)

ANA, BO, EVE = "v3:ana", "v3:bo", "v3:eve"
OTHER = "room-other"
NAMES = {ANA: "Ana", BO: "Bo", EVE: "Eve"}


def conference() -> Playbook:
    talk = Playbook().begin(*(participant(leg) for leg in NAMES))
    for leg, name in NAMES.items():
        known(talk, leg, name=name)
    return talk


def ask(talk: Playbook, name: str, *targets: Target, seconds: float = 0.0) -> Playbook:
    """Ask for a command on all targets in one act, with ids from 0."""
    for number, target in enumerate(targets):
        order = Order(str(number), at(seconds), COMMANDS[name], target, "ana", batch="b")
        talk.say(intents.OrderAsked(order))
    return talk


def everyone(talk: Playbook, seconds: float = 0.0) -> Playbook:
    return ask(talk, "leave", *(People(CONFERENCE, (leg,)) for leg in NAMES), seconds=seconds)


def story(talk: Playbook, width: int = 120) -> str:
    shown = line(scene(talk.state, 3.0, width=width))
    assert width_of(shown.left) <= width
    return words(shown).strip()


def test_while_something_is_waited_for_it_says_how_many() -> None:
    talk = everyone(conference())
    assert story(talk) == "… take out 3 from board-q3  3 under way…"
    talk.accept(0.2, "0").say(left(0.3, ANA))
    assert story(talk) == "… took out 1 of 3 from board-q3  2 under way…"


def test_in_the_end_it_says_how_many_of_how_many() -> None:
    talk = everyone(conference())
    for number, leg in enumerate(NAMES):
        talk.accept(0.2, str(number)).say(left(0.3, leg))
    assert story(talk) == "✓ took out 3 of 3 from board-q3"


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_one_that_was_refused_is_named_with_its_code(width: int) -> None:
    talk = everyone(conference())
    for number, leg in ((0, ANA), (2, EVE)):
        talk.accept(0.2, str(number)).say(left(0.3, leg))
    problem = Problem(
        ProblemKind.REFUSED, 422, "90015", "Invalid Call Control ID", "It is not there."
    )
    talk.say(facts.CommandRefused(at(0.4), "1", problem))
    told = story(talk, width)
    assert told.startswith("✗ took out 2 of 3")
    assert "Bo refused 422 90015" in told
    assert ("Invalid Call Control ID: It is not there" in told) is (width > 80)
    assert told.endswith("…") is (width <= 80)


def test_one_that_had_left_is_named_and_nothing_was_sent_for_it() -> None:
    talk = everyone(conference().say(left(0.1, BO)), seconds=0.2)
    for number, leg in ((0, ANA), (2, EVE)):
        talk.accept(0.4, str(number)).say(left(0.5, leg))
    assert story(talk) == "✗ took out 2 of 3 from board-q3  Bo dropped  left already"


def test_what_nothing_can_show_is_counted_as_such() -> None:
    talk = ask(conference(), "pause", WholeConference(CONFERENCE)).accept(0.2, "0")
    alone = story(talk)
    talk = ask(conference(), "pause", WholeConference(CONFERENCE), WholeConference("other"))
    talk.accept(0.2, "0")
    assert "no proof" in alone
    assert "1 no proof" in story(talk)
    assert "dropped" in story(talk), "the other was not there"


def two_conferences() -> Playbook:
    """Return Ana and Bo in one conference and Eve in its namesake: all muted, Ana and Bo seen."""
    talk = conference().say(
        facts.ConferencesListed(
            reading(0.1), "in_progress", (listed_conference(), listed_conference(OTHER))
        ),
        people_listed(0.2, participant(EVE), conference=OTHER),
    )
    ask(talk, "mute", People(CONFERENCE, (ANA, BO)), People(OTHER, (EVE,)), seconds=0.3)
    assert story(talk) == "… mute 3  3 under way…"
    talk.accept(0.4, "0").accept(0.4, "1")
    return talk.say(people_listed(0.5, *(participant(leg, muted=True) for leg in (ANA, BO))))


def test_people_are_counted_and_not_requests() -> None:
    talk = two_conferences()
    assert story(talk).startswith("… muted 2 of 3  1 under way…")
    talk.say(people_listed(0.5, participant(EVE, muted=True), conference=OTHER))
    assert "muted 3 of 3" in story(talk)
    assert words(line(scene(talk.state, 3.0))).rstrip().endswith("z undo 8 s")


def test_of_an_undoing_those_who_are_left_alone_are_named() -> None:
    talk = two_conferences().say(
        people_listed(0.5, participant(EVE, muted=True), conference=OTHER),
        people_listed(1.0, participant(ANA, muted=True), participant(BO)),
        people_listed(1.0, participant(EVE), conference=OTHER),
        intents.UndoAsked(at(2.0), "z", "ana"),
    )
    assert "changed since, left alone: Bo, Eve" in story(talk, 160)


def test_a_request_for_many_names_whom_it_was_not_sent_for() -> None:
    talk = conference().say(left(0.1, BO))
    talk.ask("mute", 0.2, ANA, BO, EVE, id_="m")
    assert "not sent for Bo" in story(talk)
