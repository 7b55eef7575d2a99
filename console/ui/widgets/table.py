"""The table widget, which builds visible rows only and repaints changed cells only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from console.ui.textual_patches.input_order import deliver_upwards
from console.ui.themes import palette_for
from console.ui.widgets.column_layout import Slot, lay_out
from console.ui.widgets.row_order import RowOrder
from console.ui.widgets.table_row import MARGIN, Band, Row, RowPainter, changed_regions
from console.view.screen_elements import Cell, Role, Sheet, Span

WHEEL = 3
"""Rows that one notch of the mouse wheel scrolls."""


class Table(Widget, can_focus=True):
    """Shows a sheet. The cursor is on a row key, never on a row number.

    It scrolls by itself: in Textual's ScrollView, each change of the number of rows lays out the
    whole screen.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "up", show=False),
        Binding("down,j", "move(1)", "down", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("home,g", "first", "first", show=False),
        Binding("end,G", "last", "last", show=False),
        Binding("enter", "choose", "open", show=False),
    ]

    class Moved(Message):
        """The cursor is on another row, or on none."""

        def __init__(self, key: str | None, *, by_hand: bool) -> None:
            super().__init__()
            self.key = key
            self.by_hand = by_hand
            """The operator moved it; otherwise its row went away, or the first row came."""

    class Chosen(Message, bubble=False):
        """The operator pressed enter on a row, or clicked it twice."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, follows: bool = False) -> None:
        """With ``follows``, a cursor on the first row stays on the first row as rows come."""
        super().__init__()
        self._order = RowOrder(follows=follows)
        self._sheet: Sheet | None = None
        self._slots: tuple[Slot, ...] = ()
        self._head = 1
        self._cells: dict[str, tuple[Cell, ...]] = {}
        self._lines: list[Row] = []
        self._painter: RowPainter | None = None

    @property
    def cursor_key(self) -> str | None:
        """The key of the row at the cursor; None if there are no rows."""
        return self._order.cursor

    @property
    def shown_keys(self) -> tuple[str, ...]:
        """The keys of all rows in their order, also of rows outside the window."""
        return self._order.keys

    @property
    def held_back(self) -> int:
        """The number of new rows that are not shown while the order is held."""
        return self._order.held_back

    def show(self, sheet: Sheet) -> None:
        """Show a sheet, and repaint what differs from the screen.

        While the sheet is held, no row changes its place, except if the sheet is about another
        queue or conference than before.
        """
        last, self._sheet = self._sheet, sheet
        same = last is not None and (last.about, last.over) == (sheet.about, sheet.over)
        self._cells.clear()
        if last is None or last.columns != sheet.columns:
            self._lay_out()
        before = self.cursor_key
        self._order.replace_keys(sheet.keys, hold=sheet.held and same)
        self._paint(before, by_hand=False)

    def go_to(self, key: str) -> bool:
        """Put the cursor on the row with this key. Return False if there is none."""
        before = self.cursor_key
        found = self._order.move_to_key(key)
        self._paint(before, by_hand=False)
        return found

    def _lay_out(self) -> None:
        """Lay out the columns and repaint the whole table."""
        columns = self._sheet.columns if self._sheet else ()
        self._slots = lay_out(columns, MARGIN, max(0, self.size.width - 2 * MARGIN))
        self._head = int(any(column.title for column in columns))
        self._order.resize(max(0, self.size.height - self._head))
        self._lines = []
        self.refresh()

    def _paint(self, cursor_before: str | None, *, by_hand: bool) -> None:
        """Repaint the cells that differ from the screen. Post ``Moved`` if the cursor moved."""
        before, self._lines = self._lines, list(self._picture())
        if len(before) == len(self._lines):
            regions = [
                region
                for y, (old, new) in enumerate(zip(before, self._lines, strict=True), self._head)
                if old != new
                for region in changed_regions(old, new, self._slots, y, self.size.width)
            ]
            if regions:
                self.refresh(*regions)
        else:
            self.refresh()
        if self.cursor_key != cursor_before:
            self.post_message(self.Moved(self.cursor_key, by_hand=by_hand))

    def _picture(self) -> Iterator[Row]:
        """Yield each line of the window as it should look now."""
        sheet, order = self._sheet, self._order
        if sheet is None:
            return
        window = order.window
        asked = self._cells
        self._cells = {key: asked[key] if key in asked else sheet.row(key) for key in window}
        band = Band.FOCUS if self.has_focus else Band.AWAY
        first, last = self._thumb()
        for y, key in enumerate(window):
            yield Row(
                self._cells[key],
                band if order.top + y == order.position else Band.NONE,
                first <= y < last,
                marked=key in sheet.marked,
            )
        words = () if order.keys else sheet.empty
        for y in range(len(window), order.rows):
            yield Row((words[y],), plain=True) if y < len(words) else Row()

    def _thumb(self) -> tuple[int, int]:
        """Return the lines with the scroll mark, as first and end; 0, 0 if all rows are visible."""
        rows, total = self._order.rows, len(self._order.keys)
        if total <= rows or rows <= 0:
            return 0, 0
        size = max(1, rows * rows // total)
        first = (rows - size) * self._order.top // (total - rows)
        return first, first + size

    def render_line(self, y: int) -> Strip:
        """Return the strip of one line for Textual: the head, a row or a blank."""
        row = Row()
        if self._sheet is not None:
            if y < self._head:
                row = Row(tuple((Span(c.title, Role.DIM),) for c in self._sheet.columns))
            elif y - self._head < len(self._lines):
                row = self._lines[y - self._head]
        if self._painter is None:
            self._painter = RowPainter(palette_for(self.app), self.rich_style)
        return self._painter.draw(row, self._slots, self.size.width)

    def notify_style_update(self) -> None:
        """Drop the mixed colours, since the theme or a style has changed."""
        super().notify_style_update()
        self._painter = None

    def on_resize(self) -> None:
        """Lay out the columns for the new width."""
        self._lay_out()
        self._paint(self.cursor_key, by_hand=False)

    @on(events.Focus)
    @on(events.Blur)
    def _draw_focus(self) -> None:
        """Draw the cursor row as one that keys act on, or do not act on."""
        self._paint(self.cursor_key, by_hand=False)

    def _move_to(self, position: int) -> None:
        before = self.cursor_key
        self._order.move_to(position)
        self._paint(before, by_hand=True)

    def action_move(self, rows: int) -> None:
        """Move the cursor down by so many rows; up if negative."""
        self._move_to(self._order.position + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor down by so many pages; up if negative."""
        self._move_to(self._order.position + pages * max(1, self._order.rows - 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._move_to(len(self._order.keys) - 1)

    async def action_choose(self) -> None:
        """Send ``Chosen`` before the next key is read, as that key is for the pane that opens."""
        if self.cursor_key is not None:
            await deliver_upwards(self, self.Chosen(self.cursor_key))

    async def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked row. A double click chooses it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y - self._head
        if 0 <= row < len(self._order.window):
            self._move_to(self._order.top + row)
            if event.chain > 1:
                await self.action_choose()

    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def _scroll(self, event: events.MouseEvent) -> None:
        event.stop()
        before = self.cursor_key
        self._order.scroll(WHEEL if isinstance(event, events.MouseScrollDown) else -WHEEL)
        self._paint(before, by_hand=True)
