"""A desk without an engine: a state to look at, and everything that was posted, in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import count
from typing import TypeVar

from console.core.messages.intents import Intent
from console.core.model.resources import Moment
from console.core.model.state import State
from console.core.update import Message
from console.ui.engine_port import EnginePort
from console.view.glyphs import UNICODE
from support.playbook import Playbook, at

Kind = TypeVar("Kind", bound=Intent)


@dataclass
class Sitting:
    """Somebody sits at a desk; its clock stands still until it is told to go on."""

    talk: Playbook = field(default_factory=Playbook)
    posted: list[Intent] = field(default_factory=list)
    seconds: float = 1.0
    region: str | None = None
    tell: Callable[[], None] | None = None

    def desk(self) -> EnginePort:
        """What the terminal is given."""
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
        """Now."""
        return at(self.seconds)

    def said(self, kind: type[Kind]) -> list[Kind]:
        """The intents of one kind that were posted."""
        return [one for one in self.posted if isinstance(one, kind)]

    def happen(self, *messages: Message) -> None:
        """Something happens, and the terminal is told."""
        self.talk.say(*messages)
        self.changed()

    def believe(self, **parts: object) -> None:
        """Another state, however it came."""
        self.talk.state = replace(self.talk.state, **parts)  # type: ignore[arg-type]  # State's own
        self.changed()

    def changed(self) -> None:
        """Tell the terminal, as the engine does."""
        if self.tell is not None:
            self.tell()

    @property
    def state(self) -> State:
        """The latest."""
        return self.talk.state
