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

from console.catalog.lines import Offer, elsewhere, matching
from console.ui.themes import palette_for
from console.ui.widgets.fields import Answer
from console.ui.widgets.paint import literal
from console.view.board import Role

if TYPE_CHECKING:
    from textual.app import ComposeResult

MOST = 14
"""Lines that are shown at once."""
LINE, KEY = 14, 8
"""Cells for the line and for its key."""


class Palette(ModalScreen[Offer | None]):
    """Ends with what was chosen, or with None. Enter runs the marked line, tab completes it."""

    AUTO_FOCUS = "#palette Answer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False, priority=True),
        Binding("tab", "complete", "complete", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, offers: tuple[Offer, ...], where: str) -> None:
        super().__init__()
        self._offers = offers
        self._where = where
        self._found = offers
        self._at = 0
        self._line = Answer(hint="a command, or a word of what it does")
        self._list = Static()

    def compose(self) -> ComposeResult:
        """The line above, what it may mean below."""
        with Vertical(id="palette") as frame:
            frame.border_title = Content(f": in {self._where}")
            frame.border_subtitle = Content("tab complete   enter run   esc close")
            yield self._line
            yield self._list

    def on_mount(self) -> None:
        """Show everything."""
        self._show()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._found = matching(self._line.value, self._offers)
        self._at = 0
        self._show()

    @on(Input.Submitted)
    def _run(self) -> None:
        if self._found:
            self.dismiss(self._found[self._at])

    def _show(self) -> None:
        roles = palette_for(self.app).roles
        first = max(0, self._at - MOST + 1)
        lines = []
        for place, offer in enumerate(self._found[first : first + MOST], first):
            chosen = place == self._at
            lines.append(
                Text.assemble(
                    ("> " if chosen else "  ", roles[Role.ACCENT]),
                    (literal(offer.line.ljust(LINE)), roles[Role.STRONG if chosen else Role.PLAIN]),
                    (literal(offer.key.ljust(KEY)), roles[Role.ACCENT]),
                    (literal(offer.words), roles[Role.DIM]),
                )
            )
        why = Text(literal(elsewhere(self._line.value)), roles[Role.SOON])
        self._list.update(Text("\n").join(lines or [why]))

    def action_cancel(self) -> None:
        """Leave without doing anything."""
        self.dismiss(None)

    def action_complete(self) -> None:
        """Write out the marked line."""
        if self._found:
            self._line.value = self._found[self._at].line
            self._line.cursor_position = len(self._line.value)

    def action_move(self, by: int) -> None:
        """Mark the next line, or the one before."""
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self._show()
