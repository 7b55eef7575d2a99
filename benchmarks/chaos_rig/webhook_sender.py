"""The webhook sender of the rig: signs, retries as Telnyx does, and counts acknowledgements.

The simulator posts its webhooks here. They are signed again, corrupted if a fault is due, and sent
on. Fillers, which change no state, make up the difference to an even rate.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import time
from collections import Counter, deque
from contextlib import suppress
from typing import TypeAlias

from aiohttp import web
from nacl.signing import SigningKey

from benchmarks.chaos_rig.fault_plan import Faults
from benchmarks.console_under_test import body

Event: TypeAlias = dict[str, dict[str, object]]
Line: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]

RATE = 100
"""New events a second."""
LIMIT_SECS = 2.0
"""Longest time for an answer (Telnyx API, webhooks)."""
PAUSES = (1.0, 3.0)
"""Seconds before the second and the third attempt."""
AT_ONCE = 48
"""Most attempts in progress; the receiver takes 64 connections."""
DELAY_SECS, REORDER_SECS, CLOCK_OFF = 2.0, 0.7, 1800
MOST = 200
"""Waiting attempts above which no filler is added."""
IDLE_SECS = 10.0
NOT_TRUSTED = frozenset({401, 429})
"""Statuses of a delivery that is not trusted; 429 if there are many."""
KINDS = ("bench.note", "call.dtmf.received", "conference.floor.changed", "bench.other")


def key_of(seed: int, number: int) -> SigningKey:
    """Return the sender's key number ``number``."""
    return SigningKey(random.Random(f"{seed} {number}").randbytes(32))  # noqa: S311  # of a run


def public(key: SigningKey) -> str:
    """Return the public key as it is written in TELNYX_PUBLIC_KEY."""
    return base64.b64encode(bytes(key.verify_key)).decode()


