"""Seats for connections, so that whoever only holds one does not shut out a sender.

A connection that has not sent a whole request costs its owner nothing. When all seats are taken,
the one that has come least far yields, the oldest of them first. One address holds at most a
share of the seats; many senders behind one proxy, or on this host, are not one sender.
"""

from __future__ import annotations

from enum import IntEnum
from ipaddress import IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from console.addresses import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from console.addresses import Network

_ONE_SITE = 64
"""Bits of an IPv6 address that a provider gives to a site, which chooses the others at will."""


class Progress(IntEnum):
    """The progress of a connection. The lowest yields its seat first."""

    SILENT = 0
    """Nothing was heard."""
    HEAD = 1
    """A part of the head of its first request was heard."""
    BODY = 2
    """It is to send a body, which nothing has proved to be signed."""
    KNOWN = 3
    """A delivery of it was taken."""
    BUSY = 4
    """We work on its request. It never yields."""


class SeatHolder(Protocol):
    """A connection that may have a seat."""

    @property
    def stage(self) -> Progress:
        """The progress of the connection."""


_C = TypeVar("_C", bound=SeatHolder)


class NoSeatError(Exception):
    """No connection can yield; the text says of which limit."""


class Seats(Generic[_C]):
    """``most`` seats, of which one address has ``share``, unless it is of ``proxies`` or ours."""

    def __init__(self, most: int, share: int, proxies: Collection[Network]) -> None:
        self._most = most
        self._share = share
        self._proxies = proxies
        self._taken: dict[_C, str | None] = {}
        """The owner of each seat, the oldest first; None for an address without a share."""

    def __len__(self) -> int:
        return len(self._taken)

    def __iter__(self) -> Iterator[_C]:
        return iter(self._taken)

    def take(self, connection: _C, address: str) -> _C | None:
        """Seat a connection; the one that yields to it, and is to be closed, if one must.

        Raises NoSeatError where all that could yield are at work.
        """
        owner = self._owner(address)
        mine = [one for one, its in self._taken.items() if owner is not None and its == owner]
        yielding: _C | None = None
        if len(mine) >= self._share:
            yielding = _least(mine)
            if yielding is None:
                raise NoSeatError(f"more than {self._share} connections from {address}")
        elif len(self._taken) >= self._most:
            yielding = _least(self._taken)
            if yielding is None:
                raise NoSeatError(f"more than {self._most} connections")
        if yielding is not None:
            del self._taken[yielding]
        self._taken[connection] = owner
        return yielding

    def leave(self, connection: _C) -> None:
        """Free a seat; without effect for a connection that has none."""
        self._taken.pop(connection, None)

    def _owner(self, address: str) -> str | None:
        try:
            found = plain(address)
        except ValueError:  # a socket that has no address: nobody else is there
            return None
        if found.is_loopback or any(found in network for network in self._proxies):
            return None
        if isinstance(found, IPv6Address):
            return str(IPv6Network((int(found), _ONE_SITE), strict=False))
        return str(found)


def _least(connections: Collection[_C]) -> _C | None:
    """The one that has come least far, the oldest of those; None where all are at work."""
    found = min(connections, key=lambda one: one.stage, default=None)
    return None if found is None or found.stage is Progress.BUSY else found
