"""Layout of one line: the least important pieces are left out first, long texts are cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.view.screen_elements import Cell, Span
from console.view.text.cell_width import cells, width_of
from console.view.text.labels import clean

LEAST = 2
"""Least cells of a text that is cut: one character and the ellipsis."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line. ``drop_rank`` 0 stays; of the others the highest goes first."""

    cell: Cell
    drop_rank: int = 0
    keeps: int | None = None
    """Cells to keep while another piece can be left out. A longer text is cut with an ellipsis.
    None for a piece that is shown whole or not at all.
    """

    @property
    def width(self) -> int:
        """Width in terminal cells."""
        return width_of(self.cell)

    @property
    def least(self) -> int:
        """Least width in terminal cells while another piece can be left out."""
        return self.width if self.keeps is None else min(self.width, max(self.keeps, LEAST))


def fit(pieces: list[Piece], width: int) -> Cell:
    """Return the pieces that fit ``width`` terminal cells, in their order."""
    kept = list(pieces)
    while sum(piece.least for piece in kept) > width:
        sheddable = (piece for piece in kept if piece.drop_rank and piece.keeps is None)
        loosest = max(sheddable, key=lambda p: p.drop_rank, default=None)
        if loosest is None:
            break
        kept.remove(loosest)
    spans: list[Span] = []
    unused = 0  # a wide letter that is cut leaves a cell, which the next text takes
    for piece, size in zip(kept, _sizes(kept, width), strict=True):
        space = size if piece.keeps is None else size + unused
        shown = cut(piece.cell, space)
        unused = unused if piece.keeps is None else space - width_of(shown)
        spans += shown
    return tuple(spans)


def _sizes(pieces: Sequence[Piece], width: int) -> list[int]:
    """Return the width of each piece. Spare cells go to the first text that is cut.

    If even the least widths do not fit, the longest text shrinks first.
    """
    sizes = [piece.least for piece in pieces]
    flexible = [place for place, piece in enumerate(pieces) if piece.keeps is not None]
    spare = width - sum(sizes)
    for place in flexible:
        more = min(max(spare, 0), pieces[place].width - sizes[place])
        sizes[place] += more
        spare -= more
    while spare < 0 and any(sizes[place] > LEAST for place in flexible):
        longest = max(flexible, key=lambda place: sizes[place])
        sizes[longest] -= 1
        spare += 1
    return sizes


def cut(cell: Cell, width: int) -> Cell:
    """Return the beginning of a cell in at most ``width`` terminal cells; a cut ends in ``…``."""
    if width_of(cell) <= width:
        return cell
    kept: list[Span] = []
    space = width
    for span in cell:
        size = cells(span.text)
        if 0 < space <= size:
            begun = clean(f"{span.text} .", space)[:-1].rstrip()
            return (*kept, Span(f"{begun}…", span.role))
        kept.append(span)
        space -= size
    return ()
