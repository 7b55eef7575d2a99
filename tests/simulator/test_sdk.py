"""The official SDK drives every operation over HTTP; each answer fits the official schema."""

import asyncio
import json
import re
from types import ModuleType
from urllib.parse import urlsplit

import httpx
import pytest
from simulator.harness import LiveSimulator, live_simulator
from simulator.official_schemas import BESIDE, THE_34, check_answer, operation

CONNECTION = "2963500000000000123"


class Watched:
    """The SDK, with the answers to its requests; ``legs`` are four parked calls."""

    def __init__(
        self, telnyx: ModuleType, sim: LiveSimulator, conference: str, legs: list[str]
    ) -> None:
        self.driven: set[str] = set()
        self.conference = conference
        self.legs = legs
        self._root = urlsplit(sim.served.base_url).path
        self.api = telnyx.Telnyx(
            api_key=sim.served.api_key,
            base_url=sim.served.base_url,
            max_retries=0,
            http_client=telnyx.DefaultHttpxClient(event_hooks={"response": [self._hold]}),
        )

    def _hold(self, response: httpx.Response) -> None:
        raw = response.read()
        path = re.sub(f"^{self._root}", "", response.request.url.raw_path.decode().split("?")[0])
        name = operation(response.request.method, path)
        self.driven.add(name)
        check_answer(name, response.status_code, json.loads(raw) if raw else None)


def conferences(sdk: Watched) -> None:
    api, conference, guest = sdk.api, sdk.conference, sdk.legs[1]
    act = api.conferences.actions
    made = api.conferences.create(call_control_id=sdk.legs[2], name="second").data
    assert made is not None
    api.conferences.retrieve(conference)
    assert len(list(api.conferences.list(page_size=1))) == 2
    act.join(conference, call_control_id=guest)
    people = list(api.conferences.list_participants(conference, filter={"muted": False}))
    api.conferences.retrieve_participant(people[0].id, id=conference)
    api.conferences.update_participant(people[1].id, id=conference, beep_enabled="always")
    act.update(conference, call_control_id=guest, supervisor_role="barge")
    act.mute(conference, call_control_ids=[guest])
    act.unmute(conference)
    act.hold(conference, call_control_ids=[guest], media_name="lobby")
    act.unhold(conference, call_control_ids=[guest])
    act.leave(conference, call_control_id=guest)
    act.end_conference(made.id)
    ended = api.conferences.retrieve(made.id).data
    assert ended is not None
    assert ended.status == "completed"


def sounds(sdk: Watched) -> None:
    act, conference = sdk.api.conferences.actions, sdk.conference
    act.play(conference, audio_url="https://a.example/b.mp3", loop="infinity")
    act.stop(conference)
    act.speak(conference, payload="hello", voice="female", language="en-US")
    act.send_dtmf(conference, digits="1w2")
    act.gather_dtmf_audio(conference, call_control_id=sdk.legs[0], media_name="pin")
    act.record_start(conference, format="wav")
    act.record_pause(conference)
    act.record_resume(conference)
    act.record_stop(conference)


def lines(sdk: Watched) -> None:
    api, leg, name = sdk.api, sdk.legs[1], "tier 1/support"
    api.queues.create(queue_name=name)
    api.calls.actions.enqueue(leg, queue_name=name, keep_after_hangup=True)
    api.queues.retrieve(name)
    api.queues.update(name, max_size=9)
    assert [one.max_size for one in api.queues.list()] == [9]
    (call,) = api.queues.calls.list(name)
    api.queues.calls.retrieve(call.call_control_id, queue_name=name)
    api.queues.calls.update(call.call_control_id, queue_name=name, keep_after_hangup=False)
    api.calls.actions.leave_queue(leg)
    api.calls.actions.enqueue(leg, queue_name=name)
    api.queues.calls.remove(leg, queue_name=name)
    api.queues.delete(name)


def calls(sdk: Watched) -> None:
    api, conference, (_, one, _, ringing, unwanted) = sdk.api, sdk.conference, sdk.legs
    dialled = api.calls.dial(
        connection_id=CONNECTION,
        from_="+15125550100",
        to="+15125550199",
        supervise_call_control_id=sdk.legs[0],
        supervisor_role="monitor",
    ).data
    assert dialled is not None
    api.calls.retrieve_status(dialled.call_control_id)
    people = list(api.conferences.list_participants(conference))
    assert [one.status for one in people].count("joined") == 2
    act = api.calls.actions
    act.switch_supervisor_role(dialled.call_control_id, role="whisper")
    act.update_client_state(one, client_state="aGVsbG8=")
    act.answer(ringing)
    act.reject(unwanted, cause="USER_BUSY")
    act.enqueue(one, queue_name="q")
    act.bridge(ringing, call_control_id_to_bridge_with="", queue="q")
    act.transfer(ringing, to="+15125550198", park_after_unbridge="self")
    alive = [leg.call_control_id for leg in api.connections.list_active_calls(CONNECTION)]
    assert ringing in alive
    assert len(alive) == len(set(alive))
    act.hangup(ringing)
    ended = api.calls.retrieve_status(ringing).data
    assert ended is not None
    assert ended.is_alive is False


def account(sdk: Watched) -> None:
    api = sdk.api
    api.balance.retrieve()
    events = list(api.call_events.list(filter={"type": "webhook", "name": "call.answered"}))
    assert len(events) >= 3
    delivered = list(api.webhook_deliveries.list(filter={"status": {"eq": "delivered"}}))
    assert delivered[0].id is not None
    api.webhook_deliveries.retrieve(delivered[0].id)
    (recording,) = api.recordings.list(filter={"conference_id": sdk.conference})
    assert recording.id is not None
    api.recordings.retrieve(recording.id)
    api.recordings.delete(recording.id)
    api.media.upload(media_url="https://a.example/hold.wav", media_name="mine")
    api.media.list()
    api.media.retrieve("mine")
    (application,) = api.call_control_applications.list()
    assert application.id == CONNECTION
    api.call_control_applications.retrieve(CONNECTION)
    voices = api.text_to_speech.list_voices(provider="aws").voices
    assert voices


async def test_the_official_sdk_drives_each_operation_and_every_answer_fits_its_schema(
    telnyx: ModuleType,
) -> None:
    async with live_simulator() as sim:
        conference, legs = await sim.conference()
        legs += [await sim.call_in(ringing=late) for late in (False, False, True, True)]
        await sim.settled(3)
        sdk = Watched(telnyx, sim, conference, legs)

        def run() -> None:
            with sdk.api:
                for script in (conferences, sounds, lines, calls, account):
                    script(sdk)

        await asyncio.to_thread(run)
        assert sdk.driven == {*THE_34, *BESIDE}
        assert len(THE_34) == 34


async def test_the_sdk_raises_what_its_documentation_promises(telnyx: ModuleType) -> None:
    async with live_simulator() as sim:

        def run() -> None:
            url = sim.served.base_url
            with telnyx.Telnyx(api_key=sim.served.api_key, base_url=url, max_retries=0) as api:
                with pytest.raises(telnyx.NotFoundError, match="10007"):
                    api.queues.retrieve("none")
                with pytest.raises(telnyx.UnprocessableEntityError, match="90015"):
                    api.calls.actions.hangup("v3:none")
                stranger = api.with_options(api_key="KEY0")
                with pytest.raises(telnyx.AuthenticationError, match="10009"):
                    stranger.queues.list()
                reader = api.with_options(api_key=sim.served.api_key + "_READ_ONLY")
                with pytest.raises(telnyx.PermissionDeniedError, match="10010"):
                    reader.queues.create(queue_name="q")

        await asyncio.to_thread(run)
