"""Signal handlers that end the console in order, even if nobody reads its terminal."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

from console.ui.app import ConsoleApp
from console.ui.textual_patches import safe_app

ENDING: Final = (
    *(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT),
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF),
    signal.SIGXCPU,
)
"""Signals from outside that end a process without a handler (signal(7)).

SIGABRT and the signals of a fault have no handler: after them the process cannot be trusted.
"""


def install(app: ConsoleApp, stop: Callable[[], None], patience: float) -> None:
    """Handle the signals in ``ENDING``: call ``stop`` for the engine, then stop the app.

    If the process still runs after ``patience`` seconds, it restores the terminal and exits.
    """

    def end(number: int, _: FrameType | None) -> None:
        code = 128 + number
        stop()
        app.stop(code)
        last = threading.Timer(patience, _end_now, (code,))
        last.daemon = True
        last.start()

    for number in ENDING:
        signal.signal(number, end)


def _end_now(code: int) -> None:
    safe_app.restore()
    os._exit(code)
