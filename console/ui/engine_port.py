"""The interface between the terminal's screens and the rest of the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from console.core.messages.intents import Intent
from console.core.model.listed_resources import Moment
from console.core.model.state import State
from console.view.text.glyphs import Glyphs


@dataclass(frozen=True, slots=True)
class EnginePort:
    """The engine as the screens see it: the newest state, and an inbox for intents."""

    latest: Callable[[], State]
    post: Callable[[Intent], None]
    clock: Callable[[], Moment]
    new_id: Callable[[], str]
    """Returns a new command id."""
    listen: Callable[[Callable[[], None]], object]
    """Registers a function that is called, in another thread, when there is a newer state."""
    glyphs: Glyphs
    zone: tzinfo
    profile: str
    operator: str
    region: str | None = None
    demo: bool = False
