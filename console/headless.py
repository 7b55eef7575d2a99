"""The command `telnyx-console receiver`: the engine without a terminal."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from pathlib import Path

from console import composition
from console.commands import COMMANDS
from console.core.model.policy import Policy
from console.core.model.state import Entry, Sign, State
from console.engine import Engine
from console.journal.follower import RECEIVER
from console.journal.locations import home
from console.runtime import crash_report
from console.runtime.engine_thread import report_callback_errors
from console.runtime.interfaces import Bus
from console.runtime.logfile import logging_to
from console.settings import Settings
from console.sources.listening_sockets import Listening

_LOG = logging.getLogger(__name__)

SELDOM = Policy(
    read_only=True,
    budget=0.25,
    queues_every=30.0,
    calls_every=60.0,
    conferences_every=30.0,
    people_every=60.0,
)
"""Policy of a receiver. It polls seldom, only to find what no webhook reported. The rate limit of
the API key is left to the consoles, which poll for themselves."""


def receive(
    settings: Settings,
    listening: Listening,
    folder: Path | None = None,
    *,
    ready: Callable[[], None] = lambda: None,
) -> int:
    """Run the engine without a terminal until a signal ends it. Return the exit code.

    ``folder`` holds the journal; None stands for this user's folder of journals. ``ready`` is
    called when the journal is locked and signals are handled. Warnings that a screen would show
    go to ``receiver.log`` in that folder, and to standard error if it cannot be written. Raises
    TakenError if the profile has a receiver already.

    Journals of consoles are not read at the start: their commands are for the next console.
    """
    folder = folder or home()
    bus = composition.message_bus(State(policy=SELDOM, commands=COMMANDS))
    log = composition.open_journal(settings, folder, bus, RECEIVER)
    engine = composition.engine(settings, listening, bus, log)
    bus.subscribe(note_logger(bus))
    try:
        with logging_to(folder / "receiver.log", crash_report.redact, logging.StreamHandler()):
            asyncio.run(_until_signal(engine, ready))
    except Exception as error:  # noqa: BLE001  # reported in a file and by the exit code
        trace = folder / "receiver-crash.txt"
        where = f"; see {trace}" if crash_report.write(trace, error) else ""
        ended = f"ended by an error of its own ({type(error).__name__})"
        os.write(2, f"telnyx-console: {ended}{where}\n".encode())
        return crash_report.BROKEN
    return 0


async def _until_signal(engine: Engine, ready: Callable[[], None]) -> None:
    """Run the engine until a signal ends it, or a callback on the loop fails. Raises its error."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    failures: list[BaseException] = []

    def failed(failure: BaseException) -> None:
        failures.append(failure)
        stop.set()

    report_callback_errors(loop, failed)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        loop.add_signal_handler(number, stop.set)
    ready()
    await engine.live(stop)
    if failures:
        raise failures[0]


def note_logger(bus: Bus) -> Callable[[], None]:
    """Return a function that logs the notes added to the state's log since its last call.

    Notes about a conference, a queue or a call leg are left out: they may hold a person's name.
    """
    last = 0

    def log_new_notes() -> None:
        nonlocal last
        for entry in [entry for entry in bus.state.log if entry.number > last]:
            last = entry.number
            if _names_nobody(entry):
                _LOG.warning("%s: %s", entry.name, entry.text)

    return log_new_notes


def _names_nobody(entry: Entry) -> bool:
    about = (entry.conference, entry.queue, entry.leg)
    return entry.sign is Sign.NOTE and about == (None, None, None)
