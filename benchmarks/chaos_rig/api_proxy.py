"""A proxy to the API that makes requests fail and checks the audit for each command."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections import deque
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import TypeAlias

import aiohttp
from aiohttp import web
from yarl import URL

from benchmarks.chaos_rig.fault_plan import Faults
from benchmarks.chaos_rig.intent_check import Intents
from benchmarks.chaos_rig.page_shifts import Shifts

ENGINE, RECEIVER = "/engine", "/receiver"
"""The requesting process, by the path of its base URL."""
POLL = "poll-"
"""Prefix of a fault for the receiver."""
HOLD_SECS, GIVEN_UP_SECS = 1.0, 20.0
APART_SECS = 2.0
"""Least seconds between two faults of the engine's requests, so that there are answers between."""
HTML = b"<html><body><h1>Sign in to this network</h1></body></html>"
REFUSALS = {
    "api-429": (429, {"Retry-After": "1"}),
    "api-429-bare": (429, {}),
    "api-401": (401, {}),
    "api-500": (500, {}),
}
BEFORE = {"api-timeout-before", "net-half-open", "api-wrong-type", "api-502-html", "api-empty-200"}
"""Faults of a request that is not executed."""
SHIFT = "api-page-shift"
READS = {"api-401", SHIFT}
"""Faults of reads only."""
Told: TypeAlias = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body of an answer."""


class Proxy:
    """Passes requests to the simulator, makes the armed ones fail, and counts them."""

    def __init__(self, faults: Faults, folder: Path) -> None:
        self.commands = 0
        """Changing requests, repeated ones included."""
        self.executed = 0
        """Changing requests that were passed on."""
        self.without_intent: list[str] = []
        """Changing requests without an intent on the disk when they arrived."""
        self.origin = ""
        self.intents = Intents(folder)
        self.closing = {RECEIVER}
        """Processes whose connections end with each answer, so that each request needs a lookup."""
        self._faults = faults
        self._armed: dict[tuple[str, bool], deque[str]] = {
            (ENGINE, True): deque(),
            (ENGINE, False): deque(),
            (RECEIVER, False): deque(),
        }
        self._next: dict[tuple[str, bool], float] = {}
        """Time before which no further fault of each kind is due (monotonic)."""
        self._turn = False
        self._shifts = Shifts()
        self._http: aiohttp.ClientSession | None = None

    def arm(self, kind: str) -> None:
        """Make the next command or read of the engine fail, in turns, or the next poll."""
        if kind.startswith(POLL):
            line, fault = self._armed[RECEIVER, False], kind.removeprefix(POLL)
            (line.append if fault == "api-401" else line.appendleft)(fault)  # no poll follows a 401
            return
        self._turn = not self._turn
        self._armed[ENGINE, self._turn and kind not in READS].append(kind)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Pass on one request, or let it fail."""
        try:
            body = await request.read()
        except ConnectionError:  # the requesting process was killed
            return web.Response(status=400)
        answer = await self._answer(request, body)
        if _who(request) in self.closing:
            answer.force_close()
        return answer

    async def _answer(self, request: web.BaseRequest, body: bytes) -> web.StreamResponse:
        who = _who(request)
        path = request.raw_path.removeprefix(who)
        command = request.method != "GET"
        intent = None
        if command:
            self.commands += 1
            lookup = path.removeprefix("/v2"), json.loads(body or b"{}")
            intent = self.intents.covering(*lookup) or self.intents.owe(*lookup)
            if intent is None:
                self.without_intent.append(f"{request.method} {path} {body.decode()}")
        fault = self._due(command, who)
        if fault in REFUSALS:
            return self._refused(fault, request)
        if intent is not None:
            intent.done = True
        if fault in BEFORE:
            return await self._instead(fault, request)
        if command:
            self.executed += 1
        else:
            path = str(self._shifts.whole(request.url)).partition(who)[2]
        answer = await self._passed(request, path, body)
        if not command:
            answer = self._shifted(fault, request, answer)
        if fault and fault != SHIFT:
            return await self._spoiled(fault, request, answer)
        return _whole(answer)

    def _due(self, command: bool, who: str) -> str:
        """Return the fault that is due, or an empty text. Faults that waited come one at a time."""
        armed, now = self._armed.get((who, command)), time.monotonic()
        if not armed or now < self._next.get((who, command), 0.0):
            return ""
        self._next[who, command] = now + APART_SECS * (who == ENGINE)
        return armed.popleft()

    def _took(self, fault: str, request: web.BaseRequest) -> None:
        before = POLL if _who(request) == RECEIVER else ""
        self._faults.took_effect(before + fault, request=f"{request.method} {request.path}")

    def _shifted(self, fault: str, request: web.BaseRequest, answer: Told) -> Told:
        """Return the page of a listing that is split, or the answer unchanged."""
        status, headers, body = answer
        data = json.loads(body) if status == HTTPStatus.OK else {"data": None}
        rows = data["data"] if isinstance(data["data"], list) else []
        if fault == SHIFT and not self._shifts.begin(request.url, len(rows)):
            self._armed[_who(request), False].appendleft(SHIFT)
        page = self._shifts.page(request.url, rows)
        if page is None:
            return answer
        shown, shifts = page
        if shifts:
            self._took(SHIFT, request)
        return status, headers, json.dumps(shown).encode()

    def _refused(self, fault: str, request: web.BaseRequest) -> web.Response:
        status, headers = REFUSALS[fault]
        data = {"errors": [{"code": "10000", "title": f"chaos {status}", "detail": fault}]}
        self._took(fault, request)
        return web.json_response(data, status=status, headers=headers)

    async def _instead(self, fault: str, request: web.BaseRequest) -> web.StreamResponse:
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
        self._took(fault, request)
        return answer

    async def _spoiled(
        self, fault: str, request: web.BaseRequest, answer: Told
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
        self._took(fault, request)
        return spoilt

    async def _passed(self, request: web.BaseRequest, path: str, body: bytes) -> Told:
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
        """Close the connections to the simulator."""
        if self._http is not None:
            await self._http.close()


def _who(request: web.BaseRequest) -> str:
    return next((one for one in (ENGINE, RECEIVER) if request.raw_path.startswith(one)), "")


def _whole(answer: Told) -> web.Response:
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
    """Wait until the other side has closed the connection."""
    for _ in range(int(GIVEN_UP_SECS / 0.05)):
        if request.transport is None or request.transport.is_closing():
            return
        await asyncio.sleep(0.05)


async def _slowly(
    request: web.BaseRequest, status: int, headers: Mapping[str, str], body: bytes
) -> web.StreamResponse:
    """Send a byte a second until the other side closes the connection."""
    answer = web.StreamResponse(status=status, headers=headers)
    answer.content_length = len(body)
    await answer.prepare(request)
    for place in range(int(GIVEN_UP_SECS)):
        if request.transport is None or request.transport.is_closing():
            break
        await answer.write(body[place : place + 1])
        await asyncio.sleep(1.0)
    return answer
