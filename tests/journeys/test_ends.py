"""The end of an engine: nothing new is started, and errors are reported without secrets."""

from __future__ import annotations

import asyncio
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from console import composition, headless, settings
from console.commands import COMMANDS
from console.core.messages.intents import OrderAsked
from console.core.model.state import State
from console.journal.log import JournalTable, MemoryLog
from console.runtime.state_store import Store
from console.sources.clock import now
from console.telnyx.events import event
from support.playbook import CONFERENCE, order
from support.signing import PUBLIC
from support.signing import event as body

SECRETS = "KEY0123456789abcdef of +15125550142"


class Slow(MemoryLog):
    """A log during whose close the operator presses a key."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    async def close(self) -> None:
        self._store.post(OrderAsked(order("record", 0.0, id_="c1")))
        for _ in range(5):
            await asyncio.sleep(0)
        await super().close()


async def test_a_command_asked_for_after_the_end_is_not_begun() -> None:
    store = Store(State(commands=COMMANDS))
    fact = event(body("conference.participant.joined", conference_id=CONFERENCE), now())
    store.restore([fact])
    log, stop, astray = Slow(store), asyncio.Event(), list[dict[str, Any]]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: astray.append(context))
    account = settings.for_demo({}).model_copy(update={"base_url": "http://127.0.0.1:9/v2"})
    stop.set()
    await composition.engine(account, None, store, log).live(stop)
    assert "c1" in store.state.receipts, store.state.log
    assert astray == []
    assert [row for row in await log.read(0, 99) if row.record.table is JournalTable.AUDIT] == []


def test_a_receiver_that_fails_leaves_a_trace_that_tells_no_secret(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    account = settings.for_demo({}).model_copy(update={"public_keys": (PUBLIC,)})

    def fails() -> None:
        raise RuntimeError(SECRETS)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        code = headless.receive(account, (listener,), tmp_path / "s", ready=fails)
    said = capfd.readouterr().err
    (trace,) = (tmp_path / "s").glob("*crash.txt")
    assert code == 70
    assert said.count("\n") == 1
    assert str(trace) in said
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600
    assert "KEY0" not in said + trace.read_text()
    assert "5125550142" not in said + trace.read_text()
