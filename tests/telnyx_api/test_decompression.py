"""A compressed answer is decoded within the limits of a plain one."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from console.core.messages.facts import QueuesListed
from console.core.messages.read_scopes import QueuesScope
from console.core.model.listed_resources import Moment
from console.telnyx.client import Client
from console.telnyx.decompression import TooLongError, UndecodableError, decoded
from console.telnyx.errors import ShapeError

MEGABYTE = 1024 * 1024
EMPTY = b'{"data":[],"meta":{"total_pages":1,"page_number":1,"page_size":250,"total_results":0}}'


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(content) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda content: gzip.compress(content, mtime=0),
    "x-gzip": lambda content: gzip.compress(content, mtime=0),
    "deflate": zlib.compress,
    "identity": bytes,
}


@given(
    content=st.binary(max_size=2_000),
    layers=st.lists(st.sampled_from(sorted(PACKERS)), max_size=3),
    joined=st.booleans(),
)
def test_what_was_encoded_comes_back_whichever_way_the_header_names_it(
    content: bytes, layers: list[str], joined: bool
) -> None:
    packed = content
    for name in layers:
        packed = PACKERS[name](packed)
    encodings = [", ".join(layers).upper()] if joined else layers
    assert decoded(packed, encodings, 10_000) == content


def test_deflate_without_its_header_is_read_too() -> None:
    assert decoded(raw_deflate(b"plain"), ["deflate"], 100) == b"plain"


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_the_limit_strikes_while_a_layer_is_decoded(layers: int) -> None:
    packed = b"\0" * (64 * MEGABYTE)
    for _ in range(layers):
        packed = gzip.compress(packed, 1)
    tracemalloc.start()
    try:
        with pytest.raises(TooLongError):
            decoded(packed, ["gzip"] * layers, MEGABYTE)
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=200), st.lists(st.sampled_from(["gzip", "deflate", "br", "x"])))
def test_no_bytes_raise_anything_else(content: bytes, encodings: list[str]) -> None:
    with suppress(TooLongError, UndecodableError):
        assert len(decoded(content, encodings, 100)) <= max(100, len(content))


@asynccontextmanager
async def answering(content: bytes, encoding: str = "") -> AsyncIterator[tuple[Client, list[str]]]:
    """Yield a client of a server with this answer, and the encodings that the client asked for."""
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request.headers["Accept-Encoding"])
        return web.Response(body=content, headers={"Content-Encoding": encoding})

    server = web.Server(answer)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v2"
    async with Client(
        base, SecretStr("KEY0"), clock=lambda: Moment(0.0, 0.0), report=lambda _: None,
        agent="a", attempt=30.0,
    ) as client:  # fmt: skip
        yield client, asked
    listening.close()
    await server.shutdown(0.1)


async def test_plain_answers_are_asked_for() -> None:
    async with answering(EMPTY) as (client, asked):
        await client.read(QueuesScope())
    assert asked == ["identity"]


async def test_a_compressed_answer_is_read_all_the_same() -> None:
    async with answering(gzip.compress(EMPTY, mtime=0), "gzip") as (client, _):
        listed = await client.read(QueuesScope())
    assert isinstance(listed, QueuesListed)


async def test_gzip_within_gzip_is_stopped_before_it_takes_memory() -> None:
    bomb = gzip.compress(gzip.compress(b" " * (96 * MEGABYTE), 1))
    async with answering(bomb, "gzip, gzip") as (client, _):
        tracemalloc.start()
        try:
            with pytest.raises(ShapeError, match="too long"):
                await client.read(QueuesScope())
            assert tracemalloc.get_traced_memory()[1] < 40 * MEGABYTE
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(
    ("encoding", "content", "why"),
    [
        ("br", b"\x0b\x02\x80", "unsupported encoding"),
        ("gzip", gzip.compress(EMPTY, mtime=0)[:-9], "cut off"),
        ("gzip", b"nope", "does not match its Content-Encoding"),
        ("gzip, gzip, gzip, gzip", b"", "4 times"),
    ],
)
async def test_what_cannot_be_decoded_is_no_answer_and_says_why(
    encoding: str, content: bytes, why: str
) -> None:
    async with answering(content, encoding) as (client, _):
        with pytest.raises(ShapeError, match=why):
            await client.read(QueuesScope())
