"""The dialog of a command with several targets, made from the dialog of its first target."""

from __future__ import annotations

from dataclasses import replace

from console.commands.bulk_targeting import INCLUDE, TargetSelection
from console.core.model.command import Command, ConfirmationLevel, Field, FieldKind
from console.view.context import ViewContext
from console.view.dialogs.form import live_form, typed_code
from console.view.dialogs.wording import wording
from console.view.screen_elements import Confirm, Form
from console.view.text.labels import leg_name


def form_for_all(
    scene: ViewContext,
    form: Form,
    command: Command,
    aimed: TargetSelection,
    level: ConfirmationLevel,
) -> Form:
    """Extend ``form``, the dialog of the first target, to all targets.

    A question offers to include the excluded people. The highest level asks for a typed code.
    """
    fields, values = form.fields, dict(form.values)
    if aimed.excluded:
        names = ", ".join(leg_name(scene.state, leg) for leg in aimed.excluded)
        include = Field(
            INCLUDE, f"include {names}", kind=FieldKind.FLAG, default="no", remembered=False
        )
        fields = (*fields, include)
        values[INCLUDE] = "no"
    final = level is ConfirmationLevel.TYPED
    words = wording(scene, command, aimed, form.read(values))
    typed = form.typed
    if len(aimed.targets) > 1:  # no name stands for them all
        typed = typed_code("".join(str(target) for target in aimed.targets))
    asked = replace(
        form,
        title=words.title,
        targets=words.targets,
        notes=words.notes,
        run=words.run,
        fields=fields,
        values=values,
        typed=typed if final else "",
        confirm=Confirm.TYPED if final else form.confirm,
    )
    return live_form(asked, lambda: scene, command, aimed)
