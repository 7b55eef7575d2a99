"""The socket and the keys, which need nothing heavy: whoever waits for the ready line has it soon.

A connection that comes before the server is up waits in the socket's backlog.
"""

from __future__ import annotations

import hashlib
import socket

API = "/v2"
BACKLOG = 512
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


def open_door(host: str, port: int) -> socket.socket:
    """Listen; port 0 is any free one.

    Raises:
        OSError: Where the address cannot be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def origin(door: socket.socket) -> str:
    """Where clients on this machine find it."""
    host, port = door.getsockname()[:2]
    host = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def api_key(seed: int) -> str:
    """The same seed has the same key."""
    return "KEY" + hashlib.sha256(f"simulator-key:{seed}".encode()).hexdigest()[:40].upper()
