"""Partial screen updates that render and write changed cells only.

Textual 8.2.8 crops a partial update at its right end only, and writes everything from the left edge
of the widget: eight times the bytes that one changed cell needs. It also renders every line of
every widget between the first change and the last, and then writes only the changed lines.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class LeanCompositor(Compositor):
    """Renders only the lines of each widget that a partial update writes."""

    _dirty: frozenset[Region] = frozenset()
    """The changed regions, during a partial update; otherwise empty."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Render the changed regions."""
        self._dirty = frozenset(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._dirty = frozenset()

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        """Yield each changed widget's region, the part to be written, and that part's lines."""
        if not self._dirty:
            yield from super()._get_renders(crop)
            return
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            changed = [part for each in self._dirty if (part := each.intersection(seen))]
            if changed:
                top, bottom = min(r.y for r in changed), max(r.bottom for r in changed)
                part = Region(seen.x, top, seen.width, bottom - top)
                yield region, part, widget.render_lines(part.translate(-region.offset))


class TightUpdate(ChopsUpdate):
    """A partial update, cropped at both ends."""

    def render_segments(self, console: Console) -> str:
        """Return the bytes of the update as text: for each piece a cursor move and its cells."""
        written: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= last or end <= first:
                    continue
                start = max(x, first) if _is_single_width(strip) else x
                piece = strip.crop(start - x, min(end, last) - x)
                written += [f"\x1b[{y + 1};{start + 1}H", piece.render(console)]
        return "".join(written)


def _is_single_width(strip: Strip) -> bool:
    """True if every character takes one cell, so that no crop can halve a wide one."""
    return all(cell_len(segment.text) == len(segment.text) for segment in strip)


def tightened(renderable: RenderableType | None) -> RenderableType | None:
    """Return a partial update as a ``TightUpdate``; anything else unchanged."""
    if type(renderable) is ChopsUpdate:
        return TightUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
    return renderable
