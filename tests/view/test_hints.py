"""The hints are the pane's own keys, and the keys that matter most are never left out."""

from __future__ import annotations

import pytest
from view.scenes import scene, text

from console.core import intents
from console.core.command import Pane
from console.view.board import Role
from console.view.fitting import width_of
from console.view.hints import line
from support.playbook import Playbook, at

WIDTHS = (80, 100, 120, 200)
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
    assert keys(pane, 200) == [*verbs, "z", "?", "tab", "q"]


@pytest.mark.parametrize("pane", Pane)
def test_read_only_hints_at_no_verb(pane: Pane) -> None:
    assert keys(pane, 200, read_only=True) == ["?", "tab", "q"]


def test_a_wide_screen_has_all_of_them() -> None:
    assert keys(Pane.PEOPLE, 200) == [
        *("m/M", "h/H", "x", "w", "o", "p/P", "s", "d/D", "r/R", "c/C", "e", "a", "Q"),
        *("z", "?", "tab", "q"),
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
