"""The control: a receiver and an engine with one thing wrong each way.

The receiver acknowledges before it commits; the engine sends before it writes down, and no reading
of the API overrules what it was told. Both are the real ones but for that. A rig that finds nothing
wrong with them finds nothing.
"""

from __future__ import annotations

import asyncio
import sys

from benchmarks.rig import engine
from console import cli, wiring
from console.core import reconcile
from console.core.command import Order
from console.runtime.audit import Auditor
from console.runtime.keeping import Delivery, Keeper

LATER_SECS = 0.3


class EarlyKeeper(Keeper):
    """Says that it was kept, and begins to keep it."""

    async def accept(self, delivery: Delivery) -> bool:
        """See Keeper."""
        keeping = asyncio.get_running_loop().create_task(super().accept(delivery))
        _ADRIFT.add(keeping)
        keeping.add_done_callback(_ADRIFT.discard)
        return True


class EarlyAuditor(Auditor):
    """Lets it be done, and then writes it down."""

    async def permit(self, order: Order) -> bool:
        """See Auditor."""
        writing = asyncio.get_running_loop().create_task(self._late(order))
        _ADRIFT.add(writing)
        writing.add_done_callback(_ADRIFT.discard)
        return True

    async def _late(self, order: Order) -> bool:
        await asyncio.sleep(LATER_SECS)
        return await super().permit(order)


_ADRIFT: set[asyncio.Task[bool]] = set()


def main() -> int:
    """Be the one or the other."""
    setattr(wiring, "Keeper", EarlyKeeper)  # noqa: B010  # a name that wiring only imports
    setattr(wiring, "Auditor", EarlyAuditor)  # noqa: B010
    setattr(reconcile, "may_overrule", lambda *_: False)  # noqa: B010
    if sys.argv[1:2] == ["engine"]:
        asyncio.run(engine.main())
        return 0
    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