class Sender:
    """Sends to a receiver on this host and counts what it acknowledges."""

    def __init__(self, port: int, faults: Faults, key: SigningKey, seed: int) -> None:
        self.key = key
        self.acknowledged: Counter[str] = Counter()
        """Number of 200 answers, by event id."""
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []
        """Seconds of each 200 answer."""
        self.sent = 0
        """Events sent, with any result."""
        self.resent = 0
        self.forged = 0
        """200 answers to corrupted webhooks; there must be none."""
        self.trusted = asyncio.Event()
        """Cleared while the receiver cannot know the sender's key or clock.

        Refused events are sent again later, as an operator of failed deliveries would do.
        """
        self.trusted.set()
        self.distrusted = self.regained = 0
        """Events refused for that reason, and those of them acknowledged later."""
        self.armed: deque[str] = deque()
        self.conference = ""
        """Conference of the fillers.

        It must be live. A console that missed the webhook of its end would believe the fillers.
        """
        self._port = port
        self._faults = faults
        self._world: deque[Event] = deque()
        self._idle: deque[tuple[float, Line]] = deque()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._chance = random.Random(seed)  # noqa: S311  # a seed, not a secret
        self._waiting = 0

    async def relay(self, request: web.BaseRequest) -> web.StreamResponse:
        """Accept a webhook that the simulator posts."""
        event = json.loads(await request.read())
        self._world.append(event)
        return web.Response()

    async def run(self, ends: asyncio.Event) -> None:
        """Send until ``ends`` is set, then wait for the attempts in progress."""
        began, number = time.monotonic(), 0
        async with asyncio.TaskGroup() as group:
            while not ends.is_set():
                number += 1
                await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
                if not self._world and self._waiting >= MOST:
                    continue  # the machine is at its limit; the number sent is a target
                event, fault = self._next(number)
                self.sent += 1
                group.create_task(self._deliver_with_fault(event, fault))
        for _, line in self._idle:
            line[1].close()

    async def probe(self, key: SigningKey) -> int:
        """Send a filler signed with ``key``; return the status."""
        event = self._filler(self.sent)
        status = await self._try(_wire(json.dumps(event).encode(), key, ""))
        self.sent += 1
        if status == 200:
            self.acknowledged[_id(event)] += 1
        return status

    def _next(self, number: int) -> tuple[Event, str]:
        if not self._world:
            return self._filler(number), ""
        return self._world.popleft(), self.armed.popleft() if self.armed else ""

    def _filler(self, number: int) -> Event:
        kind = self._chance.choice(KINDS)
        filler = f"filler {number} {time.time_ns()}"
        event: Event = json.loads(body(kind, filler, conference_id=self.conference))
        return event

    async def _deliver_with_fault(self, event: Event, fault: str) -> None:
        match fault:
            case "hook-drop":
                self._faults.took_effect(fault, id=_id(event))
                return
            case "hook-delay":
                await asyncio.sleep(DELAY_SECS)
                self._faults.took_effect(fault, id=_id(event))
            case "hook-reorder":
                await asyncio.sleep(REORDER_SECS)
                self._faults.took_effect(fault, id=_id(event))
            case "hook-bit-flip" | "hook-clock-off":
                await self._spoilt(event, fault)
                return
            case "hook-duplicate":
                await asyncio.gather(self._deliver(event), self._deliver(event))
                if self.acknowledged[_id(event)] > 1:
                    self._faults.took_effect(fault, id=_id(event))
                else:
                    self.armed.append(fault)
                return
            case _:
                pass
        await self._deliver(event)

    async def _spoilt(self, event: Event, fault: str) -> None:
        """Make one attempt that must be refused. A 401 is not tried again, so the event is missed.

        It waits while every signature is refused, because a refusal would prove nothing then.
        """
        await self.trusted.wait()
        for number in (1, 2, 3):
            status = await self._attempt(event, number, fault)
            self.forged += status == 200
            if status in NOT_TRUSTED:
                self._faults.took_effect(fault, id=_id(event))
                return
            await asyncio.sleep(1.0)
        self.armed.append(fault)

    async def _deliver(self, event: Event) -> None:
        refused = False
        while True:
            doubted = not self.trusted.is_set()
            status = await self._tries(event)
            if status not in NOT_TRUSTED or (self.trusted.is_set() and not doubted):
                break
            self.distrusted += not refused
            refused = True
            await self.trusted.wait()
        self.regained += refused and status == 200

    async def _tries(self, event: Event) -> int:
        """Deliver an event with Telnyx's retries; return the last status."""
        for number, pause in enumerate((*PAUSES, None), 1):
            self.resent += number > 1
            status = await self._attempt(event, number)
            if status == 200:
                self.acknowledged[_id(event)] += 1
            again = status in {0, 408, 429} or status >= 500
            if not again or pause is None:
                break
            await asyncio.sleep(pause)
        return status

    async def _attempt(self, event: Event, number: int, fault: str = "") -> int:
        self._waiting += 1
        async with self._slots:
            self._waiting -= 1
            event["meta"]["attempt"] = number
            return await self._try(_wire(json.dumps(event).encode(), self.key, fault))

    async def _try(self, wire: bytes) -> int:
        began = time.monotonic()
        try:
            async with asyncio.timeout(LIMIT_SECS):
                status = await self._ask(wire)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            status = 0
        if status == 200:
            self.seconds.append(time.monotonic() - began)
        self.statuses[status] += 1
        return status

    async def _ask(self, wire: bytes) -> int:
        reader, writer = await self._line()
        try:
            writer.write(wire)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
            await reader.readexactly(int(length or 0))
        except BaseException:
            writer.close()
            raise
        if b"connection: close" in head:
            writer.close()
        else:
            self._idle.append((time.monotonic(), (reader, writer)))
        return int(head[9:12])

    async def _line(self) -> Line:
        while self._idle:
            since, (reader, writer) = self._idle.pop()
            fresh = time.monotonic() - since < IDLE_SECS
            if fresh and not reader.at_eof() and not writer.is_closing():
                return reader, writer
            with suppress(OSError):
                writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)


def _id(event: Event) -> str:
    return str(event.get("data", event)["id"])


def _wire(content: bytes, key: SigningKey, fault: str) -> bytes:
    stamp = str(int(time.time()) + (CLOCK_OFF if fault == "hook-clock-off" else 0))
    signature = base64.b64encode(key.sign(stamp.encode() + b"|" + content).signature).decode()
    if fault == "hook-bit-flip":
        place = len(content) // 2
        content = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    head = (
        "POST /webhooks HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"telnyx-timestamp: {stamp}\r\ntelnyx-signature-ed25519: {signature}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
