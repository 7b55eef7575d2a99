"""The last line: what the keys do in this pane, as far as there is room."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from console.catalog.aim import Cursor
from console.catalog.bulk import off
from console.catalog.keys import ACTING, NAVIGATION
from console.core.closed import closed
from console.core.command import Tier
from console.view.board import Line, Role, Span
from console.view.fitting import Piece, fit
from console.view.scene import Scene

Verb: TypeAlias = tuple[str, str, int, bool, bool]
"""Of a command of the pane: key, hint, how soon it is left out, whether final, whether off now."""
REMEDY = Piece((Span("  L", Role.ACCENT), Span(" unlock", Role.PLAIN)))


def line(scene: Scene) -> Line:
    """Verbs of the pane first, greyed while they are off, then the keys that are always there."""
    state = scene.state
    read_only, none = state.policy.read_only, closed(state, scene.now) is not None
    at = Cursor(scene.pane, queue=scene.queue, room=scene.room)
    here = (c for c in state.commands.values() if scene.pane in c.panes and not read_only)
    verbs = tuple(
        (c.key, c.hint, c.shed, c.tier is Tier.TYPED, none or off(c, state, at) is not None)
        for c in here
    )
    return _line(verbs, scene.width, read_only=read_only, locked=state.locked)


@lru_cache(maxsize=16)
def _line(verbs: tuple[Verb, ...], width: int, *, read_only: bool, locked: bool) -> Line:
    paired = {verb[0] for verb in verbs if not verb[1]}
    pieces = [_verb(verb, paired) for verb in verbs if verb[1]]
    if locked and not read_only:
        pieces.insert(0, REMEDY)
    pieces += [
        Piece(
            (Span(f"  {key.shown.split()[0]}", Role.ACCENT), Span(f" {key.hint}", Role.DIM)),
            key.shed,
        )
        for key in NAVIGATION
        if key.hint and not (read_only and key.action in ACTING)
    ]
    pieces.append(Piece((Span("  tab", Role.ACCENT), Span(" pane", Role.DIM)), 6))
    pieces.append(Piece((Span("  q", Role.ACCENT), Span(" leave", Role.DIM)), 5))
    return Line(fit(pieces, width))


def _verb(verb: Verb, paired: set[str]) -> Piece:
    key, hint, shed, final, greyed = verb
    upper = key.upper()
    role = Role.FAINT if greyed else Role.NOW if final else Role.ACCENT
    keys = f"{key}/{upper}" if upper in paired else key
    word = Role.FAINT if greyed else Role.DIM
    return Piece((Span(f"  {keys}", role), Span(f" {hint}", word)), shed)
