"""The line behind ``/``: what is typed narrows the pane at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from console.ui.widgets.fields import AnswerInput
from console.ui.widgets.paint import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

HINT = "text  !not  muted  hold  rec:?  age>30m  q:vip  re:^esc"


class FilterLine(ModalScreen[None]):
    """Enter keeps what was typed, escape takes back what was there before."""

    AUTO_FOCUS = "#filter AnswerInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False, priority=True),
    ]

    def __init__(self, where: str, text: str, narrow: Callable[[str], str]) -> None:
        """``narrow`` shows only what matches, and says what is wrong with the text if anything."""
        super().__init__()
        self._where = where
        self._before = text
        self._narrow = narrow
        self._line = AnswerInput(text, HINT)
        self._wrong = Static()
        self._wrong.display = False

    def compose(self) -> ComposeResult:
        """The line at the foot of the screen, with the panes in sight above it."""
        with Vertical(id="filter") as frame:
            frame.border_title = Content(f"/ in {self._where}")
            frame.border_subtitle = Content("enter keep   esc take back")
            yield self._line
            yield self._wrong

    @on(Input.Changed)
    def _typed(self) -> None:
        wrong = self._narrow(self._line.value)
        self._wrong.update(Content(literal(wrong)))
        self._wrong.display = bool(wrong)

    @on(Input.Submitted)
    def _kept(self) -> None:
        self._narrow(self._line.value)
        self.dismiss(None)

    def action_cancel(self) -> None:
        """Leave everything as it was."""
        self._narrow(self._before)
        self.dismiss(None)
