"""One line made to fit: what matters least is left out first, and a long text is cut at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.view.display import Cell, Span
from console.view.text.labels import cells, clean

ELLIPSIS = "…"
LEAST = 2
"""Cells that a text keeps at least where it is cut: a character and the ellipsis."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line. ``shed`` 0 stays; else the highest goes first."""

    cell: Cell
    shed: int = 0
    keeps: int | None = None
    """Cells that stay while another piece can be left out. The text is cut to fit and ends in an
    ellipsis then; it is never left out whole. None for a piece that is shown whole or not at all.
    """

    @property
    def width(self) -> int:
        """Terminal cells."""
        return width_of(self.cell)

    @property
    def least(self) -> int:
        """Terminal cells that it takes while another piece can be left out."""
        return self.width if self.keeps is None else min(self.width, max(self.keeps, LEAST))


def width_of(cell: Cell) -> int:
    """Return the width of a text in terminal cells."""
    return sum(cells(span.text) for span in cell)


def fit(pieces: list[Piece], width: int) -> Cell:
    """The pieces that fit, in their order."""
    kept = list(pieces)
    while sum(piece.least for piece in kept) > width:
        sheddable = (piece for piece in kept if piece.shed and piece.keeps is None)
        loosest = max(sheddable, key=lambda p: p.shed, default=None)
        if loosest is None:
            break
        kept.remove(loosest)
    sizes = _sizes(kept, width)
    return tuple(
        span for piece, size in zip(kept, sizes, strict=True) for span in cut(piece.cell, size)
    )


def _sizes(pieces: Sequence[Piece], width: int) -> list[int]:
    """The cells of each piece: conference that is left goes to the first text that is cut.

    Where there is too little conference even for the least, the longest text gives way first.
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
    """The beginning of a text in at most so many cells, with an ellipsis where it is not all."""
    if width_of(cell) <= width:
        return cell
    kept: list[Span] = []
    conference = width
    for span in cell:
        size = cells(span.text)
        if 0 < conference <= size:
            begun = clean(f"{span.text} .", conference)[:-1].rstrip()
            return (*kept, Span(f"{begun}{ELLIPSIS}", span.role))
        kept.append(span)
        conference -= size
    return ()
