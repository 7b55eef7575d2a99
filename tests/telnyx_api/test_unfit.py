"""An order whose request cannot be built is refused before anything is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from console.commands import COMMANDS
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Order,
    People,
    Queued,
    Request,
    Retry,
    Target,
    TargetKind,
    WholeConference,
    WholeQueue,
)
from console.core.model.listed_resources import Moment
from console.core.model.proofs import NoProof
from console.telnyx.client import UNFIT, Client

NOW = Moment(0.0, 0.0)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    def nothing(_: object) -> None:
        raise AssertionError("nothing was sent, so nothing was answered")

    nowhere = "http://127.0.0.1:1/v2"
    async with Client(
        nowhere, SecretStr("KEY"), clock=lambda: NOW, report=nothing, agent="x", attempt=1.0
    ) as client:
        yield client


def order(request: Request | None) -> Order:
    def made(_: Order) -> Request:
        if request is None:
            raise KeyError("queue_name")
        return request

    command = Command(
        name="x", key="x", words="x", done="x", panes=frozenset(),
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.REPEATS_EFFECT, proof=NoProof(), request=made, why_not=lambda _, __: None,
    )  # fmt: skip
    return Order("id", NOW, command, WholeConference("r"), "me")


async def test_what_can_be_spelled_is_fit(client: Client) -> None:
    assert client.unfit(order(Request("POST", ("queues", ".."), {"name": "a"}))) is None


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (Request("DELETE", ("queues", "")), "an empty path segment"),
        (Request("POST", ("conferences", "", "actions", "mute")), "an empty path segment"),
        (Request("POST", ("queues",), {"name": object()}), "not JSON serializable"),
        (Request("POST", ("queues", "\ud800")), "surrogates not allowed"),
        (None, "queue_name"),
    ],
)
async def test_what_cannot_is_refused_and_the_log_says_why(
    client: Client, request_: Request | None, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.unfit(order(request_)) == UNFIT
    assert why in caplog.text


@pytest.mark.parametrize(
    ("aim", "target"),
    [
        (TargetKind.PEOPLE, People("", ("v3:a",))),
        (TargetKind.ONE, People("", ("v3:a",))),
        (TargetKind.CONFERENCE, WholeConference("")),
        (TargetKind.QUEUE, WholeQueue("")),
        (TargetKind.CALL, Queued("", "")),
    ],
)
async def test_no_command_on_what_has_no_name_makes_a_request(
    client: Client, aim: TargetKind, target: Target
) -> None:
    commands = [command for command in COMMANDS.values() if command.target_kind is aim]
    assert commands
    for command in commands:
        assert client.unfit(Order("id", NOW, command, target, "me")) == UNFIT, command.name
