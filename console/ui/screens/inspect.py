"""What one reading brought, shown until it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from console.ui.themes import palette_for
from console.ui.widgets.paint import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from console.view.display import Cell

EVERY = 0.2
"""Seconds between two looks at what came."""


class Inspect(ModalScreen[None]):
    """Shows lines that are asked for anew as they come. Escape, ``i`` or ``q`` closes."""

    AUTO_FOCUS = "#members"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", show=False, priority=True),
        Binding("i,q", "close", "close", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, title: str, lines: Callable[[], tuple[Cell, ...]]) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._text = Static()

    def compose(self) -> ComposeResult:
        """A frame and the lines in it."""
        with Vertical(id="inspect") as frame:
            frame.border_title = Content(literal(self._title))
            frame.border_subtitle = Content("esc close")
            with VerticalScroll(id="members"):
                yield self._text

    def on_mount(self) -> None:
        """Show what there is, and what comes."""
        self._show()
        self.set_interval(EVERY, self._show)

    def _show(self) -> None:
        roles = palette_for(self.app).roles
        lines = [
            Text.assemble(*((literal(span.text), roles[span.role]) for span in line))
            for line in self._lines()
        ]
        self._text.update(Text("\n").join(lines))

    def action_close(self) -> None:
        """Leave the screen."""
        self.dismiss(None)

    def action_scroll(self, lines: int) -> None:
        """Look further down, or back up."""
        self.query_one("#members").scroll_relative(y=lines, animate=False)
