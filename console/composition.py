"""The composition root: chooses clock, message bus and journal, and makes the engine with them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from console.core.messages.facts import JournalMessageReported
from console.core.model.state import State
from console.engine import Engine
from console.journal.confidential import Confidentiality
from console.journal.follower import OtherJournal
from console.journal.host_journal import HostJournal
from console.journal.log import Log, MemoryLog
from console.journal.sealing import Seal
from console.journal.sqlite import SqliteLog, open_log
from console.runtime.interfaces import Bus, Clock
from console.runtime.state_store import Store
from console.settings import Settings
from console.sources import clock as host_clock
from console.sources.listening_sockets import Listening
from console.telnyx.events import event

CLOCK: Clock = host_clock
"""The clock of every engine; the module itself implements the protocol."""
message_bus: Callable[[State], Bus] = Store
"""Makes the bus of one process, which starts with the given state."""


def engine(
    settings: Settings,
    listening: Listening | None,
    bus: Bus,
    log: Log | None = None,
    *,
    beside: Sequence[Path] = (),
    follows: Path | None = None,
) -> Engine:
    """Return an engine on this bus.

    ``listening``: the bound sockets of the receiver; None receives no webhooks. ``log``: the
    journal to write; None keeps it in memory. ``beside``: journals to read once, at the start.
    ``follows``: the journal of a receiver on this host, which is read for ever.
    """
    journal = HostJournal(
        log=log or MemoryLog(),
        confidential=confidentiality(settings),
        clock=CLOCK,
        decode=event,
        beside=beside,
        followed=None if follows is None else OtherJournal(follows),
    )
    return Engine(settings, listening, bus=bus, journal=journal, clock=CLOCK)


def open_journal(settings: Settings, folder: Path, bus: Bus, role: str = "console") -> SqliteLog:
    """Open the profile's journal in a folder, and lock it.

    ``role`` says to other processes which command this is. Raises TakenError if the profile has a
    receiver already and these settings want to receive too.
    """
    return open_log(
        folder,
        settings.profile,
        alone=settings.receiver,
        holder={"pid": os.getpid(), "role": role, "listen": str(settings.listen)},
        wall=lambda: CLOCK.now().wall,
        notify=lambda text: bus.post(JournalMessageReported(CLOCK.now(), text)),
        tidied=confidentiality(settings).tidied,
    )


def confidentiality(settings: Settings) -> Confidentiality:
    """Return the rules for the part of an operator's answers that is written to disk."""
    return Confidentiality(Seal(settings.key_to_send.get_secret_value()), settings.remember_spoken)
