"""Reading of the journals of other processes, at the start and while they write."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from console.core.messages import facts
from console.core.messages.facts import Fact, JournalMessageReported
from console.core.model.command import Command
from console.core.model.listed_resources import Moment
from console.journal.confidential import UNSEALED, Confidentiality
from console.journal.lock import held, holder_of
from console.journal.log import JournalError, JournalRow, Log
from console.journal.recorder import Decode, fact_in
from console.journal.replay import PAGE, LogCursor, moment, resume
from console.journal.schema import JournalFile

if TYPE_CHECKING:
    from console.runtime.interfaces import Bus

_LOG = logging.getLogger(__name__)

EVERY = 0.25
"""Seconds between two reads of the followed journal."""
RECEIVER = "receiver"
"""The role of a process without a terminal, which only receives."""


class OtherJournal(JournalFile):
    """Read access to the journal of another process on this host."""

    _seen: int | None = None

    async def was_replaced(self) -> bool:
        """Return True if the file is another one than at the last call; its seq starts at 1."""
        found, before = await asyncio.to_thread(_inode, self.path), self._seen
        self._seen = before if found is None else found
        return before not in {None, self._seen}

    async def position(self, wall: float) -> int:
        """See ``log.ReadableLog``."""
        await self.was_replaced()
        return await super().position(wall)


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


async def take_over(
    log: Log,
    follows: OtherJournal | None,
    beside: Sequence[Path] = (),
    *,
    began: Moment,
    clock: Callable[[], Moment],
    boot: str,
    decode: Decode,
    commands: Mapping[str, Command],
    apply: Callable[[Sequence[Fact]], None],
    store: Bus,
    ends: asyncio.Event,
    confidential: Confidentiality = UNSEALED,
) -> int | None:
    """Restore the state from the own journal, those of other slots, and the followed receiver's.

    Return the last seq of the followed journal, or None if it was not read to its end. Failures
    are posted. Records since ``began`` are left out: they were posted as facts already.
    """
    own = LogCursor(log, lambda record: record.boot == boot and record.at.mono >= began.mono)
    cursors = dict.fromkeys([own, *[await _cursor_beside(path) for path in beside]], "the past")
    followed = LogCursor(follows) if follows is not None else None
    if followed is not None:
        cursors[followed] = "the receiver's past"
    count = await resume(
        *cursors,
        now=clock(),
        boot=boot,
        decode=decode,
        commands=commands,
        apply=apply,
        ends=ends,
        confidential=confidential,
    )
    for cursor, name in cursors.items():
        if cursor.failure is not None:
            store.post(JournalMessageReported(clock(), f"{name} cannot be read: {cursor.failure}"))
    _go_on(store, facts.Resumed(clock(), count, unattended=follows is None))
    return None if followed is None or followed.broken else followed.last


async def _cursor_beside(path: Path) -> LogCursor:
    """Return a cursor over another slot's journal: only its notes if a process writes to it."""
    in_use = await asyncio.to_thread(held, path)
    return LogCursor(OtherJournal(path), lambda _: in_use)


def _go_on(store: Bus, resumed: facts.Resumed) -> None:
    """Post that the past is over, before the facts of this process.

    A webhook of the first second would otherwise end the silence before it. A restored state with
    which no update works is dropped, because it would fail every start.
    """
    try:
        store.check([resumed, facts.Ticked(resumed.at)])
    except Exception:  # noqa: BLE001  # logged, and posted
        _LOG.exception("the restored state is dropped")
        store.reset()
        text = "the restored state cannot be used and is dropped: the log file says why"
        store.post(JournalMessageReported(resumed.at, text))
        resumed = replace(resumed, rows=0)
    store.post_first(resumed)


async def follow(
    journal: OtherJournal,
    after: int | None,
    since: Moment,
    *,
    clock: Callable[[], Moment],
    boot: str,
    decode: Decode,
    post: Callable[[Fact], None],
) -> NoReturn:
    """Post every event of the receiver's journal after this seq, and the receiver's presence.

    If ``after`` is None, start with the events since ``since``.
    """
    follower = _Follower(journal, after, since, clock, post)
    while True:
        await follower.post_presence()
        page = await follower.next_page()
        for row in page:
            fact = fact_in(row.record, moment(row.record, clock(), boot), decode)
            if fact is not None:
                post(fact)
        if len(page) < PAGE:
            await asyncio.sleep(EVERY)


@dataclass(slots=True)
class _Follower:
    """The position in a followed journal, and what was last posted of it."""

    journal: OtherJournal
    after: int | None
    since: Moment
    clock: Callable[[], Moment]
    post: Callable[[Fact], None]
    address: str | None = None
    failure: str = ""

    async def post_presence(self) -> None:
        """Post ReceiverOpened or ReceiverClosed if the receiver has started or ended."""
        holder = await asyncio.to_thread(holder_of, self.journal.path)
        address = str(holder.get("listen")) if holder.get("role") == RECEIVER else ""
        if address != self.address:
            self.address = address
            at = self.clock()
            closed = facts.ReceiverClosed(at, "the receiver has ended")
            self.post(facts.ReceiverOpened(at, address) if address else closed)

    async def next_page(self) -> Sequence[JournalRow]:
        """Return the next rows. After a failure post it once and return none."""
        if await self.journal.was_replaced():
            self.after = 0
            self._note("the receiver's journal was set aside: reading starts at its new beginning")
        try:
            if self.after is None:
                self.after = await self.journal.position(self.since.wall)
            page = await self.journal.read(self.after, PAGE)
        except JournalError as failure:
            if str(failure) != self.failure:
                self._note(f"the receiver's journal: {failure}")
            self.failure = str(failure)
            return ()
        self.failure = ""
        if page:
            self.after = page[-1].seq
        return page

    def _note(self, text: str) -> None:
        self.post(JournalMessageReported(self.clock(), text))
