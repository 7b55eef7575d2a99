"""What undo can and cannot do: said before a command runs, and asked where undoing is heard."""

from __future__ import annotations

from collections.abc import Sequence

from console.core.lifecycle.proof import wanted
from console.core.lifecycle.settings_snapshot import settings
from console.core.model.command import Command, Order, Target, Values
from console.core.model.draft import Draft
from console.view.context import ViewContext, cell
from console.view.display import Confirm, Form, Role
from console.view.panes.receipt import subject_of
from console.view.text.labels import clean


def says(scene: ViewContext, command: Command, target: Target, values: Values) -> str:
    """Say what ``z`` puts back of what these answers change, and why not all of it."""
    if command.undo is None:
        return "none"
    probe = Order("", scene.now, command, target, scene.operator, values)
    known, keys = settings(Draft(scene.state), probe), wanted(probe)
    if not known:
        return "none: how it is now is not known"
    back = "z, exactly as it was" if len(known) == len(keys) else "z, those that were listed"
    lost = _not_put_back(command, probe)
    if not lost:
        return back
    made = command.undo.made(probe)
    return f"z, but not the {lost}" if made else f"none: the {lost} cannot be read"


def _not_put_back(command: Command, probe: Order) -> str:
    """Name the changed answers that a command, which is its own way back, cannot restore."""
    if command.undo is None or command.inverse != command.name:
        return ""
    made = command.undo.made(probe)
    return " and ".join(
        field.words
        for field in command.fields
        if field.name not in made and probe.values.get(field.name, field.default) != field.default
    )


def question(
    scene: ViewContext, orders: Sequence[Order], warnings: Sequence[str], *, redo: bool
) -> Form:
    """Asked before taking back what would be heard, or would bring about something else."""
    verb = "redo" if redo else "undo"
    told = dict.fromkeys(line for order in orders for line in _told(order))
    return Form(
        title=f"{verb}: {orders[0].command.words} {subject_of(scene, *orders)}".strip(),
        final=False,
        targets=(),
        notes=(
            *(cell(f"{name}: {clean(said)}") for name, said in told),
            *(cell(warning, Role.NOW) for warning in dict.fromkeys(warnings)),
        ),
        fields=(),
        values={},
        confirm=Confirm.YES,
        run=verb,
    )


def _told(order: Order) -> list[tuple[str, str]]:
    named = {field.name: field.words for field in order.command.fields}
    return [(named[name], said) for name, said in order.values.items() if name in named and said]
