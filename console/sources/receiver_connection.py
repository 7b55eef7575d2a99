"""One HTTP connection of the webhook receiver, with its slot and its deadlines.

``receiver`` reads and judges the bodies.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from console.network_addresses import plain
from console.sources.connection_slots import Progress
from console.sources.receiver_guard import Refusal

if TYPE_CHECKING:
    from console.sources.receiver import WebhookReceiver

_LOG = logging.getLogger(__name__)
_QUIET = logging.getLogger(f"{__name__}.access")
_QUIET.setLevel(logging.CRITICAL)
_TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Connection(web.RequestHandler):
    """An aiohttp connection with a slot, and with a deadline for the headers of each request."""

    def __init__(
        self, owner: WebhookReceiver, server: web.Server, loop: asyncio.AbstractEventLoop
    ) -> None:
        limits = owner.limits
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
        self._busy = False
        """True while a complete request is verified or written to the journal."""
        self._known = False
        """True after a delivery over this connection was accepted."""
        self.address = ""
        self._owner = owner
        self._timers = loop
        self._deadline: asyncio.TimerHandle | None = None
        self._has_slot = False
        self._received_bytes = False

    @property
    def stage(self) -> Progress:
        """Progress of this connection. The one with the least progress loses its slot first."""
        if self._busy:
            return Progress.BUSY
        if self._known:
            return Progress.KNOWN
        if self.serving:
            return Progress.BODY
        return Progress.HEAD if self._received_bytes else Progress.SILENT

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a slot. Without a free one, close the connection without an answer."""
        self.address = address_of(transport) or ""
        self._has_slot = self._owner.admit(self)
        if self._has_slot:
            super().connection_made(transport)
            self._start_deadline()
        elif isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Free the slot."""
        if self._has_slot:
            self._cancel_deadline()
            self._owner.slots.leave(self)
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Start the deadline at the first byte of a request."""
        self._received_bytes = True
        if not self.serving and self._deadline is None:
            self._start_deadline()
        super().data_received(data)

    def headers_came(self) -> None:
        """End the deadline of the headers, because all were read. The body has its own."""
        self._cancel_deadline()
        self.serving = True

    def body_came(self) -> None:
        """Record that the whole request was read, and is being checked or stored."""
        self._busy = True

    def delivery_taken(self) -> None:
        """Record that a webhook of this connection was verified and stored."""
        self._known = True

    def request_ended(self) -> None:
        """Record that the request was answered."""
        self.serving = self._busy = False

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Return the answer to a request that aiohttp cannot handle.

        400 if the request is not HTTP; 503 for a fault of this program, which ends the receiver.
        """
        del message
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun")
        self._cancel_deadline()
        if status < HTTPStatus.INTERNAL_SERVER_ERROR:
            why = "not a well-formed HTTP request"
            self._owner.report_refusal(Refusal(HTTPStatus.BAD_REQUEST, why))
            return bare_answer(HTTPStatus.BAD_REQUEST)
        self._owner.fail(exc or RuntimeError(f"aiohttp answered {status}"))
        return bare_answer(HTTPStatus.SERVICE_UNAVAILABLE)

    def _start_deadline(self) -> None:
        self._deadline = self._timers.call_later(self._owner.limits.headers, self._time_out)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None

    def _time_out(self) -> None:
        self._deadline = None
        if self._received_bytes and self.transport is not None:
            self.transport.write(_TIMED_OUT)
            why = "the headers did not come in time"
            self._owner.report_refusal(Refusal(HTTPStatus.REQUEST_TIMEOUT, why))
        self.force_close()


def bare_answer(status: HTTPStatus, *, stay: bool = False) -> web.Response:
    """Return an answer without a body. It closes the connection, unless ``stay`` is set."""
    headers = {"Server": "telnyx-console"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "POST"
    response = web.Response(status=status, headers=headers)
    if not stay:
        response.force_close()
    return response


def address_of(transport: asyncio.BaseTransport) -> str | None:
    """Return the IP address of the peer without its port, or None if there is none."""
    name = transport.get_extra_info("peername")
    return str(plain(name[0])) if isinstance(name, tuple) and name else None
