"""Marking and filtering on the screen: the keys, the signs, and rows that keep their places."""

from __future__ import annotations

import pytest
import textual.app
import textual.pilot
from textual import constants
from view.workspaces import (
    ANA,
    BO,
    CARO,
    OTHER,
    THIRD,
    At,
    conferences,
    nothing_left_to_do,
    workspace,
)

from console.core import key_guards
from console.core.messages import intents, webhooks
from console.core.model.command import People
from console.ui.screens import dialog as dialogs
from console.ui.screens.dialog import Dialog
from console.ui.screens.filter import FilterLine
from support.playbook import CONFERENCE, joined, left, origin, participant, people_listed

DAN = "v3:dan-0107"


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix the colours for every terminal, and let dialogs accept keys at once."""
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "truecolor")
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 0.001)
    monkeypatch.setattr(dialogs, "LOOK", 0.02)
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", nothing_left_to_do)


def signs(at: At, pane: str) -> str:
    """Return the margin signs of a pane's rows, from the first row on."""
    table = at.table(pane)
    return "".join(table.render_line(y + 1).text[0] for y in range(len(table.shown_keys)))


def marked(at: At) -> tuple[str, ...]:
    """Return the marked rows of the focused pane."""
    return at.screen._aimed().cursor.marked  # noqa: SLF001  # the context of the next command


async def test_space_marks_and_goes_down_and_takes_the_mark_away_again() -> None:
    async with workspace() as at:
        await at.press("4", "space", "space")
        assert marked(at) == (ANA, BO)
        assert signs(at, "people") == "**▌"
        await at.see("2 marked")
        await at.press("k", "space")
        assert marked(at) == (ANA,)
        await at.see("1 marked")


async def test_a_range_goes_from_the_row_marked_last_to_the_cursor() -> None:
    async with workspace() as at:
        await at.press("4", "G", "space", "g", "v")
        assert set(marked(at)) == {ANA, BO, CARO}
        await at.press("backslash")
        assert marked(at) == ()
        await at.press("v")
        assert marked(at) == (ANA,), "where nothing was marked it begins here"
        await at.press("j", "v")
        assert marked(at) == (ANA, BO)


async def test_a_star_marks_what_the_filter_lets_through_and_nothing_else() -> None:
    async with workspace() as at:
        await at.press("4", "slash", *"!muted")
        assert isinstance(at.app.screen, FilterLine)
        await at.see("/!muted 2 of 3")
        await at.press("enter", "asterisk")
        assert set(marked(at)) == {ANA, CARO}
        await at.press("escape")
        assert at.table("people").shown_keys == (ANA, BO, CARO), "first the filter goes"
        assert set(marked(at)) == {ANA, CARO}
        await at.press("escape")
        assert marked(at) == (), "then the marks"
        await at.press("escape")
        assert at.focus == "conferences", "then one goes back"


async def test_what_is_typed_narrows_at_once_and_escape_takes_it_back() -> None:
    async with workspace() as at:
        await at.press("3", "slash", *"refund", "enter")
        assert at.table("conferences").shown_keys == (OTHER,)
        await at.press("slash", "backspace", *"x")
        await at.see('0 of 3 match "refunx"')
        await at.press("escape")
        assert at.table("conferences").shown_keys == (OTHER,)
        await at.press("slash", *" re:(")
        await at.see("re: missing )")
        assert len(at.table("conferences").shown_keys) == 3


async def test_no_verb_is_heard_while_a_filter_is_typed() -> None:
    async with workspace() as at:
        await at.press("4", "slash", *"mhx", "escape")
        assert at.sitting.said(intents.OrderAsked) == []


async def test_marks_are_of_one_conference_and_are_not_moved_to_another() -> None:
    async with workspace() as at:
        await at.press("4", "space", "3", "j", "4")
        assert marked(at) == ()
        await at.press("3", "k", "4")
        assert marked(at) == (ANA,)
        await at.press("3", "j", "4", "space", "3", "k", "4")
        assert marked(at) == (), "marking elsewhere let go of them"


