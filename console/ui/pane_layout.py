"""Order, nesting and visibility of the workspace's panes."""

from __future__ import annotations

from textual.geometry import Size
from textual.screen import Screen

from console.core.model.command import Pane
from console.ui.widgets.pane import PaneBox

ORDER = (Pane.QUEUES, Pane.CALLS, Pane.CONFERENCES, Pane.PEOPLE, Pane.LOG, Pane.PARKED)
"""All panes in the order in which tab visits them."""
INSIDE = {Pane.QUEUES: Pane.CALLS, Pane.CONFERENCES: Pane.PEOPLE}
"""Maps a list pane to the detail pane that shows the contents of its selected row."""
OUTSIDE = {inner: outer for outer, inner in INSIDE.items()}
"""Maps a detail pane to the list pane whose selected row it shows."""
QUEUE_SIDE = frozenset({Pane.QUEUES, Pane.CALLS, Pane.PARKED})
"""Panes at the left, which a narrow screen shows instead of those at the right."""
ASIDE = frozenset({Pane.LOG, Pane.PARKED})
"""Panes that escape leaves for the pane that had the focus before."""

LEAST = 80, 24
"""Columns and lines of the smallest screen that shows more than one pane."""


def is_small(size: Size) -> bool:
    """True if the screen has room for one pane only."""
    return size.width < LEAST[0] or size.height < LEAST[1]


def show_only(screen: Screen[None], pane: Pane) -> None:
    """Set the style classes by which a narrow screen shows this pane's side, or this pane only."""
    for box in screen.query(PaneBox):
        box.set_class(box.id == pane.value, "-here")
    screen.set_class(pane is Pane.LOG, "-log")
    if pane is not Pane.LOG:
        screen.set_class(pane in QUEUE_SIDE, "-queue-side")
        screen.set_class(pane is Pane.PARKED, "-shelf")
