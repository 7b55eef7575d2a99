"""The webhook receiver: an HTTP server that accepts only deliveries signed by Telnyx.

A sender's fault is answered with a 4xx and posted as a fact. A fault of this program is answered
with 503, so that Telnyx delivers again, and then ends ``run``.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from aiohttp import web

from console.core.messages.facts import DeliveryRefused, ReceiverClosed, ReceiverOpened
from console.journal.recorder import Delivery
from console.sources import receiver_guard
from console.sources.connection_slots import ConnectionSlots, NoSlotError
from console.sources.listening_sockets import BACKLOG, address_text
from console.sources.receiver_connection import Connection, address_of, bare_answer
from console.sources.receiver_guard import Access, GuardReply, Limits, Refusal, screen
from console.telnyx.signature import SIGNATURE, TIMESTAMP

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from console.core.messages.facts import Fact
    from console.core.model.listed_resources import Moment
    from console.runtime.health_report import HealthReport
    from console.sources.listening_sockets import Listening
    from console.telnyx.signature import Claim, Verifier

Clock: TypeAlias = "Callable[[], Moment]"
Sink: TypeAlias = "Callable[[Delivery], Awaitable[bool]]"

_ACCEPTED_AT_ONCE = 8
"""Most connections accepted in one iteration of the event loop. The first bytes of a new connection
are read three iterations later. Three times this number is less than the slots, so a connection is
not closed as silent before its bytes are read."""


@dataclass(eq=False, kw_only=True)
class WebhookReceiver:
    """Receives webhooks at ``path``, and holds the state that all connections share.

    ``accept`` gets every verified delivery and returns True if it is on the disk: the answer is
    200 then, else 503. ``post`` gets facts for the operator. ``vital`` returns the report for
    ``/healthz``. Make it in a running event loop.
    """

    path: str
    verifier: Verifier
    clock: Clock
    accept: Sink
    post: Callable[[Fact], None]
    vital: Callable[[], HealthReport]
    limits: Limits = field(default_factory=Limits)
    access: Access = field(default_factory=Access)

    def __post_init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.slots = ConnectionSlots[Connection](
            self.limits.connections, self.limits.share, self.access.proxies
        )
        self.broken: asyncio.Future[NoReturn] = loop.create_future()
        self._bad_signatures = receiver_guard.BadSignatures(self.limits)
        self._in_flight = 0
        self._quiet: asyncio.Future[None] = loop.create_future()
        """Done when the receiver is closing and no request is in flight."""
        self._draining = False
        self._full = False

    async def run(self, listening: Listening) -> NoReturn:
        """Receive on these sockets until cancelled.

        On cancellation, stop listening, answer the requests in flight and close. Raise any
        exception of ``accept``, because it is a fault of this program.
        """
        server = web.Server(self.handle)
        loop = asyncio.get_running_loop()
        opened = [
            await loop.create_server(
                lambda: Connection(self, server, loop), sock=sock, backlog=_ACCEPTED_AT_ONCE
            )
            for sock in listening
        ]
        for sock in listening:  # asyncio has set the backlog to _ACCEPTED_AT_ONCE
            sock.listen(BACKLOG)
        self.post(ReceiverOpened(self.clock(), address_text(listening)))
        reason = "closed"
        try:
            await self.broken
        except Exception as fault:
            reason = f"failed: {type(fault).__name__}"
            raise
        finally:
            for each in opened:
                each.close()
            try:
                await self.drain()
                await server.shutdown(0.1)
            finally:
                self.post(ReceiverClosed(self.clock(), reason))
        raise AssertionError("unreachable")

    def admit(self, connection: Connection) -> bool:
        """Give a connection a slot, or return False. Post only the first refusal in a row."""
        try:
            replaced = self.slots.take(connection, connection.address)
        except NoSlotError as why:
            if not self._full:
                self.report_refusal(Refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(why)))
            self._full = True
            return False
        self._full = False
        if replaced is not None:
            replaced.force_close()
        return True

    def report_refusal(self, refusal: Refusal) -> None:
        """Post that a request was refused, with the reason."""
        self.post(DeliveryRefused(self.clock(), int(refusal.status), refusal.reason))

    def fail(self, fault: BaseException) -> None:
        """End ``run`` with this exception, a fault of this program."""
        if not self.broken.done():
            self.broken.set_exception(fault)

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Answer one request. An exception ends ``run`` and is answered with 503."""
        connection = request.protocol
        self._in_flight += 1
        if isinstance(connection, Connection):
            connection.headers_came()
        try:
            return await self._answer(request)
        except Exception as fault:  # noqa: BLE001  ``run`` raises it
            self.fail(fault)
            return bare_answer(HTTPStatus.SERVICE_UNAVAILABLE)
        finally:
            if isinstance(connection, Connection):
                connection.request_ended()
            self._in_flight -= 1
            self._rest()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        if self._draining:
            return bare_answer(HTTPStatus.SERVICE_UNAVAILABLE)
        if request.path == receiver_guard.HEALTH and request.method in {"GET", "HEAD"}:
            return self._health(request)
        if not receiver_guard.same_path(request.path, self.path):
            if request.method == "POST":
                why = "a POST to another path than the webhook path"
                self.report_refusal(Refusal(HTTPStatus.NOT_FOUND, why))
            return bare_answer(HTTPStatus.NOT_FOUND)
        if receiver_guard.is_probe(request.method, request.headers):
            return bare_answer(HTTPStatus.METHOD_NOT_ALLOWED)
        verdict = await self._judge(request, self.clock())
        if verdict is None:
            if isinstance(request.protocol, Connection):
                request.protocol.delivery_taken()
            return bare_answer(HTTPStatus.OK, stay=not self._draining)
        self.report_refusal(verdict)
        return bare_answer(verdict.status)

    def _health(self, request: web.BaseRequest) -> web.Response:
        peer, hosts = _peer(request), self.access.health_hosts
        match receiver_guard.health_reply(peer, request.headers, hosts):
            case GuardReply.FIGURES:
                headers, vital = {"Server": "telnyx-console"}, self.vital()
                figures, status = dict(vital.figures), _status(vital)
                response = web.json_response(figures, status=status, headers=headers)
                response.force_close()
                return response
            case GuardReply.STATUS:
                return bare_answer(_status(self.vital()))
            case GuardReply.FOREIGN_HOST:
                return bare_answer(HTTPStatus.MISDIRECTED_REQUEST)
            case GuardReply.NOTHING:
                return bare_answer(HTTPStatus.NOT_FOUND)

    async def _judge(self, request: web.BaseRequest, at: Moment) -> Refusal | None:
        claim = self._claim(request, at)
        if isinstance(claim, Refusal):
            return claim
        body = await self._body(request)
        if isinstance(body, Refusal):
            return body
        if isinstance(request.protocol, Connection):
            request.protocol.body_came()
        key = self.verifier.signer(claim, body, at.wall) if body else "empty body"
        if isinstance(key, str):
            return self._bad_signatures.unsigned(key, _peer(request) or "", at.mono)
        signed = claim.stamp.decode(), request.headers[SIGNATURE], key.text
        if await self.accept(Delivery(at, body, *signed, _peer(request) or "")):
            return None
        return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the journal could not keep the delivery")

    def _claim(self, request: web.BaseRequest, at: Moment) -> Claim | Refusal:
        if self._in_flight > self.limits.in_flight:
            return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "too many deliveries at once")
        encodings = request.headers.getall("Content-Encoding", [])
        refusal = screen(request.method, encodings, request.content_length, self.limits)
        if refusal is not None:
            return refusal
        claim = self.verifier.claim(
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
        """Close idle connections, then wait for the requests in flight, at most ``drain`` seconds.

        Not with ``asyncio.timeout``: before Python 3.11.3 it does not end in a cancelled task.
        """
        self._draining = True
        for connection in [each for each in self.slots if not each.serving]:
            connection.force_close()
        self._rest()
        await asyncio.wait([self._quiet], timeout=self.limits.drain)

    def _rest(self) -> None:
        if self._draining and not self._in_flight and not self._quiet.done():
            self._quiet.set_result(None)


def _status(vital: HealthReport) -> HTTPStatus:
    return HTTPStatus.OK if vital.well else HTTPStatus.SERVICE_UNAVAILABLE


def _peer(request: web.BaseRequest) -> str | None:
    return address_of(request.transport) if request.transport else None
