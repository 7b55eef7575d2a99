"""What a supervisor has marked and filtered in each pane: by key, never by place on the screen.

The marks of a pane are of one queue or one conference; marking in another lets go of the first.
A key that leaves stays marked and counts as gone: nothing else is ever marked in its stead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from console.commands.bulk_targeting import is_here
from console.core.model.command import Pane
from console.core.model.resources import Moment
from console.ui.widgets.table import Table
from console.view.context import ViewContext
from console.view.filter import Filter, parse
from console.view.selection import Selection

HAND = 1.5
"""Seconds after a key for which no row changes its place."""


def place_of(scene: ViewContext, pane: Pane) -> str:
    """The queue or the conference whose rows a pane shows; nothing where it shows them all."""
    places = {Pane.CALLS: scene.cursor.queue, Pane.PEOPLE: scene.cursor.conference}
    return places.get(pane) or ""


@dataclass(frozen=True, slots=True)
class PaneMarks:
    """The marked keys of a pane, and the queue or conference they are in."""

    place: str = ""
    keys: tuple[str, ...] = ()
    last: str | None = None
    """Where a range begins: the row that was marked last."""


class RowMarks:
    """The marks and the filter of every pane."""

    def __init__(self, now: Callable[[], Moment]) -> None:
        self._now = now
        self._marks: dict[Pane, PaneMarks] = {}
        self._filters: dict[Pane, Filter] = {}
        self._touched = float("-inf")

    def touch(self) -> None:
        """A hand is on the keys."""
        self._touched = self._now().mono

    def keys(self, pane: Pane, place: str) -> tuple[str, ...]:
        """What is marked in a pane while it shows this place."""
        return self._of(pane, place).keys

    def filter(self, pane: Pane) -> str:
        """What a pane is filtered by."""
        return self._filters[pane].text if pane in self._filters else ""

    def narrow(self, pane: Pane, text: str) -> Filter:
        """Show only what matches; nothing typed shows everything."""
        found = parse(text)
        if found.text:
            self._filters[pane] = found
        else:
            self._filters.pop(pane, None)
        return found

    def mark(self, how: str, scene: ViewContext, table: Table) -> None:
        """What space, ``v``, ``*`` and the backslash do in the pane that has the focus."""
        pane, place, key = scene.cursor.pane, place_of(scene, scene.cursor.pane), table.cursor_key
        there = tuple(row for row in table.shown_keys if is_here(scene.state, scene.cursor, row))
        if how == "none":
            self.clear(pane)
        elif pane is not Pane.LOG and key in there:
            match how:
                case "one":
                    self.one(pane, place, key)
                    table.action_move(1)
                case "range":
                    self.stretch(pane, place, key, there)
                case _:
                    self._add(pane, place, there, self._of(pane, place).last)

    def one(self, pane: Pane, place: str, key: str) -> None:
        """Mark this row; if it is, no more."""
        marks = self._of(pane, place)
        kept = tuple(other for other in marks.keys if other != key)
        added = kept if key in marks.keys else (*kept, key)
        self._marks[pane] = PaneMarks(place, added, key)

    def stretch(self, pane: Pane, place: str, key: str, shown: tuple[str, ...]) -> None:
        """Mark all of these rows from the one that was marked last to this one."""
        marks = self._of(pane, place)
        first = shown.index(marks.last) if marks.last in shown else shown.index(key)
        ends = sorted((first, shown.index(key)))
        self._add(pane, place, shown[ends[0] : ends[1] + 1], key)

    def clear(self, pane: Pane) -> None:
        """Nothing is marked in this pane."""
        self._marks.pop(pane, None)

    def step_back(self, pane: Pane, place: str) -> bool:
        """Take away the filter, else the marks; false where there was neither."""
        if self._filters.pop(pane, None) is not None:
            return True
        if not self.keys(pane, place):
            return False
        self.clear(pane)
        return True

    def choice(self, scene: ViewContext, *, busy: bool) -> Selection:
        """What the panes show of it; ``busy`` while something lies over them."""
        marks = {pane: self.keys(pane, place_of(scene, pane)) for pane in self._marks}
        held = busy or self._now().mono - self._touched < HAND
        return Selection(marks, dict(self._filters), held)

    def aimed(self, scene: ViewContext, shown: tuple[str, ...]) -> ViewContext:
        """The same with what is marked in the pane that has the focus, of what is shown or not."""
        keys = self.keys(scene.cursor.pane, place_of(scene, scene.cursor.pane))
        cursor = replace(scene.cursor, marked=keys, unseen=not set(keys) <= set(shown))
        return replace(scene, cursor=cursor)

    def _of(self, pane: Pane, place: str) -> PaneMarks:
        marks = self._marks.get(pane, PaneMarks(place))
        return marks if marks.place == place else PaneMarks(place)

    def _add(self, pane: Pane, place: str, keys: tuple[str, ...], last: str | None) -> None:
        marks = self._of(pane, place)
        self._marks[pane] = PaneMarks(place, tuple(dict.fromkeys((*marks.keys, *keys))), last)
