"""`telnyx-console audit show` prints operator, command, targets by name, and outcome."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from journal.process import CONFERENCE, at, order

from console import cli
from console.core.messages.facts import CommandAccepted, CommandRefused
from console.core.model.command import AnyLeg, Order
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.stage import Stage
from console.journal.audit_writer import intent, outcome
from console.journal.locations import file_of, home
from console.journal.log import JournalTable, Record
from console.journal.sqlite import SqliteLog

WHEN = Moment(1.0, 1_800_000_000.0)
TIME = "2027-01-15 08:00:00Z"
WHO = {"user": "root", "host": "desk3", "from": "10.0.0.9"}
NAMES = {"v3:dana": "Dana Kowalski", "v3:bo": "Bo Reyes", CONFERENCE: "refund"}

Shown = Callable[..., list[str]]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    """Return a function that writes audit rows and returns the output of ``audit show``."""

    def run(*rows: tuple[str, bytes], flags: tuple[str, ...] = ()) -> list[str]:
        async def fill() -> None:
            path = file_of(home(), "default")
            log = SqliteLog(path, wall=lambda: WHEN.wall, notify=lambda _: None)
            for id_, body in rows:
                await log.append(Record(JournalTable.AUDIT, id_, WHEN, "b", body))
            await log.close()

        asyncio.run(fill())
        assert cli.main(("audit", "show", *flags)) == 0
        return capsys.readouterr().out.splitlines()

    return run


def asked(one: Order, *, names: dict[str, str] | None = None) -> tuple[str, bytes]:
    """The row of an intent."""
    named = replace(one, names=NAMES if names is None else names)
    return one.id, intent(named, one.command.confirmation, WHO)


def ended(id_: str, stage: Stage, note: str = "") -> tuple[str, bytes]:
    """The row of an outcome."""
    return id_, json.dumps({"what": "effect", "stage": stage.value, "note": note}).encode()


def test_one_line_says_when_who_what_to_whom_and_its_outcome(shown: Shown) -> None:
    mute = order("mute", "v3:dana", "v3:bo")
    accepted = outcome(CommandAccepted(at(0), "c1", 1.0))
    assert shown(asked(mute), ("c1", accepted), ended("c1", Stage.SEEN)) == [
        f"{TIME}  #1  ana (root@desk3 from 10.0.0.9)  mute Dana Kowalski, Bo Reyes in refund  seen"
    ]


def test_an_undo_names_the_row_that_it_takes_back(shown: Shown) -> None:
    mute, unmute = order("mute", "v3:dana"), order("unmute", "v3:dana", id_="c2")
    again = replace(order("mute", "v3:dana", id_="c3"), redoes="c2", at=at(1))
    lines = shown(asked(mute), asked(replace(unmute, undoes="c1")), asked(again))
    assert lines[1].endswith("unmute Dana Kowalski in refund  sent, no answer recorded  undo of #1")
    assert lines[2].endswith("redo of #2")


def test_a_row_shows_answers_and_reasons_but_no_defaults_and_no_ids(shown: Shown) -> None:
    there = replace(
        order(
            "join",
            room=CONFERENCE,
            mute="yes",
            hold="no",
            supervisor_role="whisper",
            whisper_call_control_ids="v3:bo",
        ),
        target=AnyLeg("v3:dana", from_queue="vip"),
    )
    end = order("end", id_="c2", reason="call 512-555-0142 back")
    lines = shown(asked(there), asked(end))
    answers = "muted: yes, role: whisper, whisper to: Bo Reyes"
    assert f"add to a conference Dana Kowalski to refund ({answers})" in lines[0]
    assert "end refund (why: call ..0142 back)" in lines[1]
    assert not any("v3:" in line or CONFERENCE in line for line in lines)


def test_a_refusal_keeps_its_reason_and_its_numbers_are_masked(shown: Shown) -> None:
    no = Problem(ProblemKind.REFUSED, 422, "90018", "Conference has ended", "of +1 512 555 0142")
    (line,) = shown(
        asked(order("mute", "v3:dana")),
        ("c1", outcome(CommandRefused(at(0), "c1", no))),
        ended("c1", Stage.REFUSED),
    )
    assert line.endswith("refused: 422 90018 Conference has ended: of ..0142")


def test_a_row_of_before_names_were_written_shows_what_it_can(shown: Shown) -> None:
    id_, body = asked(order("mute", "v3:dana"))
    older = {name: told for name, told in json.loads(body).items() if name != "names"}
    (line,) = shown((id_, json.dumps(older).encode()))
    assert f"mute ?leg ..dana in ?{CONFERENCE[:8]}" in line


def test_raw_shows_every_row_with_its_ids(shown: Shown) -> None:
    lines = shown(asked(order("mute", "v3:dana")), ended("c1", Stage.SEEN), flags=("--raw",))
    assert len(lines) == 2
    assert "v3:dana" in lines[0]
    assert '"Dana Kowalski"' in lines[0]


@pytest.mark.parametrize(
    "body", [b"\xff", b"[]", b"7", b'{"what": "spoke"}', b'{"what": "intent"}']
)
def test_what_another_version_wrote_is_shown_as_it_stands(shown: Shown, body: bytes) -> None:
    (line,) = shown(("c1", body))
    assert line.startswith(f"{TIME}  c1")
    (line,) = shown(flags=("--raw",))
    assert line.startswith(f"{TIME}  c1")
