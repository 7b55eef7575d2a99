"""All that the terminal is given of the rest of the house."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from console.core.messages.intents import Intent
from console.core.model.resources import Moment
from console.core.model.state import State
from console.view.glyphs import Glyphs


@dataclass(frozen=True, slots=True)
class EnginePort:
    """What a supervisor sits at: the newest state to look at and an inbox for what they ask."""

    latest: Callable[[], State]
    post: Callable[[Intent], None]
    clock: Callable[[], Moment]
    new_id: Callable[[], str]
    """A fresh command id."""
    listen: Callable[[Callable[[], None]], object]
    """Names who is told, from another thread, that there is a newer state."""
    glyphs: Glyphs
    zone: tzinfo
    profile: str
    operator: str
    region: str | None = None
    demo: bool = False
