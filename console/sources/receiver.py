"""The door for webhooks: it answers within milliseconds, trusts only what is signed, never bends.

A fault of a sender is a status and a counted fact. A fault of ours is answered 503, so that the
delivery comes again, and then ends ``serve``.
"""

from __future__ import annotations

import asyncio
import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from aiohttp import web

from console.core.facts import DeliveryRefused, ReceiverClosed, ReceiverOpened
from console.runtime.keeping import Delivery
from console.sources.receiver_guard import (
    HEALTH,
    Access,
    Floods,
    Limits,
    Refusal,
    Reply,
    health_reply,
    is_probe,
    plain,
    same_path,
    screen,
)
from console.telnyx.signature import SIGNATURE, TIMESTAMP

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable

    from console.core.facts import Fact
    from console.core.things import Moment
    from console.runtime.vital import Vital
    from console.telnyx.signature import Claim, Verifier

Clock: TypeAlias = "Callable[[], Moment]"
Sink: TypeAlias = "Callable[[Delivery], Awaitable[bool]]"

_LOG = logging.getLogger(__name__)
_QUIET = logging.getLogger(f"{__name__}.access")
_QUIET.setLevel(logging.CRITICAL)
_NOT_IN_TIME = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


async def serve(
    sock: socket.socket,
    *,
    path: str,
    verifier: Verifier,
    clock: Clock,
    accept: Sink,
    post: Callable[[Fact], None],
    vital: Callable[[], Vital],
    limits: Limits | None = None,
    access: Access | None = None,
) -> NoReturn:
    """Receive webhooks at ``path`` on a bound socket until cancelled.

    ``accept`` is given every verified delivery and answers whether it is safe: only then is it
    answered 200, else 503. ``post`` is given what the operator should know, and ``vital`` is asked
    for what ``/healthz`` answers. Cancelled, it stops
    listening, answers what is in flight and closes. Raises what ``accept`` raised, since that is a
    fault of ours.
    """
    desk = _Desk(
        path=path,
        verifier=verifier,
        clock=clock,
        accept=accept,
        post=post,
        vital=vital,
        limits=limits or Limits(),
        access=access or Access(),
    )
    server = web.Server(desk.handle)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: _Connection(desk, server, loop), sock=sock)
    host, port = sock.getsockname()[:2]
    post(ReceiverOpened(clock(), f"[{host}]:{port}" if ":" in host else f"{host}:{port}"))
    reason = "closed"
    try:
        await desk.broken
    except Exception as fault:
        reason = f"failed: {type(fault).__name__}"
        raise
    finally:
        listening.close()
        try:
            await desk.drain()
            await server.shutdown(0.1)
        finally:
            post(ReceiverClosed(clock(), reason))
    raise AssertionError("unreachable")


