"""Each of the 16 webhooks is caused over HTTP, verified by the SDK and compared with its schema."""

import asyncio
from types import ModuleType

import pytest
from simulator.harness import Delivery, LiveSimulator, live_simulator
from simulator.official_schemas import ID, THE_16, TIME_OUTSIDE

from console.simulator.tunable_limits import FloorShape

URL = "https://a.example/b.wav"
CALL = {*ID, "from", "to"}
BESIDE = {
    "call.initiated": {*CALL, "start_time", "direction", "state"},
    "call.answered": {*CALL, "start_time", "state"},
    "call.bridged": {*CALL, "start_time"},
    "call.hangup": {
        *CALL, "start_time", "state", "hangup_cause", "hangup_source", "sip_hangup_cause",
    },
    "call.gather.ended": {*CALL, "digits", "status"},
    "call.dtmf.received": {*CALL, "digit"},
}  # fmt: skip


async def cause_all(sim: LiveSimulator) -> None:
    """Cause every webhook by requests alone."""
    waiting, other = await sim.call_in(), await sim.call_in()
    await sim.api("POST", f"/calls/{waiting}/actions/enqueue", {"queue_name": "q"})
    await sim.api("POST", f"/calls/{other}/actions/bridge", {"queue": "q"})
    conference, people = await sim.conference(guests=1)
    await sim.act(conference, "record_start", format="wav")
    for named in ({}, {"call_control_ids": people[:1]}):
        await sim.act(conference, "play", audio_url=URL, **named)
        await sim.act(conference, "speak", payload="hello", voice="female", **named)
    await sim.act(conference, "gather_using_audio", call_control_id=people[0], maximum_digits=1)
    await sim.control("POST", f"/calls/{people[0]}/digits", {"digits": "1"})
    await sim.act(conference, "end")
    await sim.receiver.until(lambda: {*THE_16, *BESIDE} <= set(sim.receiver.types()))


def verify(telnyx: ModuleType, public_key: str, deliveries: list[Delivery]) -> None:
    with telnyx.Telnyx(api_key="KEY", public_key=public_key) as api:
        for one in deliveries:
            event = api.webhooks.unwrap(one.raw.decode(), headers=dict(one.headers))
            if (
                one.event["event_type"] != "conference.floor.changed"
            ):  # the SDK has a wrong type for it
                assert event.data.event_type == one.event["event_type"]


@pytest.mark.parametrize("shape", ["wrapped", "flat"])
async def test_each_webhook_is_caused_verified_and_has_exactly_its_fields(
    telnyx: ModuleType, shape: FloorShape
) -> None:
    async with live_simulator(floor_shape=shape) as sim:
        await cause_all(sim)
        deliveries = list(sim.receiver.deliveries)
        await asyncio.to_thread(verify, telnyx, sim.served.public_key, deliveries)
    wanted = {**THE_16, **BESIDE}
    for one in deliveries:
        kind = one.event["event_type"]
        assert set(one.event["payload"]) == wanted[kind], kind
        outside = kind in TIME_OUTSIDE or kind.startswith("call.")
        keys = {"record_type", "event_type", "id", "payload"}
        assert set(one.event) - {"meta"} == (keys | {"occurred_at"} if outside else keys), kind
        flat = shape == "flat" and kind == "conference.floor.changed"
        assert set(one.body) == ({*keys, "meta"} if flat else {"data", "meta"}), kind
        assert one.body["meta"] == {"attempt": 1, "delivered_to": sim.receiver.url}
