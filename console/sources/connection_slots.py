"""A limited number of connection slots, so that idle connections do not block Telnyx.

An idle connection costs an attacker nothing. When all slots are taken, a new connection replaces
the one with the least progress, the oldest of those first. One address has at most a share of the
slots. The share does not apply to proxies and to this host, because many senders use them.
"""

from __future__ import annotations

from enum import IntEnum
from ipaddress import IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from console.network_addresses import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from console.network_addresses import Network

_ONE_SITE = 64
"""Bits of an IPv6 address that identify one site. A site chooses the other bits freely."""


class Progress(IntEnum):
    """The progress of a connection. The lowest loses its slot first."""

    SILENT = 0
    """No byte was received."""
    HEAD = 1
    """A part of the first request's headers was received."""
    BODY = 2
    """The headers were received; the body is not verified yet."""
    KNOWN = 3
    """A delivery over this connection was accepted."""
    BUSY = 4
    """A request is being processed. The connection keeps its slot."""


class SlotHolder(Protocol):
    """A connection that can have a slot."""

    @property
    def stage(self) -> Progress:
        """The progress of the connection."""


_C = TypeVar("_C", bound=SlotHolder)


class NoSlotError(Exception):
    """No connection can lose its slot; the text names the exceeded limit."""


class ConnectionSlots(Generic[_C]):
    """``most`` slots, of which one address has at most ``share``.

    ``share`` does not apply to addresses in ``proxies`` and to loopback addresses.
    """

    def __init__(self, most: int, share: int, proxies: Collection[Network]) -> None:
        self._most = most
        self._share = share
        self._proxies = proxies
        self._taken: dict[_C, str | None] = {}
        """The owner of each slot, the oldest slot first; None for an address without a share."""

    def __len__(self) -> int:
        return len(self._taken)

    def __iter__(self) -> Iterator[_C]:
        return iter(self._taken)

    def take(self, connection: _C, address: str) -> _C | None:
        """Give a connection a slot. Return the connection it replaces, for the caller to close.

        Return None if a slot was free. Raise NoSlotError if all other connections are busy.
        """
        owner = self._owner(address)
        mine = [one for one, its in self._taken.items() if owner is not None and its == owner]
        replaced: _C | None = None
        if len(mine) >= self._share:
            replaced = _least_progress(mine, f"more than {self._share} connections from {address}")
        elif len(self._taken) >= self._most:
            replaced = _least_progress(self._taken, f"more than {self._most} connections")
        if replaced is not None:
            del self._taken[replaced]
        self._taken[connection] = owner
        return replaced

    def leave(self, connection: _C) -> None:
        """Free the slot of a connection, if it has one."""
        self._taken.pop(connection, None)

    def _owner(self, address: str) -> str | None:
        try:
            found = plain(address)
        except ValueError:  # a socket without an IP address is a local one
            return None
        if found.is_loopback or any(found in network for network in self._proxies):
            return None
        if isinstance(found, IPv6Address):
            return str(IPv6Network((int(found), _ONE_SITE), strict=False))
        return str(found)


def _least_progress(connections: Collection[_C], limit: str) -> _C:
    """Return the oldest connection with the least progress. Raise NoSlotError if all are busy."""
    found = min(connections, key=lambda one: one.stage, default=None)
    if found is None or found.stage is Progress.BUSY:
        raise NoSlotError(limit)
    return found
