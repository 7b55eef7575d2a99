"""The control of `benchmarks.chaos`: a receiver and an engine with known errors.

The journal acknowledges a row before it is committed. The engine sends a command before it writes
the intent, and no listing overrules a webhook. Everything else is the product. A rig that does not
find these errors proves nothing.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks.chaos_rig import headless_engine
from console import cli
from console import engine as console_engine
from console.core.model.command import Order
from console.core.sync import reconcile
from console.journal import sqlite
from console.journal.audit_writer import Auditor
from console.journal.log import Kept, Record

LATER_SECS = 0.3


class EarlyLog(sqlite.SqliteLog):
    """Acknowledges a row before it is committed."""

    async def append(self, record: Record) -> Kept:
        """Queue the row and report it as kept at once."""
        done: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        done.add_done_callback(
            asyncio.Future.exception
        )  # the exception is retrieved, so that asyncio logs none
        self._jobs.put(sqlite._Job(record, done))  # noqa: SLF001  # as the class itself does
        return Kept.NEW


class EarlyAuditor(Auditor):
    """Permits a command before its intent is written."""

    async def write_intent(self, order: Order) -> bool:
        """Permit the command, and write its intent later."""
        self._spawn(self._late(order))
        return True

    async def _late(self, order: Order) -> None:
        await asyncio.sleep(LATER_SECS)
        await super().write_intent(order)


def main() -> int:
    """Run the receiver, or the engine if the first argument is ``engine``."""
    setattr(sqlite, "SqliteLog", EarlyLog)  # noqa: B010  # the deliberate error
    setattr(console_engine, "Auditor", EarlyAuditor)  # noqa: B010
    setattr(reconcile, "may_overrule", lambda *_: False)  # noqa: B010
    if sys.argv[1:2] == ["engine"]:
        asyncio.run(headless_engine.main())
        return 0
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
