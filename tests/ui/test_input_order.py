"""Keys that are typed faster than they are handled keep their order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events
from ui.dialog_stage import ASK, Stage, listening, until
from view.desks import Sitting
from view.workspaces import ANA, BO, OTHER, At, conferences, workspace

from console.core.messages import intents
from console.core.model.command import Field, People
from support.playbook import CONFERENCE, Playbook, left, participant, people_listed

NAMES = ("first", "second", "third")
FORM = replace(
    ASK,
    fields=tuple(Field(name, name) for name in NAMES),
    values=dict.fromkeys(NAMES, ""),
    complain=lambda _: {},
)


def keys(*names: str) -> list[events.Key]:
    return [events.Key(name, name if len(name) == 1 else None) for name in names]


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        (keys("x", "ctrl+g"), ("x", "", "")),
        (keys("x", "y", "tab", "z", "tab", "q", "ctrl+g"), ("xy", "z", "q")),
        (keys("tab", "1", "shift+tab", "2", "backspace", "3", "ctrl+g"), ("3", "1", "")),
        (keys("a", "enter", "b", "enter", "c", "left", "d", "ctrl+g"), ("a", "b", "dc")),
        ([*keys("a"), events.Paste("bc"), *keys("d", "ctrl+g")], ("abcd", "", "")),
        ([events.AppBlur(), *keys("a", "tab", "b", "ctrl+g")], ("a", "b", "")),
    ],
)
async def test_a_burst_fills_in_and_runs_what_was_typed(
    typed: list[events.Event], answers: tuple[str, ...]
) -> None:
    async with Stage(FORM).run_test() as pilot:
        app = await listening(pilot)
        await pilot.press("tab", "tab")
        for event in typed:
            app.post_message(event)
        await until(pilot, lambda: app.answers)
        assert app.answers == [dict(zip(NAMES, answers, strict=True))]


async def test_what_is_typed_into_a_deaf_dialog_goes_nowhere() -> None:
    async with Stage(FORM).run_test() as pilot:
        for event in keys("x", "ctrl+g", "escape"):
            pilot.app.post_message(event)
        app = pilot.app
        assert isinstance(app, Stage)
        await until(pilot, lambda: app.answers)
        assert app.answers == [None]


def asked(at: At) -> list[tuple[str, object]]:
    """Return the orders so far, as command name and target."""
    orders = [one.order for one in at.sitting.said(intents.OrderAsked)]
    return [(order.command.name, order.target) for order in orders]


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        (("j", "4", "m"), People(OTHER, ("v3:dan-0104",))),
        (("j", "enter", "m"), People(OTHER, ("v3:dan-0104",))),
        (("4", "j", "M"), People(CONFERENCE, (BO,))),
        (("j", "k", "tab", "m"), People(CONFERENCE, (ANA,))),
        (("j", "4", "3", "k", "4", "m"), People(CONFERENCE, (ANA,))),
    ],
)
async def test_a_burst_is_for_whom_it_names_one_key_after_another(
    typed: tuple[str, ...], target: People
) -> None:
    async with workspace() as at:
        for event in keys(*typed):
            at.app.post_message(event)
        await at.until(lambda: asked(at))
        assert [whom for _, whom in asked(at)] == [target]


async def test_a_verb_on_the_heels_of_a_row_that_went_is_for_nobody() -> None:
    async with workspace() as at:
        await at.press("4")
        at.sitting.seconds += 1.0
        at.sitting.happen(left(2.0, ANA))
        at.screen._frames.now()  # noqa: SLF001  # the frame in which it goes
        at.app.post_message(events.Key("m", "m"))
        await at.until(lambda: at.sitting.said(intents.Declined))
        assert "look again" in at.sitting.said(intents.Declined)[0].text
        assert asked(at) == []


async def test_the_first_row_of_a_pane_takes_no_rows_place() -> None:
    sitting = Sitting(Playbook().say(conferences(CONFERENCE)))
    async with workspace(sitting) as at:
        await at.press("4")
        assert at.table("people").cursor_key is None
        at.sitting.happen(people_listed(1.0, participant(ANA)))
        at.screen._frames.now()  # noqa: SLF001  # the frame in which the first row comes
        assert at.table("people").cursor_key == ANA
        await at.press("m")
        assert [target for _, target in asked(at)] == [People(CONFERENCE, (ANA,))]
