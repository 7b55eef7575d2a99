"""One line made to fit: what matters least is left out first, and never half a word."""

from __future__ import annotations

from dataclasses import dataclass

from console.view.board import Cell
from console.view.words import cells


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line. ``shed`` 0 stays; else the highest goes first."""

    cell: Cell
    shed: int = 0

    @property
    def width(self) -> int:
        """Terminal cells."""
        return width_of(self.cell)


def width_of(cell: Cell) -> int:
    """How many terminal cells a text takes."""
    return sum(cells(span.text) for span in cell)


def fit(pieces: list[Piece], width: int) -> Cell:
    """The pieces that fit, in their order."""
    kept = list(pieces)
    while sum(piece.width for piece in kept) > width:
        loosest = max((piece for piece in kept if piece.shed), key=lambda p: p.shed, default=None)
        if loosest is None:
            break
        kept.remove(loosest)
    return tuple(span for piece in kept for span in piece.cell)
