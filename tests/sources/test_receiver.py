"""Every test speaks to the receiver over a real loopback socket, byte by byte."""

from __future__ import annotations

import asyncio
import gzip
import socket
from base64 import b64encode
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from nacl.signing import SigningKey

from console.core.facts import DeliveryRefused, ReceiverClosed, ReceiverOpened
from console.core.things import Moment
from console.sources.receiver import serve
from console.sources.receiver_guard import Limits
from console.telnyx.signature import Verifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from console.core.facts import Fact

NOW = Moment(7.0, 1_800_000_000.0)
STAMP = "1800000000"
BODY = b'{"data":{"event_type":"x.y","id":"e"}}'
KEY = SigningKey.generate()
PUBLIC = b64encode(bytes(KEY.verify_key)).decode()
PATIENT = Limits(headers=60, body=60, keepalive=60)


def sign(body: bytes, stamp: str = STAMP, key: SigningKey = KEY) -> str:
    return b64encode(key.sign(f"{stamp}|".encode() + body).signature).decode()


def post(
    body: bytes = BODY,
    *headers: str,
    path: str = "/webhooks",
    method: str = "POST",
    signed: bool = True,
    length: int | None = None,
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: here", *headers]
    if signed:
        lines += [f"Telnyx-Timestamp: {STAMP}", f"Telnyx-Signature-Ed25519: {sign(body)}"]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Receiver:
    address: tuple[str, int]
    accepted: list[bytes] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    keeps: Callable[[], bool] = lambda: True
    task: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def accept(self, body: bytes, at: Moment) -> bool:
        assert at == NOW
        self.entered.set()
        await self.gate.wait()
        self.accepted.append(body)
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
        """The status of the answer to these bytes, which has no body."""
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
    """What was said before the other side closed."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


@asynccontextmanager
async def receiving(limits: Limits = PATIENT) -> AsyncIterator[Receiver]:
    sock = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(sock.getsockname())

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            await serve(
                sock,
                path="/webhooks",
                verifier=Verifier([PUBLIC]),
                clock=lambda: NOW,
                accept=receiver.accept,
                post=receiver.post,
                limits=limits,
            )

    async with asyncio.TaskGroup() as group:
        receiver.task = group.create_task(run())
        await receiver.told.wait()
        yield receiver
        receiver.task.cancel()


async def test_a_signed_delivery_is_accepted_byte_for_byte() -> None:
    async with receiving() as receiver:
        for body in (BODY, b"\xff\x00 not json"):
            assert await receiver.ask(post(body)) == 200
        assert receiver.accepted == [BODY, b"\xff\x00 not json"]
        assert receiver.refused == []
    host, port = receiver.address
    assert receiver.facts == [
        ReceiverOpened(NOW, f"{host}:{port}"),
        ReceiverClosed(NOW, "closed"),
    ]


async def test_the_same_delivery_twice_is_answered_200_twice_on_one_connection() -> None:
    async with receiving() as receiver:
        reader, writer = await receiver.open()
        writer.write(post() + post())
        assert [(await answer(reader))[0], (await answer(reader))[0]] == [200, 200]
        writer.close()


async def test_a_chunked_body_is_read_as_the_bytes_it_carries() -> None:
    async with receiving() as receiver:
        head = post(BODY).split(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
        chunks = b"".join(b"1\r\n" + BODY[i : i + 1] + b"\r\n" for i in range(len(BODY)))
        assert await receiver.ask(head + chunks + b"0\r\n\r\n") == 200
        assert receiver.accepted == [BODY]


def with_headers(*headers: str) -> bytes:
    return post(BODY, *headers, signed=False)


TIME, SIGNED = f"Telnyx-Timestamp: {STAMP}", f"Telnyx-Signature-Ed25519: {sign(BODY)}"


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (with_headers(), "timestamp missing"),
        (with_headers(TIME), "signature missing"),
        (with_headers(SIGNED), "timestamp missing"),
        (with_headers(TIME, TIME, SIGNED), "two timestamps"),
        (with_headers(TIME, SIGNED, SIGNED), "two signatures"),
        (with_headers("Telnyx-Timestamp: 1799999588", SIGNED), "timestamp 412 s old"),
        (with_headers("Telnyx-Timestamp: 1800000412", SIGNED), "timestamp 412 s ahead"),
        (with_headers("Telnyx-Timestamp: +180000000", SIGNED), "timestamp is not ten digits"),
        (with_headers(TIME, "Telnyx-Signature-Ed25519: AAAA"),
         "signature is not the Base64 of 64 bytes"),
        (with_headers(TIME, f"Telnyx-Signature-Ed25519: {sign(BODY, key=SigningKey.generate())}"),
         "signature does not match"),
        (with_headers(TIME, f"Telnyx-Signature-Ed25519: {sign(BODY + b' ')}"),
         "signature does not match"),
        (post(b""), "empty body"),
    ],
)  # fmt: skip
async def test_any_fault_of_a_signature_is_401_and_only_the_operator_hears_which(
    sent: bytes, reason: str
) -> None:
    async with receiving() as receiver:
        reader, writer = await receiver.open()
        writer.write(sent)
        told = await closed(reader)
        writer.close()
        assert told.startswith(b"HTTP/1.1 401 ")
        assert told.endswith(b"\r\n\r\n")
        assert reason.split(maxsplit=1)[0].encode() not in told.lower()
        assert receiver.refused == [(401, reason)]
        assert receiver.accepted == []


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [
        (post(path="/webhook"), 404, "a POST to another path than ours"),
        (post(path="/webhooks%2F"), 404, "a POST to another path than ours"),
        (post(method="GET"), 405, "not a POST: set webhook_url_method to POST"),
        (post(method="PUT"), 405, "not a POST: set webhook_url_method to POST"),
        (post(gzip.compress(BODY), "Content-Encoding: gzip"), 415, "the body is encoded"),
        (post(b"\x1f\x8bgarbage", "Content-Encoding: gzip"), 415, "the body is encoded"),
        (post(BODY, "Content-Encoding: identity", "Content-Encoding: br"), 415,
         "the body is encoded"),
        (post(b"", length=10_000_000), 413, "body over 65536 bytes"),
        (post(b"x" * 65_537), 413, "body over 65536 bytes"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400,
         "not a well-formed HTTP request"),
        (post(BODY, "Content-Length: 5"), 400, "not a well-formed HTTP request"),
        (post(BODY, "X: " + "y" * 9_000), 400, "not a well-formed HTTP request"),
        (post(BODY, *(f"X-{i}: y" for i in range(70))), 400, "not a well-formed HTTP request"),
    ],
)  # fmt: skip
async def test_what_cannot_be_a_delivery_is_refused_before_it_is_read(
    sent: bytes, status: int, reason: str
) -> None:
    async with receiving() as receiver:
        assert await receiver.ask(sent) == status
        assert receiver.refused == [(status, reason)]
        assert receiver.accepted == []
        assert await receiver.ask(post()) == 200


async def test_a_chunked_body_without_end_is_cut_off() -> None:
    async with receiving() as receiver:
        head = post(BODY).split(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
        sent = head + b"10000\r\n" + b"x" * 65_536 + b"\r\n1\r\nx\r\n"
        assert await receiver.ask(sent) == 413


async def test_a_broken_chunk_is_a_400() -> None:
    async with receiving() as receiver:
        head = post(BODY).split(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n"
        assert await receiver.ask(head + b"3\r\nabc\r\nnonsense\r\n") == 400
        assert [status for status, _ in receiver.refused] == [400]


async def test_an_identity_encoding_is_no_encoding() -> None:
    async with receiving() as receiver:
        assert await receiver.ask(post(BODY, "Content-Encoding: identity")) == 200


async def test_scanners_of_other_paths_are_answered_and_not_counted() -> None:
    async with receiving() as receiver:
        assert await receiver.ask(post(path="/", method="GET")) == 404
        assert receiver.refused == []


async def test_health_is_for_callers_on_this_host_alone() -> None:
    async with receiving() as receiver:
        assert await receiver.ask(post(b"", path="/healthz", method="GET")) == 200
        for header in ("X-Forwarded-For: 127.0.0.1", "Via: 1.1 proxy", "Forwarded: for=::1"):
            assert await receiver.ask(post(b"", header, path="/healthz", method="GET")) == 404


async def test_a_delivery_that_could_not_be_kept_is_asked_for_again() -> None:
    async with receiving() as receiver:
        receiver.keeps = lambda: False
        assert await receiver.ask(post()) == 503
        assert receiver.refused == [(503, "the delivery could not be kept")]


async def test_a_fault_of_ours_is_a_503_and_ends_the_receiver_loudly() -> None:
    def broken() -> bool:
        raise RuntimeError("a bug")

    facts: list[Fact] = []

    async def live() -> None:
        async with receiving() as receiver:
            receiver.keeps = broken
            receiver.facts = facts
            assert await receiver.ask(post()) == 503
            await asyncio.Event().wait()

    with pytest.raises(ExceptionGroup) as raised:
        await live()
    assert raised.group_contains(RuntimeError, match="a bug")
    assert facts[-1] == ReceiverClosed(NOW, "failed: RuntimeError")


@pytest.mark.parametrize("sent", [b"", b"POST /web", post()[:80]])
async def test_a_connection_that_dribbles_its_headers_is_closed(sent: bytes) -> None:
    async with receiving(replace(PATIENT, headers=0.05)) as receiver:
        reader, writer = await receiver.open()
        writer.write(sent)
        told = await closed(reader)
        writer.close()
        assert told.startswith(b"HTTP/1.1 408 ") if sent else told == b""
        assert receiver.refused == ([(408, "the headers did not come in time")] if sent else [])


async def test_a_dribble_after_a_good_request_is_closed_too() -> None:
    async with receiving(replace(PATIENT, headers=0.05)) as receiver:
        reader, writer = await receiver.open()
        writer.write(post())
        assert (await answer(reader))[0] == 200
        writer.write(b"POST /web")
        assert (await closed(reader)).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_an_idle_connection_is_closed() -> None:
    async with receiving(replace(PATIENT, keepalive=0.05)) as receiver:
        reader, writer = await receiver.open()
        writer.write(post())
        assert (await answer(reader))[0] == 200
        assert await closed(reader) == b""
        writer.close()


async def test_a_body_that_stalls_is_a_408() -> None:
    async with receiving(replace(PATIENT, body=0.05)) as receiver:
        assert await receiver.ask(post()[:-5]) == 408
        assert receiver.refused == [(408, "the body did not come in time")]


async def test_a_sender_that_goes_away_is_forgotten() -> None:
    async with receiving() as receiver:
        _, writer = await receiver.open()
        writer.write(post()[:-5])
        writer.write_eof()
        writer.close()
        await writer.wait_closed()
        while not receiver.refused:
            receiver.told.clear()
            await receiver.told.wait()
        assert receiver.refused == [(400, "the body broke off")]
        assert await receiver.ask(post()) == 200


async def test_a_flood_of_connections_is_held_at_the_limit() -> None:
    async with receiving(replace(PATIENT, connections=3)) as receiver:
        held = [await receiver.open() for _ in range(3)]
        for _ in range(5):
            reader, writer = await receiver.open()
            assert await closed(reader) == b""
            writer.close()
        assert receiver.refused == [(503, "more than 3 connections")]
        reader, writer = held.pop()
        writer.write(post())
        assert (await answer(reader))[0] == 200
        writer.close()
        for _, writer in held:
            writer.close()


async def test_too_many_at_once_are_asked_to_come_again() -> None:
    async with receiving(replace(PATIENT, in_flight=1)) as receiver:
        receiver.gate.clear()
        reader, writer = await receiver.open()
        writer.write(post())
        await receiver.entered.wait()
        assert await receiver.ask(post()) == 503
        receiver.gate.set()
        assert (await answer(reader))[0] == 200
        writer.close()


async def test_what_is_in_flight_at_the_end_is_answered() -> None:
    async with receiving() as receiver:
        receiver.gate.clear()
        idle, idle_writer = await receiver.open()
        reader, writer = await receiver.open()
        writer.write(post())
        await receiver.entered.wait()
        assert receiver.task is not None
        receiver.task.cancel()
        assert await closed(idle) == b""
        with pytest.raises(ConnectionError):
            await receiver.open()
        receiver.gate.set()
        assert (await answer(reader))[0] == 200
        assert await closed(reader) == b""
        for each in (writer, idle_writer):
            each.close()
    assert receiver.facts[-1] == ReceiverClosed(NOW, "closed")


async def test_an_end_does_not_wait_for_ever() -> None:
    async with receiving(replace(PATIENT, drain=0.05)) as receiver:
        receiver.gate.clear()
        reader, writer = await receiver.open()
        writer.write(post())
        await receiver.entered.wait()
        assert receiver.task is not None
        receiver.task.cancel()
        assert await closed(reader) == b""
        writer.close()
    assert receiver.accepted == []
