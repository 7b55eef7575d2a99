"""The command palette: a command line with completion, suggestions and history."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from console.ui.themes import palette_for
from console.ui.widgets.form_fields import AnswerInput
from console.ui.widgets.rich_segments import literal
from console.view.command_line import LineAction, LineReading, SuggestionRow
from console.view.screen_elements import Role
from console.view.text.cell_width import cells

MOST = 14
"""Suggestions shown at once."""
LINE, KEY, ASKS = 14, 7, 11
"""Least width of the columns for the command, its key and its confirmation level, in cells."""
WIDTH, FRAME = 100, 4
"""Width of the palette, and of its frame and padding, in cells."""
KEPT = 50
"""Command lines kept in the history."""


class CommandPalette(ModalScreen[LineAction | None]):
    """Returns the chosen command, or None if it was cancelled.

    Enter runs the suggestion at the cursor, tab completes it, up recalls earlier lines.
    """

    AUTO_FOCUS = "#palette AnswerInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "cancel", show=False, priority=True),
        Binding("tab", "complete", "complete", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, read: Callable[[str], LineReading], where: str, history: list[str]) -> None:
        """``read`` parses a command line; ``where`` names the pane and the row at the cursor.

        ``history`` has the lines that were run, oldest first. A line that runs is appended to it.
        """
        super().__init__()
        self._read = read
        self._where = where
        self._history = history
        self._back = 0
        """The line's place in the history, counted from the newest as 1; 0 if it was typed."""
        self._shown = read("")
        self._at = 0
        self._line = AnswerInput(hint="a command, or a word that describes it")
        self._list = Static()

    def compose(self) -> ComposeResult:
        """Create the text field, and below it the list of suggestions."""
        with Vertical(id="palette") as frame:
            frame.border_title = Content(literal(f": in {self._where}"))
            frame.border_subtitle = Content("tab complete   up history   enter run   esc close")
            yield self._line
            yield self._list

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._back and self._line.value != self._history[-self._back]:
            self._back = 0
        self._shown = self._read(self._line.value)
        self._at = 0
        self._show()

    @on(Input.Submitted)
    def _run(self) -> None:
        """Run the suggestion at the cursor as it was shown. Complete an incomplete one instead."""
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

    @on(events.Mount)
    @on(events.Resize)
    def _show(self) -> None:
        """Show the suggestions, cut to the width."""
        roles = palette_for(self.app).roles
        first = max(0, self._at - MOST + 1)
        rows = self._shown.rows[first : first + MOST]
        wide = max((cells(row.line) for row in rows), default=0)
        why = self._shown.why
        lines = [Text(literal(why), roles[Role.SOON])] if why else []
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

    def action_complete(self) -> None:
        """Complete the line to the suggestion at the cursor.

        If the line is that suggestion already, add a space. After that, take the next suggestion.
        """
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
        """Move the cursor through the suggestions. Up from an empty line recalls the history."""
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
