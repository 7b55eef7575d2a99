"""The one mutable cell: the latest state, an inbox in front of it and whoever wants to know."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice

from console.core.messages.effects import Effect
from console.core.model.state import State
from console.core.update import Message, update

BATCH = 256
"""Messages folded at once; the rest wait for the loop's next turn, so that answers go out."""


class Store:
    """Folds messages into states on the loop it was made for; read and written from any thread.

    ``post`` and ``state`` are safe from every thread. Effects are handed to ``perform`` and
    changes announced to ``changed`` on the loop's own thread.
    """

    def __init__(self, state: State) -> None:
        self._state = self._first = state
        self._inbox: deque[Message] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._scheduled = False
        self.perform: Callable[[Effect], None] = _nobody
        self.changed: Callable[[], None] = _nothing

    @property
    def state(self) -> State:
        """The latest published state."""
        return self._state

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to fold, on this loop. What was posted before is folded first."""
        self._loop = loop
        loop.call_soon_threadsafe(self._drain)

    def post(self, message: Message) -> None:
        """Leave a message, from any thread."""
        self._inbox.append(message)
        loop = self._loop
        if loop is not None and not self._scheduled and not loop.is_closed():
            self._scheduled = True
            with suppress(RuntimeError):  # the loop may be closed in between
                loop.call_soon_threadsafe(self._drain)

    def lead(self, message: Message) -> None:
        """Leave a message ahead of all that was posted, before ``open``."""
        self._inbox.appendleft(message)

    def restore(self, messages: Sequence[Message]) -> None:
        """Fold what is past, before ``open``: nothing of it is performed or announced."""
        self._state, _ = update(self._state, messages)

    def rehearse(self, messages: Sequence[Message]) -> None:
        """Raise what folding these would raise; nothing changes."""
        update(self._state, messages)

    def forget(self) -> None:
        """Believe what was believed first, before ``open``."""
        self._state = self._first

    def _drain(self) -> None:
        self._scheduled = False
        batch = [self._inbox.popleft() for _ in islice(range(BATCH), len(self._inbox))]
        if not batch:
            return
        if self._inbox:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._drain)
        before = self._state
        self._state, effects = update(before, batch)
        for effect in effects:
            self.perform(effect)
        if self._state is not before:
            self.changed()


def _nobody(_: Effect) -> None:
    """Until wiring says who performs."""


def _nothing() -> None:
    """Until wiring says who wants to know."""
