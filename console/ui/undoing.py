"""``z`` and ``Z``: taken back at once, or asked about where that would be heard."""

from __future__ import annotations

from collections.abc import Callable

from console.core.intents import UndoAsked
from console.core.undo import foreseen
from console.ui.desk import Desk
from console.ui.hands import Ask
from console.view.board import Values
from console.view.scene import Scene
from console.view.undoing import question


def take_back(desk: Desk, scene: Callable[[], Scene], ask: Ask, *, redo: bool) -> None:
    """Post what was asked for, after a yes where what it brings about has to be said."""
    state = desk.latest()
    wish = UndoAsked(desk.clock(), desk.new_id(), desk.operator, redo)
    orders = foreseen(state, wish)
    said = [
        order.command.warn(state, order.target, order.values) if order.command.warn else ""
        for order in orders
    ]
    warnings = [warning for warning in said if warning]
    if not warnings:
        desk.post(wish)
        return

    def answered(values: Values | None) -> None:
        if values is not None:
            desk.post(UndoAsked(desk.clock(), wish.id, desk.operator, redo))

    ask(question(scene(), orders, warnings, redo=redo), answered)
