"""A key that is pressed while the console ends does nothing, and does no harm."""

from __future__ import annotations

import asyncio
from typing import Any

from console import settings, wiring
from console.catalog import COMMANDS
from console.core.intents import Asked
from console.core.state import State
from console.runtime.journal import MemoryLog, Table
from console.runtime.store import Store
from console.sources.clock import now
from console.telnyx.events import event
from support.playbook import ROOM, order
from support.signing import event as body


class Slow(MemoryLog):
    """A log during whose last moment the operator presses a key."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def close(self) -> None:
        self._store.post(Asked(order("record", 0.0, id_="c1")))
        for _ in range(5):
            await asyncio.sleep(0)
        await super().close()


async def test_a_command_asked_for_after_the_end_is_not_begun() -> None:
    store = Store(State(commands=COMMANDS))
    fact = event(body("conference.participant.joined", conference_id=ROOM), now())
    store.restore([fact])
    log, stop, astray = Slow(store), asyncio.Event(), list[dict[str, Any]]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: astray.append(context))
    account = settings.for_demo({}).model_copy(update={"base_url": "http://127.0.0.1:9/v2"})
    stop.set()
    await wiring.Engine(account, None, store, log).live(stop)
    assert "c1" in store.state.receipts, store.state.log
    assert astray == []
    assert [row for row in await log.read(0, 99) if row.record.table is Table.AUDIT] == []
