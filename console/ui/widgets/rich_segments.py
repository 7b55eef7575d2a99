"""Conversion of view text to Rich segments of an exact width in cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from console.ui.themes import Palette
from console.view.screen_elements import Cell, Role, Span
from console.view.text.cell_width import cells

ELLIPSIS = "…"
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"


def role_styles(palette: Palette, ground: Style) -> dict[Role, Style]:
    """Return the style of each role on a background."""
    return {role: ground + style for role, style in palette.roles.items()}


def literal(text: str) -> str:
    """Return the text without characters that a terminal would act on.

    ``view`` has cleaned all text already. This is the last guard, for a text that came by
    another way.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else UNPRINTABLE for char in text)


def text_of(cell: Cell, palette: Palette) -> Text:
    """Return the spans as one Rich text in the palette's styles."""
    return Text.assemble(*((literal(span.text), palette.roles[span.role]) for span in cell))


def width_of(cell: Cell) -> int:
    """Return the width of the spans in terminal cells, as ``crop`` paints them."""
    return sum(cells(literal(span.text)) for span in cell)


def crop(cell: Cell, width: int) -> tuple[list[Span], int]:
    """Cut the spans to ``width`` cells, with an ellipsis, and return them with their width."""
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
) -> list[Segment]:
    """Return the spans as segments of exactly ``width`` cells; ``right`` aligns them right."""
    spans, used = crop(cell, width)
    blank = [Segment(" " * (width - used), styles[Role.PLAIN])] if used < width else []
    shown = [Segment(span.text, styles[span.role]) for span in spans]
    return blank + shown if right else shown + blank


Look: TypeAlias = "tuple[str, Style | None]"
"""Character and style of one terminal cell. Both cells of a wide character have the same."""

NEAR = 4
"""Changes closer than this are painted as one. Moving the cursor costs more bytes."""


def cells_of(strip: Strip) -> list[Look]:
    """Return the look of each cell of a line. A combining mark belongs to the cell before it."""
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


def changed_ranges(old: Sequence[Look], new: Sequence[Look]) -> list[tuple[int, int]]:
    """Return the ranges of cells that differ, each as its first cell and the one after its last."""
    ranges: list[tuple[int, int]] = []
    for x, (before, now) in enumerate(zip(old, new, strict=False)):
        if before == now:
            continue
        if ranges and x - ranges[-1][1] < NEAR:
            ranges[-1] = (ranges[-1][0], x + 1)
        else:
            ranges.append((x, x + 1))
    return ranges
