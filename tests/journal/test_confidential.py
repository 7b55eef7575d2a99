"""Answers on disk: the written part, the part read later, the part older files lose."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from journal.process import CONFERENCE, at, order

from console import composition, settings
from console.commands import COMMANDS
from console.core.messages import facts
from console.core.messages.effects import KeepNote
from console.core.model.entities import Answers, Note
from console.journal.audit_writer import fact_in_row, intent
from console.journal.confidential import NOT_KEPT, UNSEALED, Confidentiality
from console.journal.log import GENESIS, JournalTable, Kept, Record, link
from console.journal.notes import note_of, note_writer
from console.journal.replay import LogCursor, resume
from console.journal.schema import notes, rows
from console.journal.sealing import Seal
from console.journal.shell_commands import Where, export
from console.journal.sqlite import SqliteLog
from console.telnyx.events import event

SEALED = Confidentiality(Seal("KEY1"))
OTHER_KEY = Confidentiality(Seal("KEY2"))
SPOKEN = Confidentiality(Seal("KEY1"), remember_spoken=True)
DATED = "https://media.example/20261122/hold.mp3"
SPEECH = {"payload": "We are sorry.", "voice": "AWS.Polly.Joanna"}
CARD = "card 4111 1111 1111 1111"


async def remembered(answers: Answers, by: Confidentiality, later: Confidentiality) -> Answers:
    """Return the written answers that a later process offers again."""
    written: list[tuple[str, bytes]] = []

    async def write(_: JournalTable, id_: str, body: bytes) -> bool:
        written.append((id_, body))
        return True

    await note_writer(write, lambda: at(0), lambda _: None, by)(KeepNote(answers, ""))
    ((id_, body),) = written
    told = note_of(id_, body, at(0), later)
    assert told is not None
    assert isinstance(told.note, Answers)
    return told.note


async def test_a_spoken_text_is_forgotten_unless_the_profile_says_otherwise() -> None:
    asked = Answers("speak", CONFERENCE, SPEECH)
    kept = await remembered(asked, SEALED, SEALED)
    assert kept.values == {"voice": SPEECH["voice"]}
    assert (await remembered(asked, SPOKEN, SPOKEN)).values == SPEECH
    assert (await remembered(asked, SPOKEN, SEALED)).values == {"voice": SPEECH["voice"]}


async def test_a_text_with_a_number_is_never_offered_masked() -> None:
    asked = Answers("speak", CONFERENCE, {**SPEECH, "payload": CARD})
    assert "payload" not in (await remembered(asked, SPOKEN, SPOKEN)).values


async def test_this_session_offers_what_was_spoken() -> None:
    told: list[object] = []

    async def write(*_: object) -> bool:
        return True

    asked = Answers("speak", CONFERENCE, {**SPEECH, "payload": CARD})
    await note_writer(write, lambda: at(0), told.append, SEALED)(KeepNote(asked, "said"))
    assert told == [facts.NoteKept(at(0), asked, "said")]


async def test_an_address_with_a_number_is_offered_again_by_the_same_api_key() -> None:
    asked = Answers("hold", CONFERENCE, {"audio_url": DATED, "media_name": ""})
    assert (await remembered(asked, SEALED, SEALED)).values == asked.values
    assert (await remembered(asked, SEALED, OTHER_KEY)).values == {"media_name": ""}


def test_an_audit_row_seals_the_names_that_masking_changes_and_nothing_else() -> None:
    one = order("hold", "a", audio_url=DATED, payload=CARD, digits="1234")
    row = json.loads(intent(one, one.command.confirmation, {}, None, SEALED))
    masked = "https://media.example/..1122/hold.mp3"
    assert row["values"] == {"audio_url": masked, "payload": "card ..1111", "digits": NOT_KEPT}
    assert set(row["sealed"]) == {"audio_url"}
    assert DATED not in json.dumps(row)


@pytest.mark.parametrize("later", [OTHER_KEY, UNSEALED])
def test_what_cannot_be_opened_is_no_answer(later: Confidentiality) -> None:
    one = order("hold", "a", audio_url=DATED, media_name="hold")
    row = intent(one, one.command.confirmation, {}, None, SEALED)
    told = fact_in_row("c", row, at(0), COMMANDS, later)
    assert isinstance(told, facts.CommandRecalled)
    assert told.order.values == {"media_name": "hold"}


OLD_INTENT = (
    b'{"batch": null, "command": "mute", "former": {"v3:x": {"muted": "no"}}, "operator": "ana",'
    b' "redoes": null, "region": null, "room": "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3",'
    b' "target": {"kind": "People", "legs": ["v3:x"],'
    b' "room": "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3"}, "tier": 0, "undoes": null,'
    b' "user": "ana", "values": {"reason": "card 4111 1111 1111 1111"}, "what": "intent",'
    b' "why": "card 4111 1111 1111 1111"}'
)
OLD_AUDIT = (
    OLD_INTENT,
    b'{"number": 1, "what": "attempt"}',
    b'{"date": 1800000000.0, "what": "accepted"}',
    b'{"note": "", "stage": "seen", "what": "effect"}',
)
"""Rows as versions before names and sealing wrote them."""
OLD_NOTES = (
    ("speak", {"place": CONFERENCE, "values": {**SPEECH, "payload": CARD}}),
    ("hold", {"place": CONFERENCE, "values": {"audio_url": DATED}}),
    ("mute", {"place": CONFERENCE, "values": {}}),
    (
        "v3:x",
        {
            "alias": "Dana 512-555-0142",
            "pinned": True,
            "mine": False,
            "leg_id": None,
            "session_id": None,
            "number": "+15125550142",
        },
    ),
)


def log_at(folder: Path, confidential: Confidentiality | None) -> SqliteLog:
    """Return the log of a folder. This version tidies its notes when it opens the file."""
    tidied = confidential.tidied if confidential is not None else None
    path = folder / "default.db"
    return SqliteLog(path, wall=lambda: at(0).wall, notify=lambda _: None, tidied=tidied)


def everything_in(folder: Path) -> bytes:
    """The bytes of all files of a folder."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


