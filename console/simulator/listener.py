"""The listening socket and its addresses, without slow imports so that the ready line comes early.

A connection that comes before the server is up waits in the socket's backlog.
"""

from __future__ import annotations

import hashlib
import socket

API = "/v2"
BACKLOG = 512
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes any free port.

    Raises:
        OSError: If the address cannot be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def origin(listening_socket: socket.socket) -> str:
    """Return the URL of the socket for clients on this machine."""
    host, port = listening_socket.getsockname()[:2]
    host = "127.0.0.1" if host in EVERYWHERE else host
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def api_key(seed: int) -> str:
    """Return the API key of a seed; the same seed gives the same key."""
    return "KEY" + hashlib.sha256(f"simulator-key:{seed}".encode()).hexdigest()[:40].upper()
