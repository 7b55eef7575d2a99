"""Which rows stand where: the order of keys, the cursor on one of them, the window over them.

Everything is by key. Plain data and arithmetic: the table paints it.
"""

from __future__ import annotations

from contextlib import suppress


class RowOrder:
    """The keys of a sheet as they are shown, the cursor on one of them, the window over them."""

    def __init__(self, *, follows: bool = False) -> None:
        """With ``follows`` a cursor on the first row stays on the first row, whichever it is."""
        self.keys: tuple[str, ...] = ()
        self.cursor: str | None = None
        self.position = 0
        """Where the cursor's key is in ``keys``."""
        self.top = 0
        """The position of the first row in the window."""
        self.rows = 0
        """How many rows the window has."""
        self.held_back = 0
        """How many keys wait for the order to be released."""
        self._follows = follows
        self._source: tuple[str, ...] = ()
        """What ``keys`` was made of while the order was held."""

    @property
    def window(self) -> tuple[str, ...]:
        """The keys that are on screen."""
        return self.keys[self.top : self.top + self.rows]

    def take(self, keys: tuple[str, ...], *, hold: bool) -> None:
        """Show these keys; while the order is held, only as far as they are shown already."""
        keys = self._held(keys) if hold else self._released(keys)
        if keys is self.keys or keys == self.keys:
            self.keys = keys
            return
        before, self.keys = self.keys, keys
        was_at, line, cursor = self.position, self.position - self.top, self.cursor
        if not keys:
            self.cursor, self.position = None, 0
        elif cursor is None or (self._follows and was_at == 0):
            self._stand(0)
        else:
            self._stand(_find(cursor, was_at, before, keys))
        if self.top and self.cursor == cursor:
            self.top = self.position - line
        self.settle()

    def _held(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        if keys is self._source:
            return self.keys
        self._source = keys
        present = set(keys)
        kept = tuple(key for key in self.keys if key in present)
        if not kept:
            return self._released(keys)
        self.held_back = len(keys) - len(kept)
        return self.keys if kept == self.keys else kept

    def _released(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        self.held_back = 0
        self._source = keys
        return keys

    def _stand(self, position: int) -> None:
        self.position = position
        self.cursor = self.keys[position]

    def settle(self) -> None:
        """Bring the window over the rows that there are, with the cursor in it."""
        self.top = max(0, min(self.top, len(self.keys) - self.rows))
        if self.rows > 0:
            self.top = max(self.position - self.rows + 1, min(self.top, self.position))

    def move_to(self, position: int) -> None:
        """Put the cursor on the row at this position, or on the nearest there is."""
        if self.keys:
            self._stand(max(0, min(position, len(self.keys) - 1)))
            self.settle()

    def resize(self, rows: int) -> None:
        """Give the window room for this number of rows."""
        self.rows = rows
        self.settle()

    def move_to_key(self, key: str) -> bool:
        """Put the cursor on a key; false when it is not shown."""
        if key not in self.keys:
            return False
        self.move_to(self.keys.index(key))
        return True

    def roll(self, lines: int) -> None:
        """Move the window; the cursor is taken along only when it would leave it."""
        if self.rows <= 0 or not self.keys:
            return
        self.top = max(0, min(self.top + lines, len(self.keys) - self.rows))
        self._stand(max(self.top, min(self.position, self.top + self.rows - 1, len(self.keys) - 1)))


def _find(cursor: str, was_at: int, before: tuple[str, ...], after: tuple[str, ...]) -> int:
    """Where the cursor's key is now; if it is gone, where its nearest neighbour is."""
    if was_at < len(after) and after[was_at] == cursor:
        return was_at
    with suppress(ValueError):
        return after.index(cursor)
    places = {key: place for place, key in enumerate(after)}
    for distance in range(1, len(before)):
        for neighbour in (was_at + distance, was_at - distance):
            if 0 <= neighbour < len(before) and before[neighbour] in places:
                return places[before[neighbour]]
    return 0
