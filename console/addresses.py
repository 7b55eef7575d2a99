"""Addresses of hosts and networks: read, compared and written as people write them."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network

_HIGHEST_PORT = 65535
_HOST_AND_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.%]+)\]|([^\s\[\]:]+)):([0-9]{1,5})")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


class Address(NamedTuple):
    """The address of the receiver."""

    host: str
    """A name or an address of this host; an IPv6 address without its brackets."""
    port: int
    """0 lets the system choose."""

    def __str__(self) -> str:
        """As people write it, with the brackets of an IPv6 address."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_in(text: str) -> Address | None:
    """Read HOST:PORT; None where it is not that."""
    match = _HOST_AND_PORT.fullmatch(text)
    if match is None or int(match[3]) > _HIGHEST_PORT:
        return None
    return Address(match[1] or match[2], int(match[3]))


def networks_in(value: object) -> tuple[Network, ...]:
    """Read addresses and ranges from a list or a text with commas. Raises ValueError."""
    return tuple(ip_network(part, strict=False) for part in _parts(value))


def hosts_in(value: object) -> tuple[str, ...]:
    """Read names of hosts, as networks_in does. Raises ValueError for one that is no name."""
    hosts = tuple(part.lower() for part in _parts(value))
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("not a name of a host")
    return hosts


def plain(address: str) -> IPv4Address | IPv6Address:
    """The address without the IPv6 form that a socket of both families gives to an IPv4 one.

    Raises ValueError for what is no address.
    """
    found = ip_address(address)
    return getattr(found, "ipv4_mapped", None) or found


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is this host's own, whichever network it is on."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return plain(host).is_loopback
    except ValueError:
        return False


def _parts(value: object) -> list[str]:
    parts = value.split(",") if isinstance(value, str) else value
    listed = parts if isinstance(parts, list | tuple) else [parts]
    return [str(part).strip() for part in listed if str(part).strip()]
