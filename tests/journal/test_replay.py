"""A start that replays the journal restores the same state and sends nothing twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from journal.process import Broken, Process, at, order

from console.commands import COMMANDS
from console.commands.request_builders import uuid, web_address
from console.core.messages import facts
from console.core.messages.effects import Effect, KeepEvent, Refresh, Send
from console.core.model.command import FieldKind
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.orders import Observed
from console.core.model.stage import Stage
from console.core.model.state import Sign, State
from console.core.update import update
from console.journal.audit_writer import fact_in_row, intent, outcome
from console.journal.confidential import Confidentiality
from console.journal.log import JournalTable, MemoryLog, Record
from console.journal.replay import PAGE, LogCursor, moment, resume
from console.journal.sealing import Seal
from console.telnyx.events import event
from support.signing import event as body
from support.twin import Twin

CONFERENCE = "7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4d3"


SEALED = Confidentiality(Seal("KEY1"))


async def test_the_past_is_told_again_without_doing_it_again() -> None:
    log = MemoryLog()
    first = Process(log)
    await first.hear(
        body("conference.created", "e1"),
        body("conference.participant.joined", "e2"),
        body("call.enqueued", "e3"),
    )
    await first.command(order("record"))
    second = Process(log, now=60.0)
    await second.read_past()
    assert second.sent == []
    one, two = first.store.state, second.store.state
    assert two.conferences == one.conferences
    assert two.people == one.people
    assert two.waiting == one.waiting
    assert two.conferences[CONFERENCE].recording == one.conferences[CONFERENCE].recording
    assert two.conferences[CONFERENCE].recording is not None
    assert {id_: r.stage for id_, r in two.receipts.items()} == {"c1": Stage.NO_PROOF}


async def test_a_recording_is_remembered_of_a_conference_that_no_webhook_told_of() -> None:
    log = MemoryLog()
    await Process(log).command(order("record"))
    second = Process(log, now=7000.0)
    await second.read_past()
    second.store.restore([facts.Ticked(at(7000.2))])
    recording = second.store.state.conferences[CONFERENCE].recording
    assert recording is not None
    assert recording.state == "on"


async def test_a_command_that_was_under_way_is_uncertain_and_looked_for() -> None:
    log = MemoryLog()
    first = Process(log, hangs=True)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await first.command(order("mute", "v3:x"))
    assert len(first.sent) == 1
    assert first.seen_before[0] >= 1, "its intent was kept before it left"
    second = Process(log, now=5000.0)
    await second.read_past()
    assert second.store.state.receipts["c1"].stage is Stage.UNCERTAIN
    again, effects = update(second.store.state, [facts.Resumed(at(5000.0), 1)])
    assert [effect for effect in effects if isinstance(effect, Send)] == []
    assert _conferences_read(effects)
    waited, _ = update(again, [facts.Ticked(at(5004.0))])
    assert waited.receipts["c1"].stage is Stage.UNCERTAIN
    ended, _ = update(waited, [facts.Ticked(at(5009.0))])
    assert ended.receipts["c1"].stage is Stage.UNKNOWN


async def test_what_was_had_from_the_api_is_known_after_a_restart_and_is_not_signed() -> None:
    log = MemoryLog()
    await Process(log).keeper.recover(KeepEvent("e9", body("call.enqueued", id_="e9", queue="vip")))
    (row,) = await log.read(0, 9)
    assert (row.record.table, row.record.signature) == (JournalTable.OBSERVATIONS, "")
    second = Process(log, now=60.0)
    await second.read_past()
    health, log_entries = second.store.state.health, second.store.state.log
    assert (health.verified, health.recovered) == (0, 1)
    assert [entry.sign for entry in log_entries if entry.name == "call.enqueued"] == [Sign.API]
    assert "vip" in second.store.state.queues


async def test_the_end_of_a_command_that_was_taken_over_is_written_for_the_next() -> None:
    log = MemoryLog()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await Process(log, hangs=True).command(order("mute", "v3:x"))
    second = Process(log, now=5000.0)
    await second.read_past()
    async with second.group:
        second.post(facts.Ticked(at(5009.0)))
    assert second.store.state.receipts["c1"].stage is Stage.UNKNOWN
    third = Process(log, now=6000.0)
    await third.read_past()
    assert third.store.state.receipts["c1"].stage is Stage.UNKNOWN


async def test_what_the_past_itself_settles_is_written_for_the_next() -> None:
    log = MemoryLog()
    first = Process(log)
    await first.command(order("end"))
    killed = MemoryLog()
    for row in await log.read(0, 99):
        if b'"effect"' not in row.record.body:
            await killed.append(row.record)
    await Process(killed, now=1.0).hear(body("conference.ended", "e1"))
    second = Process(killed, now=60.0)
    await second.read_past()
    assert second.store.state.receipts["c1"].stage is Stage.SEEN
    async with second.group:
        second.post(facts.Ticked(at(60.2)))
    assert b'"seen"' in [row.record for row in await killed.read(0, 99)][-1].body


async def test_told_to_end_it_reads_no_further() -> None:
    log, ends = MemoryLog(), asyncio.Event()
    for number in range(3 * PAGE):
        await log.append(Record(JournalTable.EVENTS, str(number), at(0), "b", b"", str(number)))
    told: list[int] = []

    def fold(past: Sequence[facts.Fact]) -> None:
        told.append(len(past))
        ends.set()

    count = await resume(
        LogCursor(log), now=at(1), boot="b", decode=event, commands=COMMANDS, apply=fold, ends=ends
    )
    assert (count, told) == (PAGE, [PAGE])


async def test_what_came_before_a_command_is_not_its_doing_whichever_log_it_is_in() -> None:
    received, own = MemoryLog(), MemoryLog()
    await Process(received, now=5.0).hear(
        body("conference.created", "e1"), body("conference.participant.speak.started", "e2")
    )
    first = Process(own, now=20.0, hangs=True)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await first.command(order("speak", "v3:x", payload="hello", voice="female"))
    second = Process(own, now=60.0)
    await second.read_past(received)
    assert second.store.state.receipts["c1"].stage is Stage.UNCERTAIN


def _conferences_read(effects: tuple[Effect, ...]) -> bool:
    return any(isinstance(effect, Refresh) for effect in effects)


@pytest.mark.parametrize(
    ("name", "legs", "sent"),
    [("end", (), False), ("record_stop", (), False), ("mute", ("a",), True)],
)
async def test_what_is_grave_is_not_done_where_it_cannot_be_written(
    name: str, legs: tuple[str, ...], sent: bool
) -> None:
    process = Process(Broken())
    people = facts.ParticipantsListed(facts.Reading(at(0), at(0), at(0), None), CONFERENCE, ())
    process.store.restore([people])
    await process.command(order(name, *legs))
    assert bool(process.sent) is sent
    assert process.store.state.health.journal_problem == "no space for c1"
    receipt = process.store.state.receipts.get("c1")
    if receipt is not None and not sent:
        assert receipt.stage is Stage.REFUSED


def test_an_intent_says_who_and_why_and_no_code_and_no_number_in_full() -> None:
    told = json.loads(
        intent(
            order("mute", "a", digits="123456", reason="call +15125550142 back"),
            COMMANDS["mute"].confirmation,
            {"user": "ana", "from": "10.0.0.9"},
        )
    )
    assert told["why"] == "call ..0142 back"
    assert "123456" not in json.dumps(told)
    assert (told["user"], told["from"], told["operator"]) == ("ana", "10.0.0.9", "ana")


def test_what_is_found_or_played_again_is_kept_whole() -> None:
    again = {
        "room": "7c1f0e52-0000-4000-8000-123456789012",
        "queue_name": "+15125550142",
        "whisper_call_control_ids": "v3:12345678",
        "audio_url": "https://media.example/20261123.mp3",
        "media_name": "20261123",
    }
    once = {"payload": "call +15125550142", "to": "+15125550150", "from": "+15125550100"}
    row = intent(
        order("hold", "a", **again, **once), COMMANDS["hold"].confirmation, {}, None, SEALED
    )
    told = fact_in_row("c", row, at(0), COMMANDS, SEALED)
    assert isinstance(told, facts.CommandRecalled)
    masked = {"payload": "call ..0142", "to": "..0150", "from": "..0100"}
    assert told.order.values == {**again, **masked}


@pytest.mark.parametrize(
    ("observed", "was"),
    [
        (Observed(was_whispering=True, maybe_muted=True), "whisper muted"),
        (Observed(was_whispering=False, maybe_muted=True), "muted"),
        (Observed(was_whispering=False, maybe_muted=False), ""),
    ],
)
def test_what_was_observed_keeps_its_spelling_in_the_journal(observed: Observed, was: str) -> None:
    whole = replace(observed, participant_id="p-1")
    asked = replace(order("role", supervisor_role="monitor"), observed=whole, repeats="c0")
    row = intent(asked, COMMANDS["role"].confirmation, {})
    spelt = {"participant_id": "p-1", "was": was, "again": "c0", "supervisor_role": "monitor"}
    assert json.loads(row)["values"] == spelt
    told = fact_in_row("c", row, at(0), COMMANDS)
    assert isinstance(told, facts.CommandRecalled)
    assert (told.order.observed, told.order.repeats) == (whole, "c0")
    assert told.order.values == asked.values


NAMES = {FieldKind.LEG, FieldKind.LEGS, FieldKind.CONFERENCE, FieldKind.QUEUE}
"""The kinds of field that are answered with the name of a thing."""


def test_what_names_a_thing_is_written_down_as_it_is_told_to_a_later_process() -> None:
    named = "7c1f0e52-1234-12345678-https://audio.example/20261122.mp3"
    for command in COMMANDS.values():
        things = [f for f in command.fields if f.kind in NAMES or f.check in {uuid, web_address}]
        said = {field.name: named for field in things} | {"media_name": named}
        asked = replace(order(command.name), values=said)
        row = intent(asked, command.confirmation, {}, None, SEALED)
        told = fact_in_row("c", row, at(0), COMMANDS, SEALED)
        assert isinstance(told, facts.CommandRecalled)
        assert told.order.values == said, command.name


def test_who_has_a_name_that_is_no_text_is_written_down_all_the_same() -> None:
    row = intent(order("mute", "a"), COMMANDS["mute"].confirmation, {"user": "an\udcff"})
    assert json.loads(row)["user"] == "an\udcff"


def test_what_a_row_says_of_before_can_be_put_back_by_a_later_process() -> None:
    former = {"a": {"muted": "no"}}
    row = intent(order("mute", "a"), COMMANDS["mute"].confirmation, {}, former)
    told = fact_in_row("c", row, at(0), COMMANDS)
    assert isinstance(told, facts.CommandRecalled)
    assert told.settings_before == former
    state, _ = update(State(commands=COMMANDS), [told])
    assert state.receipts["c"].settings_before == former
    older = {
        name: said for name, said in json.loads(row).items() if name not in {"former", "redoes"}
    }
    again = fact_in_row("c", json.dumps(older).encode(), at(0), COMMANDS)
    assert isinstance(again, facts.CommandRecalled)
    assert (again.settings_before, again.order.redoes) == ({}, None)


@pytest.mark.parametrize(
    "row",
    [
        *(b"", b"{}", b'{"what":"intent"}', b'{"what":"effect","stage":"?"}'),
        b'{"what":"refused","problem":{"kind":"?"}}',
    ],
)
def test_what_another_version_wrote_is_passed_over(row: bytes) -> None:
    assert fact_in_row("c", row, at(0), COMMANDS) is None


@pytest.mark.parametrize("kind", ProblemKind)
def test_a_later_process_reads_why_a_command_was_refused(kind: ProblemKind) -> None:
    refused = facts.CommandRefused(at(0), "c", Problem(ProblemKind(kind), 422))
    told = fact_in_row("c", outcome(refused), at(0), COMMANDS)
    assert told == refused
    assert isinstance(told, facts.CommandRefused)
    assert isinstance(told.problem.kind, ProblemKind)


def test_another_start_of_the_host_is_placed_by_the_wall_clock() -> None:
    kept = Record(JournalTable.EVENTS, "e", Moment(9e9, at(-60).wall), "old", b"")
    assert moment(kept, at(0), "new") == at(-60)
    assert moment(kept, at(0), "old") == kept.at
    ahead = Record(JournalTable.EVENTS, "e", at(600), "old", b"")
    assert moment(ahead, at(0), "new").mono == at(0).mono


@pytest.mark.parametrize("seed", range(5))
async def test_a_restart_and_one_quiet_poll_show_the_world_as_it_is(seed: int) -> None:
    twin, log = Twin(callers=4), MemoryLog()
    process = Process(log)
    made = twin.call("POST", "/conferences", name="one", call_control_id=twin.leg(seed % 4))
    assert made == 200
    for step in range(12):
        number = (seed + step) % 4
        twin.call("POST", f"/calls/{twin.leg(number)}/actions/enqueue", queue_name="vip")
        if step % 3 == seed % 3:
            twin.hang_up(number)
        if step % 4 == seed % 4:
            twin.lose(step)
        while twin.pending:
            process.now = twin.moment().mono - 1000.0
            await process.hear(twin.pending.pop(0))
        twin.wait(1.0)
    twin.wait(30.0)

    def fold(messages: Sequence[facts.Fact]) -> None:
        for message in messages:
            twin.fold(message)

    await resume(
        LogCursor(log),
        now=twin.moment(),
        boot="b",
        decode=event,
        commands=COMMANDS,
        apply=fold,
        ends=asyncio.Event(),
    )
    twin.fold(facts.Resumed(twin.moment(), 1))
    twin.poll()
    twin.poll()
    assert twin.believed() == twin.true()
