"""The journal of an engine, made of the SQLite files of its profile on this host."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from console.commands import COMMANDS
from console.core.messages.facts import Fact
from console.core.model.listed_resources import Moment
from console.journal.confidential import Confidentiality
from console.journal.follower import OtherJournal, follow, take_over
from console.journal.log import Log
from console.journal.recorder import Decode

if TYPE_CHECKING:
    from console.runtime.interfaces import Bus, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class HostJournal:
    """Writes one log, and reads the journals of other processes. See ``interfaces.Journal``."""

    log: Log
    confidential: Confidentiality
    clock: Clock
    decode: Decode
    beside: Sequence[Path] = ()
    """Journals of other slots of the profile, which are read once, at the start."""
    followed: OtherJournal | None = None
    """Journal of a receiver on this host, which is read for ever."""

    @property
    def follows(self) -> bool:
        """See ``interfaces.Journal``."""
        return self.followed is not None

    async def take_over(
        self, bus: Bus, began: Moment, apply: Callable[[Sequence[Fact]], None], ends: asyncio.Event
    ) -> int | None:
        """See ``interfaces.Journal``."""
        return await take_over(
            self.log,
            self.followed,
            self.beside,
            began=began,
            clock=self.clock.now,
            boot=self.clock.boot(),
            decode=self.decode,
            commands=COMMANDS,
            apply=apply,
            store=bus,
            ends=ends,
            confidential=self.confidential,
        )

    async def follow(
        self, after: int | None, began: Moment, post: Callable[[Fact], None]
    ) -> NoReturn:
        """See ``interfaces.Journal``. Call it only if ``follows`` is True."""
        if self.followed is None:
            raise ValueError("there is no journal to follow")
        await follow(
            self.followed,
            after,
            began,
            clock=self.clock.now,
            boot=self.clock.boot(),
            decode=self.decode,
            post=post,
        )
