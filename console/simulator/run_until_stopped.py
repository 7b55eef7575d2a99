"""Serving until a signal or the end of the parent process."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence

from console.simulator.server import running_simulator
from console.simulator.settings import Settings

READ_BYTES = 4096


def until_stopped(settings: Settings, signals: Sequence[int], *, with_parent: bool) -> None:
    """Serve until one of ``signals``, or with ``with_parent`` until standard input ends.

    Standard input ends even when the parent was killed.
    """
    asyncio.run(_serve(settings, signals, with_parent=with_parent))


async def _serve(settings: Settings, signals: Sequence[int], *, with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    async with running_simulator(settings):
        if with_parent:
            _stop_with_parent(loop, stop)
        await stop.wait()


def _stop_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def watch() -> None:
        try:
            while os.read(0, READ_BYTES):
                pass
        except OSError:
            pass
        try:
            loop.call_soon_threadsafe(stop.set)
        except RuntimeError:
            return  # the loop has ended first

    threading.Thread(target=watch, name="parent", daemon=True).start()
