"""The last line: what the keys do in this pane, as far as there is room."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from console.catalog.keys import ACTING, NAVIGATION
from console.core.command import Tier
from console.view.board import Line, Role, Span
from console.view.fitting import Piece, fit
from console.view.scene import Scene

Verbs: TypeAlias = tuple[tuple[str, str, int, bool], ...]
"""Of each command of the pane: key, hint, how soon it is left out, whether it is final."""


def line(scene: Scene) -> Line:
    """Verbs of the pane first, then the keys that are always there."""
    read_only, locked = scene.state.policy.read_only, scene.state.locked
    verbs: Verbs = ()
    if not read_only:
        here = (c for c in scene.state.commands.values() if scene.pane in c.panes)
        verbs = tuple((c.key, c.hint, c.shed, c.tier is Tier.TYPED) for c in here)
    return _line(verbs, scene.width, read_only=read_only, locked=locked)


@lru_cache(maxsize=16)
def _line(verbs: Verbs, width: int, *, read_only: bool, locked: bool) -> Line:
    paired = {key for key, hint, _, _ in verbs if not hint}
    pieces = [_verb(*verb, paired=paired, locked=locked) for verb in verbs if verb[1]]
    if locked and not read_only:
        pieces.insert(0, Piece((Span("  L", Role.ACCENT), Span(" unlock", Role.PLAIN))))
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


def _verb(key: str, hint: str, shed: int, final: bool, *, paired: set[str], locked: bool) -> Piece:
    upper = key.upper()
    role = Role.NOW if final else Role.ACCENT
    keys = f"{key}/{upper}" if upper in paired else key
    word = Role.FAINT if locked else Role.DIM
    return Piece((Span(f"  {keys}", Role.FAINT if locked else role), Span(f" {hint}", word)), shed)
