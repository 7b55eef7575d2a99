"""Commands by name: typed, completed, picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from console.ui.themes import palette_for
from console.ui.widgets.fields import AnswerInput
from console.ui.widgets.paint import literal
from console.view.command_line import LineAction, SuggestionRow
from console.view.display import Role
from console.view.text.cell_width import cells

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from console.view.command_line import LineReading

MOST = 14
"""Lines that are shown at once."""
LINE, KEY, ASKS = 14, 7, 11
"""Cells for the shortest line, for its key and for how much is asked."""
WIDTH, FRAME = 100, 4
"""Cells of the palette, and those its frame takes."""
KEPT = 50
"""Lines that are remembered."""


class CommandPalette(ModalScreen[LineAction | None]):
    """Ends with what was chosen, or with None.

    Enter runs the marked line, tab completes it; up brings back what was run before.
    """

    AUTO_FOCUS = "#palette AnswerInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False, priority=True),
        Binding("tab", "complete", "complete", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, read: Callable[[str], LineReading], where: str, history: list[str]) -> None:
        """``history``: the lines that were run, oldest first; what is run here is added to it."""
        super().__init__()
        self._read = read
        self._where = where
        self._history = history
        self._back = 0
        """How far back the line was brought from; 0 when it was typed."""
        self._shown = read("")
        self._at = 0
        self._line = AnswerInput(hint="a command, or a word of what it does")
        self._list = Static()

    def compose(self) -> ComposeResult:
        """The line above, what it may mean below."""
        with Vertical(id="palette") as frame:
            frame.border_title = Content(literal(f": in {self._where}"))
            frame.border_subtitle = Content("tab complete   up history   enter run   esc close")
            yield self._line
            yield self._list

    def on_mount(self) -> None:
        """Show everything."""
        self._show()

    def on_resize(self) -> None:
        """Lines are cut to the width."""
        self._show()

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._back and self._line.value != self._history[-self._back]:
            self._back = 0
        self._shown = self._read(self._line.value)
        self._at = 0
        self._show()

    @on(Input.Submitted)
    def _run(self) -> None:
        """Run what is marked, as it was shown; what is not whole yet is completed instead."""
        row = self._marked()
        if row is None or row.chosen is None:
            self.action_complete()
            return
        if self._history[-1:] != [row.line]:
            self._history.append(row.line)
            del self._history[:-KEPT]
        self.dismiss(row.chosen)

    def _marked(self) -> SuggestionRow | None:
        rows = self._shown.rows
        return rows[self._at] if rows else None

    def _show(self) -> None:
        roles = palette_for(self.app).roles
        first = max(0, self._at - MOST + 1)
        rows = self._shown.rows[first : first + MOST]
        wide = max((cells(row.line) for row in rows), default=0)
        lines = []
        if self._shown.why:
            lines.append(Text(literal(self._shown.why), roles[Role.SOON]))
        for place, row in enumerate(rows, first):
            chosen = place == self._at
            line = row.line + " " * (max(LINE, wide + 2) - cells(row.line))
            text = Text.assemble(
                ("> " if chosen else "  ", roles[Role.ACCENT]),
                (literal(line), roles[Role.STRONG if chosen else Role.PLAIN]),
                (literal(row.key.ljust(KEY)), roles[Role.ACCENT]),
                (literal(row.asks.ljust(ASKS)), roles[Role.DIM]),
                (literal(row.words), roles[Role.DIM]),
            )
            text.truncate(min(WIDTH, self.size.width) - FRAME, overflow="ellipsis")
            lines.append(text)
        self._list.update(Text("\n").join(lines))

    def action_cancel(self) -> None:
        """Leave without doing anything."""
        self.dismiss(None)

    def action_complete(self) -> None:
        """Write out the marked line; where it stands already, what may come behind it."""
        row = self._marked()
        if row is None:
            return
        there = self._line.value
        if there != row.line:
            further = there == f"{row.line} " and self._at + 1 < len(self._shown.rows)
            self._write(self._shown.rows[self._at + 1].line if further else row.line)
        else:
            self._write(f"{there} ")

    def action_move(self, by: int) -> None:
        """Mark the next line or the one before; above an empty line stands what was run before."""
        if self._back or (by < 0 and not self._line.value and self._at == 0):
            self._recall(self._back - by)
        elif self._shown.rows:
            self._at = (self._at + by) % len(self._shown.rows)
            self._show()

    def _recall(self, back: int) -> None:
        self._back = min(back, len(self._history))
        self._write(self._history[-self._back] if self._back else "")

    def _write(self, line: str) -> None:
        self._line.value = line
        self._line.cursor_position = len(line)
