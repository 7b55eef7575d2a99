"""What a command would send and do, shown and not done."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from console.ui.screens.inspect import Inspect
from console.view.dialogs.plan import plan_lines, request

if TYPE_CHECKING:
    from console.view.display import Form, Values


class Plan(Inspect):
    """Shows what these answers would do. ``y`` gives the request to the terminal's clipboard.

    It goes by OSC 52, which a terminal may have switched off: nothing tells whether it arrived.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy", show=False),
        Binding("ctrl+t", "close", "close", show=False),
    ]

    def __init__(self, question: Form, values: Values) -> None:
        super().__init__(f"plan: {question.title}", lambda: plan_lines(question, values))
        self._request = request(question, values)

    def on_mount(self) -> None:
        """Say how to copy, where there is a request."""
        self._say("y copy   esc close" if self._request else "esc close")

    def action_copy(self) -> None:
        """Give the request to the terminal."""
        if self._request:
            self.app.copy_to_clipboard(self._request)
            self._say("given to the terminal to copy   esc close")

    def _say(self, text: str) -> None:
        self.query_one("#inspect").border_subtitle = Content(text)
