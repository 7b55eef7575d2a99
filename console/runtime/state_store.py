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
    """Applies messages to the state on one loop: the bus of a single process.

    ``post``, ``state`` and ``subscribe`` are safe from every thread. Effects and changes are
    handed on by the thread of the loop.
    """

    def __init__(self, state: State) -> None:
        self._state = self._first = state
        self._inbox: deque[Message] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._perform: Callable[[Effect], None] = _not_open
        self._listeners: list[Callable[[], None]] = []
        self._scheduled = False

    @property
    def state(self) -> State:
        """The latest published state."""
        return self._state

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call ``changed`` after each change of the state. Return the function that ends this."""
        self._listeners.append(changed)
        return lambda: self._listeners.remove(changed)

    def open(self, loop: asyncio.AbstractEventLoop, perform: Callable[[Effect], None]) -> None:
        """Start to apply messages on this loop, first those that were posted before.

        ``perform`` gets each effect, after the state that caused it is published.
        """
        self._perform = perform
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

    def post_first(self, message: Message) -> None:
        """Add a message before all others in the inbox. Call this before ``open``."""
        self._inbox.appendleft(message)

    def restore(self, messages: Sequence[Message]) -> None:
        """Apply past messages, without effects and announcements. Call this before ``open``."""
        self._state, _ = update(self._state, messages)

    def check(self, messages: Sequence[Message]) -> None:
        """Raise the error that applying these messages would raise. The state does not change."""
        update(self._state, messages)

    def reset(self) -> None:
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
            self._perform(effect)
        if self._state is not before:
            for changed in tuple(self._listeners):
                changed()


def _not_open(effect: Effect) -> None:
    raise RuntimeError(f"nobody performs {type(effect).__name__}: the store is not open")
