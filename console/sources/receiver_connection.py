"""One connection of a sender: its seat, and how long it may take over what it sends.

The bodies and what they mean are the receiver's.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Protocol

from aiohttp import web

from console.addresses import plain
from console.sources.connection_slots import Progress
from console.sources.receiver_guard import Limits, Refusal

_LOG = logging.getLogger(__name__)
_QUIET = logging.getLogger(f"{__name__}.access")
_QUIET.setLevel(logging.CRITICAL)
_NOT_IN_TIME = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Door(Protocol):
    """Everything that the connections of a receiver share."""

    limits: Limits

    def admit(self, connection: Connection) -> bool:
        """Give a connection a seat; False where it gets none."""

    def leave(self, connection: Connection) -> None:
        """Take the seat back."""

    def tell(self, refusal: Refusal) -> None:
        """Count what was refused, and say why."""

    def fail(self, fault: BaseException) -> None:
        """End the receiver over a fault of ours."""


class Connection(web.RequestHandler):
    """An aiohttp connection with a seat, and with a deadline for the headers of each request."""

    def __init__(self, door: Door, server: web.Server, loop: asyncio.AbstractEventLoop) -> None:
        limits = door.limits
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
        self.busy = False
        """A whole request is being judged or kept."""
        self.known = False
        """A delivery of it was taken."""
        self.address = ""
        self._door = door
        self._clockwork = loop
        self._due: asyncio.TimerHandle | None = None
        self._seated = False
        self._heard = False

    @property
    def stage(self) -> Progress:
        """The progress of the connection. The least progress yields its seat first."""
        if self.busy:
            return Progress.BUSY
        if self.known:
            return Progress.KNOWN
        if self.serving:
            return Progress.BODY
        return Progress.HEAD if self._heard else Progress.SILENT

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a seat, or be closed without a word."""
        self.address = address_of(transport) or ""
        self._seated = self._door.admit(self)
        if self._seated:
            super().connection_made(transport)
            self._expect_headers()
        elif isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Give the seat back."""
        if self._seated:
            self._expect_nothing()
            self._door.leave(self)
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
            self._door.tell(Refusal(HTTPStatus.BAD_REQUEST, "not a well-formed HTTP request"))
            return bare_answer(HTTPStatus.BAD_REQUEST)
        self._door.fail(exc or RuntimeError(f"aiohttp answered {status}"))
        return bare_answer(HTTPStatus.SERVICE_UNAVAILABLE)

    def _expect_headers(self) -> None:
        self._due = self._clockwork.call_later(self._door.limits.headers, self._late)

    def _expect_nothing(self) -> None:
        if self._due is not None:
            self._due.cancel()
        self._due = None

    def _late(self) -> None:
        self._due = None
        if self._heard and self.transport is not None:
            self.transport.write(_NOT_IN_TIME)
            why = "the headers did not come in time"
            self._door.tell(Refusal(HTTPStatus.REQUEST_TIMEOUT, why))
        self.force_close()


def bare_answer(status: HTTPStatus, *, stay: bool = False) -> web.Response:
    """An answer without a body; the connection ends with it, unless it may ``stay`` open."""
    headers = {"Server": "telnyx-console"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "POST"
    response = web.Response(status=status, headers=headers)
    if not stay:
        response.force_close()
    return response


def address_of(transport: asyncio.BaseTransport) -> str | None:
    """The address of the other side, without its port."""
    name = transport.get_extra_info("peername")
    return str(plain(name[0])) if isinstance(name, tuple) and name else None
