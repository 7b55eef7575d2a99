"""One line of a table: all that decides how it looks, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from console.ui.widgets.paint import brush, segments
from console.view.display import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style

    from console.ui.themes import Palette
    from console.ui.widgets.columns import Slot
    from console.view.display import Cell

MARGIN = 1
"""A cell for the bar at the left, and one for the scroll mark at the right."""
BAR = "▌"
MARK = "*"
"""Stands in the margin of a marked row, before the bar: the band says where the cursor is."""
THUMB = "▐"
DRAWN = 128
"""Lines that are remembered as drawn: more than a pane shows, so that rows may shift for free."""


class Band(IntEnum):
    """What lies behind a row."""

    NONE = 0
    AWAY = 1
    FOCUS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """How one line should look; equal rows look the same."""

    cells: tuple[Cell, ...] = ()
    band: Band = Band.NONE
    thumb: bool = False
    marked: bool = False
    plain: bool = False
    """One text over the whole width instead of columns."""


class Ink:
    """The finished styles for each band."""

    def __init__(self, palette: Palette, ground: Style) -> None:
        self._bands = {
            Band.NONE: brush(palette, ground),
            Band.AWAY: brush(palette, ground + palette.band_away),
            Band.FOCUS: brush(palette, ground + palette.band),
        }
        self._marks = {Band.NONE: " ", Band.AWAY: palette.away_mark, Band.FOCUS: BAR}
        self._bar = palette.bar
        self._drawn: dict[tuple[Row, tuple[Slot, ...], int], Strip] = {}

    def draw(self, row: Row, slots: tuple[Slot, ...], width: int) -> Strip:
        """The row in exactly ``width`` cells; drawn once, wherever it moves to."""
        key = row, slots, width
        strip = self._drawn.pop(key, None)
        if strip is None:
            strip = Strip(self._segments(row, slots, width), width).simplify()
        self._drawn[key] = strip
        if len(self._drawn) > DRAWN:
            del self._drawn[next(iter(self._drawn))]
        return strip

    def _segments(self, row: Row, slots: Sequence[Slot], width: int) -> Iterator[Segment]:
        styles = self._bands[row.band]
        plain = styles[Role.PLAIN]
        if width < 2 * MARGIN:
            yield Segment(" " * width, plain)
            return
        if row.marked:
            yield Segment(MARK, styles[Role.YOU])
        else:
            yield Segment(self._marks[row.band], plain + self._bar if row.band else plain)
        x, edge = MARGIN, width - MARGIN
        if row.plain:
            inset = min(MARGIN, edge - x)
            yield Segment(" " * inset, plain)
            yield from segments(row.cells[0], edge - x - inset, styles)
            x = edge
        elif row.cells:
            for place, slot in enumerate(slots):
                if slot.x < x:
                    continue
                if slot.x > x:
                    yield Segment(" " * (slot.x - x), plain)
                x = _reach(row, slots, place)
                shown = row.cells[slot.index]
                yield from segments(shown, x - slot.x, styles, right=slot.right)
        if x < edge:
            yield Segment(" " * (edge - x), plain)
        resting = self._bands[Band.NONE]
        yield (
            Segment(THUMB, resting[Role.FAINT])
            if row.thumb
            else Segment(" " * MARGIN, resting[Role.PLAIN])
        )


def _reach(row: Row, slots: Sequence[Slot], place: int) -> int:
    """The first cell of the line after a column's text, with the empty columns it may run over."""
    end = slots[place].end
    if slots[place].flows and _says(row, slots[place]):
        for slot in slots[place + 1 :]:
            if _says(row, slot):
                break
            end = slot.end
    return end


def _says(row: Row, slot: Slot) -> bool:
    return any(span.text for span in row.cells[slot.index])


def differing(old: Row, new: Row, slots: Sequence[Slot], y: int, width: int) -> Iterator[Region]:
    """The parts of line ``y`` that look different."""
    if old.band != new.band or old.plain or new.plain or len(old.cells) != len(new.cells):
        yield Region(0, y, width, 1)
        return
    for place, slot in enumerate(slots):
        if new.cells:
            before, after = _reach(old, slots, place), _reach(new, slots, place)
            if before != after or old.cells[slot.index] != new.cells[slot.index]:
                yield Region(slot.x, y, max(before, after) - slot.x, 1)
    if old.marked != new.marked:
        yield Region(0, y, MARGIN, 1)
    if old.thumb != new.thumb:
        yield Region(width - MARGIN, y, MARGIN, 1)
