"""Shared setup for receiver benchmarks: signed webhooks, a sender, fake APIs and a console."""

from __future__ import annotations

import base64
import json
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

from nacl.signing import SigningKey

from benchmarks.pseudo_terminal import CONSOLE, Pty

KEY = SigningKey(bytes(range(1, 33)))
PUBLIC = base64.b64encode(bytes(KEY.verify_key)).decode()
_CLOSED = b'{"errors":[{"code":"10010","title":"Authorization failed","detail":"closed"}]}'
REFUSAL = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\n"
    + f"Content-Length: {len(_CLOSED)}\r\nConnection: close\r\n\r\n".encode()
    + _CLOSED
)
"""The HTTP answer of an API whose key may read nothing."""
CONFERENCES = [f"7c1f0e52-9a34-4f0b-8d7e-2b6c1a90e4{number:02x}" for number in range(64)]


def body(kind: str, id_: str, **payload: object) -> bytes:
    """Return a webhook body of about the size and shape that Telnyx sends."""
    data = {
        "record_type": "event",
        "event_type": kind,
        "id": id_,
        "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime()),
        "payload": {
            "call_control_id": "v3:" + "x" * 60,
            "call_leg_id": "1f2e3d4c-0000-4000-8000-000000000001",
            "call_session_id": "1f2e3d4c-0000-4000-8000-000000000002",
            "connection_id": "1684641123236054244",
            "client_state": None,
            "queue": "support",
            "current_position": 1,
            "queue_avg_wait_time_secs": 3,
            "conference_id": CONFERENCES[0],
            **payload,
        },
    }
    return json.dumps({"data": data, "meta": {"attempt": 1, "delivered_to": "loopback"}}).encode()


def request(content: bytes, path: str = "/webhooks") -> bytes:
    """Return a whole signed HTTP request."""
    stamp = str(int(time.time()))
    signature = base64.b64encode(KEY.sign(stamp.encode() + b"|" + content).signature).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"telnyx-timestamp: {stamp}\r\ntelnyx-signature-ed25519: {signature}\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Sender:
    """One connection, opened again after the other side closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, wire: bytes) -> tuple[int, float]:
        """Send a request; return the status and the seconds until the head of the answer came."""
        began = self.put(wire)
        status = self.take()
        return status, time.perf_counter() - began

    def put(self, wire: bytes) -> float:
        """Send a request; return the time before it was sent (perf_counter)."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        began = time.perf_counter()
        self._socket.sendall(wire)
        return began

    def take(self) -> int:
        """Read an answer; return its status."""
        assert self._socket is not None
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = self._socket.recv(4096)
            if not more:
                raise ConnectionError("closed before the answer")
            answer += more
        if b"connection: close" in answer.lower():
            self.close()
        return int(answer[9:12])

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def closed_api() -> AbstractContextManager[str]:
    """Serve an API that refuses every listing, so that only webhooks report anything."""
    return answering_api(REFUSAL)


@contextmanager
def answering_api(answer: bytes) -> Iterator[str]:
    """Serve an API that gives this HTTP answer to every request; yield its base URL."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/v2"
        finally:
            listener.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True, slots=True)
class Console:
    """A console in a pty, with the port of its receiver."""

    pty: Pty
    port: int
    ready: float
    """Time of its first frame (perf_counter)."""


@contextmanager
def console(base_url: str, size: tuple[int, int] = (120, 36)) -> Iterator[Console]:
    """Run the real program with a test account; yield it once it accepts webhooks."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [*CONSOLE, "--listen", f"127.0.0.1:{port}"]
    with tempfile.TemporaryDirectory() as home:
        account = {
            "HOME": home,
            "XDG_STATE_HOME": home,
            "XDG_CONFIG_HOME": home,
            "TELNYX_API_KEY": "KEY_of_a_benchmark",
            "TELNYX_PUBLIC_KEY": PUBLIC,
            "TELNYX_BASE_URL": base_url,
        }
        with Pty(command, size, account) as pty:
            yield Console(pty, port, pty.wait_for(b"Conferences"))
