"""Signals that end a program end the console in order, even when nobody reads its terminal."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

from console.ui.app import ConsoleApp
from console.ui.textual_patches import terminal

ENDING: Final = (
    *(signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT),
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF),
    signal.SIGXCPU,
)
"""The signals that a process may be sent and that end it unless it heeds them (signal(7)).

SIGABRT and the signals of a fault are left alone: after them the process is not to be trusted.
"""


def heed(app: ConsoleApp, stop: Callable[[], None], patience: float) -> None:
    """End on these signals: ``stop`` the engine, then the app, and all after ``patience`` s."""

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
    terminal.restore()
    os._exit(code)
