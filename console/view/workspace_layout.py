"""Layout of the whole workspace at one instant."""

from __future__ import annotations

from console.view.context import ViewContext
from console.view.panes import (
    calls,
    conferences,
    header,
    hints,
    log,
    parked,
    people,
    queues,
    receipt,
)
from console.view.screen_elements import Board
from console.view.selection import Selection, marked_and_filtered

ALL = Selection()
"""No marks and no filters."""


def board(scene: ViewContext, choice: Selection = ALL) -> Board:
    """Return every pane and line of the workspace. A row is made only when it is requested."""
    panes = (queues.sheet, calls.sheet, conferences.sheet, people.sheet, log.sheet, parked.sheet)
    sheets = [sheet_of(scene) for sheet_of in panes]
    return Board(
        header=header.line(scene),
        sheets={sheet.name: marked_and_filtered(scene, choice, sheet) for sheet in sheets},
        receipt=receipt.line(scene),
        hints=hints.line(scene),
    )
