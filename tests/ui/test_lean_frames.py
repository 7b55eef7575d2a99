"""Frames that render changed lines only look the same as whole ones."""

from __future__ import annotations

from typing import Any

import pyte
from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.pilot import Pilot
from textual.screen import Screen
from ui.frame_cells import SIZE, cells, sheet

from console.commands import COMMANDS
from console.ui.app import stylesheets
from console.ui.keys import help_groups
from console.ui.screens.help import Help
from console.ui.textual_patches.compositor import LeanCompositor, tightened
from console.ui.textual_patches.safe_app import SafeApp
from console.ui.widgets.pane import PaneBox

NAMES = tuple("abcdefghijklmnopqrstuvwxyz")


class Lean(Screen[None]):
    """Two panes side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = LeanCompositor()

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield PaneBox(3, id="left")
            yield PaneBox(4, id="right")


class Stage(SafeApp):
    """Draws every frame on a terminal of its own."""

    CSS_PATH = [*stylesheets()]  # noqa: RUF012  # typed by Textual

    def __init__(self) -> None:
        super().__init__()
        self.drawn = pyte.Screen(*SIZE)
        self.stream = pyte.Stream(self.drawn)
        self.partial = 0

    def on_mount(self) -> None:
        self.push_screen(Lean())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            frame = tightened(renderable)
            self.partial += frame is not renderable
            self.stream.feed(frame.render_segments(self.console))


async def settled(app: Stage, pilot: Pilot[int]) -> None:
    """Check after each change that the terminal shows what a whole frame would."""
    await pilot.pause()
    await pilot.pause()
    compositor = app.screen._compositor  # noqa: SLF001  # no public way
    waiting = set(compositor._dirty_regions)  # noqa: SLF001
    whole = pyte.Screen(*SIZE)
    pyte.Stream(whole).feed(compositor.render_full_update().render_segments(app.console))
    compositor._dirty_regions = waiting  # noqa: SLF001
    if not waiting:
        assert cells(whole) == cells(app.drawn)


async def test_lean_frames_are_cell_for_cell_those_of_a_whole_rendering() -> None:
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        lean = app.screen
        for turn in range(24):
            lean.query_one("#left", PaneBox).show(sheet(turn, NAMES))
            lean.query_one("#right", PaneBox).show(sheet(turn // 2, NAMES[turn % 5 : 9]))
            await settled(app, pilot)
        for key in ("down", "down", "tab", "G", "up", "pageup"):
            await pilot.press(key)
            await settled(app, pilot)
        app.push_screen(Help(help_groups(COMMANDS)))
        await settled(app, pilot)
        lean.query_one("#left", PaneBox).show(sheet(77, NAMES))
        await settled(app, pilot)
        await pilot.press("escape")
        await settled(app, pilot)
        assert app.partial > 10
