"""The workspace without an engine: where keys go, what they are aimed at, what is watched."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import textual.app
import textual.pilot
from textual import constants, events
from textual.pilot import Pilot
from view.desks import Sitting
from view.workspaces import (
    ANA,
    BO,
    CARO,
    NUMBERS,
    OTHER,
    PANES,
    THIRD,
    busy,
    conferences,
    floor,
    nothing_left_to_do,
    workspace,
)

from console.commands import COMMANDS
from console.core import key_guards
from console.core.messages import facts, intents, webhooks
from console.core.model.command import Pane, People
from console.core.model.listed_resources import Problem, ProblemKind
from console.ui.app import ConsoleApp
from console.ui.screens.dialog import Dialog
from console.ui.screens.help import Help
from console.ui.screens.inspect import Inspect
from console.ui.screens.workspace import Workspace
from support.playbook import (
    CONFERENCE,
    joined,
    left,
    origin,
    reading,
)


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix the colours for every terminal, and let dialogs accept keys at once."""
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "truecolor")
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 0.001)
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", nothing_left_to_do)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_each_number_is_a_pane_and_that_pane_is_on_the_screen(size: tuple[int, int]) -> None:
    async with workspace(size=size) as at:
        assert at.focus == "conferences"
        for number, pane in zip(NUMBERS, PANES, strict=True):
            await at.press(number)
            assert at.focus == pane
            await at.see(f"{number} {pane.title()}")
            assert at.table(pane).region.area
            assert {len(line) for line in at.text().splitlines()} == {size[0]}


async def test_tab_and_arrows_go_round_in_order() -> None:
    async with workspace() as at:
        for keys, step in ((("tab", "right"), 1), (("shift+tab", "left"), -1)):
            for key in keys:
                for _ in PANES:
                    here = PANES.index(at.focus)
                    await at.press(key)
                    assert at.focus == PANES[(here + step) % len(PANES)]


async def test_enter_goes_in_and_escape_goes_back() -> None:
    async with workspace() as at:
        for outer, inner in (("3", "4"), ("1", "2")):
            await at.press(outer, "enter")
            assert at.focus == PANES[int(inner) - 1]
            await at.press("enter")
            assert at.focus == PANES[int(inner) - 1]
            await at.press("escape")
            assert at.focus == PANES[int(outer) - 1]
            await at.press("escape")
            assert at.focus == PANES[int(outer) - 1]
        for aside in ("5", "7", "57", "75"):
            await at.press("4", *aside, "escape")
            assert at.focus == "people", "from the log and the shelf back to where one was"


async def test_the_cursor_begins_at_what_is_urgent_and_moves_by_hand_alone_after_a_key() -> None:
    async with workspace() as at:
        assert at.table("conferences").cursor_key == CONFERENCE
        await at.drawn(conferences(CONFERENCE, OTHER, THIRD, urgent=OTHER, asked=1.0))
        assert at.table("conferences").cursor_key == OTHER
        await at.press("5")
        at.sitting.seconds += 1.5
        await at.drawn(conferences(CONFERENCE, OTHER, THIRD, urgent=THIRD, asked=4.0))
        assert at.table("conferences").shown_keys[0] == THIRD
        assert at.table("conferences").cursor_key == OTHER


async def test_what_is_watched_is_told_once_for_each_change() -> None:
    async with workspace() as at:
        last = at.watched[-1]
        assert last == ("billing", CONFERENCE)
        assert len(at.watched) == len(set(at.watched))
        at.sitting.posted.clear()
        for number in range(3):
            await at.drawn(joined(1.0 + number, CARO))
        await at.press("4", "j", "k", "5", "1")
        assert at.watched == [], "nothing else is looked at"
        await at.press("3", "j")
        assert at.watched == [("billing", OTHER)]
        await at.press("1", "j")
        assert at.watched == [("billing", OTHER), ("vip", OTHER)]


async def test_the_people_beside_are_those_of_the_conference_under_the_cursor() -> None:
    async with workspace() as at:
        assert at.table("people").shown_keys == (ANA, BO, CARO)
        await at.press("j")
        assert at.table("people").shown_keys == ("v3:dan-0104",)
        await at.see("esc-4471-refund")
        await at.press("1", "j")
        assert at.table("calls").shown_keys == ("v3:q3",)


