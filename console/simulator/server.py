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
from console.simulator.gateway import Gateway, Reply
from console.simulator.history import History
from console.simulator.http_types import Json, Request, Response, json_response
from console.simulator.ids import random_stream
from console.simulator.listener import API
from console.simulator.scenarios.start_scenario import start_scenario
from console.simulator.signer import Signer
from console.simulator.webhook_delivery import Post, WebhookSender
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
class RunningSimulator:
    """A running simulator: its URLs and keys."""

    base_url: str
    control_url: str
    control_token: str | None
    api_key: str
    public_key: str
    world: World


class RequestHandler:
    """Turns HTTP requests into values, and the core's replies into HTTP responses."""

    def __init__(self, control: Control, control_token: str | None) -> None:
        self._world = control.world
        self._gateway = control.gateway
        self._control = control
        self._control_token = control_token
        self._changed = asyncio.Event()

    async def pump(self) -> None:
        """Advance the world whenever an action is due, until cancelled."""
        while True:
            self._world.catch_up()
            due = self._world.next_due()
            self._changed.clear()
            try:
                async with asyncio.timeout(None if due is None else max(0.0, due - time.time())):
                    await self._changed.wait()
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
        self._changed.set()
        if reply.delay_secs:
            await asyncio.sleep(reply.delay_secs)
        if reply.response is None:
            if received.transport is not None:
                received.transport.abort()
            return web.Response(status=500)
        response = reply.response
        return web.Response(status=response.status, headers=response.headers, body=response.body)

    def _reply(self, request: Request, peer: str | None) -> Reply:
        if request.path.startswith(API + "/"):
            return self._gateway.receive(replace(request, path=request.path.removeprefix(API)))
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
async def running_simulator(settings: Settings) -> AsyncIterator[RunningSimulator]:
    """Serve as long as the block runs.

    Raises:
        OSError: If the address cannot be bound.
    """
    listening_socket = settings.listening_socket or listener.open_socket(
        settings.host, settings.port
    )
    origin = listener.origin(listening_socket)
    async with AsyncExitStack() as stack:
        stack.callback(listening_socket.close)
        limits = aiohttp.ClientTimeout(total=settings.delivery.limit_secs)
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=limits))
        control = _assemble(settings, _poster(session))
        handler = RequestHandler(control, settings.control_token)
        await _listen(stack, listening_socket, handler)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        tasks = [
            group.create_task(handler.pump()),
            group.create_task(control.webhook_sender.run()),
        ]
        try:
            yield RunningSimulator(
                origin + API,
                origin + CONTROL,
                settings.control_token,
                control.gateway.api_key,
                control.public_key,
                control.world,
            )
        finally:
            for task in tasks:
                task.cancel()


def _assemble(settings: Settings, post: Post) -> Control:
    """Build the parts of a simulator and start its scenario; return the control over them."""
    signer, history = Signer(settings.seed), History()
    faults = Faults(random_stream(settings.seed, "faults"), settings.faults)
    webhook_sender = WebhookSender(
        settings.delivery, signer, faults, time.time, post, history=history
    )
    ids = random_stream(settings.seed, "ids")
    world = World(time.time, ids, webhook_sender.add, settings.rules, history)
    world.webhook_urls = settings.delivery.urls
    chance = random_stream(settings.seed, "director")
    start_scenario(world, settings.scenario, chance, settings.speed, faults=faults)
    gateway = Gateway(world, faults, listener.api_key(settings.seed), settings.rate_limit)
    return Control(world, gateway, webhook_sender, faults, signer.public_key)


async def _listen(
    stack: AsyncExitStack, listening_socket: socket.socket, handler: RequestHandler
) -> None:
    runner = web.ServerRunner(web.Server(handler.handle), shutdown_timeout=STOP_SECS)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listening_socket, backlog=listener.BACKLOG).start()


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
