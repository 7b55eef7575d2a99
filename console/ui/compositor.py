"""Frames without the cells that did not change.

Textual 8.2.8 crops a partial update at its right end only, and writes again everything from the
left edge of the widget: eight times the bytes that one changed cell needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.control import Control
from textual._compositor import ChopsUpdate

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from textual.strip import Strip


class TightUpdate(ChopsUpdate):
    """A partial update, cropped at both ends."""

    def render_segments(self, console: Console) -> str:
        """What is to be written: for each piece a move, and its cells."""
        written: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= last or end <= first:
                    continue
                start = max(x, first) if _evenly(strip) else x
                piece = strip.crop(start - x, min(end, last) - x)
                written += [Control.move_to(start, y).segment.text, piece.render(console)]
        return "".join(written)


def _evenly(strip: Strip) -> bool:
    """Whether every character takes one cell, so that no crop can halve one."""
    return all(cell_len(segment.text) == len(segment.text) for segment in strip)


def tight(renderable: RenderableType | None) -> RenderableType | None:
    """The same frame in fewer bytes; whatever is no partial update as it is."""
    if type(renderable) is ChopsUpdate:
        return TightUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
    return renderable
