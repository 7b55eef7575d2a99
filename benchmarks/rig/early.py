"""The control: a receiver and an engine with one thing wrong each way.

The journal says that a row is kept before it is committed; the engine sends a command before it
writes it down, and no reading of the API overrules what it was told. All else is the real thing. A
rig that finds nothing wrong with these finds nothing.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks.rig import engine
from console import cli, composition
from console.core.model.command import Order
from console.core.sync import merge_rules
from console.journal import sqlite
from console.journal.audit import Auditor
from console.journal.log import Kept, Record

LATER_SECS = 0.3


class EarlyLog(sqlite.SqliteLog):
    """Says that it is kept, and keeps it as soon as may be."""

    async def append(self, record: Record) -> Kept:
        """See SqliteLog."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Kept] = loop.create_future()
        done.add_done_callback(asyncio.Future.exception)  # nobody waits for it
        self._jobs.put(sqlite._Job(record, loop, done))  # noqa: SLF001  # as its own does
        return Kept.NEW


class EarlyAuditor(Auditor):
    """Lets it be done, and then writes it down."""

    async def permit(self, order: Order) -> bool:
        """See Auditor."""
        self._spawn(self._late(order))
        return True

    async def _late(self, order: Order) -> None:
        await asyncio.sleep(LATER_SECS)
        await super().permit(order)


def main() -> int:
    """Be the one or the other."""
    setattr(sqlite, "SqliteLog", EarlyLog)  # noqa: B010  # what a control is for
    setattr(composition, "Auditor", EarlyAuditor)  # noqa: B010
    setattr(merge_rules, "may_overrule", lambda *_: False)  # noqa: B010
    if sys.argv[1:2] == ["engine"]:
        asyncio.run(engine.main())
        return 0
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
