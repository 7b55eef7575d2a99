"""When the screen is drawn: a change at once, what follows at most sixty times a second."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.screen import Screen

from console.core.things import Moment

FRAME = 1 / 60
"""Seconds between two drawings while changes keep coming."""


class Newer(Message):
    """There is a newer state than the one that was drawn."""


class Frames:
    """Turns any number of changes into frames. ``wake`` may be called from any thread."""

    def __init__(
        self, screen: Screen[None], clock: Callable[[], Moment], draw: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._clock = clock
        self._draw = draw
        self._woken = False
        self._drawn = float("-inf")

    def wake(self) -> None:
        """There is something new to show."""
        if not self._woken:
            self._woken = self._screen.post_message(Newer())

    def soon(self) -> None:
        """Draw now, or when the next frame is due."""
        left = self._drawn + FRAME - self._clock().mono
        if left <= 0:
            self.now()
        else:
            self._screen.set_timer(left, self.now)

    def now(self) -> None:
        """Draw."""
        self._woken = False
        self._drawn = self._clock().mono
        self._draw()
