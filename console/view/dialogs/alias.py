"""The dialog that asks for an alias."""

from __future__ import annotations

from dataclasses import replace

from console.core.model.command import Field, Values
from console.view.context import ViewContext, cell
from console.view.screen_elements import Confirm, Form, Role, Span
from console.view.text.labels import id_tail, leg_name

LONGEST = 40
"""Most characters of an alias."""
ALIAS = Field("alias", "alias", limit=LONGEST, hint="empty removes it")


def alias_form(scene: ViewContext, leg: str) -> Form:
    """Return the dialog that asks for the alias of a leg. An alias outlives a restart."""
    known = scene.state.notes.get(leg)
    old = known.alias if known is not None else ""
    return Form(
        title=f"alias of {leg_name(scene.state, leg)}",
        irreversible=False,
        targets=(Span(leg_name(scene.state, leg), Role.STRONG), Span(f" {id_tail(leg)}")),
        notes=(
            cell("Kept on this host only. Telnyx does not see it.", Role.DIM),
            cell("For this call. On later calls from this number it is shown with ~."),
        ),
        fields=(replace(ALIAS, required=not old),),
        values={"alias": old},
        confirm=Confirm.RUN,
        run="save",
        complain=lambda values: _complaint(values, needed=not old),
    )


def _complaint(values: Values, *, needed: bool) -> dict[str, str]:
    text = values.get("alias", "")
    if len(text) > LONGEST:
        return {"alias": f"{len(text)} of at most {LONGEST} characters"}
    return {"alias": "required"} if needed and not text.strip() else {}


def stored_alias(text: str) -> str:
    """Return an alias as it is stored: one line of at most ``LONGEST`` characters."""
    return " ".join(text.split())[:LONGEST]