async def test_a_verb_is_ordered_for_the_row_under_the_cursor() -> None:
    async with workspace() as at:
        await at.press("4", "j", "M", "3", "m")
        orders = [one.order for one in at.sitting.said(intents.OrderAsked)]
        assert [(one.command.name, one.target) for one in orders] == [
            ("unmute", People(CONFERENCE, (BO,)))
        ]
        await at.listening()


async def test_a_dialog_stays_aimed_at_whoever_it_named() -> None:
    async with workspace() as at:
        await at.press("3", "h")
        await at.listening()
        gone = [left(2.0, leg) for leg in (ANA, BO)]
        await at.drawn(*gone, webhooks.ConferenceEnded(origin(2.1, "c.ended"), OTHER, None))
        assert at.table("people").shown_keys == (CARO,)
        await at.see("Ana Reyes")
        await at.press("y")
        (asked,) = at.sitting.said(intents.OrderAsked)
        assert asked.order.target == People(CONFERENCE, (ANA, BO, CARO))


async def test_one_chosen_by_the_cursor_stays_chosen_when_the_row_goes() -> None:
    async with workspace() as at:
        await at.press("4", "j", "s")
        await at.listening()
        await at.drawn(left(2.0, BO))
        assert at.table("people").cursor_key != BO
        await at.press(*"hello", "ctrl+g")
        (asked,) = at.sitting.said(intents.OrderAsked)
        assert asked.order.target == People(CONFERENCE, (BO,))
        assert asked.order.values["payload"] == "hello"


async def test_a_paste_does_nothing_and_is_said_to() -> None:
    async with workspace() as at:
        await at.press("4")
        at.sitting.posted.clear()
        at.app.post_message(events.Paste("mhe\nmy\n"))
        await at.pilot.pause()
        (said,) = at.sitting.posted
        assert isinstance(said, intents.Declined)
        assert said.text == "paste ignored: it goes into text fields only"
        assert isinstance(at.app.screen, Workspace)


async def test_keys_in_a_burst_are_refused_and_said_to_be() -> None:
    async with workspace() as at:
        await at.press("4", *"mmmmmmmm")
        hurried = at.sitting.said(intents.KeysTooFast)
        assert len(hurried) == 3, "the clock stands still: from the sixth on"
        asked = at.sitting.said(intents.OrderAsked)
        await at.drawn(*asked, *hurried)  # type: ignore[arg-type]  # intents are messages too
        await at.see("too many keys at once: m taken, 7 others did nothing")


async def test_read_only_every_verb_says_why_it_is_off_and_none_asks_or_is_ordered() -> None:
    sitting = floor()
    sitting.talk.policy(read_only=True)
    async with workspace(sitting) as at:
        sitting.posted.clear()
        for pane, of in (("4", Pane.PEOPLE), ("3", Pane.CONFERENCES)):
            sitting.seconds += 2.0
            await at.press(pane)
            for command in COMMANDS.values():
                if of in command.panes and command.key:
                    sitting.seconds += 2.0
                    await at.press(command.key)
                    assert isinstance(at.app.screen, Workspace)
        assert sitting.said(intents.OrderAsked) == []
        why = {one.text.rsplit(": ", 1)[1] for one in sitting.said(intents.Declined)}
        assert why == {"this console was started read-only"}
        await at.see("READ-ONLY")


async def test_undo_and_refresh_are_asked_for() -> None:
    async with workspace() as at:
        at.sitting.posted.clear()
        await at.press("z", "ctrl+r")
        undo, refresh = at.sitting.posted
        assert isinstance(undo, intents.UndoAsked)
        assert undo.operator == "ana"
        assert isinstance(refresh, intents.RefreshAsked)


async def test_help_lies_over_it_and_goes_again() -> None:
    async with workspace() as at:
        await at.press("question_mark")
        assert isinstance(at.app.screen, Help)
        await at.press("m", "escape", "escape")
        assert isinstance(at.app.screen, Workspace)
        assert at.sitting.said(intents.OrderAsked) == []


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
async def test_q_leaves_at_the_top(key: str) -> None:
    async with workspace() as at:
        await at.press("3", key)
        assert at.app.return_value == 0


