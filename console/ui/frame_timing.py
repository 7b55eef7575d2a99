"""Frame timing: a change is drawn at once, and further ones at most sixty times a second."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from console.core.model.listed_resources import Moment

FRAME = 1 / 60
"""Seconds between two drawings while changes keep coming."""


class Newer(Message):
    """The engine has a newer state than the one on the screen."""


class Frames:
    """Combines any number of changes into frames. Any thread may call ``wake``."""

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
        """Ask the screen for a frame. Calls before that frame add nothing."""
        if not self._woken:
            self._woken = True  # before the post: the screen may draw before it returns
            if not self._screen.post_message(Newer()):
                self._woken = False

    def soon(self) -> None:
        """Draw now, or as soon as ``FRAME`` has passed since the last drawing."""
        left = self._drawn + FRAME - self._clock().mono
        if left <= 0:
            self.now()
        elif self._due is None:
            self._due = self._screen.set_timer(left, self.now)

    def now(self) -> None:
        """Draw now, and drop a frame that is already scheduled."""
        if self._due is not None:
            self._due.stop()
            self._due = None
        self._woken = False
        self._drawn = self._clock().mono
        self._draw()
