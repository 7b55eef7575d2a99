"""The screen that shows a resource as Telnyx returned it, or a whole log entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from console.ui.widgets.text_frame import TextFrame
from console.view.screen_elements import Cell


class Inspect(ModalScreen[None]):
    """Shows lines and updates them as answers come. Escape, ``i`` or ``q`` closes it."""

    AUTO_FOCUS = "#lines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "close", show=False, priority=True),
        Binding("i,q", "dismiss", "close", show=False),
    ]

    def __init__(self, title: str, lines: Callable[[], tuple[Cell, ...]]) -> None:
        super().__init__()
        self._frame = TextFrame(title, lines)

    def compose(self) -> ComposeResult:
        """Create the frame with the lines."""
        yield self._frame
