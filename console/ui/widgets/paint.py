"""From spans to segments: exact widths in cells, nothing interpreted."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from rich.cells import set_cell_size
from rich.segment import Segment

from console.view.display import Role, Span
from console.view.text.cell_width import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.style import Style
    from textual.strip import Strip

    from console.ui.themes import Palette
    from console.view.display import Cell

ELLIPSIS = "…"
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


def brush(palette: Palette, ground: Style) -> dict[Role, Style]:
    """The roles as they look on a background."""
    return {role: ground + style for role, style in palette.roles.items()}


def literal(text: str) -> str:
    """The text with nothing in it that a terminal would obey.

    What arrives is cleaned already; this holds even if a string found another way here.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else UNPRINTABLE for char in text)


def width_of(cell: Cell) -> int:
    """Return the width of the spans in terminal cells, as ``crop`` paints them."""
    return sum(cells(literal(span.text)) for span in cell)


def crop(cell: Cell, width: int) -> tuple[list[Span], int]:
    """The spans as far as they fit, ending in an ellipsis if they do not, and their width."""
    spans = [Span(literal(span.text), span.role) for span in cell if span.text]
    total = sum(cells(span.text) for span in spans)
    if total <= width:
        return spans, total
    if width <= 0:
        return [], 0
    kept: list[Span] = []
    space = width - 1
    for span in spans:
        size = cells(span.text)
        if size > space:
            cut = set_cell_size(span.text, space).rstrip(" ")
            kept.append(Span(cut + ELLIPSIS, span.role))
            return kept, width - space + cells(cut)
        kept.append(span)
        space -= size
    return kept, total


def segments(
    cell: Cell, width: int, styles: Mapping[Role, Style], *, right: bool = False
) -> Iterable[Segment]:
    """The spans in exactly ``width`` cells."""
    spans, used = crop(cell, width)
    blank = Segment(" " * (width - used), styles[Role.PLAIN]) if used < width else None
    if blank and right:
        yield blank
    for span in spans:
        yield Segment(span.text, styles[span.role])
    if blank and not right:
        yield blank


Look: TypeAlias = "tuple[str, Style | None]"
"""How one cell of the terminal looks. Both halves of a wide character carry it."""

NEAR = 4
"""Changes closer than this are painted as one: moving there costs more than the cells between."""


def cells_of(strip: Strip) -> list[Look]:
    """A line cell by cell; a mark without a width belongs to the cell before it."""
    looks: list[Look] = []
    for segment in strip:
        style = segment.style
        if segment.text.isascii():
            looks += [(char, style) for char in segment.text]
            continue
        for char in segment.text:
            size = cells(char)
            if size == 0 and looks:
                looks[-1] = (looks[-1][0] + char, style)
            looks.extend([(char, style)] * size)
    return looks


def changed(old: Sequence[Look], new: Sequence[Look]) -> list[tuple[int, int]]:
    """The ranges of cells that look different, from the first to past the last."""
    ranges: list[tuple[int, int]] = []
    for x, (before, now) in enumerate(zip(old, new, strict=False)):
        if before == now:
            continue
        if ranges and x - ranges[-1][1] < NEAR:
            ranges[-1] = (ranges[-1][0], x + 1)
        else:
            ranges.append((x, x + 1))
    return ranges
