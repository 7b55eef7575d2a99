"""The store: holds the latest state, and applies the messages of an inbox to it."""

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
"""Most messages applied at once. The rest wait, so that the loop can send answers in between."""


class Store:
    """Applies messages to the state on one loop.

    ``post`` and ``state`` are safe from every thread. ``perform`` gets each effect, and
    ``changed`` is called after each change, both on the thread of the loop.
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
        """Start to apply messages on this loop, first those that were posted before."""
        self._loop = loop
        loop.call_soon_threadsafe(self._drain)

    def post(self, message: Message) -> None:
        """Add a message to the inbox, from any thread."""
        self._inbox.append(message)
        loop = self._loop
        if loop is not None and not self._scheduled and not loop.is_closed():
            self._scheduled = True
            with suppress(RuntimeError):  # the loop may be closed in between
                loop.call_soon_threadsafe(self._drain)

    def lead(self, message: Message) -> None:
        """Add a message before all others in the inbox. Call this before ``open``."""
        self._inbox.appendleft(message)

    def restore(self, messages: Sequence[Message]) -> None:
        """Apply past messages, without effects and announcements. Call this before ``open``."""
        self._state, _ = update(self._state, messages)

    def rehearse(self, messages: Sequence[Message]) -> None:
        """Raise the error that applying these messages would raise. The state does not change."""
        update(self._state, messages)

    def forget(self) -> None:
        """Return to the initial state. Call this before ``open``."""
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
    """Drop an effect: nobody performs it yet."""


def _nothing() -> None:
    """Ignore a change: nobody listens yet."""
