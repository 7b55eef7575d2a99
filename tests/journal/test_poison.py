"""A row that cannot be applied ends one process with a crash report, and no later start."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from journal.process import Process, at, order, started

from console import headless, settings
from console.commands import COMMANDS
from console.core import restart_recovery, webhook_handlers
from console.core.messages import facts, webhooks
from console.core.model.draft import Draft
from console.core.model.listed_resources import Moment
from console.journal.log import JournalTable, MemoryLog, Record
from console.journal.replay import PAGE, LogCursor
from console.journal.replay import resume as read_back
from console.telnyx.events import event
from support.signing import PUBLIC, headers
from support.signing import event as body

POISON = body("call.enqueued", "poison", queue="poison")


@pytest.fixture(autouse=True)
def fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the update raise for one webhook."""
    sound = webhook_handlers.call_enqueued

    def broken(draft: Draft, fact: webhooks.CallEnqueued) -> None:
        sound(draft, fact)
        if fact.queue == "poison":
            raise ArithmeticError("a mistake of ours")

    monkeypatch.setattr(webhook_handlers, "call_enqueued", broken)


async def poisoned() -> MemoryLog:
    """Return a journal with a row that cannot be applied between two good ones."""
    log = MemoryLog()
    for raw in (body("call.enqueued", "e1"), POISON, body("call.enqueued", "e2", queue="after")):
        told = event(raw, at(0))
        assert not isinstance(told, facts.UnreadableReceived)
        await log.append(Record(JournalTable.EVENTS, told.origin.event_id, at(0), "b", raw, "d"))
    return log


async def test_a_start_passes_over_what_it_cannot_take_in_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    process = Process(await poisoned(), now=60.0)
    await process.read_past()
    state = process.store.state
    assert set(state.queues) == {"vip", "after"}
    (said,) = [e.text for e in state.log if "skipped" in e.text]
    assert said == (
        "journal rows skipped as unreadable: 1, first events poison: the log file says why"
    )
    (line,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert line.getMessage() == "a row of the journal is skipped: events poison"
    assert line.exc_info is not None
    await process.hear(POISON)
    assert process.store.state.health.duplicates == 1, "and it does no harm when it comes again"


async def test_a_note_and_a_command_that_cannot_be_taken_in_are_passed_over_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = MemoryLog()
    await Process(log).command(order("mute", "v3:x"))
    await log.append(Record(JournalTable.NOTES, "v3:x", at(0), "b", b'{"alias": "Cy"}'))

    def broken(*_: object) -> None:
        raise ArithmeticError("a mistake of ours")

    monkeypatch.setattr(restart_recovery, "command_recalled", broken)
    monkeypatch.setattr("console.journal.replay.note_of", broken)
    process = Process(log, now=60.0)
    await process.read_past()
    assert process.store.state.receipts == {}
    (said,) = [e.text for e in process.store.state.log if "skipped" in e.text]
    assert said.startswith("journal rows skipped as unreadable: 2, first notes v3:x")


async def test_only_what_is_at_fault_is_passed_over_of_a_page() -> None:
    log = MemoryLog()
    for number in range(PAGE + 2):
        await log.append(Record(JournalTable.EVENTS, str(number), at(0), "b", b"x", "d"))
    folded: list[str] = []

    def decode(raw: bytes, moment: Moment) -> webhooks.Webhook | facts.UnreadableReceived:
        return facts.UnreadableReceived(moment, raw.decode())

    def broken(past: Sequence[facts.Fact]) -> None:
        if len(past) > 1:
            raise ArithmeticError("a mistake of ours")
        folded.append(type(past[0]).__name__)

    count = await read_back(
        *(LogCursor(log),),
        now=at(1),
        boot="b",
        decode=decode,
        commands=COMMANDS,
        apply=broken,
        ends=asyncio.Event(),
    )
    assert (count, folded) == (PAGE + 2, ["UnreadableReceived"] * (PAGE + 2))


def test_a_receiver_ends_with_a_trace_and_its_next_start_lives(tmp_path: Path) -> None:
    account = settings.for_demo({}).model_copy(
        update={"public_keys": (PUBLIC,), "base_url": "http://127.0.0.1:9/v2"}
    )
    answers: list[int] = []

    def deliver(url: str) -> None:
        answers.append(httpx.post(url, content=POISON, headers=headers(POISON)).status_code)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = "http://{}:{}/webhooks".format(*listener.getsockname())
        sender = threading.Thread(target=deliver, args=(url,))
        code = headless.receive(account, (listener,), tmp_path / "j", ready=sender.start)
        sender.join()
    assert (code, answers) == (70, [200])
    assert "ArithmeticError" in (tmp_path / "j" / "receiver-crash.txt").read_text()
    state = asyncio.run(started(account, tmp_path / "j"))
    assert [entry for entry in state.log if "skipped" in entry.text]
