"""Width of text in terminal cells, measured as Textual measures it when it paints.

Every layout uses these functions: a text that fits here is not cropped when it is painted. Rich
measures emoji sequences as a whole, so the width of a text is not the sum over its characters.
"""

from __future__ import annotations

from rich.cells import cell_len

from console.view.screen_elements import Cell


def cells(text: str) -> int:
    """Return the width of a text in terminal cells."""
    return cell_len(text)


def width_of(cell: Cell) -> int:
    """Return the width of a cell's spans in terminal cells."""
    return sum(cell_len(span.text) for span in cell)


def beginning(text: str, width: int) -> str:
    """Return the longest beginning of ``text`` that fits ``width`` terminal cells."""
    end = min(len(text), width) if text.isascii() else len(text)
    while cell_len(text[:end]) > width:
        end -= 1
    return text[:end]
