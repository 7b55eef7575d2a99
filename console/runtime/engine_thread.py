"""The engine's thread with its own event loop, so that a stalled terminal stalls nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any


class BackgroundTasks:
    """Background tasks started for effects. A failure propagates to the task group."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._open: set[asyncio.Task[None]] = set()
        self._ended = False

    def begin(self, work: Coroutine[None, None, None]) -> None:
        """Start a task. After ``end``, drop it, since nobody would see its result."""
        if self._ended:
            work.close()
            return
        task = self._group.create_task(work)
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def end(self, patience: float) -> None:
        """Wait up to ``patience`` seconds for the running tasks, then cancel them."""
        self._ended = True
        if self._open:
            await asyncio.wait(self._open, timeout=patience)
        for task in tuple(self._open):
            task.cancel()


def report_callback_errors(
    loop: asyncio.AbstractEventLoop, failed: Callable[[BaseException], None]
) -> None:
    """Pass exceptions of callbacks on this loop to ``failed``; asyncio would only print them.

    Errors that a library reports without a callback (no "handle") keep asyncio's handling.
    """

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        failure = context.get("exception")
        if failure is None or "handle" not in context:
            loop.default_exception_handler(context)
        else:
            failed(failure)

    loop.set_exception_handler(handle)


class EngineThread:
    """Runs ``main`` on an event loop in a thread of its own until ``stop`` is called.

    ``main`` gets the event that asks it to end. ``failed`` is called on the engine's thread with
    an exception of ``main`` or of a callback on the loop; both end the engine.
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
        """Start the thread. Return when its loop runs."""
        self._thread.start()
        self._running.wait()

    def stop(self) -> None:
        """Ask ``main`` to end. Safe from any thread or signal handler, and when repeated."""
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and not loop.is_closed():
            with suppress(RuntimeError):  # the loop may be closed in between
                loop.call_soon_threadsafe(stop.set)

    def join(self, seconds: float) -> bool:
        """Wait up to ``seconds`` for the thread to end. Return True if it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as failure:  # noqa: BLE001  # the terminal shows it and ends
            self._failed(failure)
        finally:
            self._running.set()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = stop = asyncio.Event()

        def failed(failure: BaseException) -> None:
            self._failed(failure)
            stop.set()

        report_callback_errors(self._loop, failed)
        self._running.set()
        await self._main(stop)
