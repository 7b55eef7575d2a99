"""The client against a real server on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from itertools import count
from traceback import walk_tb
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from aiohttp import web
from pydantic import SecretStr

from console.core.messages.facts import ApiAnswered, CallsListed, QueuesListed
from console.core.messages.read_scopes import LIVE, CallsScope, ParticipantsScope, QueuesScope
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Order,
    Request,
    Retry,
    TargetKind,
    WholeConference,
)
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.proofs import NoProof
from console.telnyx.client import Client, HttpAnswer
from console.telnyx.errors import (
    LimitedError,
    RefusedError,
    RequestError,
    ServerError,
    SettingRefusedError,
    ShapeError,
    UnansweredError,
    UnauthorisedError,
    UnreachableError,
)
from support.oddities import ABSENT, DEEP, ODD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from console.core.messages.facts import Fact

KEY = "KEY-most-secret"
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"


def reply(body: object, status: int = 200, **headers: str) -> web.Response:
    named = {name.replace("_", "-"): said for name, said in headers.items()}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return web.Response(status=status, body=content, headers={"Date": DATE, **named})


OK = {"data": {"result": "ok"}}


@dataclass
class Telnyx:
    """A server with scripted answers that records the requests."""

    base: str = ""
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[], web.Response | Awaitable[web.Response]] = lambda: reply(OK)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        headers = {name.lower(): said for name, said in request.headers.items()}
        body = await request.read()
        self.asked.append((request.method, request.raw_path, headers, body))
        answer = self.answer()
        return answer if isinstance(answer, web.Response) else await answer


@pytest.fixture
async def telnyx() -> AsyncIterator[Telnyx]:
    telnyx = Telnyx()
    server = web.Server(telnyx.handle)
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    telnyx.base = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v2"
    yield telnyx
    listening.close()
    await server.shutdown(0.1)


@asynccontextmanager
async def calling(
    base: str, told: list[Fact] | None = None, attempt: float = 30.0, region: str | None = None
) -> AsyncIterator[Client]:
    ticks = count(1)
    async with Client(
        base,
        SecretStr(KEY),
        clock=lambda: Moment(float(next(ticks)), 1_800_000_000.0),
        report=(told if told is not None else []).append,
        agent="telnyx-console/test",
        attempt=attempt,
        region=region,
    ) as client:
        yield client


def order(request: Request) -> Order:
    command = Command(
        name="x", key="x", words="x", done="x", panes=frozenset(),
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.REPEATS_EFFECT, proof=NoProof(), request=lambda _: request,
        why_not=lambda _, __: None,
    )  # fmt: skip
    return Order("id", Moment(0.0, 0.0), command, WholeConference("r"), "me")


MUTE = Request("POST", ("conferences", "r", "actions", "mute"), {"call_control_ids": ["v3:a"]})


async def test_a_command_goes_out_once_as_its_record_spells_it(telnyx: Telnyx) -> None:
    told: list[Fact] = []
    async with calling(telnyx.base, told) as client:
        answer = await client.send(order(MUTE))
    assert answer == HttpAnswer(1_800_000_000.0)
    [(method, path, headers, body)] = telnyx.asked
    assert (method, path) == ("POST", "/v2/conferences/r/actions/mute")
    assert json.loads(body) == {"call_control_ids": ["v3:a"]}
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"] == "telnyx-console/test"
    assert headers["content-type"] == "application/json"
    assert told == [ApiAnswered(Moment(2.0, 1_800_000_000.0), 1.0, date=1_800_000_000.0)]


async def test_a_204_is_an_acceptance_and_an_empty_body_is_no_body(telnyx: Telnyx) -> None:
    telnyx.answer = lambda: web.Response(status=204)
    async with calling(telnyx.base) as client:
        told = await client.send(order(Request("DELETE", ("queues", "q"), MappingProxyType({}))))
    assert told.problem is None
    assert telnyx.asked[0][3] == b""
    assert "content-type" not in telnyx.asked[0][2]


@pytest.mark.parametrize("body", [b"<html>sign in</html>", b"", b"[]", b"{"])
async def test_a_200_that_telnyx_did_not_write_is_not_taken_for_one(
    telnyx: Telnyx, body: bytes
) -> None:
    telnyx.answer = lambda: reply(body)
    async with calling(telnyx.base) as client:
        told = await client.send(order(MUTE))
    assert told.problem is not None
    assert told.problem.kind == "shape"


async def test_odd_members_of_an_answer_leave_a_command_accepted(telnyx: Telnyx) -> None:
    bodies: list[object] = [
        {},
        {"meta": DEEP},
        *({"data": odd} for odd in ODD if odd is not ABSENT),
    ]
    bodies += [{"data": {"call_control_id": odd}} for odd in ("", None, "9" * 5_000, DEEP)]
    left = iter(bodies)
    telnyx.answer = lambda: reply(next(left))
    async with calling(telnyx.base) as client:
        for _ in bodies:
            assert await client.send(order(MUTE)) == HttpAnswer(1_800_000_000.0)


async def test_a_refusal_with_odd_members_is_a_refusal(telnyx: Telnyx) -> None:
    bodies = [{"errors": odd} for odd in ODD if odd is not ABSENT]
    bodies += [
        {"errors": [{"code": odd, "title": odd, "detail": odd, "source": odd}]}
        for odd in ODD
        if odd is not ABSENT
    ]
    left = iter(bodies)
    telnyx.answer = lambda: reply(next(left), 422)
    async with calling(telnyx.base) as client:
        for _ in bodies:
            told = await client.send(order(MUTE))
            assert told.problem is not None
            assert (told.problem.kind, told.problem.status) == ("refused", 422)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(422, "refused"), (401, "unauthorised"), (404, "missing"), (429, "limited"), (500, "server"),
     (302, "refused")],
)  # fmt: skip
async def test_a_refused_command_says_why_and_raises_nothing(
    telnyx: Telnyx, status: int, kind: str
) -> None:
    said = {"errors": [{"code": "90019", "title": "Ended", "source": {"pointer": "/x"}}]}
    telnyx.answer = lambda: reply(said, status, Retry_After="7", Location="http://127.0.0.1:1/")
    async with calling(telnyx.base) as client:
        told = await client.send(order(MUTE))
    problem = Problem(ProblemKind(kind), status, "90019", "Ended", "", "/x", 7.0)
    assert told == HttpAnswer(1_800_000_000.0, problem)
    assert len(telnyx.asked) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, UnauthorisedError), (429, LimitedError), (503, ServerError), (301, RefusedError)],
)
async def test_a_refused_reading_raises_its_error(
    telnyx: Telnyx, status: int, error: type[RequestError]
) -> None:
    told: list[Fact] = []
    telnyx.answer = lambda: reply(b"<html>", status, x_ratelimit_reset="12", Location="/")
    async with calling(telnyx.base, told) as client:
        with pytest.raises(error) as raised:
            await client.read(QueuesScope())
    assert raised.value.problem.retry_after == (12.0 if status == 429 else None)
    assert len(told) == 1


@pytest.mark.parametrize(
    ("headers", "limits"),
    [
        ({"x_ratelimit_limit": "200", "x_ratelimit_remaining": "150", "x_ratelimit_reset": "3"},
         (200, 150, 3)),
        ({"x_ratelimit_limit": "many", "x_ratelimit_remaining": "-1", "x_ratelimit_reset": "1e9"},
         (None, None, None)),
        ({"x_ratelimit_remaining": "9" * 40}, (None, None, None)),
    ],
)  # fmt: skip
async def test_every_answer_tells_its_limits(
    telnyx: Telnyx, headers: dict[str, str], limits: tuple[int | None, ...]
) -> None:
    told: list[Fact] = []
    telnyx.answer = lambda: reply({"data": []}, 200, **headers)
    async with calling(telnyx.base, told) as client:
        await client.read(QueuesScope())
    [fact] = told
    assert isinstance(fact, ApiAnswered)
    assert (fact.limit, fact.remaining, fact.reset) == limits


async def test_the_query_is_encoded_and_the_reading_dated(telnyx: Telnyx) -> None:
    telnyx.answer = lambda: reply({"data": []})
    async with calling(telnyx.base, region="Middle East") as client:
        await client.read(LIVE)
        listed = await client.read(QueuesScope())
    assert telnyx.asked[0][1] == (
        "/v2/conferences?filter%5Bstatus%5D=in_progress&region=Middle%20East"
        "&page%5Bnumber%5D=1&page%5Bsize%5D=250"
    )
    assert isinstance(listed, QueuesListed)
    assert listed.reading.date == 1_800_000_000.0
    assert listed.reading.asked.mono < listed.reading.answered.mono


NAMES = ("a/b", "..", ".", "...", "tier 1", "100%", "#1", "a?b", "a%2Fb", "☎️", "v3:a=", "é", "\x00")


async def test_names_reach_the_server_as_one_segment(telnyx: Telnyx) -> None:
    telnyx.answer = lambda: reply({"data": []})
    async with calling(telnyx.base) as client:
        for name in NAMES:
            listed = await client.read(CallsScope(name))
            assert isinstance(listed, CallsListed)
            assert listed.queue == name
    for name, (_, target, _, _) in zip(NAMES, telnyx.asked, strict=True):
        parts = target.partition("?")[0].split("/")
        assert parts[:3] == ["", "v2", "queues"]
        assert parts[4:] == ["calls"]
        assert parts[3] not in {".", ".."}
        assert unquote(parts[3]) == name


async def test_nobody_there_is_unreachable() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as sock:
        port = sock.getsockname()[1]
    async with calling(f"http://127.0.0.1:{port}/v2") as client:
        told = await client.send(order(MUTE))
    assert told.problem is not None
    assert told.problem.kind == "unreachable"
    assert told.problem.detail == "connection refused"


@asynccontextmanager
async def talking(said: bytes, *, stay: bool) -> AsyncIterator[str]:
    """Run a server that sends these bytes after a request's headers. Yield its base URL."""
    done = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        if stay:
            await done.wait()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v2"
    done.set()
    server.close()
    for writer in writers:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
