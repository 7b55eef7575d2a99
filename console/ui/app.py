"""The Textual application: it loads the style sheets, opens the workspace and ends on request."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path, PurePath

from console.core.messages.intents import Declined
from console.runtime.crash_report import BROKEN
from console.ui.engine_port import EnginePort
from console.ui.screens.workspace import Workspace
from console.ui.textual_patches.input_order import NotTaken
from console.ui.textual_patches.safe_app import SafeApp

PACKAGE = Path(__file__).resolve().parents[1]


def stylesheets() -> list[str | PurePath]:
    """Return the style sheets by name: in the package in a wheel, beside it in a checkout."""
    packed = PACKAGE / "styles"
    folder = packed if packed.is_dir() else PACKAGE.parent / "styles"
    return sorted(folder.glob("*.tcss"))


class ConsoleApp(SafeApp):
    """The console's Textual application, with the workspace as its first screen."""

    TITLE = "telnyx-console"
    CSS_PATH = [*stylesheets()]  # noqa: RUF012  # typed by Textual

    def __init__(self, desk: EnginePort) -> None:
        super().__init__()
        self._desk = desk
        self._own_loop: asyncio.AbstractEventLoop | None = None
        self._ended: int | None = None
        self.failure: BaseException | None = None

    def on_mount(self) -> None:
        """Open the workspace, or exit if ``stop`` was called before the app ran."""
        self._own_loop = asyncio.get_running_loop()
        if self._ended is None:
            self.push_screen(Workspace(self._desk))
        else:
            self.exit(return_code=self._ended)

    def on_not_taken(self, message: NotTaken) -> None:
        """Show in the receipt line that some input did nothing."""
        self._desk.post(Declined(self._desk.clock(), message.text))

    def stop(self, code: int) -> None:
        """Exit with this code. A signal handler or any thread may call it."""
        self._ended = code
        if self._own_loop is not None and not self._own_loop.is_closed():
            self._own_loop.call_soon_threadsafe(partial(self.exit, return_code=code))

    def fail(self, failure: BaseException) -> None:
        """Exit with ``BROKEN``, from any thread. Keep the engine's error for the crash report."""
        self.failure = failure
        self.stop(BROKEN)

    async def action_quit(self) -> None:
        """Close every open dialog, then leave the console as ``q`` in the workspace does."""
        while len(self.screen_stack) > 2:  # noqa: PLR2004  # Textual's own screen, then ours
            self.pop_screen()
        if isinstance(self.screen, Workspace):
            self.screen.leave()
