"""The Textual application: the styles and the workspace. What happens, happens there."""

from __future__ import annotations

import asyncio

from console.core.messages.intents import Declined
from console.runtime.crash_report import BROKEN
from console.ui.engine_port import EnginePort
from console.ui.screens.workspace import Workspace
from console.ui.stylesheets import paths
from console.ui.textual_patches.input_order import NotTaken
from console.ui.textual_patches.terminal import SafeApp


class ConsoleApp(SafeApp):
    """The console's face."""

    TITLE = "telnyx-console"
    CSS_PATH = [*paths()]  # noqa: RUF012  # typed by Textual

    def __init__(self, desk: EnginePort) -> None:
        super().__init__()
        self._desk = desk
        self._own_loop: asyncio.AbstractEventLoop | None = None
        self._ended: int | None = None
        self.failure: BaseException | None = None

    def on_mount(self) -> None:
        """Open the workspace."""
        self._own_loop = asyncio.get_running_loop()
        if self._ended is not None:
            self.exit(return_code=self._ended)
            return
        self.push_screen(Workspace(self._desk))

    def on_not_taken(self, message: NotTaken) -> None:
        """Report input that did nothing in the receipt line."""
        self._desk.post(Declined(self._desk.clock(), message.text))

    def stop(self, code: int) -> None:
        """End with this exit code. Safe from a signal handler and from any thread."""
        self._ended = code
        if self._own_loop is not None and not self._own_loop.is_closed():
            self._own_loop.call_soon_threadsafe(self._exit_with, code)

    def fail(self, failure: BaseException) -> None:
        """End loudly: the engine failed. Safe from any thread."""
        self.failure = failure
        self.stop(BROKEN)

    async def action_quit(self) -> None:
        """What q does at the top, from anywhere."""
        while len(self.screen_stack) > 2:  # noqa: PLR2004  # Textual's own screen, then ours
            self.pop_screen()
        if isinstance(self.screen, Workspace):
            self.screen.leave()

    def _exit_with(self, code: int) -> None:
        self.exit(return_code=code)