class _Desk:
    """What all connections share."""

    def __init__(
        self,
        *,
        path: str,
        verifier: Verifier,
        clock: Clock,
        accept: Sink,
        post: Callable[[Fact], None],
        vital: Callable[[], Vital],
        limits: Limits,
        access: Access,
    ) -> None:
        self.limits = limits
        self._access = access
        self.open: set[_Connection] = set()
        self.broken: asyncio.Future[NoReturn] = asyncio.get_running_loop().create_future()
        self._path = path
        self._verifier = verifier
        self._clock = clock
        self._accept = accept
        self._post = post
        self._vital = vital
        self._floods = Floods(limits)
        self._in_flight = 0
        self._quiet: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when nothing is in flight any more, once all has to end."""
        self._draining = False
        self._full = False

    def admit(self, connection: _Connection) -> bool:
        """Whether there is room for one more; said once each time there is none."""
        if len(self.open) >= self.limits.connections:
            if not self._full:
                why = f"more than {self.limits.connections} connections"
                self.tell(Refusal(HTTPStatus.SERVICE_UNAVAILABLE, why))
            self._full = True
            return False
        self._full = False
        self.open.add(connection)
        return True

    def tell(self, refusal: Refusal) -> None:
        self._post(DeliveryRefused(self._clock(), int(refusal.status), refusal.reason))

    def fail(self, fault: BaseException) -> None:
        """A fault of ours: it ends ``serve``, loudly."""
        if not self.broken.done():
            self.broken.set_exception(fault)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer one request. Every request ends here, and none with a 500."""
        connection = request.protocol
        self._in_flight += 1
        if isinstance(connection, _Connection):
            connection.headers_came()
        try:
            return await self._answer(request)
        except Exception as fault:  # noqa: BLE001  handed on to serve, which raises it
            self.fail(fault)
            return _response(HTTPStatus.SERVICE_UNAVAILABLE)
        finally:
            if isinstance(connection, _Connection):
                connection.serving = False
            self._in_flight -= 1
            self._rest()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if self._draining:
            return _response(HTTPStatus.SERVICE_UNAVAILABLE)
        if request.path == HEALTH and request.method in {"GET", "HEAD"}:
            return self._health(request)
        if not same_path(request.path, self._path):
            if request.method == "POST":
                self.tell(Refusal(HTTPStatus.NOT_FOUND, "a POST to another path than ours"))
            return _response(HTTPStatus.NOT_FOUND)
        if is_probe(request.method, request.headers):
            return _response(HTTPStatus.METHOD_NOT_ALLOWED)
        verdict = await self._judge(request, self._clock())
        if verdict is None:
            return _response(HTTPStatus.OK, stay=not self._draining)
        self.tell(verdict)
        return _response(verdict.status)

    def _health(self, request: web.BaseRequest) -> web.Response:
        match health_reply(_peer(request), request.headers, self._access.health_hosts):
            case Reply.FIGURES:
                return _told(self._vital())
            case Reply.STATUS:
                return _response(_status(self._vital()))
            case Reply.FOREIGN_HOST:
                return _response(HTTPStatus.MISDIRECTED_REQUEST)
            case Reply.NOTHING:
                return _response(HTTPStatus.NOT_FOUND)

    async def _judge(self, request: web.BaseRequest, at: Moment) -> Refusal | None:
        claim = self._claim(request, at)
        if isinstance(claim, Refusal):
            return claim
        body = await self._body(request)
        if isinstance(body, Refusal):
            return body
        key = self._verifier.signer(claim, body, at.wall) if body else "empty body"
        if isinstance(key, str):
            return self._floods.unsigned(key, _peer(request) or "", at.mono)
        signed = claim.stamp.decode(), request.headers[SIGNATURE], key.text
        if await self._accept(Delivery(at, body, *signed, _peer(request) or "")):
            return None
        return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the delivery could not be kept")

    def _claim(self, request: web.BaseRequest, at: Moment) -> Claim | Refusal:
        if self._in_flight > self.limits.in_flight:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many deliveries at once")
        encodings = request.headers.getall("Content-Encoding", [])
        refusal = screen(request.method, encodings, request.content_length, self.limits)
        if refusal is not None:
            return refusal
        claim = self._verifier.claim(
            request.headers.getall(TIMESTAMP, []), request.headers.getall(SIGNATURE, []), at.wall
        )
        return Refusal(HTTPStatus.UNAUTHORIZED, claim) if isinstance(claim, str) else claim

    async def _body(self, request: web.BaseRequest) -> bytes | Refusal:
        content = bytearray()
        try:
            async with asyncio.timeout(self.limits.body):
                async for chunk in request.content.iter_any():
                    content += chunk
                    if len(content) > self.limits.size:
                        why = f"body over {self.limits.size} bytes"
                        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why)
        except TimeoutError:
            return Refusal(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time")
        except (web.RequestPayloadError, ConnectionError):
            return Refusal(HTTPStatus.BAD_REQUEST, "the body broke off")
        return bytes(content)

    async def drain(self) -> None:
        """Answer what is in flight, for as long as its sender may still wait; then close all.

        Without ``asyncio.timeout``: before Python 3.11.3 that does not end in a cancelled task.
        """
        self._draining = True
        for connection in [each for each in self.open if not each.serving]:
            connection.force_close()
        self._rest()
        await asyncio.wait([self._quiet], timeout=self.limits.drain)

    def _rest(self) -> None:
        if self._draining and not self._in_flight and not self._quiet.done():
            self._quiet.set_result(None)


class _Connection(web.RequestHandler):
    """An aiohttp connection with a seat, and with a deadline for the headers of each request."""

    def __init__(self, desk: _Desk, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        limits = desk.limits
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=limits.keepalive,
            logger=_LOG,
            access_log=_QUIET,
            max_line_size=limits.line,
            max_field_size=limits.line,
            max_headers=limits.fields,
            lingering_time=limits.lingering,
            auto_decompress=False,
        )
        self.serving = False
        self._desk = desk
        self._clockwork = loop
        self._due: asyncio.TimerHandle | None = None
        self._seated = False
        self._heard = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a seat, or be closed without a word."""
        self._seated = self._desk.admit(self)
        if self._seated:
            super().connection_made(transport)
            self._expect_headers()
        elif isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the seat back."""
        if self._seated:
            self._expect_nothing()
            self._desk.open.discard(self)
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Start the deadline at the first byte of a request."""
        self._heard = True
        if not self.serving and self._due is None:
            self._expect_headers()
        super().data_received(data)

    def headers_came(self) -> None:
        """A whole head was read: what follows has deadlines of its own."""
        self._expect_nothing()
        self.serving = True

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is not HTTP with a bare 400, and what failed in us with a 503."""
        del message
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun")
        self._expect_nothing()
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._desk.tell(Refusal(HTTPStatus.BAD_REQUEST, "not a well-formed HTTP request"))
            return _response(HTTPStatus.BAD_REQUEST)
        self._desk.fail(exc or RuntimeError(f"aiohttp answered {status}"))
        return _response(HTTPStatus.SERVICE_UNAVAILABLE)

    def _expect_headers(self) -> None:
        self._due = self._clockwork.call_later(self._desk.limits.headers, self._late)

    def _expect_nothing(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self._due = None

    def _late(self) -> None:
        self._due = None
        if self._heard and self.transport is not None:
            self.transport.write(_NOT_IN_TIME)
            why = "the headers did not come in time"
            self._desk.tell(Refusal(HTTPStatus.REQUEST_TIMEOUT, why))
        self.force_close()


def _response(status: HTTPStatus, *, stay: bool = False) -> web.Response:
    headers = {"Server": "telnyx-console"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "POST"
    response = web.Response(status=status, headers=headers)
    if not stay:
        response.force_close()
    return response


def _told(vital: Vital) -> web.Response:
    response = _response(_status(vital))
    response.content_type = "application/json"
    response.text = json.dumps(vital.figures)
    return response


def _status(vital: Vital) -> HTTPStatus:
    return HTTPStatus.OK if vital.well else HTTPStatus.SERVICE_UNAVAILABLE


def _peer(request: web.BaseRequest) -> str | None:
    name = request.transport.get_extra_info("peername") if request.transport else None
    return str(plain(name[0])) if isinstance(name, tuple) and name else None
