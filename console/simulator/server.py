"""The HTTP server: it receives, delays and drops connections; the core decides the answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

from console.simulator import listener
from console.simulator.control import Control
from console.simulator.control_guard import refusal
from console.simulator.errors import no_route
from console.simulator.faults import Faults
from console.simulator.gateway import Desk, Reply
from console.simulator.history import Ledger
from console.simulator.http_types import Json, Request, Response, json_response
from console.simulator.ids import stream
from console.simulator.listener import API
from console.simulator.scenarios.start_scenario import direct
from console.simulator.signer import Signer
from console.simulator.webhook_delivery import Courier, Post
from console.simulator.world import World

if TYPE_CHECKING:
    import socket

    from console.simulator.settings import Settings

CONTROL = "/control"
ABOUT: Json = {
    "what": "a simulated Telnyx Voice API: conferences, queues, calls and signed webhooks",
    "api": f"{API}/... with the bearer key of the ready line",
    "control": f"{CONTROL}/state and others, with the control_token of the ready line",
    "help": "telnyx-console simulator --help",
}
STOP_SECS = 0.3


@dataclass(frozen=True, slots=True)
class Serving:
    """A running simulator: its URLs and keys."""

    base_url: str
    control_url: str
    control_token: str | None
    api_key: str
    public_key: str
    world: World


class Skin:
    """Turns HTTP requests into values, and the core's replies into HTTP responses."""

    def __init__(
        self, world: World, desk: Desk, control: Control, control_token: str | None
    ) -> None:
        self._world = world
        self._desk = desk
        self._control = control
        self._control_token = control_token
        self._stirred = asyncio.Event()

    async def pump(self) -> None:
        """Advance the world whenever an action is due, until cancelled."""
        while True:
            self._world.catch_up()
            due = self._world.next_due()
            self._stirred.clear()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - time.time())):
                    await self._stirred.wait()
            except TimeoutError:
                continue

    async def handle(self, received: web.BaseRequest) -> web.StreamResponse:
        """Answer one request to any path."""
        path, _, query = received.raw_path.partition("?")
        request = Request(
            received.method,
            path,
            dict(parse_qsl(query, keep_blank_values=True)),
            {name.lower(): value for name, value in received.headers.items()},
            await _body(received),
        )
        reply = self._reply(request, received.remote)
        self._stirred.set()
        if reply.delay_secs:
            await asyncio.sleep(reply.delay_secs)
        if reply.response is None:
            if received.transport is not None:
                received.transport.abort()
            return web.Response(status=500)
        said = reply.response
        return web.Response(status=said.status, headers=said.headers, body=said.body)

    def _reply(self, request: Request, peer: str | None) -> Reply:
        if request.path.startswith(API + "/"):
            return self._desk.receive(replace(request, path=request.path.removeprefix(API)))
        if request.path.startswith(CONTROL + "/"):
            return Reply(self._controlled(request, peer))
        if request.path == "/" and request.method == "GET":
            return Reply(json_response(200, ABOUT))
        return Reply(no_route().response())

    def _controlled(self, request: Request, peer: str | None) -> Response:
        refused = refusal(peer, request.headers, self._control_token)
        below = replace(request, path=request.path.removeprefix(CONTROL))
        return refused or self._control.answer(below)


async def _body(received: web.BaseRequest) -> bytes:
    """Return the request body. INFERRED: a body over 1 MB becomes one byte that is not JSON."""
    try:
        return await received.read()
    except web.HTTPRequestEntityTooLarge:
        return b"\x00"


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Serving]:
    """Serve as long as the block runs.

    Raises:
        OSError: If the address cannot be bound.
    """
    door = settings.door or listener.open_door(settings.host, settings.port)
    origin = listener.origin(door)
    signer = Signer(settings.seed)
    faults = Faults(stream(settings.seed, "faults"), settings.faults)
    async with AsyncExitStack() as stack:
        stack.callback(door.close)
        limits = aiohttp.ClientTimeout(total=settings.delivery.limit_secs)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=limits))
        ledger = Ledger()
        courier = Courier(
            settings.delivery, signer, faults, time.time, _poster(session), ledger=ledger
        )
        world = World(time.time, stream(settings.seed, "ids"), courier.take, settings.rules, ledger)
        world.webhook_urls = settings.delivery.urls
        direct(
            world,
            settings.scenario,
            stream(settings.seed, "director"),
            settings.speed,
            faults=faults,
        )
        desk = Desk(world, faults, listener.api_key(settings.seed), settings.rate_limit)
        control = Control(world, desk, courier, faults, signer.public_key)
        skin = Skin(world, desk, control, settings.control_token)
        await _listen(stack, door, skin)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        tasks = [group.create_task(skin.pump()), group.create_task(courier.run())]
        try:
            yield Serving(
                origin + API,
                origin + CONTROL,
                settings.control_token,
                desk.api_key,
                signer.public_key,
                world,
            )
        finally:
            for task in tasks:
                task.cancel()


async def _listen(stack: AsyncExitStack, door: socket.socket, skin: Skin) -> None:
    runner = web.ServerRunner(web.Server(skin.handle), shutdown_timeout=STOP_SECS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, door, backlog=listener.BACKLOG).start()


def _poster(session: aiohttp.ClientSession) -> Post:
    async def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    return post
