"""The listening sockets of the webhook receiver."""

from __future__ import annotations

import errno
import socket
from typing import TypeAlias

from console.network_addresses import Address

Listening: TypeAlias = tuple[socket.socket, ...]
"""Listening sockets of one receiver."""

BACKLOG = 1024
"""Most connections that the kernel queues before they are accepted."""
_NO_FAMILY = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}
"""Errors of a host that has no IPv6, or none on its loopback."""
_TRIES = 5


def listen(address: Address) -> Listening:
    """Return sockets that listen at an address; ``[::]`` and ``localhost`` mean IPv4 and IPv6.

    A host without IPv6 serves ``localhost`` on IPv4 only. Raise OSError if the address cannot be
    bound, and UnicodeError for a host name that a resolver cannot take.
    """
    if address.host.rstrip(".").lower() != "localhost":
        return (_bound(address.host, address.port),)
    for left in reversed(range(_TRIES)):
        try:
            return _both(address.port)
        except OSError as error:  # a port chosen by the system may be in use in the other family
            if address.port or not left or error.errno != errno.EADDRINUSE:
                raise
    raise AssertionError("unreachable")


def address_text(listening: Listening) -> str:
    """Return the addresses as text, an IPv6 address in brackets."""
    return ", ".join(str(Address(*one.getsockname()[:2])) for one in listening)


def _both(port: int) -> Listening:
    first = _bound("127.0.0.1", port)
    try:
        return first, _bound("::1", first.getsockname()[1])
    except OSError as error:
        if error.errno in _NO_FAMILY:
            return (first,)
        first.close()
        raise


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
