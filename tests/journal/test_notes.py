"""Operators' notes survive restarts, the replay window and pruning."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from pathlib import Path

from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.effects import KeepNote
from console.core.messages.intents import Declined
from console.core.model.entities import Answers, Note
from console.core.model.listed_resources import Moment
from console.journal.log import JournalError, JournalTable, Kept, Log, MemoryLog, Record
from console.journal.notes import note_of, note_writer
from console.journal.recorder import WebhookRecorder
from console.journal.replay import LogCursor, resume
from console.journal.retention import Retention, prune
from console.journal.schema import connect, rows
from console.journal.sqlite import SqliteLog
from console.telnyx.events import ParsedWebhook, event

WALL = 1_800_000_000.0
NOTE = Note("v3:cy", "Dana", pinned=True, leg_id="one", number="+15125550199")


def log_at(path: Path) -> SqliteLog:
    return SqliteLog(path, wall=lambda: WALL, notify=lambda _: None)


async def kept(log: Log, note: Note | Answers, at: Moment) -> list[facts.Fact | Declined]:
    """Write a note at a past time and return the posted facts."""
    told: list[facts.Fact | Declined] = []
    keeper = WebhookRecorder(log, clock=lambda: at, boot="b", post=told.append, parse=ParsedWebhook)
    await note_writer(keeper.write, lambda: at, told.append)(KeepNote(note, "alias Dana"))
    return told


async def remembered(log: Log, now: Moment) -> list[Note | Answers]:
    """Return the notes that a later start reads."""
    found: list[facts.Fact] = []
    await resume(
        LogCursor(log),
        now=now,
        boot="c",
        decode=event,
        commands=COMMANDS,
        apply=found.extend,
        ends=asyncio.Event(),
    )
    return [fact.note for fact in found if isinstance(fact, facts.NoteKept)]


async def test_a_note_is_read_back_however_old_it_is(tmp_path: Path) -> None:
    year = 365 * 86400.0
    old, now = Moment(1.0, WALL - year), Moment(9.0, WALL)
    path = tmp_path / "j.db"
    log = log_at(path)
    (told,) = await kept(log, NOTE, old)
    assert told == facts.NoteKept(old, NOTE, "alias Dana")
    await log.append(Record(JournalTable.OBSERVATIONS, "o", old, "b", b"x"))
    await log.close()
    with closing(connect(path)) as file:
        assert prune(file, WALL, Retention()) == 1
    assert [row.record.table for row in rows(path, 0, 9)] == [JournalTable.NOTES]
    again = log_at(path)
    (note,) = await remembered(again, now)
    await again.close()
    assert isinstance(note, Note)
    assert (note.leg, note.alias, note.pinned, note.mine) == ("v3:cy", "Dana", True, False)
    assert (note.leg_id, note.session_id, note.number) == ("one", None, "+15125550199")
    assert note.at.wall == old.wall


async def test_answers_are_read_back_as_they_were_last_given(tmp_path: Path) -> None:
    path, last = tmp_path / "j.db", Answers("hold", "vip", {"audio_url": "https://a.example/é.mp3"})
    log = log_at(path)
    for answers in (Answers("hold", "vip", {"audio_url": "no"}), last):
        (told,) = await kept(log, answers, Moment(1.0, WALL))
        assert told == facts.NoteKept(Moment(1.0, WALL), answers, "alias Dana")
    await log.close()
    again = log_at(path)
    found = await remembered(again, Moment(9.0, WALL + 365 * 86400.0))
    await again.close()
    assert found[-1] == last


class Full(MemoryLog):
    """A log on a disk that is full."""

    async def append(self, record: Record) -> Kept:
        raise JournalError(f"no space for {record.id}")


async def test_what_cannot_be_written_is_said_and_not_believed() -> None:
    told = await kept(Full(), NOTE, Moment(1.0, WALL))
    assert not any(isinstance(one, facts.NoteKept) for one in told)
    (declined,) = [one for one in told if isinstance(one, Declined)]
    assert declined.text == "alias Dana: the journal cannot be written"


def test_another_versions_note_is_passed_over() -> None:
    at = Moment(1.0, WALL)
    assert note_of("v3:cy", b"\xff", at) is None
    assert note_of("v3:cy", json.dumps(["alias"]).encode(), at) is None
    assert note_of("v3:cy", b"{}", at) is None
    assert note_of("hold", b'{"values": 1, "place": "vip"}', at) is None
    assert note_of("hold", b'{"values": {}}', at) is None
    assert note_of("hold", b"7", at) is None
