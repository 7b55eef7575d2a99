"""Running a Textual app so that the terminal is restored however the app ends.

It uses private parts of Textual 8.2.8, which is pinned: the writing of a frame and the report of a
crash have no public interface. tests/ui/test_safe_app.py lists the parts that are used.
"""

from __future__ import annotations

import os
import select
import sys
import termios
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.screen import Screen

from console.runtime import crash_report
from console.ui.textual_patches.compositor import tightened
from console.ui.textual_patches.input_order import deliver
from console.ui.textual_patches.terminal_driver import SafeDriver
from console.ui.themes import theme_for

PATIENCE: Final = 0.2
"""Seconds that the terminal gets to become writable for the last output."""
RESTORE: Final = (
    "\x1b[?2026l"  # no synchronized output
    "\x1b[?1002l\x1b[?1000l\x1b[?1006l"  # no mouse reports
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # no reports of pastes, sizes and focus
    "\x1b[<u\x1b[?7h\x1b[0m"  # default keys, line wrap and colours
    "\x1b[?1049l\x1b[?25h"  # the main screen and its cursor
)


class SafeApp(App[int]):
    """A Textual app with our theme, ``SafeDriver``, ordered keys and a crash report without values.

    Textual's own report prints the variables of every frame, which hold customers' data.
    """

    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__(driver_class=SafeDriver)
        theme = theme_for(self)
        self.register_theme(theme)
        self.theme = theme.name

    @property
    def crash(self) -> BaseException | None:
        """The error that ended the app; None if there was none."""
        return self._exception

    async def on_event(self, event: events.Event) -> None:
        """Deliver keys and pastes in the order in which they were typed."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await deliver(self, event)
        else:
            await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Leave frames out while the terminal does not read them; then repaint everything."""
        driver = self._driver
        if renderable is not None and isinstance(driver, SafeDriver) and driver.behind:
            driver.repaint_when_drained()
            self.post_display_hook()
        else:
            super()._display(screen, tightened(renderable))

    def _handle_exception(self, error: Exception) -> None:
        """Exit without Textual's report, which prints the variables of every frame."""
        self._return_code = crash_report.BROKEN
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Print nothing: ``run`` reports the error in one line."""
        self._exit_renderables.clear()


_borrowed: list[tuple[SafeApp, int, list[Any] | None]] = []
"""The running app, its terminal's descriptor and the settings to restore."""


def run(app: SafeApp, crash_file: Path) -> int:
    """Run the app, restore the terminal, return the exit code. Report a crash in ``crash_file``."""
    descriptor = sys.__stderr__.fileno() if sys.__stderr__ is not None else 2
    settings = None
    with suppress(termios.error):
        settings = termios.tcgetattr(descriptor)
    _borrowed[:] = [(app, descriptor, settings)]
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
        text = f"telnyx-console: ended by an error of its own ({type(error).__name__}){where}\n"
        if sys.__stderr__ is not None:
            _write(descriptor, text)
        return crash_report.BROKEN
    return app.return_code or app.return_value or 0


def restore() -> None:
    """Restore the terminal. Any thread may call it, more than once; it waits under a second."""
    try:
        app, descriptor, settings = _borrowed.pop()
    except IndexError:
        return
    driver = app._driver  # noqa: SLF001 - the driver has no public name
    if isinstance(driver, SafeDriver) and driver.left_in_modes:
        _write(descriptor, RESTORE)
    if settings is not None:
        with suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, settings)


def _write(descriptor: int, text: str) -> None:
    """Write a short text. If the terminal has stopped reading, first drop the output before it."""
    with suppress(OSError, ValueError, termios.error):
        if not _takes(descriptor):
            termios.tcflush(descriptor, termios.TCOFLUSH)
            text = f"\x18{text}"  # ends the sequence that the flush may have cut
        if _takes(descriptor):
            os.write(descriptor, text.encode())


def _takes(descriptor: int) -> bool:
    return bool(select.select([], [descriptor], [], PATIENCE)[1])
