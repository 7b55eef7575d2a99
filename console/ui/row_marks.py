"""Marked rows and the filter of each pane.

Marks are row keys, never positions on the screen. The marks of a pane belong to one queue or one
conference; marking in another one drops them. A row that leaves stays marked and counts as gone:
no other row ever takes its mark.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from console.commands.bulk_targeting import is_here
from console.core.key_guards import ROWS_STILL
from console.core.model.command import Pane
from console.core.model.listed_resources import Moment
from console.ui.widgets.table import Table
from console.view.context import ViewContext
from console.view.filter import Filter, parse
from console.view.selection import Selection


@dataclass(frozen=True, slots=True)
class PaneMarks:
    """The marked rows of a pane, by key."""

    place: str = ""
    """The queue or conference whose rows the pane shows; empty if it shows all of them."""
    keys: tuple[str, ...] = ()
    last: str | None = None
    """The row that was marked last, at which a range begins."""

    def with_keys(self, keys: tuple[str, ...], last: str | None) -> PaneMarks:
        """Return the marks with more rows."""
        return PaneMarks(self.place, tuple(dict.fromkeys((*self.keys, *keys))), last)


class RowMarks:
    """The marks and filters of all panes."""

    def __init__(self, now: Callable[[], Moment]) -> None:
        self._now = now
        self._marks: dict[Pane, PaneMarks] = {}
        self._filters: dict[Pane, Filter] = {}
        self._touched = float("-inf")

    def note_key_press(self) -> None:
        """Note a key press: rows keep their places for the next ``ROWS_STILL`` seconds."""
        self._touched = self._now().mono

    def filter(self, pane: Pane) -> str:
        """Return the filter text of a pane; empty if it is not filtered."""
        return self._filters[pane].text if pane in self._filters else ""

    def set_filter(self, pane: Pane, text: str) -> Filter:
        """Set the filter of a pane and return it as read. An empty text removes the filter."""
        found = parse(text)
        if found.text:
            self._filters[pane] = found
        else:
            self._filters.pop(pane, None)
        return found

    def mark(self, how: str, scene: ViewContext, table: Table) -> None:
        """Change the marks of the focused pane.

        ``how`` is ``one`` (toggle the row at the cursor), ``range`` (from the row marked last),
        ``none`` (clear) or anything else (mark all shown rows).
        """
        pane, key = scene.cursor.pane, table.cursor_key
        shown = tuple(row for row in table.shown_keys if is_here(scene.state, scene.cursor, row))
        marks = self._marks_of(scene, pane)
        if how == "none":
            self.clear(pane)
        elif pane is not Pane.LOG and key in shown:
            match how:
                case "one":
                    others = tuple(other for other in marks.keys if other != key)
                    keys = others if key in marks.keys else (*others, key)
                    self._marks[pane] = replace(marks, keys=keys, last=key)
                    table.action_move(1)
                case "range":
                    last = marks.last if marks.last in shown else key
                    first, end = sorted((shown.index(last), shown.index(key)))
                    self._marks[pane] = marks.with_keys(shown[first : end + 1], key)
                case _:
                    self._marks[pane] = marks.with_keys(shown, marks.last)

    def clear(self, pane: Pane) -> None:
        """Remove all marks of a pane."""
        self._marks.pop(pane, None)

    def step_back(self, scene: ViewContext) -> bool:
        """Remove the pane's filter, or its marks if it has no filter. Return False if neither."""
        pane = scene.cursor.pane
        if self._filters.pop(pane, None) is not None:
            return True
        marked = bool(self._marks_of(scene, pane).keys)
        if marked:
            self.clear(pane)
        return marked

    def selection(self, scene: ViewContext, *, busy: bool) -> Selection:
        """Return the marks and filters for drawing. ``busy``: a dialog covers the panes."""
        marks = {pane: self._marks_of(scene, pane).keys for pane in self._marks}
        held = busy or self._now().mono - self._touched < ROWS_STILL
        return Selection(marks, dict(self._filters), held)

    def with_marks(self, scene: ViewContext, shown: tuple[str, ...]) -> ViewContext:
        """Return the context with its pane's marks. ``unseen``: ``shown`` lacks one of them."""
        keys = self._marks_of(scene, scene.cursor.pane).keys
        cursor = replace(scene.cursor, marked=keys, unseen=not set(keys) <= set(shown))
        return replace(scene, cursor=cursor)

    def _marks_of(self, scene: ViewContext, pane: Pane) -> PaneMarks:
        """Return the marks in the queue or conference that the pane shows."""
        places = {Pane.CALLS: scene.cursor.queue, Pane.PEOPLE: scene.cursor.conference}
        nothing = PaneMarks(places.get(pane) or "")
        marks = self._marks.get(pane, nothing)
        return marks if marks.place == nothing.place else nothing
