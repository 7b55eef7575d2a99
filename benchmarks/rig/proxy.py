"""The way to the API, on which requests fail; commands are looked up in the audit on arrival."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import Counter, deque
from collections.abc import Mapping
from pathlib import Path

import aiohttp
from aiohttp import web
from yarl import URL

from benchmarks.rig.faults import Faults
from benchmarks.rig.intents import Intents

ENGINE, RECEIVER = "/engine", "/receiver"
"""Which of the two processes asks, by the path of its base URL."""
HOLD_SECS, GIVEN_UP_SECS = 1.0, 20.0
HTML = b"<html><body><h1>Sign in to this network</h1></body></html>"
REFUSALS = {
    "api-429": (429, {"Retry-After": "1"}),
    "api-429-bare": (429, {}),
    "api-401": (401, {}),
    "api-500": (500, {}),
}
BEFORE = {"api-timeout-before", "net-half-open", "api-wrong-type", "api-502-html", "api-empty-200"}
"""Faults of a request that is not executed."""


class Proxy:
    """Passes requests on to the simulator, spoils those whose turn it is, and keeps count."""

    def __init__(self, faults: Faults, folder: Path) -> None:
        self.commands = 0
        """Requests that change something, repeated ones included."""
        self.executed = 0
        """Of these, how many were passed on."""
        self.naked: list[str] = []
        """Of these, those that no intent on the disk covered when they arrived."""
        self.spoilt: Counter[str] = Counter()
        self.origin = ""
        self._faults = faults
        self._intents = Intents(folder)
        self._armed: dict[bool, deque[str]] = {True: deque(), False: deque()}
        self._turn = False
        self._http: aiohttp.ClientSession | None = None

    def arm(self, kind: str) -> None:
        """Spoil the next command or the next read, by turns."""
        self._turn = not self._turn
        self._armed[self._turn and kind != "api-401"].append(kind)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Pass one request on, or not."""
        try:
            body = await request.read()
        except ConnectionError:  # whoever asked was killed over it
            return web.Response(status=400)
        who = next((one for one in (ENGINE, RECEIVER) if request.raw_path.startswith(one)), "")
        path = request.raw_path.removeprefix(who)
        command = request.method != "GET"
        intent = None
        if command:
            self.commands += 1
            intent = self._intents.covering(path.removeprefix("/v2"), json.loads(body or b"{}"))
            if intent is None:
                self.naked.append(f"{request.method} {path} {body.decode()}")
        fault = self._due(command, who)
        if fault in REFUSALS:
            return self._refused(fault, command)
        if intent is not None:
            intent.done = True
        if fault in BEFORE:
            return await self._instead(fault, request, command)
        if command:
            self.executed += 1
        answer = await self._passed(request, path, body)
        return await self._spoiled(fault, request, command, answer) if fault else _whole(answer)

    def _due(self, command: bool, who: str) -> str:
        armed = self._armed[command]
        if not armed or who != ENGINE:
            return ""
        return armed.popleft()

    def _took(self, fault: str, command: bool) -> None:
        self._faults.took(fault, of="command" if command else "read")

    def _refused(self, fault: str, command: bool) -> web.Response:
        status, headers = REFUSALS[fault]
        told = {"errors": [{"code": "10000", "title": f"chaos {status}", "detail": fault}]}
        self._took(fault, command)
        return web.json_response(told, status=status, headers=headers)

    async def _instead(
        self, fault: str, request: web.BaseRequest, command: bool
    ) -> web.StreamResponse:
        match fault:
            case "api-502-html":
                answer = web.Response(status=502, body=HTML, content_type="text/html")
            case "api-wrong-type":
                answer = web.Response(status=200, body=HTML, content_type="text/html")
            case "api-empty-200":
                answer = web.Response(status=200)
            case "net-half-open":
                await _given_up(request)
                answer = web.Response(status=500)
            case _:
                await asyncio.sleep(HOLD_SECS)
                _close(request, reset=False)
                answer = web.Response(status=500)
        self._took(fault, command)
        return answer

    async def _spoiled(
        self,
        fault: str,
        request: web.BaseRequest,
        command: bool,
        answer: tuple[int, Mapping[str, str], bytes],
    ) -> web.StreamResponse:
        status, headers, body = answer
        match fault:
            case "api-truncated":
                spoilt: web.StreamResponse = _whole((status, headers, body[: len(body) // 2]))
            case "api-timeout-after":
                await asyncio.sleep(HOLD_SECS)
                _close(request, reset=False)
                spoilt = web.Response(status=500)
            case "net-reset":
                _close(request, reset=True)
                spoilt = web.Response(status=500)
            case _:
                spoilt = await _slowly(request, status, headers, body)
        self._took(fault, command)
        return spoilt

    async def _passed(
        self, request: web.BaseRequest, path: str, body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if self._http is None:
            self._http = aiohttp.ClientSession()
        names = ("Authorization", "Content-Type", "Accept")
        headers = {name: request.headers[name] for name in names if name in request.headers}
        url = URL(self.origin + path, encoded=True)
        async with self._http.request(request.method, url, data=body, headers=headers) as answer:
            content = await answer.read()
            kept = {
                name: value
                for name, value in answer.headers.items()
                if name.lower() in {"date", "content-type"} or name.lower().startswith("x-")
            }
            return answer.status, kept, content

    async def close(self) -> None:
        """Let go of the simulator."""
        if self._http is not None:
            await self._http.close()


def _whole(answer: tuple[int, Mapping[str, str], bytes]) -> web.Response:
    status, headers, body = answer
    return web.Response(status=status, headers=headers, body=body)


def _close(request: web.BaseRequest, *, reset: bool) -> None:
    transport = request.transport
    if transport is None:
        return
    if reset:
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


async def _given_up(request: web.BaseRequest) -> None:
    """Wait until the other side has hung up."""
    for _ in range(int(GIVEN_UP_SECS / 0.05)):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.05)


async def _slowly(
    request: web.BaseRequest, status: int, headers: Mapping[str, str], body: bytes
) -> web.StreamResponse:
    """A byte a second, until the other side has had enough."""
    answer = web.StreamResponse(status=status, headers=headers)
    answer.content_length = len(body)
    await answer.prepare(request)
    for place in range(int(GIVEN_UP_SECS)):
        if request.transport is None or request.transport.is_closing():
            break
        await answer.write(body[place : place + 1])
        await asyncio.sleep(1.0)
    return answer
