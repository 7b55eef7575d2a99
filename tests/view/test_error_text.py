"""Every error of Telnyx becomes one sentence with its code, at its field if it has one.

The answers come from the simulator over HTTP.
"""

from __future__ import annotations

import json

import pytest
from simulator.documented_errors import ROWS, clear
from simulator.harness import Answer, live_simulator
from view.scenes import scene

from console.commands import COMMANDS
from console.core.messages.facts import CommandRefused
from console.core.messages.intents import OrderAsked
from console.core.model.command import ConfirmationLevel, NoTarget, Order, People, WholeConference
from console.core.model.listed_resources import Problem, ProblemKind
from console.telnyx.errors import problem_of
from console.view.dialogs.form import form
from console.view.text.error_text import error_sentence, field_of
from support.playbook import CONFERENCE, Playbook, at, participant


def told(answer: Answer) -> str:
    return error_sentence(problem_of(answer.status, json.dumps(answer.json).encode()))


async def test_every_refusal_is_one_sentence_with_its_code() -> None:
    async with live_simulator() as sim:
        for status, code, title, _, cause in ROWS:
            said = told(await cause(sim))
            assert said.startswith(f"{title} ({status} {code}): ")
            assert "\n" not in said
            await clear(sim)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("http-401", "Authentication failed (401 10009): Could not understand the provided"),
        ("http-403", "Authorization failed (403 10010): You do not have permission to"),
        ("http-429", "Too many requests (429 10011): You have exceeded the maximum"),
        ("http-500", "Internal server error (500 10007): An unexpected error occurred"),
        ("http-503", "Service unavailable (503 10007): The service is temporarily unavailable"),
    ],
)
async def test_what_is_nobody_s_fault_is_a_sentence_too(fault: str, said: str) -> None:
    async with live_simulator(faults={fault: 1.0}) as sim:
        assert told(await sim.api("GET", "/queues")).startswith(said)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (502, b"<html><title>502 Bad Gateway</title></html>", "Bad Gateway (502)"),
        (429, b'{"errors": [{"code": "90103", "title": "DPS"}]}', "DPS (429 90103)"),
        (409, b'{"errors": [{"code": "10036", "title": "Busy."}]}', "Busy (409 10036)"),
        (418, b"", "I'm a Teapot (418)"),
        (599, b"\xff", "HTTP 599 (599)"),
    ],
)
def test_a_body_that_is_no_envelope_leaves_the_status(status: int, body: bytes, said: str) -> None:
    assert error_sentence(problem_of(status, body)) == said


@pytest.mark.parametrize(
    ("name", "pointer", "field"),
    [
        ("queue_create", "/queue_name", "queue_name"),
        ("queue_create", "/body/max_size", "max_size"),
        ("speak", "/voice_settings/type", "voice_settings"),
        ("hold", "/audio_url", "audio_url"),
        ("enqueue_leg", "/call_control_id", "call_control_id"),
        ("mute", "/call_control_ids/0", None),
        ("role", "/no_such_member", None),
        ("role", "", None),
        ("role", None, None),
    ],
)
def test_a_pointer_lands_on_its_question(name: str, pointer: str | None, field: str | None) -> None:
    found = field_of(COMMANDS[name], Problem(ProblemKind.REFUSED, 422, pointer=pointer))
    assert (found.name if found else None) == field


def test_the_same_key_asks_again_with_the_answers_and_the_complaint() -> None:
    talk = Playbook().begin(participant("v3:ana"))
    target, create = NoTarget(), COMMANDS["queue_create"]
    values = {"queue_name": "vip/eu", "max_size": "7"}
    no = Problem(
        ProblemKind.REFUSED, 422, "10015", "Invalid value", "Not that name.", "/queue_name"
    )
    order = Order("q", at(0.0), create, target, "ana", values)
    talk.say(OrderAsked(order), CommandRefused(at(0.4), "q", no))
    again = form(scene(talk.state), create, target, ConfirmationLevel.DIALOG, {})
    assert again.values == values
    assert again.refused == {"queue_name": "Invalid value (422 10015): Not that name"}
    talk.say(OrderAsked(Order("r", at(1.0), create, target, "ana", {"queue_name": "vip"})))
    assert form(scene(talk.state), create, target, ConfirmationLevel.DIALOG, {}).refused == {}


def test_another_target_is_not_complained_about() -> None:
    talk = Playbook().begin(participant("v3:ana"), participant("v3:bo"))
    talk.ask("play", 0.0, "v3:ana", id_="p", media_name="nothing")
    no = Problem(ProblemKind.MISSING, 404, "10005", "Audio file not found", "", "/media_name")
    talk.say(CommandRefused(at(0.4), "p", no))
    play = COMMANDS["play"]
    ana = form(
        scene(talk.state), play, People(CONFERENCE, ("v3:ana",)), ConfirmationLevel.DIALOG, {}
    )
    assert ana.refused == {"media_name": "Audio file not found (404 10005)"}
    bo = form(scene(talk.state), play, People(CONFERENCE, ("v3:bo",)), ConfirmationLevel.DIALOG, {})
    everyone = form(
        scene(talk.state),
        COMMANDS["play_room"],
        WholeConference(CONFERENCE),
        ConfirmationLevel.DIALOG,
        {},
    )
    assert bo.refused == everyone.refused == {}
