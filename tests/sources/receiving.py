"""A receiver on a loopback socket, with functions that send deliveries byte by byte."""

from __future__ import annotations

import asyncio
import socket
from base64 import b64encode
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nacl.signing import SigningKey

from console.core.messages.facts import DeliveryRefused
from console.core.model.listed_resources import Moment
from console.journal.recorder import Delivery
from console.runtime.health_report import HealthReport
from console.sources.receiver import WebhookReceiver
from console.sources.receiver_guard import Access, Limits
from console.telnyx.signature import Verifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from console.core.messages.facts import Fact

NOW = Moment(7.0, 1_800_000_000.0)
STAMP = "1800000000"
BODY = b'{"data":{"event_type":"x.y","id":"e"}}'
KEY = SigningKey(bytes(range(32)))
PUBLIC = b64encode(bytes(KEY.verify_key)).decode()
PATIENT = Limits(headers=60, body=60, keepalive=60)


def sign(body: bytes, stamp: str = STAMP, key: SigningKey = KEY) -> str:
    return b64encode(key.sign(f"{stamp}|".encode() + body).signature).decode()


def post(
    body: bytes = BODY,
    *headers: str,
    path: str = "/webhooks",
    method: str = "POST",
    host: str = "here",
    signed: bool = True,
    length: int | None = None,
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    if signed:
        lines += [f"Telnyx-Timestamp: {STAMP}", f"Telnyx-Signature-Ed25519: {sign(body)}"]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Receiver:
    address: tuple[str, int]
    accepted: list[bytes] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    keeps: Callable[[], bool] = lambda: True
    task: asyncio.Task[None] | None = None
    now: Moment = NOW
    vital: HealthReport = field(default_factory=lambda: HealthReport(well=True, figures={}))

    def __post_init__(self) -> None:
        self.gate.set()

    async def accept(self, delivery: Delivery) -> bool:
        assert delivery.at == NOW
        assert (delivery.stamp, delivery.key) == (STAMP, PUBLIC)
        assert delivery.signature == sign(delivery.body)
        self.entered.set()
        await self.gate.wait()
        self.accepted.append(delivery.body)
        self.sources.append(delivery.source)
        return self.keeps()

    def post(self, fact: Fact) -> None:
        self.facts.append(fact)
        self.told.set()

    @property
    def refused(self) -> list[tuple[int, str]]:
        return [
            (fact.status, fact.reason) for fact in self.facts if isinstance(fact, DeliveryRefused)
        ]

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(*self.address)

    async def ask(self, sent: bytes) -> int:
        """Send bytes and return the status of the answer, which must have no body."""
        reader, writer = await self.open()
        writer.write(sent)
        status, head = await answer(reader)
        assert b"aiohttp" not in head
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        return status


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"Content-Length: 0" in head
    return int(head.split()[1]), head


async def closed(reader: asyncio.StreamReader) -> bytes:
    """Return the bytes received until the other side closed."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


@asynccontextmanager
async def receiving(
    limits: Limits = PATIENT, access: Access | None = None
) -> AsyncIterator[Receiver]:
    sock = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(sock.getsockname())

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            await WebhookReceiver(
                path="/webhooks",
                verifier=Verifier([PUBLIC]),
                clock=lambda: receiver.now,
                accept=receiver.accept,
                post=receiver.post,
                vital=lambda: receiver.vital,
                limits=limits,
                access=access or Access(),
            ).run((sock,))

    async with asyncio.TaskGroup() as group:
        receiver.task = group.create_task(run())
        await receiver.told.wait()
        yield receiver
        receiver.task.cancel()
