"""The interfaces through which the engine reaches clock, message bus and journal.

``composition`` chooses the implementations. A team's bus or a second journal implements one of
these protocols and is chosen there; nothing else changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from console.core.messages.effects import Effect
from console.core.messages.facts import Fact
from console.core.model.listed_resources import Moment
from console.core.model.state import State
from console.core.update import Message
from console.journal.confidential import Confidentiality
from console.journal.log import Log


class Clock(Protocol):
    """A source of time."""

    def now(self) -> Moment:
        """Return this instant."""

    def boot(self) -> str:
        """Return an id of the host's boot. ``mono`` of two boots cannot be compared."""

    def tick(self, every: float, post: Callable[[Fact], None]) -> Coroutine[Any, Any, None]:
        """Post a ``Ticked`` every ``every`` seconds until cancelled."""


class Bus(Protocol):
    """Carries facts and intents to the state, effects to the runner, changes to the screen.

    ``restore``, ``check``, ``reset`` and ``post_first`` are for the time before ``open``.
    """

    @property
    def state(self) -> State:
        """The latest published state."""

    def post(self, message: Message) -> None:
        """Add a message to the inbox, from any thread."""

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` after each change of the state. Return the function that ends this."""

    def open(self, loop: asyncio.AbstractEventLoop, perform: Callable[[Effect], None]) -> None:
        """Start to apply messages on this loop; ``perform`` gets each effect."""

    def post_first(self, message: Message) -> None:
        """Add a message before all others in the inbox."""

    def restore(self, messages: Sequence[Message]) -> None:
        """Apply past messages, without effects and announcements."""

    def check(self, messages: Sequence[Message]) -> None:
        """Raise the error that applying these messages would raise."""

    def reset(self) -> None:
        """Return to the initial state."""


class Journal(Protocol):
    """Everything that an engine keeps on a disk, or reads from one."""

    @property
    def log(self) -> Log:
        """The log that this process writes."""

    @property
    def confidential(self) -> Confidentiality:
        """The part of an operator's answers that may be written to the log."""

    @property
    def follows(self) -> bool:
        """True if another process receives webhooks, and its journal is followed."""

    def take_over(
        self, bus: Bus, began: Moment, apply: Callable[[Sequence[Fact]], None], ends: asyncio.Event
    ) -> Coroutine[Any, Any, int | None]:
        """Restore the state that earlier processes left, up to the moment ``began``.

        ``apply`` applies past facts. Setting ``ends`` ends the reading. Returns the last place read
        in the followed journal; None if there is none, or if it could not be read to its end.
        """

    def follow(
        self, after: int | None, began: Moment, post: Callable[[Fact], None]
    ) -> Coroutine[Any, Any, None]:
        """Post each event that the receiver's process writes to its journal, and never end.

        Start after row ``after``. If ``after`` is None, start at the moment ``began``.
        """
