"""Widgets of one screen line that repaint only the cells that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from console.ui.themes import palette_for
from console.ui.widgets import rich_segments
from console.ui.widgets.rich_segments import segments
from console.view.screen_elements import Role, TextLine


class OneLine(Widget):
    """Base of one-line widgets. A subclass says in ``draw`` what the line shows."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "OneLine { height: 1; }"
    _strip = Strip.blank(0)
    _styles: Mapping[Role, Style] | None = None

    def draw(self, styles: Mapping[Role, Style], width: int) -> Iterator[Segment]:
        """Yield the segments of the line, ``width`` cells in all."""
        yield Segment(" " * width, styles[Role.PLAIN])

    def repaint(self) -> None:
        """Draw the line, and have Textual repaint the cells that differ from the last drawing."""
        width = self.size.width
        if not self.is_attached or width <= 0:
            return
        if self._styles is None:
            self._styles = rich_segments.role_styles(palette_for(self.app), self.rich_style)
        last, self._strip = self._strip, Strip(self.draw(self._styles, width), width).simplify()
        before, now = rich_segments.cells_of(last), rich_segments.cells_of(self._strip)
        if len(before) != width or len(now) != width:
            self.refresh()
        elif ranges := rich_segments.changed_ranges(before, now):
            self.refresh(*(Region(start, 0, end - start, 1) for start, end in ranges))

    def render_line(self, y: int) -> Strip:
        """Return the strip of the line for Textual; ``y`` is 0 for the only line."""
        if self._styles is None or self._strip.cell_length != self.size.width:
            self.repaint()
        return self._strip if y == 0 else Strip.blank(self.size.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Drop the mixed colours, since the theme or a style has changed."""
        super().notify_style_update()
        self._styles = None

    def on_resize(self) -> None:
        """Draw the line for the new width."""
        self.repaint()


class LineWidget(OneLine):
    """Shows a ``TextLine``. The right part is whole; the left part is cut to the rest."""

    _line = TextLine()

    def show(self, line: TextLine) -> None:
        """Show this line. Only cells that differ from the screen are painted."""
        if line != self._line:
            self._line = line
            self.repaint()

    def draw(self, styles: Mapping[Role, Style], width: int) -> Iterator[Segment]:
        """Draw the left part, and the right part at the right edge."""
        right = min(rich_segments.width_of(self._line.right), width)
        gap = 1 if 0 < right < width else 0
        yield from segments(self._line.left, width - right - gap, styles)
        yield Segment(" " * gap, styles[Role.PLAIN])
        yield from segments(self._line.right, right, styles)
