"""Reading on from the journal of a receiver that runs on this host without a terminal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from console.core.messages.facts import (
    Fact,
    JournalNoted,
    ReceiverClosed,
    ReceiverOpened,
    Resumed,
    Ticked,
)
from console.core.model.command import Command
from console.core.model.resources import Moment
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.locations import held, holder_of
from console.journal.log import JournalError, JournalRow, Log, Record
from console.journal.recorder import Decode, told
from console.journal.replay import PAGE, LogCursor, moment, resume
from console.journal.schema import notes, position, rows

if TYPE_CHECKING:
    from console.runtime.store import Store

_LOG = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two looks into the journal."""
RECEIVER = "receiver"
"""The role of a process that only receives."""


class Elsewhere:
    """The journal of another process, to be read alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    async def anew(self) -> bool:
        """Whether it is another file than when this was asked last, which counts from 1 again."""
        found, before = await asyncio.to_thread(_which, self.path), self._file
        self._file = before if found is None else found
        return before not in {None, self._file}

    async def read(self, after: int, limit: int) -> Sequence[JournalRow]:
        """As ``journal.Log.read``."""
        return await asyncio.to_thread(lambda: list(rows(self.path, after, limit)))

    async def notes(self) -> Sequence[Record]:
        """As ``journal.Log.notes``."""
        return await asyncio.to_thread(notes, self.path)

    async def position(self, wall: float) -> int:
        """As ``journal.Log.position``."""
        await self.anew()
        return await asyncio.to_thread(position, self.path, wall)


def _which(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


async def take_over(
    log: Log,
    follows: Elsewhere | None,
    beside: Sequence[Path] = (),
    *,
    began: Moment,
    clock: Callable[[], Moment],
    boot: str,
    decode: Decode,
    commands: Mapping[str, Command],
    fold: Callable[[Sequence[Fact]], None],
    store: Store,
    ends: asyncio.Event,
    confidential: Confidentiality = UNSEALED,
) -> int | None:
    """Know what the processes before this one knew; the last place of the journal followed.

    None where that could not be read. ``beside``: the journals of other seats. Of a process that
    still writes to one, only the notes are ours to know. ``fold`` and ``ends`` as in ``resume``.
    What cannot be read is said. What came in since this process ``began`` is none of the past: it
    was posted, and ahead of it ``store`` is told that the past is over. Otherwise a webhook of the
    first second would end the silence before it.
    """

    def ours(record: Record) -> bool:
        return record.boot == boot and record.at.mono >= began.mono

    def all_of_it(_: Record) -> bool:
        return True

    reels = [LogCursor(log, ours)]
    for path in beside:
        taken = await asyncio.to_thread(held, path)
        reels.append(LogCursor(Elsewhere(path), all_of_it) if taken else LogCursor(Elsewhere(path)))
    followed = LogCursor(follows) if follows is not None else None
    count = await resume(
        *(reels if followed is None else [*reels, followed]),
        now=clock(),
        boot=boot,
        decode=decode,
        commands=commands,
        fold=fold,
        ends=ends,
        confidential=confidential,
    )
    for reel in reels:
        if reel.failure is not None:
            store.post(JournalNoted(clock(), f"the past cannot be read: {reel.failure}"))
    if followed is not None and followed.failure is not None:
        lost = f"the receiver's past cannot be read: {followed.failure}"
        store.post(JournalNoted(clock(), lost))
    _go_on(store, Resumed(clock(), count, alone=follows is None))
    return None if followed is None or followed.broken else followed.last


def _go_on(store: Store, resumed: Resumed) -> None:
    """The past is over. One that nothing can follow is forgotten: it would end every start."""
    try:
        store.rehearse([resumed, Ticked(resumed.at)])
    except Exception:  # noqa: BLE001  # logged with its trace, and said
        _LOG.exception("the past is forgotten")
        store.forget()
        lost = "nothing can go on from its past, which is forgotten: the log file says why"
        store.post(JournalNoted(resumed.at, lost))
        resumed = replace(resumed, rows=0)
    store.lead(resumed)


async def follow(
    journal: Elsewhere,
    after: int | None,
    since: Moment,
    *,
    clock: Callable[[], Moment],
    boot: str,
    decode: Decode,
    post: Callable[[Fact], None],
) -> NoReturn:
    """Post every event that the receiver keeps after this place, and whether it is there.

    Where the place is not known, every event that came in ``since``: what is older is no news.
    """
    listens, fails = None, ""
    while True:
        holder = await asyncio.to_thread(holder_of, journal.path)
        where = str(holder.get("listen")) if holder.get("role") == RECEIVER else ""
        if where != listens:
            listens = where
            closed = ReceiverClosed(clock(), "the receiver has ended")
            post(ReceiverOpened(clock(), where) if where else closed)
        if await journal.anew():
            after = 0
            aside = "the receiver's journal was set aside: it is read from its new beginning"
            post(JournalNoted(clock(), aside))
        try:
            if after is None:
                after = await journal.position(since.wall)
            page = await journal.read(after, PAGE)
            fails = ""
        except JournalError as failure:
            page = []
            if str(failure) != fails:
                post(JournalNoted(clock(), f"the receiver's journal: {failure}"))
            fails = str(failure)
        for row in page:
            after = row.seq
            fact = told(row.record, moment(row.record, clock(), boot), decode)
            if fact is not None:
                post(fact)
        if len(page) < PAGE:
            await asyncio.sleep(EVERY)
