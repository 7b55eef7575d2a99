"""Drivers of the simulator: its core in virtual time, or the whole program over HTTP."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from aiohttp import web
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from console.simulator import api
from console.simulator.http_types import Request
from console.simulator.ids import random_stream
from console.simulator.scenarios import scenario_file
from console.simulator.server import RunningSimulator, running_simulator
from console.simulator.settings import Settings
from console.simulator.tunable_limits import DeliveryPolicy, FloorShape, Rules
from console.simulator.webhook_events import Event
from console.simulator.world import World

START = 1_795_000_000.0
PATIENCE_SECS = 10.0
AT_ONCE = Rules(
    empty_room_secs=0.0,
    saved_after_secs=0.0,
    ring_secs=0.0,
    audio_secs=0.02,
    speak_secs_per_character=0.0001,
)


@dataclass(frozen=True)
class Answer:
    """An answer of the API; ``json`` is None if the body is not JSON."""

    status: int
    json: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Any:  # noqa: ANN401
        assert self.status == 200, self.json
        return self.json["data"]

    @property
    def error(self) -> tuple[int, str, str | None]:
        """Return status, code and pointer of the only error."""
        (only,) = self.json["errors"]
        source = only.get("source", {})
        return self.status, only["code"], source.get("pointer") or source.get("parameter")


class VirtualSimulator:
    """A world whose time passes only by ``wait``."""

    def __init__(self, seed: int = 1, rules: Rules | None = None) -> None:
        self.now = START
        self.events: list[Event] = []
        self.active_faults: set[str] = set()
        self.world = World(lambda: self.now, random_stream(seed, "ids"), self.events.append, rules)

    def request(self, method: str, path: str, body: Any = None, **query: object) -> Answer:  # noqa: ANN401
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        params = {name: str(value) for name, value in query.items()}
        sent = Request(method, path, params, {}, raw)
        response = api.answer(self.world, sent, lambda fault: fault in self.active_faults)
        return Answer(
            response.status, json.loads(response.body) if response.body else None, response.headers
        )

    def get(self, path: str, **query: object) -> Answer:
        return self.request("GET", path, **query)

    def post(self, path: str, **body: object) -> Answer:
        return self.request("POST", path, body)

    def act(self, conference: str, action: str, **body: object) -> Answer:
        return self.post(f"/conferences/{conference}/actions/{action}", **body)

    def leg(self, from_: str = "+15125550142", *, ringing: bool = False) -> str:
        """Let somebody call in; return the call_control_id."""
        from console.simulator import legs  # noqa: PLC0415

        leg = legs.incoming(self.world, from_, "+15125550100")
        if not ringing:
            legs.answer(self.world, leg)
        return leg.call_control_id

    def conference(
        self, name: str = "stand-up", guests: int = 0, **more: object
    ) -> tuple[str, list[str]]:
        """Create a conference; return it with its calls, the creator first."""
        creator = self.leg()
        made = self.post("/conferences", call_control_id=creator, name=name, **more)
        people = [creator, *(self.leg() for _ in range(guests))]
        for guest in people[1:]:
            assert self.act(made.data["id"], "join", call_control_id=guest).status == 200
        return made.data["id"], people

    def people(self, conference: str, **query: object) -> list[dict[str, Any]]:
        listed = self.get(f"/conferences/{conference}/participants", **query).data
        assert isinstance(listed, list)
        return listed

    def wait(self, secs: float) -> None:
        """Let ``secs`` pass, and run the actions that are due."""
        self.now += secs
        self.world.advance(self.now)

    def event_types(self, prefix: str = "") -> list[str]:
        """Return the event types since the last call, those with the prefix."""
        types = [event.event_type for event in self.events]
        self.events.clear()
        return [one for one in types if one.startswith(prefix)]

    def last(self, event_type: str) -> Mapping[str, Any]:
        """Return the payload of the latest event of a type."""
        return next(e.payload for e in reversed(self.events) if e.event_type == event_type)


@dataclass(frozen=True)
class Delivery:
    """A received webhook; ``signed`` is True if its signature is valid."""

    body: Any
    headers: Mapping[str, str]
    raw: bytes
    signed: bool

    @property
    def event(self) -> Any:  # noqa: ANN401
        """The event itself, wrapped or not."""
        return self.body.get("data", self.body)


class Receiver:
    """Receives webhooks: ignores the first ``silent``, then answers ``statuses``, then 200."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.statuses: list[int] = []
        self.silent = 0
        self.url = ""
        self.public_key = ""
        self._changed = asyncio.Condition()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raw = await request.read()
        good = self._good(request, raw)
        self.deliveries.append(Delivery(json.loads(raw), request.headers, raw, good))
        async with self._changed:
            self._changed.notify_all()
        if self.silent:
            self.silent -= 1
            await asyncio.Event().wait()
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    def types(self) -> list[str]:
        return [one.event["event_type"] for one in self.deliveries]

    async def until(self, seen: Callable[[], bool]) -> None:
        """Wait for deliveries until ``seen()`` holds; the limit is only for a failing test."""
        async with asyncio.timeout(PATIENCE_SECS), self._changed:
            await self._changed.wait_for(seen)

    async def expect(self, event_type: str, count: int = 1) -> Delivery:
        """Wait for ``count`` deliveries of a type; return the first."""
        await self.until(lambda: self.types().count(event_type) >= count)
        return next(one for one in self.deliveries if one.event["event_type"] == event_type)

    def _good(self, request: web.BaseRequest, raw: bytes) -> bool:
        signature = base64.b64decode(request.headers["Telnyx-Signature-Ed25519"], validate=True)
        signed = request.headers["Telnyx-Timestamp"].encode() + b"|" + raw
        try:
            VerifyKey(base64.b64decode(self.public_key)).verify(signed, signature)
        except BadSignatureError:
            return False
        return True


