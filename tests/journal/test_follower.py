"""A console that follows a receiver's journal shows if that receiver runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from journal.process import at

from console.core.messages.facts import Fact, ReceiverClosed, ReceiverOpened
from console.journal import follower
from console.telnyx.events import event

THERE = {"role": follower.RECEIVER, "listen": "127.0.0.1:8787"}


async def test_that_it_ended_and_that_one_began_again_is_told_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holders = iter([THERE, THERE, {}, {}, {"role": "console"}, THERE])
    monkeypatch.setattr(follower, "EVERY", 0.0)
    monkeypatch.setattr(follower, "holder_of", lambda _: next(holders, THERE))
    journal, came = follower.OtherJournal(tmp_path / "default.db"), asyncio.Queue[Fact]()

    async def reading_on() -> None:
        await follower.follow(
            journal,
            0,
            at(0.0),
            clock=lambda: at(0.0),
            boot="b",
            decode=event,
            post=came.put_nowait,
        )

    told: list[Fact] = []
    async with asyncio.timeout(5.0), asyncio.TaskGroup() as group:
        following = group.create_task(reading_on())
        while sum(isinstance(fact, ReceiverOpened) for fact in told) < 2:
            told.append(await came.get())
        following.cancel()
    opened = ReceiverOpened(at(0.0), "127.0.0.1:8787")
    closed = ReceiverClosed(at(0.0), "the receiver has ended")
    receivers = [fact for fact in told if isinstance(fact, ReceiverOpened | ReceiverClosed)]
    assert receivers == [opened, closed, opened]
