"""The engine's thread: a loop of its own, so that a stalled terminal stalls nothing else.

And what is under way on it when it ends.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any


class BackgroundTasks:
    """What was begun for an effect and has not ended, in the group that hears of its failures."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._open: set[asyncio.Task[None]] = set()
        self._ended = False

    def begin(self, work: Coroutine[None, None, None]) -> None:
        """Begin one more; after the end none is, for nobody would see what comes of it."""
        if self._ended:
            work.close()
            return
        task = self._group.create_task(work)
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def end(self, patience: float) -> None:
        """Wait so many seconds for what is under way, then give it up."""
        self._ended = True
        if self._open:
            await asyncio.wait(self._open, timeout=patience)
        for task in tuple(self._open):
            task.cancel()


def loud(loop: asyncio.AbstractEventLoop, failed: Callable[[BaseException], None]) -> None:
    """Tell ``failed`` what a callback on this loop raises, which would otherwise only be printed.

    What a library has to say is none of it.
    """

    def astray(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        failure = context.get("exception")
        if failure is None or "handle" not in context:
            loop.default_exception_handler(context)
        else:
            failed(failure)

    loop.set_exception_handler(astray)


class EngineThread:
    """Runs ``main`` on a loop of its own thread until it is told to stop.

    ``main`` is given the event that asks it to end. ``failed`` is called from the engine's thread
    with whatever ``main`` or a callback on its loop raised; after either it ends.
    """

    def __init__(
        self,
        main: Callable[[asyncio.Event], Awaitable[None]],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._main = main
        self._failed = failed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._running = threading.Event()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Begin; returns when the loop runs."""
        self._thread.start()
        self._running.wait()

    def stop(self) -> None:
        """Ask it to end. Safe from any thread, from a signal handler, and more than once."""
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and not loop.is_closed():
            with suppress(RuntimeError):  # the loop may be closed in between
                loop.call_soon_threadsafe(stop.set)

    def join(self, seconds: float) -> bool:
        """Wait until it has ended; False if it has not within ``seconds``."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as failure:  # noqa: BLE001  # told to the terminal, which ends loudly
            self._failed(failure)
        finally:
            self._running.set()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = stop = asyncio.Event()

        def failed(failure: BaseException) -> None:
            self._failed(failure)
            stop.set()

        loud(self._loop, failed)
        self._running.set()
        await self._main(stop)
