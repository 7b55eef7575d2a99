"""The dialog that asks for an alias."""

from __future__ import annotations

from dataclasses import replace

from console.core.model.command import Field, Values
from console.view.context import ViewContext, cell
from console.view.display import Confirm, Form, Role, Span
from console.view.text.labels import clean, who

LONGEST = 40
"""Characters."""
ALIAS = Field("alias", "alias", limit=LONGEST, hint="empty takes it away")


def alias_form(scene: ViewContext, leg: str) -> Form:
    """What to call a leg from now on, also after a restart."""
    known = scene.state.notes.get(leg)
    old = known.alias if known is not None else ""
    return Form(
        title=f"alias of {who(scene.state, leg)}",
        final=False,
        targets=(Span(who(scene.state, leg), Role.STRONG), Span(f" ..{clean(leg[-4:])}")),
        notes=(
            cell("Kept on this host alone; Telnyx is told nothing.", Role.DIM),
            cell("It is theirs on this call; on another of their number it stands with ~."),
        ),
        fields=(replace(ALIAS, required=not old),),
        values={"alias": old},
        confirm=Confirm.RUN,
        run="name",
        complain=lambda values: _complaint(values, needed=not old),
    )


def _complaint(values: Values, *, needed: bool) -> dict[str, str]:
    text = values.get("alias", "")
    if len(text) > LONGEST:
        return {"alias": f"{len(text)} of at most {LONGEST} characters"}
    return {"alias": "this is needed"} if needed and not text.strip() else {}


def named(text: str) -> str:
    """An alias as it is kept: one line, and not longer than fits."""
    return " ".join(text.split())[:LONGEST]
