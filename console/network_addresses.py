"""Network addresses: functions that parse and format hosts, ports and ranges."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple, TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network

_HIGHEST_PORT = 65535
_HOST_AND_PORT = re.compile(r"(?:\[([0-9A-Fa-f:.%]+)\]|([^\s\[\]:]+)):([0-9]{1,5})")
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")


class Address(NamedTuple):
    """The address that the receiver listens on."""

    host: str
    """A name or an address of this host; an IPv6 address without brackets."""
    port: int
    """The TCP port; 0 lets the system choose one."""

    def __str__(self) -> str:
        """Return HOST:PORT, with brackets around an IPv6 address."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def address_in(text: str) -> Address | None:
    """Parse HOST:PORT. Return None if the text has another form."""
    match = _HOST_AND_PORT.fullmatch(text)
    if match is None or int(match[3]) > _HIGHEST_PORT:
        return None
    return Address(match[1] or match[2], int(match[3]))


def networks_in(value: object) -> tuple[Network, ...]:
    """Parse addresses and ranges from a list or a text with commas.

    Raises ValueError if one is neither.
    """
    return tuple(ip_network(part, strict=False) for part in _parts(value))


def hosts_in(value: object) -> tuple[str, ...]:
    """Parse host names from a list or a text with commas, in lower case.

    Raises ValueError if one is not a host name.
    """
    hosts = tuple(part.lower() for part in _parts(value))
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise ValueError("not a name of a host")
    return hosts


def plain(address: str) -> IPv4Address | IPv6Address:
    """Parse an address, and turn an IPv4-mapped IPv6 address (::ffff:192.0.2.7) into IPv4.

    A socket for both families reports IPv4 callers in the mapped form. Raises ValueError.
    """
    found = ip_address(address)
    return getattr(found, "ipv4_mapped", None) or found


def is_loopback(host: str) -> bool:
    """Return True if the name or address is a loopback one, which only this host can reach."""
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
