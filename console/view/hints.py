"""The last line: what the keys do in this pane, as far as there is room."""

from __future__ import annotations

from functools import lru_cache

from console.catalog import COMMANDS
from console.catalog.keys import NAVIGATION
from console.core.command import Command, Pane, Tier
from console.view.board import Line, Role, Span
from console.view.fitting import Piece, fit
from console.view.scene import Scene

SHORT = {
    "mute": ("mute", 0),
    "hold": ("hold", 0),
    "play": ("play", 1),
    "speak": ("speak", 1),
    "record": ("record", 2),
    "pause": ("pause rec", 4),
    "end": ("end", 0),
    "join": ("add", 1),
    "leave": ("take out", 1),
    "role": ("role", 2),
    "enqueue": ("to queue", 3),
    "leave_queue": ("take out", 1),
    "keep": ("keep", 4),
    "ghost": ("clear", 4),
    "options": ("options", 4),
    "dtmf": ("digits", 4),
    "create": ("new", 3),
    "queue_create": ("new", 1),
    "queue_size": ("size", 1),
    "queue_delete": ("delete", 1),
}
"""One word a key, and how soon it is left out."""
BACK = frozenset("mhpsrc")
"""Keys whose upper-case letter takes it back."""


def line(scene: Scene) -> Line:
    """Verbs of the pane first, then the keys that are always there."""
    return _line(scene.pane, scene.width, read_only=scene.state.policy.read_only)


@lru_cache(maxsize=16)
def _line(pane: Pane, width: int, *, read_only: bool) -> Line:
    pieces = []
    if not read_only:
        here = [c for c in COMMANDS.values() if pane in c.panes]
        pieces = [_verb(c, word, here) for c in here if (word := _short(c)) is not None]
    pieces += [
        Piece((Span(f"  {key.shown.split()[0]}", Role.ACCENT), Span(f" {key.hint}", Role.DIM)), 3)
        for key in NAVIGATION
        if key.hint and not (read_only and key.action == "undo")
    ]
    pieces.append(Piece((Span("  tab", Role.ACCENT), Span(" pane", Role.DIM)), 6))
    pieces.append(Piece((Span("  q", Role.ACCENT), Span(" leave", Role.DIM)), 5))
    return Line(fit(pieces, width))


def _short(command: Command) -> tuple[str, int] | None:
    return SHORT.get(command.name.removesuffix("_room"))


def _verb(command: Command, word: tuple[str, int], here: list[Command]) -> Piece:
    taken_back = command.key in BACK and any(c.key == command.key.upper() for c in here)
    keys = f"{command.key}/{command.key.upper()}" if taken_back else command.key
    role = Role.NOW if command.tier is Tier.TYPED else Role.ACCENT
    return Piece((Span(f"  {keys}", role), Span(f" {word[0]}", Role.DIM)), word[1])
