"""The filter line that ``/`` opens: the pane follows the text while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from console.ui.widgets.form_fields import AnswerInput
from console.ui.widgets.rich_segments import literal

HINT = "text  !not  muted  hold  rec:?  age>30m  q:vip  re:^esc"


class FilterLine(ModalScreen[None]):
    """Edits a pane's filter. Enter keeps the new text, escape restores the former one."""

    AUTO_FOCUS = "#filter AnswerInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False, priority=True),
    ]

    def __init__(self, where: str, text: str, narrow: Callable[[str], str]) -> None:
        """``where`` is the pane's title, ``text`` its present filter.

        ``narrow`` sets the filter and returns what is wrong with its text; empty if nothing.
        """
        super().__init__()
        self._where = where
        self._before = text
        self._narrow = narrow
        self._line = AnswerInput(text, HINT)
        self._wrong = Static()
        self._wrong.display = False

    def compose(self) -> ComposeResult:
        """Create the text field, and below it the place for an error."""
        with Vertical(id="filter") as frame:
            frame.border_title = Content(f"/ in {self._where}")
            frame.border_subtitle = Content("enter keep   esc restore")
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
        """Restore the former filter and close."""
        self._narrow(self._before)
        self.dismiss(None)
