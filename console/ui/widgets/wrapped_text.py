"""A text widget that wraps lines between words, but never inside a phone number."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.text import Text
from textual.widgets import Static

WORD = re.compile(r"\s*(?:\+\d+(?: \d+)+\S*|\S+)")
"""A word with the blanks before it. The groups of a phone number count as one word."""


class WrappedText(Static):
    """Shows a text, wrapped to the width of the widget."""

    def __init__(
        self,
        text: Text | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
    ) -> None:
        super().__init__(text or Text(), id=id)
        self._text = text or Text()
        self._breaks: tuple[int, ...] = ()

    def show(self, text: Text) -> None:
        """Replace the text."""
        self._text = text
        self._breaks = breaks(text.plain, self.size.width)
        self._fill()

    def on_resize(self) -> None:
        """Wrap the text to the new width."""
        found = breaks(self._text.plain, self.size.width)
        if found != self._breaks:
            self._breaks = found
            self._fill()

    def _fill(self) -> None:
        lines = self._text.divide(self._breaks)
        for line in list(lines)[:-1]:
            line.rstrip()
        self.update(Text("\n").join(lines))


def breaks(text: str, width: int) -> tuple[int, ...]:
    """Return the index at which each line after the first begins.

    Lines have at most ``width`` cells, except for a single word that is longer.
    """
    found: list[int] = []
    begun = 0
    for word in WORD.finditer(text):
        spaces = len(word[0]) - len(word[0].lstrip())
        start = word.start() + spaces
        if 0 < width < cell_len(text[begun : word.end()]) and start > begun:
            found.append(start)
            begun = start
    return tuple(found)