async def test_what_left_and_got_no_sound_answer_may_have_been_done(said: bytes) -> None:
    async with talking(said, stay=False) as base, calling(base) as client:
        told = await client.send(order(MUTE))
    assert told.problem is not None
    unread = "shape" if b"gzip" in said else "unanswered"
    assert told.problem.kind == unread, "either may have been done"
    assert said or told.problem.detail == "the connection was closed without an answer"


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"])
async def test_one_attempt_has_a_deadline_in_all(said: bytes) -> None:
    async with talking(said, stay=True) as base, calling(base, attempt=0.1) as client:
        with pytest.raises(UnansweredError, match=r"no answer within 0\.1 s"):
            await client.read(ParticipantsScope("r"))


async def test_a_handshake_that_stalls_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://192.0.2.1:1")
    with closing(socket.create_server(("127.0.0.1", 0))) as sock:
        base = f"https://127.0.0.1:{sock.getsockname()[1]}/v2"
        async with calling(base, attempt=0.1) as client:
            with pytest.raises(UnreachableError):
                await client.read(QueuesScope())


async def test_an_answer_without_end_is_not_swallowed_whole(
    telnyx: Telnyx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.telnyx.client.LARGEST", 100)
    telnyx.answer = lambda: reply(b" " * 101)
    async with calling(telnyx.base) as client:
        with pytest.raises(ShapeError, match="too long"):
            await client.read(QueuesScope())
    telnyx.answer = lambda: reply(b" " * 101, 503)
    async with calling(telnyx.base) as client:
        with pytest.raises(ServerError, match="too long"):
            await client.read(QueuesScope())


async def test_the_key_is_in_no_log_repr_or_error(
    telnyx: Telnyx, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    telnyx.answer = lambda: reply(b"<html>", 500)
    async with calling(telnyx.base) as client:
        with pytest.raises(ServerError) as raised:
            await client.read(QueuesScope())
        seen = [repr(vars(client)), repr(raised.value), caplog.text]
    frames = [frame for frame, _ in walk_tb(raised.tb) if "/console/" in frame.f_code.co_filename]
    assert frames
    seen += [repr(frame.f_locals) for frame in frames]
    assert not [text for text in seen if KEY in text]


async def test_no_error_drags_along_the_request_that_holds_the_key(telnyx: Telnyx) -> None:
    async with calling(telnyx.base.replace("127.0.0.1", "127.0.0.2")) as client:
        with pytest.raises(UnreachableError) as raised:
            await client.read(QueuesScope())
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


@pytest.mark.parametrize("key", ["", "KEY\n", "KEY 1", "clé", "a\r\nX: y"])
def test_a_key_that_no_header_can_carry_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(SettingRefusedError) as raised:
        Client("https://x.test", SecretStr(key), clock=lambda: Moment(0, 0),
               report=lambda _: None, agent="a", attempt=1.0)  # fmt: skip
    assert not key or key not in str(raised.value)


def test_a_proxy_that_cannot_be_used_is_said_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy.test:1")
    with pytest.raises(SettingRefusedError, match="proxy"):
        Client("https://api.telnyx.com/v2", SecretStr(KEY), clock=lambda: Moment(0, 0),
               report=lambda _: None, agent="a", attempt=1.0)  # fmt: skip
