"""The official SDK drives every operation over HTTP, and its models find what they require."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import telnyx
from pydantic import BaseModel
from simulator.driving import Floor, floor

STARTED = {"format": "mp3"}


def complete(answer: Any) -> Any:  # noqa: ANN401
    """The data of an answer: each required field present and not null, and no unknown one."""
    data = answer.data if isinstance(answer, BaseModel) and hasattr(answer, "data") else answer
    for one in data if isinstance(data, list) else [data]:
        check(one)
    return data


def check(one: Any) -> None:  # noqa: ANN401
    if not isinstance(one, BaseModel):
        return
    aliases = {field.alias for field in type(one).model_fields.values()}
    unknown = {*(one.model_extra or {})} - aliases  # the SDK keeps an aliased member as extra too
    assert not unknown, (type(one), unknown)
    for name, field in type(one).model_fields.items():
        if field.is_required():
            assert getattr(one, name) is not None, (type(one), name)
        check(getattr(one, name))


Script = Callable[[telnyx.Telnyx, str, list[str]], None]


def rooms(api: telnyx.Telnyx, room: str, legs: list[str]) -> None:
    act = api.conferences.actions
    guest = legs[1]
    made = complete(api.conferences.create(call_control_id=legs[2], name="second"))
    complete(api.conferences.retrieve(room))
    assert len(list(api.conferences.list(page_size=1))) == 2
    assert complete(act.join(room, call_control_id=guest)).result == "ok"
    people = list(api.conferences.list_participants(room, filter={"muted": False}))
    for one in people:
        check(one)
    complete(api.conferences.retrieve_participant(people[0].id, id=room))
    complete(api.conferences.update_participant(people[1].id, id=room, beep_enabled="always"))
    complete(act.update(room, call_control_id=guest, supervisor_role="barge"))
    complete(act.mute(room, call_control_ids=[guest]))
    complete(act.unmute(room))
    complete(act.hold(room, call_control_ids=[guest], media_name="lobby"))
    complete(act.unhold(room, call_control_ids=[guest]))
    complete(act.leave(room, call_control_id=guest))
    complete(act.end_conference(made.id))
    assert complete(api.conferences.retrieve(made.id)).status == "completed"


def sounds(api: telnyx.Telnyx, room: str, legs: list[str]) -> None:
    act = api.conferences.actions
    complete(act.play(room, audio_url="https://a.example/b.mp3", loop="infinity"))
    complete(act.stop(room))
    complete(act.speak(room, payload="hello", voice="female", language="en-US"))
    complete(act.send_dtmf(room, digits="1w2"))
    complete(act.gather_dtmf_audio(room, call_control_id=legs[0], media_name="pin"))
    complete(act.record_start(room, format="wav"))
    complete(act.record_pause(room))
    complete(act.record_resume(room))
    complete(act.record_stop(room))


def lines(api: telnyx.Telnyx, _room: str, legs: list[str]) -> None:
    complete(api.queues.create(queue_name="tier 1/support"))
    name = "tier 1/support"
    complete(api.calls.actions.enqueue(legs[1], queue_name=name, keep_after_hangup=True))
    complete(api.queues.retrieve(name))
    complete(api.queues.update(name, max_size=9))
    assert [complete(one).max_size for one in api.queues.list()] == [9]
    (call,) = [complete(one) for one in api.queues.calls.list(name)]
    complete(api.queues.calls.retrieve(call.call_control_id, queue_name=name))
    api.queues.calls.update(call.call_control_id, queue_name=name, keep_after_hangup=False)
    complete(api.calls.actions.leave_queue(legs[1]))
    complete(api.calls.actions.enqueue(legs[1], queue_name=name))
    api.queues.calls.remove(legs[1], queue_name=name)
    api.queues.delete(name)
    with pytest.raises(telnyx.NotFoundError):
        api.queues.retrieve(name)


def calls(api: telnyx.Telnyx, room: str, legs: list[str]) -> None:
    dialled = complete(
        api.calls.dial(
            connection_id="2963500000000000123",
            from_="+15125550100",
            to="+15125550199",
            conference_config={"id": room},
        )
    )
    complete(api.calls.retrieve_status(dialled.call_control_id))
    complete(api.calls.actions.hangup(legs[1]))
    ended = complete(api.calls.retrieve_status(legs[1]))
    assert ended.is_alive is False
    with pytest.raises(telnyx.UnprocessableEntityError, match="90018"):
        api.calls.actions.hangup(legs[1])


@pytest.mark.parametrize("script", [rooms, sounds, lines, calls])
async def test_the_official_sdk_is_served(script: Script) -> None:
    async with floor() as sim:
        room, legs = await sim.room()
        legs += [await sim.call_in(), await sim.call_in()]
        await asyncio.to_thread(run, sim, script, room, legs)


def run(sim: Floor, script: Script, room: str, legs: list[str]) -> None:
    key, url = sim.served.api_key, sim.served.base_url
    with telnyx.Telnyx(api_key=key, base_url=url, max_retries=0) as api:
        script(api, room, legs)


async def test_the_official_sdk_accepts_the_signatures() -> None:
    async with floor() as sim:
        await sim.room()
        await sim.receiver.expect("conference.participant.joined")
        api = telnyx.Telnyx(api_key="KEY", public_key=sim.served.public_key)
        told = [one for one in sim.receiver.deliveries if "data" in one.body]
        for one in told:
            api.webhooks.unwrap(one.raw.decode(), headers=dict(one.headers))
        api.close()