async def an_older_journal(folder: Path) -> None:
    """Write a journal of an earlier version, with texts in full."""
    log = log_at(folder, None)
    for body in OLD_AUDIT:
        assert await log.append(Record(JournalTable.AUDIT, "c1", at(0), "b", body)) is Kept.NEW
    for id_, told in OLD_NOTES:
        body = json.dumps(told).encode()
        assert await log.append(Record(JournalTable.NOTES, id_, at(0), "b", body)) is Kept.NEW
    await log.close()


async def test_an_older_audit_is_read_verified_and_resumed_unchanged(tmp_path: Path) -> None:
    await an_older_journal(tmp_path)
    before = [row for row in rows(tmp_path / "default.db", 0, 99) if row.record.table == "audit"]
    log = log_at(tmp_path, SEALED)
    await log.append(Record(JournalTable.AUDIT, "c2", at(0), "b", b"{}"))
    found: list[facts.Fact] = []
    await resume(
        LogCursor(log),
        now=at(1),
        boot="b",
        decode=event,
        commands=COMMANDS,
        apply=found.extend,
        ends=asyncio.Event(),
        confidential=SEALED,
    )
    await log.close()
    after = [row for row in rows(tmp_path / "default.db", 0, 99) if row.record.table == "audit"]
    assert after[: len(before)] == before
    digest = GENESIS
    for row in after:
        digest = link(digest, row.seq, row.record)
        assert row.record.digest == digest
    told = [fact for fact in found if isinstance(fact, facts.CommandRecalled)]
    assert [(one.order.id, one.settings_before) for one in told] == [
        ("c1", {"v3:x": {"muted": "no"}})
    ]


async def test_older_notes_lose_what_was_spoken_from_the_file_and_keep_the_rest(
    tmp_path: Path,
) -> None:
    await an_older_journal(tmp_path)
    log = log_at(tmp_path, SEALED)
    await log.append(Record(JournalTable.OBSERVATIONS, "started", at(1), "b", b"1"))
    await log.close()
    kept = {
        record.id: note_of(record.id, record.body, at(0), SEALED)
        for record in notes(tmp_path / "default.db")
    }
    spoken, held, mute, note = (told.note for told in kept.values() if told is not None)
    assert spoken == Answers("speak", CONFERENCE, {"voice": SPEECH["voice"]})
    assert held == Answers("hold", CONFERENCE, {"audio_url": DATED})
    assert mute == Answers("mute", CONFERENCE, {})
    assert isinstance(note, Note)
    assert (note.alias, note.number, note.pinned) == ("Dana ..0142", "+15125550142", True)
    raw = everything_in(tmp_path)
    assert raw.count(CARD.encode()) == OLD_AUDIT[0].count(CARD.encode())
    for gone in (DATED.encode(), b"512-555-0142"):
        assert gone not in raw


async def test_what_is_tidy_is_not_written_again(tmp_path: Path) -> None:
    await an_older_journal(tmp_path)
    bodies: list[list[bytes]] = []
    for _ in range(2):
        log = log_at(tmp_path, SEALED)
        await log.append(Record(JournalTable.OBSERVATIONS, "started", at(1), "b", b"1"))
        await log.close()
        bodies.append([record.body for record in notes(tmp_path / "default.db")])
    assert bodies[0] == bodies[1]


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"values": 3}', b"[" * 100_000])
def test_a_note_of_another_program_stays_as_it_is(body: bytes) -> None:
    assert SEALED.tidied(body) == body


async def test_an_export_masks_what_an_older_audit_holds_and_says_so(tmp_path: Path) -> None:
    await an_older_journal(tmp_path)
    lines: list[str] = []
    assert (
        export(Where(tmp_path, "default", at(0).wall), lines.append, frozenset(JournalTable)) == 0
    )
    told = [json.loads(line) for line in lines]
    assert [one.get("masked", False) for one in told] == [
        True,
        False,
        False,
        False,
        True,
        True,
        False,
        True,
    ]
    assert "4111 1111" not in "".join(lines)
    assert json.loads(told[0]["body"])["why"] == "card ..1111"


def test_the_profile_says_whether_spoken_texts_are_remembered() -> None:
    plain = settings.for_demo({})
    assert composition.confidentiality(plain).remember_spoken is False
    told = settings.for_demo({"remember_spoken": True})
    assert composition.confidentiality(told).remember_spoken is True
