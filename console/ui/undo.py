"""The keys ``z`` (undo) and ``Z`` (redo): run at once, or after a dialog if there is a warning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from console.core.lifecycle.undo import foreseen_orders
from console.core.messages.intents import UndoAsked
from console.core.model.command import ConfirmationLevel
from console.ui.command_controller import Ask
from console.ui.engine_port import EnginePort
from console.view.context import ViewContext
from console.view.dialogs.undo import undo_form
from console.view.screen_elements import Form, Values, Wording


def take_back(desk: EnginePort, scene: Callable[[], ViewContext], ask: Ask, *, redo: bool) -> None:
    """Post an intent to undo or redo the newest command.

    If the undoing has a warning, ask for a yes first. The dialog follows the state while open.
    """
    wish = UndoAsked(desk.clock(), desk.new_id(), desk.operator, redo)
    asked = _question(desk, scene, wish)
    if asked is None:
        desk.post(wish)
        return

    def answered(values: Values | None) -> None:
        if values is not None:
            desk.post(replace(wish, at=desk.clock(), confirmation=ConfirmationLevel.CONFIRM))

    def now(_: Values) -> Wording:
        form = _question(desk, scene, wish) or asked
        return Wording(form.title, form.targets, form.notes, form.run)

    ask(replace(asked, wording=now), answered)


def _question(desk: EnginePort, scene: Callable[[], ViewContext], wish: UndoAsked) -> Form | None:
    """Return a form with the warnings of the undoing as of now; None if there are none."""
    state = desk.latest()
    orders = foreseen_orders(state, wish)
    warnings = [
        text
        for order in orders
        if (warning := order.command.warning)
        and (text := warning(state, order.target, order.values))
    ]
    return undo_form(scene(), orders, warnings, redo=wish.redo) if warnings else None
