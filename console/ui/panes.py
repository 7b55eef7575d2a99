"""How the panes stand to each other."""

from __future__ import annotations

from console.core.command import Pane

ORDER = (Pane.QUEUES, Pane.CALLS, Pane.CONFERENCES, Pane.PEOPLE, Pane.LOG, Pane.PARKED)
"""In the order of their numbers."""
INSIDE = {Pane.QUEUES: Pane.CALLS, Pane.CONFERENCES: Pane.PEOPLE}
"""Which pane shows what is in the row under the cursor."""
OUTSIDE = {inner: outer for outer, inner in INSIDE.items()}
"""Which pane the row is in that a pane shows the inside of."""
QUEUE_SIDE = frozenset({Pane.QUEUES, Pane.CALLS, Pane.PARKED})
ASIDE = frozenset({Pane.LOG, Pane.PARKED})
"""What one looks up and steps back from, to where one was."""


def beside(pane: Pane, steps: int) -> Pane:
    """The pane so many steps further; behind the last comes the first."""
    return ORDER[(ORDER.index(pane) + steps) % len(ORDER)]
