"""A new record works everywhere without an edit elsewhere: nothing knows commands by name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from console.commands import COMMANDS
from console.commands.command_line import why_not_here
from console.core.messages import intents
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    Field,
    Order,
    Pane,
    RecordingChange,
    Request,
    Retry,
    Sensitivity,
    Target,
    TargetKind,
    WholeConference,
)
from console.core.model.entities import RecordingState
from console.core.model.proofs import NoProof
from console.core.model.state import State
from console.journal.audit_writer import intent
from console.journal.confidential import NOT_KEPT
from console.ui.keys import bindings, help_groups
from support.documentation import key_table
from support.playbook import CONFERENCE, Playbook, at, left, participant

FREEZE = Command(
    name="freeze_it",
    key="F",
    words="freeze:",
    done="frozen",
    panes=frozenset({Pane.LOG, Pane.QUEUES, Pane.PEOPLE}),
    target_kind=TargetKind.CONFERENCE,
    confirmation=ConfirmationLevel.AT_ONCE,
    retry=Retry.SAME_ID,
    proof=NoProof(),
    request=lambda _: Request("POST", ("calls", "v3:a", "actions", "freeze")),
    why_not=lambda _, __: None,
    fields=(
        Field("door_code", "code", sensitivity=Sensitivity.CODE),
        Field("vault", "vault", sensitivity=Sensitivity.NAME),
    ),
    recording=RecordingChange(RecordingState.PAUSED),
    help="A command that no file knows.",
)
MORE = {**COMMANDS, FREEZE.name: FREEZE}


def ask(command: Command, target: Target, **values: str) -> tuple[Playbook, Order]:
    """Ask for a command on a conference of one person, and let Telnyx accept it."""
    state = State(commands={**COMMANDS, command.name: command})
    talk = Playbook(state).begin(participant("v3:a"))
    order = Order("o", at(0.0), command, target, "ana", values)
    talk.say(intents.OrderAsked(order))
    assert talk.sent == [command.name]
    return talk.accept(0.2, "o"), order


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (RecordingChange(RecordingState.ON), "on"),
        (RecordingChange(RecordingState.PAUSED), "paused"),
        (RecordingChange(RecordingState.PAUSED, needs_recording=True), None),
        (None, None),
    ],
)
def test_it_changes_the_recording_as_its_record_says(
    change: RecordingChange | None, shown: str | None
) -> None:
    talk, _ = ask(replace(FREEZE, recording=change), WholeConference(CONFERENCE))
    conference = talk.state.conferences[CONFERENCE]
    assert (conference.recording and conference.recording.state) == shown
    assert (conference.recording_wish is not None) is bool(change and change.needs_recording)


@pytest.mark.parametrize("parks", [True, False])
def test_it_parks_a_leg_for_sure_if_its_record_says_so(parks: bool) -> None:
    out = replace(FREEZE, parks=parks, proof=COMMANDS["leave"].proof)
    talk, _ = ask(out, AnyLeg("v3:a", from_conference=CONFERENCE), room=CONFERENCE)
    talk.say(left(0.3, "v3:a"))
    assert (talk.state.parked["v3:a"].was_alive, talk.state.parked["v3:a"].operator) == (
        (True, "ana") if parks else (False, "")
    )


def test_its_secrets_do_not_reach_the_audit() -> None:
    _, order = ask(FREEZE, WholeConference(CONFERENCE), door_code="47", vault="+15125550101")
    row = json.loads(intent(order, order.command.confirmation, {}))
    assert row["values"] == {"door_code": NOT_KEPT, "vault": "..0101"}
    assert set(row["sealed"]) == {"vault"}


def test_its_keys_and_panes_are_in_the_help() -> None:
    assert "verb('F')" in {binding.action for binding in bindings(MORE)}
    (shown,) = (key for key in help_groups(MORE)[0].keys if key.key == "F")
    assert shown.note.startswith("people, queues and log, at once")
    assert "| `F` | freeze: | people, queues and log | at once" in key_table(MORE)
    assert why_not_here(MORE, "freeze it") == "freeze it is for people, queues and log"


def test_a_refusal_names_it() -> None:
    talk = Playbook(State(commands=MORE)).begin()
    no = replace(FREEZE, why_not=lambda _, __: "too warm")
    talk.say(intents.OrderAsked(Order("o", at(0.0), no, WholeConference(CONFERENCE), "ana")))
    assert talk.state.log[-1].text == "freeze: too warm"
    assert (FREEZE.verb, FREEZE.label) == ("freeze it", "freeze")
