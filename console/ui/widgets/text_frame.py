"""A framed text that scrolls and is updated while it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from console.ui.themes import palette_for
from console.ui.widgets.rich_segments import literal, text_of
from console.view.screen_elements import Cell

EVERY = 0.2
"""Seconds between two updates of the text."""


class TextFrame(Vertical):
    """Shows the lines that a function returns, and calls it again every ``EVERY`` seconds."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, title: str, lines: Callable[[], tuple[Cell, ...]]) -> None:
        super().__init__()
        self._lines = lines
        self._text = Static()
        self.border_title = Content(literal(title))
        self.show_keys("esc close")

    def compose(self) -> ComposeResult:
        """Create the scrolling text, which takes the focus."""
        with VerticalScroll(id="lines"):
            yield self._text

    def on_mount(self) -> None:
        """Show the lines, and update them from now on."""
        self._update()
        self.set_interval(EVERY, self._update)

    def show_keys(self, text: str) -> None:
        """Show the keys in the lower edge of the frame."""
        self.border_subtitle = Content(text)

    def action_scroll(self, lines: int) -> None:
        """Scroll down by so many lines; up if negative."""
        self.query_one("#lines").scroll_relative(y=lines, animate=False)

    def _update(self) -> None:
        palette = palette_for(self.app)
        self._text.update(Text("\n").join(text_of(line, palette) for line in self._lines()))
