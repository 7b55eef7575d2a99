"""``z`` and ``Z``: taken back at once, or asked about where that would be heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from console.core.lifecycle.undo import foreseen
from console.core.messages.intents import UndoAsked
from console.ui.command_controller import Ask
from console.ui.engine_port import EnginePort
from console.view.context import ViewContext
from console.view.dialogs.undo import undo_form
from console.view.display import Form, Values, Wording


def take_back(desk: EnginePort, scene: Callable[[], ViewContext], ask: Ask, *, redo: bool) -> None:
    """Post what was asked for, after a yes where what it brings about has to be said."""
    wish = UndoAsked(desk.clock(), desk.new_id(), desk.operator, redo)
    asked = _question(desk, scene, wish)
    if asked is None:
        desk.post(wish)
        return

    def answered(values: Values | None) -> None:
        if values is not None:
            desk.post(UndoAsked(desk.clock(), wish.id, desk.operator, redo))

    def now(_: Values) -> Wording:
        form = _question(desk, scene, wish) or asked
        return Wording(form.title, form.targets, form.notes, form.run)

    ask(replace(asked, wording=now), answered)


def _question(desk: EnginePort, scene: Callable[[], ViewContext], wish: UndoAsked) -> Form | None:
    """Ask about what the undoing brings about as the state is now; None where nothing."""
    state = desk.latest()
    orders = foreseen(state, wish)
    said = [
        order.command.warn(state, order.target, order.values) if order.command.warn else ""
        for order in orders
    ]
    warnings = [warning for warning in said if warning]
    return undo_form(scene(), orders, warnings, redo=wish.redo) if warnings else None