async def test_who_leaves_stays_counted_and_nobody_takes_the_place() -> None:
    async with workspace() as at:
        await at.press("4", "space", "space")
        at.sitting.seconds += 1.5
        await at.drawn(left(2.0, ANA), joined(2.1, DAN))
        await at.see("2 marked 1 gone")
        assert marked(at) == (ANA, BO)
        assert signs(at, "people") == "*▌"
        await at.press("m")
        dialog = await at.listening()
        await at.see("left out")
        dialog.action_run()
        await at.until(lambda: at.sitting.said(intents.OrderAsked))
        assert at.sitting.said(intents.OrderAsked)[0].order.target == People(CONFERENCE, (BO,))


async def test_nothing_moves_while_rows_are_marked_or_a_key_was_just_pressed() -> None:
    async with workspace() as at:
        before = (CONFERENCE, OTHER, THIRD)
        assert at.table("conferences").shown_keys == before
        await at.press("3", "space")
        at.sitting.seconds += 1.5
        await at.drawn(conferences(CONFERENCE, OTHER, THIRD, urgent=THIRD, asked=4.0))
        assert at.table("conferences").shown_keys == before
        await at.press("backslash")
        assert at.table("conferences").shown_keys == before, "a key was pressed just now"
        at.sitting.seconds += 1.5
        await at.drawn(people_listed(8.0, participant(ANA), participant(BO), participant(CARO)))
        assert at.table("conferences").shown_keys[0] == THIRD


async def test_those_who_come_while_rows_are_marked_wait_and_are_counted() -> None:
    async with workspace() as at:
        await at.press("4", "space")
        at.sitting.seconds += 1.5
        await at.drawn(joined(2.0, DAN), joined(2.1, "v3:eve-0108"))
        await at.see("+2 new")
        assert DAN not in at.table("people").shown_keys
        await at.press("backslash")
        at.sitting.seconds += 1.5
        await at.drawn(joined(5.0, "v3:fay-0109"))
        assert DAN in at.table("people").shown_keys


async def test_the_order_is_held_while_a_dialog_asks_and_its_chips_tell_who_left() -> None:
    async with workspace() as at:
        await at.press("4", "j", "x")
        await at.listening()
        at.sitting.seconds += 1.5
        await at.drawn(left(2.0, BO), joined(2.1, DAN))
        await at.see("..0102 left")
        assert isinstance(at.app.screen, Dialog)
        assert at.table("people").shown_keys == (ANA, CARO)


async def test_a_line_of_the_log_cannot_be_marked() -> None:
    async with workspace() as at:
        await at.press("5", "space", "v", "asterisk")
        assert marked(at) == ()


async def test_a_key_that_was_on_its_way_when_a_dialog_opened_does_nothing_below_it() -> None:
    async with workspace() as at:
        await at.press("4", "x")
        await at.listening()
        at.screen.action_verb("m")
        at.screen.action_undo()
        at.screen.action_mark("one")
        at.screen.action_filter()
        await at.pilot.pause()
        assert at.sitting.said(intents.OrderAsked) == []
        assert at.sitting.said(intents.UndoAsked) == []
        assert marked(at) == ()
        assert isinstance(at.app.screen, Dialog)


async def test_a_conference_that_ends_takes_no_older_marks_of_another_with_it() -> None:
    async with workspace() as at:
        await at.press("3", "j", "4", "space", "3", "k", "4")
        await at.drawn(webhooks.ConferenceEnded(origin(2.0, "conference.ended"), CONFERENCE, None))
        at.sitting.seconds += 60
        await at.drawn(joined(62.0, DAN, occurred=62.0))
        await at.until(lambda: at.screen._aimed().cursor.conference == OTHER)  # noqa: SLF001  # as a verb is given it
        assert marked(at) == (), "nobody moved to where they are"


async def test_a_marked_row_that_a_filter_hides_is_counted_and_asked_about() -> None:
    async with workspace() as at:
        await at.press("4", "space", "slash", *"bo", "enter")
        await at.see("1 marked 1 hidden")
        await at.press("m")
        await at.listening()
        await at.see("mute Ana Reyes")
        assert at.sitting.said(intents.OrderAsked) == []


async def test_marks_can_be_cleared_when_no_row_is_left() -> None:
    async with workspace() as at:
        await at.press("3", "j", "4", "space")
        await at.drawn(left(2.0, "v3:dan-0104", conference=OTHER))
        await at.see("1 marked 1 gone")
        await at.press("backslash")
        assert marked(at) == ()
