"""Audit rows that could not be written are written once the disk works again."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from journal.process import CONFERENCE, Process, at, order

from console.core.messages import facts
from console.core.model.listed_resources import Moment
from console.core.model.stage import Stage
from console.journal.log import JournalError, JournalTable, Kept, MemoryLog, Record
from support.playbook import listed_conference, participant


class Full(MemoryLog):
    """A log on a disk with space for a number of rows."""

    conference = 0

    async def append(self, record: Record) -> Kept:
        if not self.conference:
            raise JournalError("no room")
        self.conference -= 1
        return await super().append(record)


@dataclass(frozen=True)
class Line:
    """A row of the audit: command id, kind and time."""

    id: str
    what: str
    at: Moment


async def audited(log: MemoryLog) -> list[Line]:
    records = [row.record for row in await log.read(0, 99)]
    return [
        Line(one.id, json.loads(one.body)["what"], one.at)
        for one in records
        if one.table is JournalTable.AUDIT
    ]


@pytest.fixture
def log() -> Full:
    return Full()


async def after_a_command(log: Full, name: str, *legs: str) -> Process:
    process = Process(log)
    here = tuple(participant(leg) for leg in legs)
    read = facts.Reading(at(0), at(0), at(0), None)
    conferences = facts.ConferencesListed(read, "in_progress", (listed_conference(CONFERENCE),))
    process.store.restore([conferences, facts.ParticipantsListed(read, CONFERENCE, here)])
    await process.command(order(name, *legs))
    return process


async def passes(process: Process, seconds: float) -> None:
    """Let time pass and wait for all tasks that this starts."""
    process.now += seconds
    process.group = type(process.group)()
    async with process.group:
        process.post(facts.Ticked(at(process.now)))


async def test_what_was_done_meanwhile_is_written_down_with_the_time_it_was_done_at(
    log: Full,
) -> None:
    process = await after_a_command(log, "mute", "v3:x")
    assert process.sent
    await passes(process, 3.0)
    assert await audited(log) == []
    log.conference = 9
    await passes(process, 1.0)
    assert await audited(log) == [
        Line("c1", "intent", at(0.0)),
        Line("c1", "attempt", at(0.0)),
        Line("c1", "accepted", at(0.0)),
    ]


async def test_its_end_is_written_too_and_nothing_is_written_twice(log: Full) -> None:
    process = await after_a_command(log, "mute", "v3:x")
    log.conference = 9
    await passes(process, 1.0)
    await passes(process, 40.0)
    told = [line.what for line in await audited(log)]
    assert told == ["intent", "attempt", "accepted", "effect"]
    assert not process.store.state.receipts["c1"].stage.open


async def test_what_was_refused_because_it_is_grave_stands_there_as_refused(log: Full) -> None:
    process = await after_a_command(log, "end")
    assert not process.sent
    log.conference = 9
    await passes(process, 1.0)
    assert [line.what for line in await audited(log)] == ["intent", "refused", "effect"]
    later = Process(log, now=60.0)
    await later.read_past()
    assert later.store.state.receipts["c1"].stage is Stage.REFUSED


async def test_a_disk_that_fails_again_loses_none_of_it(log: Full) -> None:
    process = await after_a_command(log, "mute", "v3:x")
    log.conference = 1
    await passes(process, 1.0)
    assert [line.what for line in await audited(log)] == ["intent"]
    log.conference = 9
    await passes(process, 1.0)
    assert [line.what for line in await audited(log)] == ["intent", "attempt", "accepted"]
