"""A screen below 80x24 shows one pane, and every key still works."""

from __future__ import annotations

import pytest
import textual.app
import textual.pilot
from view.workspaces import BO, NUMBERS, PANES, At, nothing_left_to_do, workspace

from console.core.messages import intents
from console.core.model.command import People
from console.ui.screens.dialog import Dialog
from console.ui.widgets.pane import PaneBox
from support.playbook import CONFERENCE

AROUND = 4
"""Lines beside the list: header, rule, receipt and hints."""


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pilot wait no longer than needed."""
    for module in (textual.app, textual.pilot):
        monkeypatch.setattr(module, "wait_for_idle", nothing_left_to_do)


def shown(at: At) -> list[str | None]:
    """Return the panes on the screen."""
    return [box.id for box in at.screen.query(PaneBox) if box.region.area]


@pytest.mark.parametrize("size", [(80, 23), (120, 20), (30, 8)])
async def test_one_list_has_all_the_space_and_each_number_is_a_pane(
    size: tuple[int, int],
) -> None:
    async with workspace(size=size) as at:
        assert shown(at) == ["conferences"]
        for number, pane in zip(NUMBERS, PANES, strict=True):
            await at.press(number)
            assert at.focus == pane
            assert shown(at) == [pane]
            assert at.table(pane).size.height == size[1] - AROUND
            assert {len(line) for line in at.text().splitlines()} == {size[0]}
        assert len(at.text().splitlines()) == size[1]


async def test_verbs_and_dialogs_are_as_ever() -> None:
    async with workspace(size=(50, 12)) as at:
        await at.press("4", "j", "M")
        asked = [one.order.target for one in at.sitting.said(intents.OrderAsked)]
        assert asked == [People(CONFERENCE, (BO,))]
        await at.press("x")
        await at.until(lambda: isinstance(at.app.screen, Dialog))
        frame = at.app.screen.query_one("#dialog")
        assert frame.region.width == 50
        assert frame.region.bottom <= 12
        await at.press("escape")
        await at.press("3", "enter")
        assert shown(at) == ["people"]


async def test_where_there_is_space_again_the_panes_are_back_and_the_focus_stays() -> None:
    async with workspace(size=(80, 24)) as at:
        await at.press("4")
        both = ["conferences", "people", "log"]
        assert shown(at) == both
        await at.pilot.resize_terminal(79, 24)
        await at.until(lambda: shown(at) == ["people"])
        await at.pilot.resize_terminal(80, 24)
        await at.until(lambda: shown(at) == both)
        assert at.focus == "people"
