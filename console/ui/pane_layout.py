"""How the panes stand to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.core.model.command import Pane
from console.ui.widgets.pane import PaneBox

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.screen import Screen

ORDER = (Pane.QUEUES, Pane.CALLS, Pane.CONFERENCES, Pane.PEOPLE, Pane.LOG, Pane.PARKED)
"""In the order of their numbers."""
INSIDE = {Pane.QUEUES: Pane.CALLS, Pane.CONFERENCES: Pane.PEOPLE}
"""Which pane shows what is in the row under the cursor."""
OUTSIDE = {inner: outer for outer, inner in INSIDE.items()}
"""Which pane the row is in that a pane shows the inside of."""
QUEUE_SIDE = frozenset({Pane.QUEUES, Pane.CALLS, Pane.PARKED})
ASIDE = frozenset({Pane.LOG, Pane.PARKED})
"""What one looks up and steps back from, to where one was."""

LEAST = 80, 24
"""Columns and lines: where there are less, one pane is shown."""


def is_small(size: Size) -> bool:
    """Whether there is space for one pane alone."""
    return size.width < LEAST[0] or size.height < LEAST[1]


def turn(screen: Screen[None], pane: Pane) -> None:
    """Where there is space for one side, or for one pane, it is that of this pane."""
    for box in screen.query(PaneBox):
        box.set_class(box.id == pane.value, "-here")
    screen.set_class(pane is Pane.LOG, "-log")
    if pane is not Pane.LOG:
        screen.set_class(pane in QUEUE_SIDE, "-queue-side")
        screen.set_class(pane is Pane.PARKED, "-shelf")


def beside(pane: Pane, steps: int) -> Pane:
    """The pane so many steps further; behind the last comes the first."""
    return ORDER[(ORDER.index(pane) + steps) % len(ORDER)]