async def test_q_steps_back_first() -> None:
    async with workspace() as at:
        await at.press("4", "q")
        assert at.focus == "conferences"
        assert at.app.return_value is None


async def test_q_asks_while_something_is_pending() -> None:
    sitting = floor()
    sitting.talk.ask("mute", 0.5, ANA, id_="m")
    async with workspace(sitting) as at:
        for answer in ("enter", "escape"):
            await at.press("3", "q")
            await at.listening()
            await at.see("still waiting for its proof")
            await at.press(answer)
            assert isinstance(at.app.screen, Workspace)
            assert at.app.return_value is None
        await at.press("q")
        await at.listening()
        await at.press("y")
        assert at.app.return_value == 0


async def test_ctrl_q_in_a_dialog_closes_it_and_asks_while_something_is_pending() -> None:
    sitting = floor()
    sitting.talk.ask("mute", 0.5, ANA, id_="m")
    async with workspace(sitting) as at:
        await at.press("3", "e")
        await at.listening()
        await at.press("ctrl+q")
        await at.listening()
        await at.see("still waiting for its proof")
        assert sitting.said(intents.OrderAsked) == []
        assert at.app.return_value is None


async def test_a_console_that_knows_nothing_yet_is_drawn_and_takes_every_key() -> None:
    async with workspace(Sitting()) as at:
        await at.see("loading conferences")
        for key in [*"123457jkgGz", "enter", "escape", *sorted({c.key for c in COMMANDS.values()})]:
            at.sitting.seconds += 1.0
            await at.press(key)
        assert at.sitting.said(intents.OrderAsked) == []
        assert isinstance(at.app.screen, Workspace)


async def test_a_frame_that_is_due_while_the_console_ends_is_not_drawn() -> None:
    async with workspace() as at:
        screen = at.screen
    assert screen.is_mounted, "that it was mounted once says nothing"
    screen._frames.now()  # noqa: SLF001  # a timer calls this


async def settled(pilot: Pilot[int]) -> None:
    """Wait for the workspace, select the second conference and focus People."""
    while len(pilot.app.screen_stack) < 2 or pilot.app.focused is None:
        await pilot.pause()
    await pilot.press("3", "j", "4")
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_how_it_looks(size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    app = ConsoleApp(busy().desk())
    assert snap_compare(app, terminal_size=size, run_before=settled)


@pytest.mark.parametrize(
    ("key", "size"),
    [
        ("e", (120, 36)),
        ("x", (120, 36)),
        ("s", (120, 36)),
        ("p", (120, 36)),
        ("r", (120, 36)),
        ("a", (80, 24)),
        ("e", (80, 24)),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one[0]}x{one[1]}",
)
def test_how_it_looks_while_it_asks(
    snap_compare: Callable[..., bool], key: str, size: tuple[int, int]
) -> None:
    async def asking(pilot: Pilot[int]) -> None:
        await settled(pilot)
        await pilot.press(key)
        while not (isinstance(pilot.app.screen, Dialog) and pilot.app.focused):
            await pilot.pause()

    app = ConsoleApp(busy().desk())
    assert snap_compare(app, terminal_size=size, run_before=asking)


@pytest.mark.parametrize("key", ["i", "enter"])
async def test_a_log_row_opens_all_of_it_and_nothing_is_read(key: str) -> None:
    sitting = floor()
    sitting.talk.ask("mute", 0.5, ANA, id_="m")
    detail = "It left a moment before the request was read, so that nothing was done to it"
    no = Problem(ProblemKind.REFUSED, 422, "90018", "Call is not in a state to be muted", detail)
    sitting.talk.say(facts.CommandRefused(reading(0.6).asked, "m", no))
    async with workspace(sitting, size=(80, 24)) as at:
        await at.press("5", key)
        await at.until(lambda: isinstance(at.app.screen, Inspect))
        await at.see("422 90018")
        await at.see("was done to it")
        assert not at.sitting.said(intents.InspectAsked)
        await at.press("escape")
        assert at.focus == "log"
