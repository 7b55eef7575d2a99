"""One line of the screen, of which only the cells that changed are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from console.ui.themes import palette_for
from console.ui.widgets.paint import brush, cells_of, changed, segments, width_of
from console.view.display import Role, TextLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.style import Style


class OneLine(Widget):
    """A line that knows how it looked last. What it shows is for those who inherit."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "OneLine { height: 1; }"

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._strip = Strip.blank(0)
        self._styles: Mapping[Role, Style] | None = None

    def draw(self, styles: Mapping[Role, Style], width: int) -> Iterator[Segment]:
        """How the line should look, in exactly ``width`` cells."""
        yield Segment(" " * width, styles[Role.PLAIN])

    def repaint(self) -> None:
        """Paint the cells that look different now."""
        width = self.size.width
        if not self.is_attached or width <= 0:
            return
        if self._styles is None:
            self._styles = brush(palette_for(self.app), self.rich_style)
        last, self._strip = self._strip, Strip(self.draw(self._styles, width), width).simplify()
        before, now = cells_of(last), cells_of(self._strip)
        if len(before) != width or len(now) != width:
            self.refresh()
        elif regions := [Region(start, 0, end - start, 1) for start, end in changed(before, now)]:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        """Draw the line; there is only one."""
        if self._styles is None or self._strip.cell_length != self.size.width:
            self.repaint()
        return self._strip if y == 0 else Strip.blank(self.size.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Another theme or another style: mix the colours anew."""
        super().notify_style_update()
        self._styles = None

    def on_resize(self) -> None:
        """Fit the line to the new width."""
        self.repaint()


class LineWidget(OneLine):
    """Shows a line: what stands right is whole, what stands left is cut before it."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._line = TextLine()

    def show(self, line: TextLine) -> None:
        """Show this line; paints the cells that differ from what is on the screen."""
        if line != self._line:
            self._line = line
            self.repaint()

    def draw(self, styles: Mapping[Role, Style], width: int) -> Iterator[Segment]:
        """The left part, and the right one at the edge."""
        right = min(width_of(self._line.right), width)
        gap = 1 if 0 < right < width else 0
        yield from segments(self._line.left, width - right - gap, styles)
        yield Segment(" " * gap, styles[Role.PLAIN])
        yield from segments(self._line.right, right, styles)
