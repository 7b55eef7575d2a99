"""The answers to deliveries, sent over a real loopback socket."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import pytest
from nacl.signing import SigningKey
from sources.receiving import BODY, NOW, STAMP, answer, closed, post, receiving, sign

from console.core.messages.facts import ReceiverClosed, ReceiverOpened

if TYPE_CHECKING:
    from console.core.messages.facts import Fact


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


async def test_where_a_delivery_came_from_is_the_peer_and_not_what_it_says_of_itself() -> None:
    async with receiving() as receiver:
        assert await receiver.ask(post(BODY, "X-Forwarded-For: 203.0.113.7")) == 200
    assert receiver.sources == ["127.0.0.1"]


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
        (with_headers(TIME, f"Telnyx-Signature-Ed25519: {sign(BODY, key=SigningKey(bytes(32)))}"),
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
        (post(path="/webhook"), 404, "a POST to another path than the webhook path"),
        (post(path="/webhooks%2F"), 404, "a POST to another path than the webhook path"),
        (post(method="GET"), 405, "not a POST: set webhook_url_method to POST"),
        (post(BODY, "Telnyx-Timestamp: 1", method="GET", signed=False), 405,
         "not a POST: set webhook_url_method to POST"),
        (post(method="PUT", signed=False), 405, "not a POST: set webhook_url_method to POST"),
        (post(method="PUT"), 405, "not a POST: set webhook_url_method to POST"),
        (post(gzip.compress(BODY, mtime=0), "Content-Encoding: gzip"), 415, "the body is encoded"),
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


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_probe_of_our_path_is_answered_and_not_counted(method: str) -> None:
    async with receiving() as receiver:
        reader, writer = await receiver.open()
        writer.write(post(b"", method=method, signed=False))
        told = await closed(reader)
        writer.close()
        assert told.startswith(b"HTTP/1.1 405 ")
        assert b"Allow: POST" in told
        assert receiver.refused == []


async def test_a_signed_head_is_a_delivery_by_the_wrong_method() -> None:
    async with receiving() as receiver:
        reader, writer = await receiver.open()
        writer.write(post(b"", method="HEAD"))
        assert (await closed(reader)).startswith(b"HTTP/1.1 405 ")
        writer.close()
        assert receiver.refused == [(405, "not a POST: set webhook_url_method to POST")]


async def test_scanners_of_other_paths_are_answered_and_not_counted() -> None:
    async with receiving() as receiver:
        assert await receiver.ask(post(path="/", method="GET")) == 404
        assert receiver.refused == []


async def test_a_delivery_that_could_not_be_kept_is_asked_for_again() -> None:
    async with receiving() as receiver:
        receiver.keeps = lambda: False
        assert await receiver.ask(post()) == 503
        assert receiver.refused == [(503, "the journal could not keep the delivery")]


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
