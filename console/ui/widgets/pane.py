"""A pane of the workspace: a table with its title and figures in a box, or below one rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical

from console.ui.themes import palette_for
from console.ui.widgets.line_widget import OneLine
from console.ui.widgets.rich_segments import crop, segments, width_of
from console.ui.widgets.table import Table
from console.view.screen_elements import Cell, Role, Sheet, Span

BESIDE = "  "
KNOWN = 8
"""Cells, with the dot, below which a cut queue or conference name cannot be recognized."""
LEAST = 4
"""Cells below which a frame line has no words."""


class FrameLine(OneLine):
    """A horizontal rule with words at the left and the right. The right ones are cut first."""

    def __init__(self, corners: str = "──", *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._corners = corners
        self._shown: tuple[Cell, Cell, Cell, bool] = (), (), (), False
        """The words at the left, the alert, the words at the right, and the focus."""

    def show(self, left: Cell, right: Cell, *, lit: bool, alert: Cell = ()) -> None:
        """Show these words in the rule. ``lit``: the pane has the focus.

        ``alert`` follows ``left``. ``left`` is cut first.
        """
        if (left, alert, right, lit) != self._shown:
            self._shown = left, alert, right, lit
            self.repaint()

    def draw(self, styles: Mapping[Role, Style], width: int) -> Iterator[Segment]:
        """Draw the rule, with a space on both sides of each group of words."""
        left, alert, right, lit = self._shown
        palette = palette_for(self.app)
        rule = styles[Role.PLAIN] + (palette.rule_focus if lit else palette.rule)
        first, last = self._corners[0], self._corners[-1]
        space = width - 2 * len("──")
        if space < LEAST:
            yield Segment("─" * width, rule)
            return
        yield Segment(f"{first}─", rule)
        used = 0
        if left:
            if alert:
                free = space - 2 - width_of(alert) - len(BESIDE)
                left = (*_shortened(left, free), Span(BESIDE), *alert)
            size = min(width_of(left), space - 2)
            yield from segments(_spaced(left, size), size + 2, styles)
            used = size + 2
        size = min(width_of(right), space - used - 3)
        if right and size > 0:
            yield Segment("─" * (space - used - size - 2), rule)
            yield from segments(_spaced(right, size), size + 2, styles)
        else:
            yield Segment("─" * (space - used), rule)
        yield Segment(f"─{last}", rule)


def _shortened(title: Cell, free: int) -> Cell:
    """Cut a pane's title to ``free`` cells.

    The queue or conference name is cut first, and left out if fewer than ``KNOWN`` cells would be
    left. If the pane's own name does not fit either, only its number stays.
    """
    if width_of(title) <= free or width_of(title[:1]) + KNOWN <= free:
        return tuple(crop(title, free)[0])
    if width_of(title[:1]) <= free:
        return title[:1]
    return (Span(title[0].text.split()[0], title[0].role),)


def _spaced(words: Cell, size: int) -> Cell:
    """Cut the words to ``size`` cells, and add a space before and after."""
    return (Span(" "), *crop(words, size)[0], Span(" "))


class PaneBox(Vertical):
    """A numbered pane. The class ``-compact``, here or on the screen, makes its box a rule."""

    def __init__(
        self,
        number: int,
        *,
        follows: bool = False,
        id: str,  # noqa: A002 - Textual's own word
    ) -> None:
        """With ``follows``, a cursor on the first row stays there as new rows come."""
        super().__init__(id=id)
        self._number = number
        self._sheet: Sheet | None = None
        self.table = Table(follows=follows)
        self._top = FrameLine("╭╮", classes="top")
        self._bottom = FrameLine("╰╯", classes="bottom")
        self._rule = FrameLine(classes="rule")

    def compose(self) -> ComposeResult:
        """Create the box and the rule. The style sheet shows one of them."""
        yield self._top
        yield self._rule
        yield self.table
        yield self._bottom

    def show(self, sheet: Sheet) -> None:
        """Show a sheet in the table, and its title and figures in the frame."""
        self._sheet = sheet
        self.table.show(sheet)
        self._frame()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _frame(self) -> None:
        """Draw the frame, as focused or not."""
        if self._sheet is None:
            return
        lit = self.table.has_focus
        title, figures = self._title(self._sheet, lit=lit), self._figures(self._sheet)
        self._top.show(title, (), lit=lit, alert=self._sheet.alert)
        self._bottom.show((), figures, lit=lit)
        self._rule.show(title, figures, lit=lit, alert=self._sheet.alert)

    def _figures(self, sheet: Sheet) -> Cell:
        waiting = self.table.held_back
        new = (Span(f"+{waiting} new  ", Role.SOON),) if waiting else ()
        return (*new, *sheet.figures)

    def _title(self, sheet: Sheet, *, lit: bool) -> Cell:
        name = Span(f"{self._number} {sheet.title}", Role.ACCENT if lit else Role.DIM)
        about = (Span(" · ", Role.FAINT), Span(sheet.about, Role.STRONG if lit else Role.PLAIN))
        narrowed = (Span(BESIDE), *sheet.narrowed)
        return (name, *(about if sheet.about else ()), *(narrowed if sheet.narrowed else ()))
