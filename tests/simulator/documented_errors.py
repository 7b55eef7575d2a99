"""The errors that the API documents, each with a request that causes it."""

from collections.abc import Awaitable, Callable

from simulator.harness import Answer, LiveSimulator

Cause = Callable[[LiveSimulator], Awaitable[Answer]]


DIAL = {"connection_id": "2963500000000000123", "from": "+15125550100", "to": "+15125550199"}


def asks(method: str, path: str, body: object = None) -> Cause:
    return lambda sim: sim.api(method, path, body)


def dials(**more: object) -> Cause:
    return asks("POST", "/calls", {**DIAL, **more})


async def no_key(sim: LiveSimulator) -> Answer:
    return await sim.api("GET", "/queues", key="KEY0")


async def may_only_read(sim: LiveSimulator) -> Answer:
    reader = sim.served.api_key + "_READ_ONLY"
    assert (await sim.api("GET", "/queues", key=reader)).data == []
    assert (await sim.api("GET", "/balance", key=reader)).status == 403
    return await sim.api("POST", "/queues", {"queue_name": "q"}, key=reader)


async def not_utf8(sim: LiveSimulator) -> Answer:
    return await sim.raw("POST", "/queues", b'{"queue_name":"\xff"}')


async def no_json(sim: LiveSimulator) -> Answer:
    return await sim.raw("POST", "/queues", b"{")


async def queue_with_a_call(sim: LiveSimulator) -> str:
    ccid = await sim.call_in()
    queued = {"queue_name": "q", "max_size": 1}
    assert (await sim.api("POST", f"/calls/{ccid}/actions/enqueue", queued)).status == 200
    return ccid


async def delete_a_full_queue(sim: LiveSimulator) -> Answer:
    await queue_with_a_call(sim)
    return await sim.api("DELETE", "/queues/q")


async def overfill_a_queue(sim: LiveSimulator) -> Answer:
    await queue_with_a_call(sim)
    late = await sim.call_in()
    return await sim.api("POST", f"/calls/{late}/actions/enqueue", {"queue_name": "q"})


async def enqueue_twice(sim: LiveSimulator) -> Answer:
    ccid = await queue_with_a_call(sim)
    return await sim.api("POST", f"/calls/{ccid}/actions/enqueue", {"queue_name": "q"})


async def make_a_name_twice(sim: LiveSimulator) -> Answer:
    await sim.conference("board")
    again = {"call_control_id": await sim.call_in(), "name": "board"}
    return await sim.api("POST", "/conferences", again)


async def overfill_a_room(sim: LiveSimulator) -> Answer:
    conference, _ = await sim.conference(max_participants=2, guests=1)
    return await sim.act(conference, "join", call_control_id=await sim.call_in())


async def command_an_ended_room(sim: LiveSimulator) -> Answer:
    conference, _ = await sim.conference()
    assert (await sim.act(conference, "end")).status == 200
    return await sim.act(conference, "mute")


async def command_an_ended_call(sim: LiveSimulator) -> Answer:
    ccid = await sim.call_in()
    await sim.api("POST", f"/calls/{ccid}/actions/hangup")
    return await sim.api("POST", f"/calls/{ccid}/actions/hangup")


async def join_while_it_rings(sim: LiveSimulator) -> Answer:
    conference, _ = await sim.conference()
    return await sim.act(conference, "join", call_control_id=await sim.call_in(ringing=True))


async def record_before_the_start(sim: LiveSimulator) -> Answer:
    conference, _ = await sim.conference(start_conference_on_create=False)
    return await sim.act(conference, "record_start", format="mp3")


async def too_many_members(sim: LiveSimulator) -> Answer:
    body = {"call_control_id": await sim.call_in(), "name": "a", "max_participants": 801}
    return await sim.api("POST", "/conferences", body)


async def pause_nothing(sim: LiveSimulator) -> Answer:
    conference, _ = await sim.conference()
    return await sim.act(conference, "record_pause")


async def play_nothing(sim: LiveSimulator) -> Answer:
    conference, _ = await sim.conference()
    return await sim.act(conference, "play", media_name="missing-song")


ROWS: list[tuple[int, str, str, str | None, Cause]] = [
    (400, "10015", "Bad Request", None, no_json),
    (400, "10028", "Character encoding error", None, not_utf8),
    (400, "90040", "Downloading audio file failed", "/audio_url",
     dials(audio_url="https://nobody.invalid/a.mp3")),
    (400, "90050", "Unable to delete queue", None, delete_a_full_queue),
    (401, "10009", "Authentication failed", None, no_key),
    (403, "10010", "Authorization failed", None, may_only_read),
    (404, "90058", "Invalid conference_id", None, asks("GET", "/conferences/none")),
    (404, "90058", "Invalid conference_id", None, asks("POST", "/conferences/none/actions/mute")),
    (404, "10007", "Resource not found", None, asks("GET", "/queues/none")),
    (404, "10007", "Resource not found", None, asks("GET", "/calls/v3:none")),
    (404, "10005", "Recording not found", "/recording_id", pause_nothing),
    (404, "10005", "Recording not found", "/recording_id", asks("GET", "/recordings/none")),
    (404, "10005", "Audio file not found", "/media_name", play_nothing),
    (404, "10005", "Resource not found", None, asks("GET", "/nothing")),
    (422, "10004", "Missing required parameter", "/queue_name", asks("POST", "/queues", {})),
    (422, "10015", "Invalid value for connection_id (Call Control App ID)", "/connection_id",
     dials(connection_id="mine")),
    (422, "10016", "Phone number must be in +E164 format", "/to", dials(to="5125550199")),
    (422, "10032", "Invalid enumerated value", "/supervisor_role", dials(supervisor_role="king")),
    (422, "10033", "Value outside of range", "/max_participants", too_many_members),
    (422, "90015", "Invalid Call Control ID", "/call_control_id",
     asks("POST", "/calls/v3:none/actions/hangup")),
    (422, "90018", "Call has already ended", None, command_an_ended_call),
    (422, "90019", "Conference has already ended", None, command_an_ended_room),
    (422, "90020", "Call recording triggered before audio started", None, record_before_the_start),
    (422, "90032", "Maximum number of participants reached", None, overfill_a_room),
    (422, "90033", "Unable to execute command", None, make_a_name_twice),
    (422, "90034", "Call not answered yet", None, join_while_it_rings),
    (422, "90036", "Queue full", None, overfill_a_queue),
    (422, "90038", "Call already in queue", None, enqueue_twice),
]  # fmt: skip


def hold_to_the_envelope(error: dict[str, object]) -> None:
    assert {"code", "title", "detail"} <= set(error)
    assert set(error) <= {"code", "title", "detail", "source", "meta"}
    assert str(error["code"]).isdigit()
    url = f"https://developers.telnyx.com/docs/overview/errors/{error['code']}"
    assert error.get("meta", {"url": url}) == {"url": url}
    assert "meta" in error or error["code"] not in ("10009", "10010")


async def clear(sim: LiveSimulator) -> None:
    """Hang up every call, so that the next row starts with nothing."""
    alive = await sim.api("GET", "/connections/2963500000000000123/active_calls?page[limit]=250")
    for one in alive.data:
        await sim.api("POST", f"/calls/{one['call_control_id']}/actions/hangup")
    await sim.api("DELETE", "/queues/q")
