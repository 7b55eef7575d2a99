"""The hints show the keys of the pane, and the most important keys are never left out."""

from __future__ import annotations

import pytest
from view.scenes import failed, healthy, scene, text

from console.core.messages import intents
from console.core.messages.read_scopes import ParticipantsScope
from console.core.model.command import Pane
from console.core.model.listed_resources import Problem, ProblemKind
from console.view.panes.hints import line
from console.view.screen_elements import Role
from console.view.text.cell_width import width_of
from support.playbook import CONFERENCE, Playbook, at, participant, people_listed

WIDTHS = (80, 100, 120, 200)
MOVES = ("space", "/")
ACTING = (Pane.CONFERENCES, Pane.PEOPLE)


def keys(pane: Pane, width: int) -> list[str]:
    shown = line(scene(Playbook().state, pane=pane, width=width))
    assert width_of(shown.left) <= width
    assert shown.right == ()
    return [span.text.strip() for span in shown.left[::2]]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("pane", Pane)
def test_they_fit_and_the_way_to_every_key_is_there(pane: Pane, width: int) -> None:
    assert "?" in keys(pane, width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("pane", ACTING)
def test_mute_hold_and_end_are_always_there_where_they_act(pane: Pane, width: int) -> None:
    assert {"m/M", "h/H", "e", "?"} <= set(keys(pane, width))


@pytest.mark.parametrize(
    ("pane", "verbs"),
    [
        (Pane.QUEUES, ["n", "o", "x"]),
        (Pane.CALLS, ["a", "Q", "x", "o", "X"]),
        (Pane.LOG, []),
    ],
)
def test_no_verb_is_hinted_at_where_it_does_nothing(pane: Pane, verbs: list[str]) -> None:
    assert keys(pane, 200) == [*verbs, *MOVES, "z", "?", "tab", "q"]


def test_a_wide_screen_has_all_of_them() -> None:
    assert keys(Pane.PEOPLE, 200) == [
        *("m/M", "h/H", "x", "w", "o", "p/P", "s/S", "d/D", "r/R", "c/C", "e", "a", "Q"),
        *(*MOVES, "z", "?", "tab", "q"),
    ]


READY = Playbook().begin(participant("a"))
READ_ONLY = Playbook().policy(read_only=True)
LOCKED = Playbook().say(intents.LockAsked(at(0.0)))
REFUSED = healthy(Playbook(), key_refused=at(-3.0))
OFFLINE = healthy(Playbook(), unreachable=at(-11.0))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("pane", ACTING)
@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (READ_ONLY, "started read-only"),
        (LOCKED, "locked L unlocks"),
        (REFUSED, "key refused ctrl+r tries again"),
        (OFFLINE, "no answer: commands are off"),
    ],
)
def test_while_nothing_can_be_done_every_verb_is_grey_and_why_comes_first(
    talk: Playbook, why: str, pane: Pane, width: int
) -> None:
    shown = line(scene(talk.state, pane=pane, width=width)).left
    assert width_of(shown) <= width
    assert text(shown).startswith(f"  {why}  m/M mute")
    can = line(scene(READY.state, pane=pane, width=width)).left
    off = {span.text for span in shown if span.role is Role.FAINT}
    on = {span.text for span in can if span.role is Role.FAINT}
    assert on == set()
    assert {" mute", " hold", " end"} <= off
    if width == 200:
        assert {"  z", " undo"} <= off
        assert {"  /", "  ?", "  tab"} & off == set()


def test_every_hint_says_what_its_key_does() -> None:
    shown = line(scene(Playbook().state, pane=Pane.PEOPLE, width=200))
    assert all(span.text.strip() for span in shown.left)
    assert "m/M mute" in text(shown.left)


def test_verbs_are_grey_while_what_the_pane_shows_may_not_be_acted_on() -> None:
    talk = Playbook().begin(participant("a"))

    def shown(pane: Pane, verb: str) -> set[Role]:
        spans = line(scene(talk.state, 1.0, pane=pane, width=200)).left
        return {span.role for span in spans if span.text == f" {verb}"}

    assert shown(Pane.PEOPLE, "mute") == {Role.DIM}
    talk.say(failed(0.5, ParticipantsScope(CONFERENCE), "forbidden"))
    assert shown(Pane.PEOPLE, "mute") == {Role.FAINT}
    assert shown(Pane.CONFERENCES, "end") == {Role.DIM}
    talk.say(people_listed(0.6, participant("a")))
    assert shown(Pane.PEOPLE, "mute") == {Role.DIM}
    refused = healthy(talk, key_refused=Problem(ProblemKind.UNAUTHORISED, 401))
    assert refused.state.health.key_refused
    assert shown(Pane.CONFERENCES, "end") == {Role.FAINT}
