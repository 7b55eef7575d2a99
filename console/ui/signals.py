"""SIGTERM, SIGHUP and SIGINT end the console, even when nobody reads its terminal."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

from console.ui import terminal
from console.ui.app import ConsoleApp


def heed(app: ConsoleApp, stop: Callable[[], None], patience: float) -> None:
    """End on these signals: ``stop`` the engine, then the app, and all after ``patience`` s."""

    def end(number: int, _: FrameType | None) -> None:
        code = 128 + number
        stop()
        app.stop(code)
        last = threading.Timer(patience, _end_now, (code,))
        last.daemon = True
        last.start()

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)


def _end_now(code: int) -> None:
    terminal.restore()
    os._exit(code)
