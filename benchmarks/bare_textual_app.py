"""A minimal Textual app that changes lines of text at an even pace, as a baseline.

Its arguments are the number of lines and the number of changes a second.
"""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """Shows ``lines`` lines and changes all of them ``pace`` times a second."""

    def __init__(self, lines: int, pace: float) -> None:
        super().__init__()
        self._texts = [Static("bare 0", markup=False) for _ in range(lines)]
        self._pace = pace
        self._count = 0

    def compose(self) -> ComposeResult:
        """Yield the lines."""
        yield from self._texts

    def on_mount(self) -> None:
        """Start to change the lines."""
        if self._pace > 0:
            self.set_interval(1 / self._pace, self._change)

    def _change(self) -> None:
        self._count += 1
        for text in self._texts:
            text.update(f"bare {self._count}")


if __name__ == "__main__":
    Bare(int(sys.argv[1]), float(sys.argv[2])).run()
