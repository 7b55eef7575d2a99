"""An engine port without an engine: a state to show, and a record of the posted intents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import count
from typing import TypeVar

from console.core.messages.intents import Intent
from console.core.model.listed_resources import Moment
from console.core.model.state import State
from console.core.update import Message
from console.ui.engine_port import EnginePort
from console.view.text.glyphs import UNICODE
from support.playbook import Playbook, at

Kind = TypeVar("Kind", bound=Intent)


@dataclass
class Sitting:
    """The engine side of a port. Its clock moves only when ``seconds`` is set."""

    talk: Playbook = field(default_factory=Playbook)
    posted: list[Intent] = field(default_factory=list)
    seconds: float = 1.0
    region: str | None = None
    tell: Callable[[], None] | None = None

    def desk(self) -> EnginePort:
        """Return the port that the terminal gets."""
        ids = count(1)

        def listen(told: Callable[[], None]) -> None:
            self.tell = told

        return EnginePort(
            latest=lambda: self.talk.state,
            post=self.posted.append,
            clock=self.clock,
            new_id=lambda: f"id-{next(ids)}",
            listen=listen,
            glyphs=UNICODE,
            zone=UTC,
            profile="acme-eu",
            operator="ana",
            region=self.region,
            demo=True,
        )

    def clock(self) -> Moment:
        """Return the moment of ``seconds``."""
        return at(self.seconds)

    def said(self, kind: type[Kind]) -> list[Kind]:
        """Return the posted intents of one kind."""
        return [one for one in self.posted if isinstance(one, kind)]

    def happen(self, *messages: Message) -> None:
        """Apply messages to the state and wake the terminal."""
        self.talk.say(*messages)
        self.changed()

    def believe(self, **parts: object) -> None:
        """Replace parts of the state and wake the terminal."""
        self.talk.state = replace(self.talk.state, **parts)  # type: ignore[arg-type]  # State's own
        self.changed()

    def changed(self) -> None:
        """Wake the terminal, as the engine does."""
        if self.tell is not None:
            self.tell()

    @property
    def state(self) -> State:
        """The present state."""
        return self.talk.state
