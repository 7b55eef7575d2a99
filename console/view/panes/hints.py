"""The hints line: the keys of the focused pane, as far as they fit."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from console.commands.bulk_targeting import pane_refusal
from console.commands.navigation_keys import ACTING, NAVIGATION
from console.core.lifecycle.availability import why_nothing_can_be_sent
from console.core.model.command import ConfirmationLevel
from console.core.model.state import State
from console.view.context import NOTHING, ViewContext
from console.view.screen_elements import Cell, Role, Span, TextLine
from console.view.text.line_layout import Piece, fit

Verb: TypeAlias = tuple[str, str, int, bool, bool]
"""A command of the pane: key, hint, priority, True if it is final, True if it is off now."""


def line(scene: ViewContext) -> TextLine:
    """Return the commands of the pane, then the navigation keys. A command that is off is grey.

    If no command can run, the reason comes first.
    """
    state = scene.state
    shut = why_nothing_can_be_sent(state, scene.now) is not None
    here = (c for c in state.commands.values() if scene.cursor.pane in c.panes)
    verbs: list[Verb] = []
    for c in here:
        final = c.confirmation is ConfirmationLevel.TYPED
        off = shut or pane_refusal(c, state, scene.cursor) is not None
        verbs += [
            (key, c.hint if key == c.key else "", c.hint_priority, final, off) for key in c.keys
        ]
    return _line(tuple(verbs), scene.width, _why(state) if shut else NOTHING)


def _why(state: State) -> Cell:
    """Return the reason why no command can run, and the key that helps, if there is one."""
    if state.policy.read_only:
        return (Span("  started read-only"),)
    if state.locked:
        return (Span("  locked "), Span("L", Role.ACCENT), Span(" unlocks", Role.DIM))
    if state.health.key_refused is not None:
        return (Span("  key refused "), Span("ctrl+r", Role.ACCENT), Span(" tries again", Role.DIM))
    return (Span("  no answer: commands are off"),)


@lru_cache(maxsize=16)
def _line(verbs: tuple[Verb, ...], width: int, why: Cell) -> TextLine:
    paired = {verb[0] for verb in verbs if not verb[1]}
    pieces = [Piece(why)] if why else []
    for key, hint, priority, final, off in verbs:
        if hint:
            keys = f"{key}/{key.upper()}" if key.upper() in paired else key
            role = Role.NOW if final else Role.ACCENT
            pieces.append(_piece(keys, hint, priority, role=role, greyed=off))
    for one in NAVIGATION:
        off = bool(why) and one.action in ACTING
        if one.hint:
            pieces.append(_piece(one.shown.split()[0], one.hint, one.hint_priority, greyed=off))
    pieces += [_piece("tab", "pane", 6), _piece("q", "leave", 5)]
    return TextLine(fit(pieces, width))


def _piece(
    key: str, hint: str, hint_priority: int, *, role: Role = Role.ACCENT, greyed: bool = False
) -> Piece:
    key_role, hint_role = (Role.FAINT, Role.FAINT) if greyed else (role, Role.DIM)
    return Piece((Span(f"  {key}", key_role), Span(f" {hint}", hint_role)), hint_priority)
