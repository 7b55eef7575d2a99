"""A dialog for many: the question whether those who are left out are included, and a code."""

from __future__ import annotations

from dataclasses import replace

from console.commands.bulk_targeting import INCLUDE, Aimed
from console.core.model.command import Command, ConfirmationLevel, Field, FieldKind
from console.view.context import ViewContext
from console.view.dialogs.form import code, kept_true
from console.view.dialogs.wording import wording
from console.view.display import Confirm, Form
from console.view.text.labels import who


def widened(
    scene: ViewContext, form: Form, command: Command, aimed: Aimed, tier: ConfirmationLevel
) -> Form:
    """Make the dialog of the first target one for all of them."""
    fields, values = form.fields, dict(form.values)
    if aimed.spared:
        names = ", ".join(who(scene.state, leg) for leg in aimed.spared)
        include = Field(INCLUDE, f"include {names}", kind=FieldKind.FLAG, default="no", again=False)
        fields = (*fields, include)
        values[INCLUDE] = "no"
    final = tier is ConfirmationLevel.TYPED
    said = wording(scene, command, aimed, form.read(values))
    asked = replace(
        form,
        title=said.title,
        targets=said.targets,
        notes=said.notes,
        run=said.run,
        fields=fields,
        values=values,
        typed=_typed(form, aimed) if final else "",
        confirm=Confirm.TYPED if final else form.confirm,
    )
    return kept_true(asked, lambda: scene, command, aimed)


def _typed(form: Form, aimed: Aimed) -> str:
    """What must be typed: for several a code, which no one name can stand for."""
    if len(aimed.targets) == 1:
        return form.typed
    return code("".join(str(target) for target in aimed.targets))
