"""Order, cursor and scrolling of a table's rows, without any drawing.

A row is known by its key. The table widget draws the result.
"""

from __future__ import annotations

from contextlib import suppress


class RowOrder:
    """The row keys in the order shown, the cursor on one of them, and the visible window."""

    def __init__(self, *, follows: bool = False) -> None:
        """With ``follows``, a cursor on the first row stays on the first row as rows come."""
        self.keys: tuple[str, ...] = ()
        self.cursor: str | None = None
        self.position = 0
        """The index of the cursor's key in ``keys``."""
        self.top = 0
        """The index of the first visible row."""
        self.rows = 0
        """The number of rows that the window has room for."""
        self.held_back = 0
        """The number of new rows that are not shown while the order is held."""
        self._follows = follows
        self._source: tuple[str, ...] = ()
        """The keys as last taken, before the rows that are held back were left out."""

    @property
    def window(self) -> tuple[str, ...]:
        """The keys of the visible rows."""
        return self.keys[self.top : self.top + self.rows]

    def replace_keys(self, keys: tuple[str, ...], *, hold: bool) -> None:
        """Replace the rows, and keep the cursor on its key.

        With ``hold``, rows that are shown keep their order, and new rows wait.
        """
        keys = self._held(keys) if hold else self._released(keys)
        if keys is self.keys or keys == self.keys:
            self.keys = keys
            return
        before, self.keys = self.keys, keys
        was_at, line, cursor = self.position, self.position - self.top, self.cursor
        if not keys:
            self.cursor, self.position = None, 0
        elif cursor is None or (self._follows and was_at == 0):
            self._put_cursor(0)
        else:
            self._put_cursor(_new_position(cursor, was_at, before, keys))
        if self.top and self.cursor == cursor:
            self.top = self.position - line
        self._settle()

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

    def _put_cursor(self, position: int) -> None:
        self.position = position
        self.cursor = self.keys[position]

    def _settle(self) -> None:
        """Move the window so that it has no empty lines if possible, and shows the cursor."""
        self.top = max(0, min(self.top, len(self.keys) - self.rows))
        if self.rows > 0:
            self.top = max(self.position - self.rows + 1, min(self.top, self.position))

    def move_to(self, position: int) -> None:
        """Put the cursor on the row at this index, or on the nearest one."""
        if self.keys:
            self._put_cursor(max(0, min(position, len(self.keys) - 1)))
            self._settle()

    def resize(self, rows: int) -> None:
        """Give the window room for this number of rows."""
        self.rows = rows
        self._settle()

    def move_to_key(self, key: str) -> bool:
        """Put the cursor on a key. Return False if no such row is shown."""
        if key not in self.keys:
            return False
        self.move_to(self.keys.index(key))
        return True

    def scroll(self, lines: int) -> None:
        """Scroll the window. The cursor moves only if it would leave the window."""
        if self.rows <= 0 or not self.keys:
            return
        self.top = max(0, min(self.top + lines, len(self.keys) - self.rows))
        last = min(self.top + self.rows, len(self.keys)) - 1
        self._put_cursor(max(self.top, min(self.position, last)))


def _new_position(cursor: str, was_at: int, before: tuple[str, ...], after: tuple[str, ...]) -> int:
    """Return the new index of the cursor's key; if it has gone, that of its nearest neighbour."""
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
