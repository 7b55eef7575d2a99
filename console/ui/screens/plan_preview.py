"""The screen that shows what a command would do and send, without sending it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from console.ui.widgets.text_frame import TextFrame
from console.view.dialogs.plan_preview import plan_lines, request
from console.view.screen_elements import Form, Values


class Plan(ModalScreen[None]):
    """Shows the plan of a form with these answers. ``y`` copies the request.

    The copy goes to the terminal's clipboard by OSC 52. A terminal may have that switched off, and
    nothing tells if it arrived.
    """

    AUTO_FOCUS = "#lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "close", show=False, priority=True),
        Binding("i,q,ctrl+t", "dismiss", "close", show=False),
        Binding("y", "copy", "copy", show=False),
    ]

    def __init__(self, question: Form, values: Values) -> None:
        super().__init__()
        self._request = request(question, values)
        self._frame = TextFrame(f"plan: {question.title}", lambda: plan_lines(question, values))
        self._frame.show_keys("y copy   esc close" if self._request else "esc close")

    def compose(self) -> ComposeResult:
        """Create the frame with the plan."""
        yield self._frame

    def action_copy(self) -> None:
        """Send the request to the terminal's clipboard. A plan without a request has none."""
        if self._request:
            self.app.copy_to_clipboard(self._request)
            self._frame.show_keys("sent to the terminal's clipboard   esc close")
