"""The help screen: every key and its action, with a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.table import Table as Grid
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from console.ui.keys import HelpGroup, HelpKey
from console.ui.themes import palette_for
from console.ui.widgets.form_fields import AnswerInput
from console.ui.widgets.rich_segments import literal
from console.view.screen_elements import Role

WIDEST_KEY = 16


class Help(ModalScreen[None]):
    """Lists the keys. ``/`` searches; escape, ``?`` or ``q`` closes."""

    AUTO_FOCUS = "#keys-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "close", show=False, priority=True),
        Binding("question_mark,q", "dismiss", "close", show=False),
        Binding("slash", "search", "search", show=False),
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
    ]

    def __init__(self, groups: Sequence[HelpGroup]) -> None:
        super().__init__()
        self._groups = tuple(groups)
        self._search = AnswerInput(hint="type to search, enter to scroll")

    def compose(self) -> ComposeResult:
        """Create the search field, and below it the list of keys."""
        with Vertical(id="help") as frame:
            frame.border_title = Content("Keys")
            frame.border_subtitle = Content("/ search   esc close")
            yield self._search
            with VerticalScroll(id="keys-list"):
                for number in range(len(self._groups)):
                    yield Static(id=f"group-{number}", classes="group")
                yield Static(Content("No key matches."), id="nothing")

    @on(Input.Submitted)
    def _found(self) -> None:
        self.query_one("#keys-list").focus()

    @on(events.Mount)
    @on(Input.Changed)
    def _show(self) -> None:
        """Show the keys whose entries contain all the words of the search."""
        words = self._search.value.lower().split()
        found = False
        for number, group in enumerate(self._groups):
            keys = [key for key in group.keys if _matches(group, key, words)]
            section = self.query_one(f"#group-{number}", Static)
            section.display = bool(keys)
            if keys:
                found = True
                section.update(self._grid(group.title, keys))
        self.query_one("#nothing").display = not found

    def _grid(self, title: str, keys: Iterable[HelpKey]) -> Grid:
        roles = palette_for(self.app).roles
        every = [key for group in self._groups for key in group.keys]
        grid = Grid.grid(padding=(0, 2, 0, 0), expand=True)
        grid.add_column(width=min(WIDEST_KEY, max(cell_len(key.key) for key in every)))
        grid.add_column(width=min(28, max(cell_len(key.words) for key in every)))
        grid.add_column(ratio=1)
        grid.add_row("", Text(literal(title), roles[Role.DIM]), "")
        for key in keys:
            grid.add_row(
                Text(literal(key.key), roles[Role.ACCENT]),
                Text(literal(key.words), roles[Role.PLAIN]),
                Text(literal(key.note), roles[Role.DIM]),
            )
        return grid

    def action_back(self) -> None:
        """Clear the search; without one, close the screen."""
        if self._search.value:
            self._search.value = ""
            self.query_one("#keys-list").focus()
        else:
            self.dismiss(None)

    def action_search(self) -> None:
        """Focus the search field."""
        self._search.focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll down by so many lines; up if negative."""
        self.query_one("#keys-list").scroll_relative(y=lines, animate=False)


def _matches(group: HelpGroup, key: HelpKey, words: Iterable[str]) -> bool:
    """True if the texts of the key and its group contain all these words."""
    text = f"{group.title} {key.key} {key.words} {key.note}".lower()
    return all(word in text for word in words)
