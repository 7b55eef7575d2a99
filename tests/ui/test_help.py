"""The help screen lists its keys, searches them, and closes."""

from __future__ import annotations

import pytest

from console.ui.app import stylesheets
from console.ui.keys import HelpGroup, HelpKey
from console.ui.screens.help import Help
from console.ui.textual_patches.safe_app import SafeApp

GROUPS = (
    HelpGroup("Acting", (HelpKey("m", "mute", "[b]people[/b]"), HelpKey("h", "hold", "people"))),
    HelpGroup("Moving", (HelpKey("g", "first"),)),
)


class Stage(SafeApp):
    CSS_PATH = stylesheets()

    def on_mount(self) -> None:
        self.push_screen(Help(GROUPS))


@pytest.mark.parametrize("key", ["escape", "question_mark", "q"])
async def test_it_closes(key: str) -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Help)
        await pilot.press(key)
        assert not isinstance(app.screen, Help)


async def test_it_searches_every_word_and_escape_first_leaves_the_search() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown = [group.display for group in app.screen.query(".group")]
        assert shown == [True, True]
        await pilot.press("slash", *"act hold")
        assert [group.display for group in app.screen.query(".group")] == [True, False]
        await pilot.press("z")
        assert app.screen.query_one("#nothing").display
        await pilot.press("escape")
        assert isinstance(app.screen, Help)
        assert [group.display for group in app.screen.query(".group")] == [True, True]


async def test_what_it_lists_is_only_text() -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "[b]people[/b]" in app.export_screenshot()
