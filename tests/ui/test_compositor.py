"""A tightened frame shows the same cells as Textual's own, in fewer bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyte
from textual._compositor import ChopsUpdate, CompositorUpdate
from textual.containers import Horizontal
from ui.frame_cells import SIZE, cells, sheet

from console.core.model.command import Field, FieldKind
from console.ui.app import stylesheets
from console.ui.screens.dialog import Dialog
from console.ui.textual_patches.compositor import TightUpdate, tightened
from console.ui.textual_patches.safe_app import SafeApp
from console.ui.widgets.pane import PaneBox
from console.view.screen_elements import Confirm, Form, Span

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.app import ComposeResult
    from textual.screen import Screen

ASK = Form(
    title="speak",
    irreversible=False,
    targets=(Span("日本"),),
    notes=(),
    fields=(
        Field("text", "text", required=True, limit=9),
        Field("beep", "beep", kind=FieldKind.FLAG),
    ),
    values={},
    confirm=Confirm.RUN,
    run="speak",
)


class Stage(SafeApp):
    """Feeds every frame to two terminals: as Textual writes it, and tightened."""

    CSS_PATH = stylesheets()

    def __init__(self) -> None:
        super().__init__()
        self.screens = [pyte.Screen(*SIZE), pyte.Screen(*SIZE)]
        self.streams = [pyte.Stream(screen) for screen in self.screens]
        self.partial = [0, 0]

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield PaneBox(3, id="left")
            yield PaneBox(4, id="right")

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if not isinstance(renderable, CompositorUpdate) or self._batch_count:
            return
        ours = tightened(renderable)
        assert isinstance(ours, CompositorUpdate)
        for number, update in enumerate((renderable, ours)):
            text = update.render_segments(self.console)
            self.streams[number].feed(text)
            if isinstance(renderable, ChopsUpdate):
                self.partial[number] += len(text)


async def test_it_paints_the_same_screen() -> None:
    app = Stage()
    async with app.run_test(size=SIZE) as pilot:
        names = tuple("abcdefghijklmnopqrstuvwxyz")
        for tick in range(12):
            app.query_one("#left", PaneBox).show(sheet(tick, names))
            app.query_one("#right", PaneBox).show(sheet(tick // 2, names[tick % 5 : 9]))
            await pilot.pause()
            assert cells(app.screens[0]) == cells(app.screens[1])
        for key in ("down", "down", "tab", "G", "up", "pageup"):
            await pilot.press(key)
            assert cells(app.screens[0]) == cells(app.screens[1])
        app.push_screen(Dialog(ASK))
        await pilot.pause()
        while not app.focused:
            await pilot.pause()
        await pilot.press(*"x日", "tab", "right", "shift+tab", "backspace", "ctrl+g")
        assert cells(app.screens[0]) == cells(app.screens[1])
        stock, ours = app.partial
        assert 0 < ours < stock


def test_only_partial_updates_are_tightened() -> None:
    assert tightened(None) is None
    assert isinstance(tightened(ChopsUpdate([], [], [])), TightUpdate)
