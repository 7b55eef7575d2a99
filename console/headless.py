"""The engine without a terminal: `telnyx-console receiver`."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path

from console.commands import COMMANDS
from console.composition import Engine, journal, taken_by_another
from console.core.model.policy import Policy
from console.core.model.state import Sign, State
from console.journal.follower import RECEIVER
from console.journal.locations import home
from console.journal.lock import TakenError
from console.runtime import crash_report
from console.runtime.engine_thread import loud
from console.runtime.logfile import logging_to
from console.runtime.store import Store
from console.settings import Settings
from console.sources.listening_sockets import Listening
from console.ui.textual_patches.terminal import BROKEN

_LOG = logging.getLogger(__name__)

SELDOM = Policy(
    read_only=True,
    budget=0.25,
    queues_every=30.0,
    calls_every=60.0,
    conferences_every=30.0,
    people_every=60.0,
)
"""Nobody looks: it polls to find what no webhook told of, and leaves the rate limit of the key to
the console beside it, which polls for itself."""


def receive(
    settings: Settings,
    listening: Listening,
    folder: Path | None = None,
    *,
    ready: Callable[[], None] | None = None,
) -> int:
    """The engine without a terminal, until a signal ends it; its exit code.

    ``folder`` is where the journal lies, unless it is where journals lie. ``ready`` is called when
    the journal is ours and signals are heeded: from then on it ends in order. What a screen would
    say of how well Telnyx is heard stands in ``receiver.log`` beside the journal, and on standard
    error where that cannot be written.
    """
    folder = folder or home()
    store = Store(State(policy=SELDOM, commands=COMMANDS))
    try:
        log = journal(settings, folder, store, RECEIVER)
    except TakenError as taken:
        return taken_by_another(settings, taken)
    engine = Engine(settings, listening, store, log)
    engine.told = noting(store)
    engine.beside = ()  # what consoles left under way is for the next of them to look for

    async def live() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        failures: list[BaseException] = []

        def failed(failure: BaseException) -> None:
            failures.append(failure)
            stop.set()

        loud(loop, failed)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            loop.add_signal_handler(number, stop.set)
        if ready is not None:
            ready()
        await engine.live(stop)
        if failures:
            raise failures[0]

    try:
        with logging_to(folder / "receiver.log", crash_report.redact, logging.StreamHandler()):
            asyncio.run(live())
    except Exception as error:  # noqa: BLE001  # it ends here, in a file
        trace = folder / "receiver-crash.txt"
        where = f"; see {trace}" if crash_report.write(trace, error) else ""
        ended = f"ended by an error of its own ({type(error).__name__})"
        os.write(2, f"telnyx-console: {ended}{where}\n".encode())
        return BROKEN
    return 0


def noting(store: Store) -> Callable[[], None]:
    """What writes into the log, whenever it is called, all that was noted since; nobody's name."""
    last = 0

    def told() -> None:
        nonlocal last
        fresh = [entry for entry in store.state.log if entry.number > last]
        for entry in fresh:
            last = entry.number
            if (
                entry.sign is Sign.NOTE
                and (entry.conference, entry.queue, entry.leg) == (None,) * 3
            ):
                _LOG.warning("%s: %s", entry.name, entry.text)

    return told
