"""The dialog that asks for an alias."""

from __future__ import annotations

from console.core.command import Field, Values
from console.view.board import Confirm, Form, Role, Span
from console.view.scene import Scene, cell
from console.view.words import clean, who

LONGEST = 40
"""Characters."""
ALIAS = Field("alias", "alias", limit=LONGEST, hint="empty takes it away")


def alias_form(scene: Scene, leg: str) -> Form:
    """What to call a leg from now on, also after a restart."""
    known = scene.state.notes.get(leg)
    return Form(
        title=f"alias of {who(scene.state, leg)}",
        final=False,
        targets=(Span(who(scene.state, leg), Role.STRONG), Span(f" ..{clean(leg[-4:])}")),
        notes=(
            cell("Kept on this host alone; Telnyx is told nothing.", Role.DIM),
            cell("It is theirs on this call; on another of their number it stands with ~."),
        ),
        fields=(ALIAS,),
        values={"alias": known.alias if known is not None else ""},
        confirm=Confirm.RUN,
        run="name",
        complain=_too_long,
    )


def _too_long(values: Values) -> dict[str, str]:
    size = len(values.get("alias", ""))
    return {"alias": f"{size} of at most {LONGEST} characters"} if size > LONGEST else {}


def named(text: str) -> str:
    """An alias as it is kept: one line, and not longer than fits."""
    return " ".join(text.split())[:LONGEST]
