"""The name of a conference is restored after a restart, whatever its source."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from journal.process import Process, at

from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.effects import KeepNames
from console.core.model.command import NoTarget, Order
from console.core.model.listed_resources import ConferenceResource, Problem, ProblemKind
from console.core.sync.expiry import KEPT_NAMES
from console.core.update import Message, update
from console.journal.log import JournalTable, MemoryLog, Record
from console.journal.retention import Retention, prune
from console.journal.schema import connect, rows
from console.journal.sqlite import SqliteLog
from console.view.text.labels import conference_name, place_name
from support.signing import event as body

CONFERENCE = "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3"
DAY = 86400.0
BOARD = ConferenceResource(CONFERENCE, "board-q3", 1_800_000_000.0, 1_800_014_400.0, "in_progress")


def reading(seconds: float) -> facts.Reading:
    return facts.Reading(at(seconds), at(seconds), at(seconds), None)


def creation() -> Order:
    values = {"name": "board-q3", "call_control_id": "v3:x"}
    return Order("c1", at(0), COMMANDS["create"], NoTarget(), "ana", values)


async def hear(process: Process, message: Message) -> list[KeepNames]:
    """Apply a message and write the names in it to the log."""
    state, effects = update(process.store.state, [message])
    process.store.restore([message])
    assert process.store.state == state
    kept = [effect for effect in effects if isinstance(effect, KeepNames)]
    for effect in kept:
        await process.keeper.recover(effect)
    return kept


LISTED = facts.ConferencesListed(reading(1.0), "in_progress", (BOARD,))
READ = facts.ConferenceRead(reading(1.0), CONFERENCE, BOARD)


@pytest.mark.parametrize("told", [LISTED, READ])
async def test_a_name_that_was_listed_or_read_is_known_after_a_restart(told: Message) -> None:
    log = MemoryLog()
    first = Process(log)
    assert await hear(first, told)
    assert not await hear(first, told), "a name that is known is not written again"
    await first.hear(body("conference.ended", "e1", conference_id=CONFERENCE))
    second = Process(log, now=60.0)
    await second.read_past()
    state = second.store.state
    assert [entry.conference for entry in state.log if entry.name == "conference.ended"] == [
        CONFERENCE
    ]
    assert conference_name(state, CONFERENCE) == "board-q3"
    assert place_name(state, CONFERENCE, None) == "board-q3"


async def test_the_name_of_a_conference_that_we_made_is_known_after_a_restart() -> None:
    log = MemoryLog()
    first = Process(log, made=CONFERENCE)
    await first.command(creation())
    second = Process(log, now=60.0)
    await second.read_past()
    assert conference_name(second.store.state, CONFERENCE) == "board-q3"


async def test_a_creation_that_was_refused_names_nothing() -> None:
    log = MemoryLog()
    first = Process(log, answer=Problem(ProblemKind.REFUSED, 422))
    await first.command(creation())
    assert not first.store.state.names


async def test_the_end_of_a_conference_keeps_its_name_anew_for_a_start_long_after() -> None:
    process = Process(MemoryLog())
    process.store.restore([LISTED])
    over = ConferenceResource(CONFERENCE, "board-q3", 1.8e9, 1.8e9, "completed")
    (kept,) = await hear(process, facts.ConferenceRead(reading(9.0), CONFERENCE, over))
    assert kept.names == ((CONFERENCE, "board-q3"),)


async def test_a_row_of_names_goes_with_the_observations(tmp_path: Path) -> None:
    path = tmp_path / "j.db"
    log = SqliteLog(path, wall=lambda: at(0).wall, notify=lambda _: None)
    await hear(Process(log), LISTED)
    await log.close()
    (row,) = rows(path, 0, 9)
    assert row.record.table is JournalTable.OBSERVATIONS
    with closing(connect(path)) as file:
        assert prune(file, at(0).wall + 4 * DAY, Retention()) == 1


@pytest.mark.parametrize("torn", [b"", b"[]", b'{"a": 1}', b"\xff", b'{"a": {}}'])
async def test_a_row_of_names_that_cannot_be_read_is_passed_over(torn: bytes) -> None:
    log = MemoryLog()
    await log.append(Record(JournalTable.OBSERVATIONS, "names", at(0), "b", torn, key="names"))
    process = Process(log, now=1.0)
    await process.read_past()
    assert all(isinstance(name, str) for name in process.store.state.names.values())


def test_what_is_long_gone_is_forgotten_and_what_is_there_is_not() -> None:
    process = Process(MemoryLog())
    names = tuple((str(number), f"c{number}") for number in range(KEPT_NAMES + 50))
    process.store.restore([LISTED, facts.ConferencesNamed(at(1.0), names)])
    process.store.restore([facts.Ticked(at(100.0))])
    state = process.store.state
    assert len(state.names) == KEPT_NAMES + 1
    assert conference_name(state, CONFERENCE) == "board-q3"
    assert conference_name(state, str(KEPT_NAMES + 49)) == f"c{KEPT_NAMES + 49}"
    assert conference_name(state, "0") == "?0"


def test_a_listing_that_was_read_wins_over_a_name_that_was_kept() -> None:
    process = Process(MemoryLog())
    process.store.restore([facts.ConferencesNamed(at(0.0), ((CONFERENCE, "old"),)), LISTED])
    assert conference_name(process.store.state, CONFERENCE) == "board-q3"
    assert process.store.state.names[CONFERENCE] == "board-q3"
