"""The app and the terminal it borrows: given back in order however the app ends.

It reaches into Textual 8.2.8, which is pinned: how a frame is written and how a crash is shown
have no public door. tests/ui/test_terminal.py names all that is used.
"""

from __future__ import annotations

import os
import select
import sys
import termios
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.app import App

from console.runtime import crash_report
from console.ui.textual_patches.compositor import tight
from console.ui.textual_patches.driver import SafeDriver
from console.ui.textual_patches.input_order import typed
from console.ui.themes import theme_for

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType
    from textual.screen import Screen

PATIENCE: Final = 0.2
"""Seconds a terminal gets to take our last words."""
RESTORE: Final = (
    "\x1b[?2026l"  # frames are shown as they come
    "\x1b[?1002l\x1b[?1000l\x1b[?1006l"  # the mouse is the terminal's again
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # so are pasting, sizes and focus
    "\x1b[<u\x1b[?7h\x1b[0m"  # keys, line wrap and colours as usual
    "\x1b[?1049l\x1b[?25h"  # the screen from before, and its cursor
)


class SafeApp(App[int]):
    """Our theme, a driver that cannot be frozen, and a crash that shows no value of a variable."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__(driver_class=SafeDriver)
        theme = theme_for(self)
        self.register_theme(theme)
        self.theme = theme.name

    @property
    def crash(self) -> BaseException | None:
        """The error that ended the app."""
        return self._exception

    async def on_event(self, event: events.Event) -> None:
        """Take what is typed in the order in which it is typed."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await typed(self, event)
        else:
            await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Leave frames out while the terminal does not take them; then paint everything."""
        driver = self._driver
        if renderable is not None and isinstance(driver, SafeDriver) and driver.behind:
            driver.repaint_when_drained()
            self.post_display_hook()
        else:
            super()._display(screen, tight(renderable))

    def _handle_exception(self, error: Exception) -> None:
        """End without Textual's report, which prints the locals of every frame."""
        self._return_code = crash_report.BROKEN
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print nothing: ``run`` says in one line that there was an error."""
        self._exit_renderables.clear()


@dataclass(frozen=True, slots=True)
class _Borrowed:
    """What is needed to give the terminal back."""

    app: SafeApp
    descriptor: int
    settings: list[Any] | None


_borrowed: list[_Borrowed] = []


def run(app: SafeApp, crash_file: Path) -> int:
    """Run the app; the exit code. The terminal is as it was before, whatever happened."""
    _borrow(app)
    error: BaseException | None = None
    try:
        app.run()
    except Exception as raised:  # noqa: BLE001 - it ends here, in a file
        error = raised
    finally:
        restore()
    error = app.crash or error
    if error is not None:
        where = f"; see {crash_file}" if crash_report.write(crash_file, error) else ""
        _say(f"telnyx-console: ended by an error of its own ({type(error).__name__}){where}\n")
        return crash_report.BROKEN
    if app.return_code:
        return app.return_code
    return app.return_value or 0


def restore() -> None:
    """Give the terminal back. Any thread may call it, any number of times; it never waits long."""
    with suppress(IndexError):
        _give_back(_borrowed.pop())


def _borrow(app: SafeApp) -> None:
    descriptor = sys.__stderr__.fileno() if sys.__stderr__ is not None else 2
    settings = None
    with suppress(termios.error):
        settings = termios.tcgetattr(descriptor)
    _borrowed[:] = [_Borrowed(app, descriptor, settings)]


def _give_back(borrowed: _Borrowed) -> None:
    driver = borrowed.app._driver  # noqa: SLF001 - Textual does not say whether it left in order
    if isinstance(driver, SafeDriver) and not driver.left_cleanly and driver.entered:
        _write(borrowed.descriptor, RESTORE)
    if borrowed.settings is not None:
        with suppress(termios.error):
            termios.tcsetattr(borrowed.descriptor, termios.TCSANOW, borrowed.settings)


def _say(line: str) -> None:
    if sys.__stderr__ is not None:
        _write(sys.__stderr__.fileno(), line)


def _write(descriptor: int, text: str) -> None:
    """Write a little to a terminal that may have stopped reading."""
    with suppress(OSError, ValueError, termios.error):
        if not _takes(descriptor):
            termios.tcflush(descriptor, termios.TCOFLUSH)
            text = f"\x18{text}"  # ends the sequence that the flush may have cut
        if _takes(descriptor):
            os.write(descriptor, text.encode())


def _takes(descriptor: int) -> bool:
    return bool(select.select([], [descriptor], [], PATIENCE)[1])
