"""Queues and conferences with any name over HTTP: sent whole and addressed correctly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from uuid import uuid4

import pytest
from pydantic import SecretStr

from console.commands import COMMANDS
from console.core.messages.facts import (
    CallsListed,
    ConferencesListed,
    ParticipantsListed,
    QueuesListed,
)
from console.core.messages.read_scopes import LIVE, CallsScope, ParticipantsScope, QueuesScope
from console.core.model.command import AnyLeg, NoTarget, Order, Target, WholeQueue
from console.core.model.listed_resources import Moment, QueueResource
from console.telnyx.client import Client
from support.house import Simulator, simulator

NOW = Moment(1.0, 1.0)
LONG = "é" * 254 + "/"
NAMES = [
    "vip/eu",
    "a b",
    "#1",
    "a:b?c=d&e",
    "..",
    ".",
    "../../conferences",
    "100%",
    "%2F",
    "\U0001f600 emoji \U0001f1ea\U0001f1fa",
    "דחוף تصعيد",
    "\u202eevil",
    "a\\b;c,d|e\"f'g",
    "line\nbreak",
    LONG,
]


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with simulator("", "--scenario", "empty") as running:
        yield running


@pytest.fixture
async def client(sim: Simulator) -> AsyncIterator[Client]:
    async with Client(
        sim.base_url,
        SecretStr(sim.api_key),
        clock=lambda: NOW,
        report=lambda _: None,
        agent="test",
        attempt=5.0,
    ) as open_:
        yield open_


async def done(client: Client, name: str, target: Target, values: Mapping[str, str]) -> None:
    answer = await client.send(Order(str(uuid4()), NOW, COMMANDS[name], target, "ana", values))
    assert answer.problem is None


async def queues(client: Client) -> dict[str, QueueResource]:
    listed = await client.read(QueuesScope())
    assert isinstance(listed, QueuesListed)
    return {item.name: item for item in listed.items}


async def test_a_queue_is_made_sized_read_and_deleted_by_its_name(
    client: Client, sim: Simulator
) -> None:
    for name in NAMES:
        await done(client, "queue_create", NoTarget(), {"queue_name": name, "max_size": "5"})
        await done(client, "queue_size", WholeQueue(name), {"max_size": "7"})
        assert {made.name: made.max_size for made in (await queues(client)).values()} == {name: 7}
        leg = sim.caller("+15125550142")
        await done(client, "enqueue_leg", NoTarget(), {"call_control_id": leg, "queue_name": name})
        listed = await client.read(CallsScope(name))
        assert isinstance(listed, CallsListed)
        assert [call.leg for call in listed.items or ()] == [leg]
        sim.control("POST", f"/calls/{leg}/hangup")
        await done(client, "queue_delete", WholeQueue(name), {})
        assert await queues(client) == {}


async def test_a_conference_bears_its_name_and_is_joined_by_it(
    client: Client, sim: Simulator
) -> None:
    conferences = {}
    for name in NAMES:
        leg, guest = sim.caller("+15125550142"), sim.caller("+15125550143")
        await done(client, "create", NoTarget(), {"call_control_id": leg, "name": name})
        await done(client, "join", AnyLeg(guest), {"room": name})
        conferences[name] = {leg, guest}
    listed = await client.read(LIVE)
    assert isinstance(listed, ConferencesListed)
    assert {conference.name for conference in listed.items} == set(NAMES)
    for conference in listed.items:
        assert conference.name is not None
        people = await client.read(ParticipantsScope(conference.id))
        assert isinstance(people, ParticipantsListed)
        assert {one.leg for one in people.items or ()} == conferences[conference.name]
