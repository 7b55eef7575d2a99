"""Texts about undo: what it restores, and the dialog that confirms it."""

from __future__ import annotations

from collections.abc import Sequence

from console.commands.targeting import frozen_values, observed
from console.core.lifecycle.proof import wanted
from console.core.lifecycle.settings_snapshot import current_settings
from console.core.model.command import Command, Order, Target, Values
from console.core.model.draft import Draft
from console.view.context import ViewContext, cell
from console.view.panes.receipt import pending_words, subject_of
from console.view.screen_elements import Confirm, Form, Role
from console.view.text.labels import clean


def probe_order(scene: ViewContext, command: Command, target: Target, values: Values) -> Order:
    """Return the order that these answers would make now, without an id."""
    known = frozen_values(command, target, scene.state)
    return Order(
        id="",
        at=scene.now,
        command=command,
        target=target,
        operator=scene.operator,
        values={**known, **values},
        observed=observed(command, target, scene.state),
    )


def undo_text(scene: ViewContext, command: Command, target: Target, values: Values) -> str:
    """Say which of the changes of these answers undo restores, and why not all of them."""
    if command.undo is None:
        return "none"
    probe = probe_order(scene, command, target, values)
    known, keys = current_settings(Draft(scene.state), probe), wanted(probe)
    if not known:
        return "none: the present setting is not known"
    restored = "z, exactly as it was" if len(known) == len(keys) else "z, those that were listed"
    lost = _not_restored(command, probe)
    if not lost:
        return restored
    made = command.undo.setting_made(probe)
    return f"z, but not the {lost}" if made else f"none: the {lost} cannot be read"


def _not_restored(command: Command, probe: Order) -> str:
    """Name the changed answers that are not restored, for a command that undoes itself."""
    if command.undo is None or command.inverse != command.name:
        return ""
    made = command.undo.setting_made(probe)
    return " and ".join(
        field.words
        for field in command.fields
        if field.name not in made and probe.values.get(field.name, field.default) != field.default
    )


def undo_form(
    scene: ViewContext, orders: Sequence[Order], warnings: Sequence[str], *, redo: bool
) -> Form:
    """Return the dialog before an undo or redo that is audible or has side effects."""
    verb = "redo" if redo else "undo"
    answers = dict.fromkeys(line for order in orders for line in _answers(order))
    return Form(
        title=f"{verb}: {pending_words(orders[0].command)} {subject_of(scene, *orders)}".strip(),
        irreversible=False,
        targets=(),
        notes=(
            *(cell(f"{name}: {clean(value)}") for name, value in answers),
            *(cell(warning, Role.NOW) for warning in dict.fromkeys(warnings)),
        ),
        fields=(),
        values={},
        confirm=Confirm.YES,
        run=verb,
    )


def _answers(order: Order) -> list[tuple[str, str]]:
    words = {field.name: field.words for field in order.command.fields}
    return [(words[name], value) for name, value in order.values.items() if name in words and value]
