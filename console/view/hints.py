"""The last line: what the keys do in this pane, as far as there is room."""

from __future__ import annotations

from functools import lru_cache

from console.catalog import COMMANDS
from console.catalog.keys import NAVIGATION
from console.core.command import Command, Pane, Tier
from console.view.board import Line, Role, Span
from console.view.fitting import Piece, fit
from console.view.scene import Scene


def line(scene: Scene) -> Line:
    """Verbs of the pane first, then the keys that are always there."""
    read_only = scene.state.policy.read_only
    return _line(scene.pane, scene.width, read_only=read_only, locked=scene.state.locked)


@lru_cache(maxsize=16)
def _line(pane: Pane, width: int, *, read_only: bool, locked: bool) -> Line:
    pieces = []
    if not read_only:
        here = [c for c in COMMANDS.values() if pane in c.panes]
        pieces = [_verb(c, here, locked=locked) for c in here if c.hint]
    if locked and not read_only:
        pieces.insert(0, Piece((Span("  L", Role.ACCENT), Span(" unlock", Role.PLAIN))))
    pieces += [
        Piece(
            (Span(f"  {key.shown.split()[0]}", Role.ACCENT), Span(f" {key.hint}", Role.DIM)),
            key.shed,
        )
        for key in NAVIGATION
        if key.hint and not (read_only and key.action == "undo")
    ]
    pieces.append(Piece((Span("  tab", Role.ACCENT), Span(" pane", Role.DIM)), 6))
    pieces.append(Piece((Span("  q", Role.ACCENT), Span(" leave", Role.DIM)), 5))
    return Line(fit(pieces, width))


def _verb(command: Command, here: list[Command], *, locked: bool) -> Piece:
    upper = command.key.upper()
    paired = any(c.key == upper and not c.hint for c in here)
    keys = f"{command.key}/{upper}" if paired else command.key
    role = Role.NOW if command.tier is Tier.TYPED else Role.ACCENT
    word = Role.FAINT if locked else Role.DIM
    key = Span(f"  {keys}", Role.FAINT if locked else role)
    return Piece((key, Span(f" {command.hint}", word)), command.shed)
