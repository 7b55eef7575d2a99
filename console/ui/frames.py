"""When the screen is drawn: a change at once, what follows at most sixty times a second."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from console.core.model.resources import Moment

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
        self._due: Timer | None = None

    def wake(self) -> None:
        """There is something new to show."""
        if not self._woken:
            self._woken = True  # before it is posted: the screen may draw before we are back
            if not self._screen.post_message(Newer()):
                self._woken = False

    def soon(self) -> None:
        """Draw now, or when the next frame is due."""
        left = self._drawn + FRAME - self._clock().mono
        if left <= 0:
            self.now()
        elif self._due is None:
            self._due = self._screen.set_timer(left, self.now)

    def now(self) -> None:
        """Draw."""
        if self._due is not None:
            self._due.stop()
            self._due = None
        self._woken = False
        self._drawn = self._clock().mono
        self._draw()
