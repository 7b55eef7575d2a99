"""Layout of a table's columns in the width of a pane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from console.view.screen_elements import Column

NARROWEST = 6
"""Least width of a growing column that must shrink, in cells."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A visible column: its index in the sheet, its first cell in the line and its width."""

    index: int
    x: int
    width: int
    right: bool
    flows: bool = False

    @property
    def end(self) -> int:
        """The first cell after the column."""
        return self.x + self.width


def lay_out(columns: Sequence[Column], left: int, width: int) -> tuple[Slot, ...]:
    """Lay columns out in ``width`` cells, the first at cell ``left``.

    If wide gaps do not fit, gaps are narrow. Then columns with a ``drop_rank`` above
    0 are left out, the highest first and among equals the last one. After that growing columns
    shrink, and the rest is cut at the edge.
    """
    shown = list(enumerate(columns))
    while True:
        for wide in (True, False):
            gaps = _gaps(shown, wide=wide)
            spare = width - sum(gaps) - sum(column.width for _, column in shown)
            if spare >= 0:
                return _place(shown, gaps, _widened(shown, spare), left)
        ranks = [(column.drop_rank, place) for place, (_, column) in enumerate(shown)]
        rank, place = max(ranks, default=(0, 0))
        if not rank:
            return _shrunk(shown, left, width)
        del shown[place]


def _gaps(shown: list[tuple[int, Column]], *, wide: bool) -> list[int]:
    """Return the gap before each column. The gap after a column without a title is narrow."""
    before = [0] * min(1, len(shown))
    for (_, last), _ in pairwise(shown):
        before.append(1 if not wide or not last.title else 2)
    return before


def _widened(shown: list[tuple[int, Column]], spare: int) -> list[int]:
    shares = sum(column.grow for _, column in shown)
    widths = []
    for _, column in shown:
        more = spare * column.grow // shares if shares else 0
        spare -= more
        shares -= column.grow
        widths.append(column.width + more)
    return widths


def _shrunk(shown: list[tuple[int, Column]], left: int, width: int) -> tuple[Slot, ...]:
    gaps = _gaps(shown, wide=False)
    widths = [column.width for _, column in shown]
    for place, (_, column) in enumerate(shown):
        over = sum(gaps) + sum(widths) - width
        if column.grow and over > 0:
            widths[place] = max(min(NARROWEST, widths[place]), widths[place] - over)
    end = left + width
    slots = _place(shown, gaps, widths, left)
    cut = (replace(slot, width=min(slot.width, end - slot.x)) for slot in slots)
    return tuple(slot for slot in cut if slot.width > 0)


def _place(
    shown: list[tuple[int, Column]], gaps: list[int], widths: list[int], left: int
) -> tuple[Slot, ...]:
    slots = []
    for (index, column), gap, width in zip(shown, gaps, widths, strict=True):
        slots.append(Slot(index, left + gap, width, column.right, column.flows))
        left = slots[-1].end
    return tuple(slots)
