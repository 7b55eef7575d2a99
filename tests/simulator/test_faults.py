"""Each fault is switched on over HTTP, takes effect, is counted, and is switched off."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import aiohttp
import pytest
from simulator.harness import AT_ONCE, Answer, LiveSimulator, live_simulator

from console.simulator.faults import FAULTS
from console.simulator.tunable_limits import DeliveryPolicy

Check = Callable[[LiveSimulator], Awaitable[None]]
NEVER = DeliveryPolicy(pauses=(0.0, 0.0), delay_secs=9_999.0, reorder_secs=9_999.0)


async def make_queue(sim: LiveSimulator) -> Answer:
    return await sim.api("POST", "/queues", {"queue_name": "q"})


async def switch(sim: LiveSimulator, fault: str, rate: float) -> None:
    answer = await sim.control("PUT", f"/faults/{fault}", {"rate": rate})
    assert answer["rate"] == rate


async def count(sim: LiveSimulator, fault: str) -> int:
    return int((await sim.control("GET", "/faults"))[fault]["count"])


def refuses(fault: str, status: int, *, again: bool = False) -> Check:
    async def check(sim: LiveSimulator) -> None:
        await switch(sim, fault, 1)
        answer = await make_queue(sim)
        assert answer.status == status
        assert ("Retry-After" in answer.headers) is again
        assert (answer.json is None) is (status == 502)
        await switch(sim, fault, 0)
        assert (await sim.api("GET", "/queues")).data == []

    return check


def drops(fault: str, made: int) -> Check:
    async def check(sim: LiveSimulator) -> None:
        await switch(sim, fault, 1)
        with pytest.raises(aiohttp.ClientError):
            await make_queue(sim)
        await switch(sim, fault, 0)
        assert len((await sim.api("GET", "/queues")).data) == made
        logged = await sim.control("GET", "/requests")
        assert [one["status"] for one in logged] == [None, 200]

    return check


async def not_applied(sim: LiveSimulator) -> None:
    conference, _ = await sim.conference()
    await switch(sim, "not-applied", 1)
    assert (await sim.act(conference, "mute")).data == {"result": "ok"}
    await switch(sim, "not-applied", 0)
    assert await sim.people(conference, "muted") == [False]


async def role_not_shown(sim: LiveSimulator) -> None:
    conference, (ccid,) = await sim.conference()
    update = {"call_control_id": ccid, "supervisor_role": "monitor"}
    await switch(sim, "role-not-shown", 1)
    assert (await sim.act(conference, "update", **update)).data == {"result": "ok"}
    assert await sim.people(conference, "muted") == [False]
    await switch(sim, "role-not-shown", 0)
    await sim.act(conference, "update", **update)
    assert await sim.people(conference, "muted") == [True]


async def answer_race(sim: LiveSimulator) -> None:
    conference, _ = await sim.conference()
    ccid = await sim.call_in()
    await switch(sim, "answer-race", 1)
    assert (await sim.act(conference, "join", call_control_id=ccid)).error == (422, "90034", None)
    await switch(sim, "answer-race", 0)
    assert (await sim.act(conference, "join", call_control_id=ccid)).status == 200


async def page_shift(sim: LiveSimulator) -> None:
    for name in "abcd":
        await sim.api("POST", "/queues", {"queue_name": name})
    await switch(sim, "page-shift", 1)
    pages = [
        await sim.api("GET", "/queues", params={"page[size]": "2", "page[number]": number})
        for number in "12"
    ]
    assert [[one["name"] for one in page.data] for page in pages] == [["a", "b"], ["d"]]


async def odd_values(sim: LiveSimulator) -> None:
    """One member of one item has the wrong type, or is empty, enormous or absent."""
    await sim.api("POST", "/queues", {"queue_name": "a"})
    await sim.api("POST", "/queues", {"queue_name": "b"})
    sound = (await sim.api("GET", "/queues")).data
    await switch(sim, "odd-values", 1)
    listed = (await sim.api("GET", "/queues")).data
    assert (await sim.api("GET", "/queues/a")).data == sound[0]
    assert (await sim.api("POST", "/queues", {"queue_name": "c"})).data["name"] == "c"
    await switch(sim, "odd-values", 0)
    differ = {
        (place, name)
        for place, (was, now) in enumerate(zip(sound, listed, strict=True))
        for name in was
        if now.get(name, "absent") != was[name]
    }
    [(place, name)] = differ
    odd, right = listed[place].get(name), sound[place][name]
    assert type(odd) is not type(right) or odd == "" or len(odd) > 4_000


async def stale_read(sim: LiveSimulator) -> None:
    await switch(sim, "stale-read", 1)
    made = 0

    async def stale() -> bool:
        nonlocal made
        made += 1
        await sim.api("POST", "/queues", {"queue_name": f"q{made}"})
        return len((await sim.api("GET", "/queues?page[size]=250")).data) < made

    await sim.until(stale)
    await switch(sim, "stale-read", 0)
    assert len((await sim.api("GET", "/queues?page[size]=250")).data) == made


async def truncated(sim: LiveSimulator) -> None:
    await switch(sim, "truncated-json", 1)
    with pytest.raises(json.JSONDecodeError):
        await make_queue(sim)
    await switch(sim, "truncated-json", 0)
    assert len((await sim.api("GET", "/queues")).data) == 1


async def slow(sim: LiveSimulator) -> None:
    """The request is executed before it is answered."""
    await switch(sim, "slow", 1)
    async with asyncio.TaskGroup() as group:
        pending = group.create_task(make_queue(sim))

        async def executed() -> bool:
            return bool((await sim.control("GET", "/state"))["queues"])

        await sim.until(executed)
        assert not pending.done()
        pending.cancel()


async def duplicate(sim: LiveSimulator) -> None:
    await switch(sim, "webhook-duplicate", 1)
    await sim.call_in(ringing=True)
    await sim.receiver.expect("call.initiated", 2)
    assert len({one.event["id"] for one in sim.receiver.deliveries}) == 1


def lets_pass(fault: str, *, at_all: bool) -> Check:
    """Return a check that the affected webhook never comes, or not before a later one."""

    async def check(sim: LiveSimulator) -> None:
        await switch(sim, fault, 1)
        first = await sim.call_in(ringing=True)
        await switch(sim, fault, 0)
        await sim.call_in(ringing=True)
        other = await sim.receiver.expect("call.initiated")
        assert other.event["payload"]["call_control_id"] != first
        answer = await sim.settled(1)
        assert (answer["emitted"], answer["waiting"], answer["dropped"]) == (2, at_all, not at_all)

    return check


async def forged(sim: LiveSimulator) -> None:
    await switch(sim, "webhook-bad-signature", 1)
    await sim.call_in(ringing=True)
    assert not (await sim.receiver.expect("call.initiated")).signed


async def old(sim: LiveSimulator) -> None:
    await switch(sim, "webhook-old", 1)
    await sim.call_in(ringing=True)
    webhook = await sim.receiver.expect("call.initiated")
    assert webhook.signed
    assert time.time() - int(webhook.headers["Telnyx-Timestamp"]) > 300


CHECKS: dict[str, Check] = {
    "not-applied": not_applied,
    "role-not-shown": role_not_shown,
    "answer-race": answer_race,
    "page-shift": page_shift,
    "odd-values": odd_values,
    "stale-read": stale_read,
    "http-401": refuses("http-401", 401),
    "http-403": refuses("http-403", 403),
    "http-422": refuses("http-422", 422),
    "http-429": refuses("http-429", 429, again=True),
    "http-429-bare": refuses("http-429-bare", 429),
    "http-500": refuses("http-500", 500),
    "http-503": refuses("http-503", 503),
    "http-502": refuses("http-502", 502),
    "truncated-json": truncated,
    "slow": slow,
    "timeout-before": drops("timeout-before", 0),
    "timeout-after": drops("timeout-after", 1),
    "webhook-drop": lets_pass("webhook-drop", at_all=False),
    "webhook-duplicate": duplicate,
    "webhook-delay": lets_pass("webhook-delay", at_all=True),
    "webhook-reorder": lets_pass("webhook-reorder", at_all=True),
    "webhook-bad-signature": forged,
    "webhook-old": old,
}
ONCE = set(FAULTS) - {"stale-read"}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_takes_effect_and_is_counted(fault: str) -> None:
    async with live_simulator(policy=NEVER, rules=replace(AT_ONCE, stale_secs=0.005)) as sim:
        assert await count(sim, fault) == 0
        await CHECKS[fault](sim)
        assert await count(sim, fault) >= 1
        assert await count(sim, fault) == 1 or fault not in ONCE


async def test_a_fault_may_be_on_from_the_start() -> None:
    async with live_simulator(faults={"http-500": 1.0}) as sim:
        assert (await make_queue(sim)).status == 500
