"""What undo can and cannot do: said before a command runs, and asked where undoing is heard."""

from __future__ import annotations

from collections.abc import Sequence

from console.core.command import Command, Order, Target
from console.core.draft import Draft
from console.core.former import settings
from console.core.proof import wanted
from console.view.board import Confirm, Form, Role
from console.view.receipt import subject_of
from console.view.scene import Scene, cell
from console.view.words import clean


def says(scene: Scene, command: Command, target: Target) -> str:
    """Whether ``z`` will put it back as it is now, and why not."""
    if command.undo is None:
        return "none"
    probe = Order("", scene.now, command, target, scene.operator)
    known, keys = settings(Draft(scene.state), probe), wanted(probe)
    if len(known) == len(keys):
        return "z, exactly as it was"
    return "z, those that were listed" if known else "none: how it is now is not known"


def question(scene: Scene, orders: Sequence[Order], warnings: Sequence[str], *, redo: bool) -> Form:
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
