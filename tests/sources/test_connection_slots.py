"""Rules for the connection that is replaced when all slots are taken."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.receiving import PATIENT, Receiver, answer, closed, post, receiving

from console.sources.connection_slots import ConnectionSlots, NoSlotError, Progress

PROXY = ip_network("198.51.100.0/24")


@dataclass(eq=False)
class Guest:
    """A connection with a given progress."""

    stage: Progress
    address: str = "192.0.2.1"


def slots(most: int = 4, share: int = 2) -> ConnectionSlots[Guest]:
    return ConnectionSlots(most, share, (PROXY,))


def test_the_oldest_of_those_that_have_come_least_far_yields() -> None:
    taken = slots(3, 3)
    guests = [Guest(Progress.KNOWN), Guest(Progress.SILENT), Guest(Progress.SILENT)]
    assert [taken.take(one, one.address) for one in guests] == [None] * 3
    assert taken.take(Guest(Progress.SILENT), "192.0.2.9") is guests[1]


def test_nobody_at_work_yields() -> None:
    taken = slots(1)
    taken.take(Guest(Progress.BUSY), "192.0.2.1")
    with pytest.raises(NoSlotError, match="more than 1 connections"):
        taken.take(Guest(Progress.SILENT), "192.0.2.2")


@pytest.mark.parametrize(
    ("first", "second"),
    [("192.0.2.1", "192.0.2.1"), ("192.0.2.1", "::ffff:192.0.2.1"), ("2001:db8::1", "2001:db8::2")],
)
def test_an_address_beyond_its_share_takes_the_slot_of_its_own(first: str, second: str) -> None:
    taken = slots(9, 2)
    other, mine = Guest(Progress.SILENT), Guest(Progress.SILENT)
    taken.take(other, "203.0.113.5")
    taken.take(mine, first)
    taken.take(Guest(Progress.BUSY), first)
    assert taken.take(Guest(Progress.BUSY), second) is mine
    with pytest.raises(NoSlotError, match=f"more than 2 connections from {second}"):
        taken.take(Guest(Progress.SILENT), second)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "198.51.100.7", ""])
def test_this_host_and_a_configured_proxy_have_no_share(address: str) -> None:
    taken = slots(9, 2)
    for _ in range(9):
        assert taken.take(Guest(Progress.BUSY), address) is None


EXEMPT = {"127.0.0.1", "198.51.100.7"}


def _site(guest: Guest) -> str:
    return "2001:db8::/64" if guest.address.startswith("2001:db8") else guest.address


ADDRESSES = ["127.0.0.1", "198.51.100.7", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"]


@given(st.lists(st.tuples(st.sampled_from(Progress), st.sampled_from(ADDRESSES)), max_size=40))
def test_no_limit_is_passed_and_nobody_yields_to_whom_less_far_is_seated(
    arrivals: list[tuple[Progress, str]],
) -> None:
    taken = slots(5, 2)
    for stage, address in arrivals:
        guest = Guest(stage, address)
        before = list(taken)
        try:
            yielding = taken.take(guest, address)
        except NoSlotError:
            assert list(taken) == before
            continue
        assert list(taken) == [one for one in before if one is not yielding] + [guest]
        assert len(taken) <= 5
        shares = Counter(_site(one) for one in taken if _site(one) not in EXEMPT)
        assert max(shares.values(), default=0) <= 2
        if yielding is not None:
            assert yielding.stage is not Progress.BUSY
            if _site(yielding) != _site(guest):
                assert yielding.stage == min(one.stage for one in before)


async def flood(receiver: Receiver, held: AsyncExitStack, number: int, sent: bytes = b"") -> None:
    """Open a number of connections that send these bytes and stay open."""
    for _ in range(number):
        _, writer = await receiver.open()
        writer.write(sent)
        held.callback(writer.close)


@pytest.mark.parametrize("sent", [b"", b"POST /web", post()[:-5]], ids=["silent", "head", "body"])
async def test_a_good_sender_is_served_while_strangers_hold_every_seat(sent: bytes) -> None:
    async with receiving(replace(PATIENT, connections=32)) as receiver, AsyncExitStack() as held:
        for _ in range(3):
            await flood(receiver, held, 40, sent)
            assert await receiver.ask(post()) == 200
        reader, writer = await receiver.open()
        held.callback(writer.close)
        for _ in range(3):
            writer.write(post())
            assert (await answer(reader))[0] == 200
            await flood(receiver, held, 40, sent)


async def test_senders_that_come_at_once_with_a_flood_are_all_served() -> None:
    async with receiving(replace(PATIENT, connections=64)) as receiver, AsyncExitStack() as held:
        await flood(receiver, held, 64)
        answers: list[asyncio.Task[int]] = []
        async with asyncio.TaskGroup() as crowd:
            for _ in range(20):
                answers.append(crowd.create_task(receiver.ask(post())))
                for _ in range(15):
                    crowd.create_task(flood(receiver, held, 1))
        assert [each.result() for each in answers] == [200] * 20


async def test_the_oldest_silent_connection_is_closed_and_is_no_refused_delivery() -> None:
    async with receiving(replace(PATIENT, connections=2)) as receiver, AsyncExitStack() as held:
        oldest, writer = await receiver.open()
        held.callback(writer.close)
        await flood(receiver, held, 2)
        assert await closed(oldest) == b""
        assert receiver.refused == []
