"""The hints are the pane's own keys, and the keys that matter most are never left out."""

from __future__ import annotations

import pytest
from view.scenes import failed, healthy, scene, text

from console.core import intents
from console.core.command import Pane
from console.core.scopes import People
from console.core.things import Problem
from console.view.board import Role
from console.view.fitting import width_of
from console.view.hints import line
from support.playbook import ROOM, Playbook, at, participant, people_listed

WIDTHS = (80, 100, 120, 200)
MOVES = ("space", "/")
ACTING = (Pane.CONFERENCES, Pane.PEOPLE)


def keys(pane: Pane, width: int, *, read_only: bool = False) -> list[str]:
    state = Playbook().policy(read_only=read_only).state
    shown = line(scene(state, pane=pane, width=width))
    assert width_of(shown.left) <= width
    assert shown.right == ()
    return [span.text.strip() for span in shown.left[::2]]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("pane", Pane)
def test_they_fit_and_the_way_to_every_key_is_there(pane: Pane, width: int) -> None:
    assert "?" in keys(pane, width)
    assert "?" in keys(pane, width, read_only=True)


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


@pytest.mark.parametrize("pane", Pane)
def test_read_only_hints_at_no_verb(pane: Pane) -> None:
    assert keys(pane, 200, read_only=True) == [*MOVES, "?", "tab", "q"]


def test_a_wide_screen_has_all_of_them() -> None:
    assert keys(Pane.PEOPLE, 200) == [
        *("m/M", "h/H", "x", "w", "o", "p/P", "s", "d/D", "r/R", "c/C", "e", "a", "Q"),
        *(*MOVES, "z", "?", "tab", "q"),
    ]


def test_locked_greys_the_verbs_and_says_how_to_unlock() -> None:
    state = Playbook().say(intents.LockAsked(at(0.0))).state
    shown = line(scene(state, pane=Pane.PEOPLE, width=80)).left
    assert text(shown).startswith("  L unlock")
    assert {span.role for span in shown if "mute" in span.text} == {Role.FAINT}


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
    talk.say(failed(0.5, People(ROOM), "forbidden"))
    assert shown(Pane.PEOPLE, "mute") == {Role.FAINT}
    assert shown(Pane.CONFERENCES, "end") == {Role.DIM}
    talk.say(people_listed(0.6, participant("a")))
    assert shown(Pane.PEOPLE, "mute") == {Role.DIM}
    refused = healthy(talk, stopped=Problem("unauthorised", 401))
    assert refused.state.health.stopped
    assert shown(Pane.CONFERENCES, "end") == {Role.FAINT}
