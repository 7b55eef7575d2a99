"""One row of a table: its appearance as a value, and the drawing of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from console.ui.themes import Palette
from console.ui.widgets.column_layout import Slot
from console.ui.widgets.rich_segments import role_styles, segments
from console.view.screen_elements import Cell, Role

MARGIN = 1
"""Cells at each side: for the cursor bar at the left, for the scroll mark at the right."""
BAR = "▌"
MARK = "*"
"""Sign of a marked row. It replaces the cursor bar, since the band also shows the cursor."""
THUMB = "▐"
DRAWN = 128
"""Drawn rows that are cached: more than a pane shows, so that rows can move at no cost."""


class Band(IntEnum):
    """The background of a row: cursor in the focused pane, cursor in another pane, or none."""

    NONE = 0
    AWAY = 1
    FOCUS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """The appearance of one row. Equal values look the same."""

    cells: tuple[Cell, ...] = ()
    band: Band = Band.NONE
    thumb: bool = False
    marked: bool = False
    plain: bool = False
    """The first cell fills the whole width; there are no columns."""


class RowPainter:
    """Draws rows with one palette, and caches what it has drawn."""

    def __init__(self, palette: Palette, ground: Style) -> None:
        self._bands = {
            Band.NONE: role_styles(palette, ground),
            Band.AWAY: role_styles(palette, ground + palette.band_away),
            Band.FOCUS: role_styles(palette, ground + palette.band),
        }
        self._marks = {Band.NONE: " ", Band.AWAY: palette.away_mark, Band.FOCUS: BAR}
        self._bar = palette.bar
        self._drawn: dict[tuple[Row, tuple[Slot, ...], int], Strip] = {}

    def draw(self, row: Row, slots: tuple[Slot, ...], width: int) -> Strip:
        """Return the row as a strip of ``width`` cells, from the cache if it was drawn before."""
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
                x = _text_end(row, slots, place)
                shown = row.cells[slot.index]
                yield from segments(shown, x - slot.x, styles, right=slot.right)
        if x < edge:
            yield Segment(" " * (edge - x), plain)
        role, sign = (Role.FAINT, THUMB) if row.thumb else (Role.PLAIN, " " * MARGIN)
        yield Segment(sign, self._bands[Band.NONE][role])


def _text_end(row: Row, slots: Sequence[Slot], place: int) -> int:
    """Return the end of a column, with the empty columns after it that its text may run over."""
    end = slots[place].end
    if slots[place].flows and _has_text(row, slots[place]):
        for slot in slots[place + 1 :]:
            if _has_text(row, slot):
                break
            end = slot.end
    return end


def _has_text(row: Row, slot: Slot) -> bool:
    return any(span.text for span in row.cells[slot.index])


def changed_regions(
    old: Row, new: Row, slots: Sequence[Slot], y: int, width: int
) -> Iterator[Region]:
    """Yield the regions of line ``y`` in which two rows differ."""
    if old.band != new.band or old.plain or new.plain or len(old.cells) != len(new.cells):
        yield Region(0, y, width, 1)
        return
    for place, slot in enumerate(slots):
        if new.cells:
            before, after = _text_end(old, slots, place), _text_end(new, slots, place)
            if before != after or old.cells[slot.index] != new.cells[slot.index]:
                yield Region(slot.x, y, max(before, after) - slot.x, 1)
    if old.marked != new.marked:
        yield Region(0, y, MARGIN, 1)
    if old.thumb != new.thumb:
        yield Region(width - MARGIN, y, MARGIN, 1)