@dataclass(frozen=True)
class LiveSimulator:
    """A running simulator with a webhook receiver and a client."""

    served: RunningSimulator
    receiver: Receiver
    failover: Receiver
    session: aiohttp.ClientSession

    async def api(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        key: str | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        bearer = {"Authorization": f"Bearer {key or self.served.api_key}"}
        return await self._ask(method, self.served.base_url + path, body, bearer, params)

    async def raw(self, method: str, path: str, body: bytes) -> Answer:
        """Send a body that is not JSON."""
        bearer = {"Authorization": f"Bearer {self.served.api_key}"}
        url = self.served.base_url + path
        async with self.session.request(method, url, data=body, headers=bearer) as response:
            return Answer(response.status, await response.json(), response.headers)

    async def event_types(self, **query: str) -> list[str]:
        """Return the event types so far in order, as /call_events lists them."""
        params = {"filter[type]": "webhook", "page[size]": "250", **query}
        return [one["name"] for one in (await self.api("GET", "/call_events", params=params)).data]

    async def people(self, conference: str, *members: str) -> list[Any]:
        """Return the participants of a conference: whole, by one member, or by several."""
        listed = (await self.api("GET", f"/conferences/{conference}/participants")).data
        joined = [one for one in listed if one["status"] != "left"]
        if len(members) == 1:
            return [one[members[0]] for one in joined]
        return [[one[name] for name in members] for one in joined] if members else joined

    async def until(self, seen: Callable[[], Awaitable[bool]]) -> None:
        """Poll until ``seen()`` holds; the limit is only for a failing test."""
        async with asyncio.timeout(PATIENCE_SECS):
            while not await seen():
                pass

    async def act(self, conference: str, action: str, **body: object) -> Answer:
        return await self.api("POST", f"/conferences/{conference}/actions/{action}", body)

    async def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        bearer = {"Authorization": f"Bearer {self.served.control_token}"}
        answer = await self._ask(method, self.served.control_url + path, body, bearer, None)
        assert answer.status == 200, answer
        return answer.json

    async def settled(self, count: int) -> Any:  # noqa: ANN401
        """Return the deliveries once ``count`` of them were acknowledged or given up."""
        async with asyncio.timeout(PATIENCE_SECS):
            while True:
                answer = await self.control("GET", "/deliveries")
                if answer["delivered"] + answer["failed"] >= count:
                    return answer

    async def call_in(self, **more: object) -> str:
        answer = await self.control(
            "POST", "/calls", {"from": "+442079460018", "to": "+15125550100", **more}
        )
        return str(answer["call_control_id"])

    async def conference(
        self, name: str = "stand-up", guests: int = 0, **more: object
    ) -> tuple[str, list[str]]:
        people = [await self.call_in() for _ in range(guests + 1)]
        body = {"call_control_id": people[0], "name": name, **more}
        made = await self.api("POST", "/conferences", body)
        for guest in people[1:]:
            assert (await self.act(made.data["id"], "join", call_control_id=guest)).status == 200
        return made.data["id"], people

    async def _ask(
        self,
        method: str,
        url: str,
        body: object,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None,
    ) -> Answer:
        pending = self.session.request(method, url, json=body, headers=headers, params=params)
        async with pending as response:
            raw = await response.read()
            good = response.content_type == "application/json" and raw
            return Answer(response.status, json.loads(raw) if good else None, response.headers)


@asynccontextmanager
async def live_simulator(
    scenario: str = "empty",
    *,
    faults: Mapping[str, float] | None = None,
    rules: Rules = AT_ONCE,
    policy: DeliveryPolicy | None = None,
    rate_limit: int = 12_000,
    floor_shape: FloorShape = "wrapped",
) -> AsyncIterator[LiveSimulator]:
    """Run a simulator and a receiver on the loopback; the second URL is the failover.

    ``scenario`` is a name, or the text of a scenario file.
    """
    receiver, failover = Receiver(), Receiver()
    async with listening(receiver), listening(failover), aiohttp.ClientSession() as session:
        chosen = policy or DeliveryPolicy(pauses=(0.0, 0.0))
        settings = Settings(
            scenario_file.read(scenario) if "\n" in scenario else scenario_file.load(scenario),
            faults=faults or {},
            rules=replace(rules, floor_shape=floor_shape),
            delivery=replace(chosen, urls=(receiver.url, failover.url)),
            rate_limit=rate_limit,
        )
        async with running_simulator(settings) as served:
            receiver.public_key = failover.public_key = served.public_key
            yield LiveSimulator(served, receiver, failover, session)


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[None]:
    """Serve the receiver on a free port of the loopback."""
    runner = web.ServerRunner(web.Server(receiver.handle), shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        (host, port, *_rest) = runner.addresses[0]
        receiver.url = f"http://{host}:{port}/hooks"
        yield
    finally:
        await runner.cleanup()
