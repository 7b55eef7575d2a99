"""The proxy that requests to one host go through, by the environment.

HTTPS_PROXY and ALL_PROXY name it, in capitals or not; NO_PROXY names hosts that are reached
without it, parted by commas. Each entry is one of

    *                          every host
    example.com                the host and the hosts below it
    .example.com               the hosts below it
    192.0.2.7, ::1, [::1]      an address
    10.0.0.0/8, fd00::/8       a range of addresses

with ``https://`` or ``all://`` before it and ``:PORT`` behind it if it is meant for that alone.
httpx reads the same variables, and fails as a whole where one entry is not as it expects.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit
from urllib.request import getproxies

_SHOWN = 60
"""Characters that are shown of an entry that cannot be read."""
_OURS = ("https", "all")
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_BRACKETED = re.compile(r"\[([^\[\]]+)\](/[0-9]+)?")
_WITH_PORT = re.compile(r"(.+):([0-9]{1,5})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)")

_Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """The proxy for one host, and what of NO_PROXY could not be read."""

    url: str | None
    """None where requests go straight to the host."""
    variable: str = "HTTPS_PROXY"
    """The variable that names the proxy."""
    unread: tuple[str, ...] = ()
    """Entries of NO_PROXY that were left out."""

    def left_out(self) -> tuple[str, ...]:
        """A sentence that names them, without what may be a password; none where all were read."""
        named = ", ".join(repr(entry.rpartition("@")[2][:_SHOWN]) for entry in self.unread)
        return (f"NO_PROXY: left out what cannot be read: {named}",) if named else ()

    def check(self) -> None:
        """Raise ValueError where the proxy's address has no readable host or port."""
        if self.url is None:
            return
        parts = urlsplit(self.url)
        host, _ = parts.hostname or "", parts.port
        if ":" not in host:
            _name(host)


def choose(host: str, port: int) -> ProxyChoice:
    """The proxy for https requests to ``host`` by this process's environment."""
    found = getproxies()
    scheme = next((scheme for scheme in _OURS if found.get(scheme)), None)
    if scheme is None:
        return ProxyChoice(None)
    url = found[scheme]
    entries = [entry.strip() for entry in found.get("no", "").split(",")]
    unread, exempt = [], False
    for entry in filter(None, entries):
        try:
            exempt |= exempts(entry, host, port)
        except ValueError:
            unread.append(entry)
    chosen = None if exempt else url if "://" in url else f"http://{url}"
    return ProxyChoice(chosen, _variable(scheme, os.environ), tuple(unread))


def exempts(entry: str, host: str, port: int) -> bool:
    """True where this entry of NO_PROXY means that host; ValueError where it cannot be read."""
    if entry == "*":
        return True
    meant, rest = True, entry
    if (match := _SCHEME.fullmatch(rest)) is not None:
        meant, rest = match[1].lower() in _OURS, match[2]
    network = _network(rest)
    if network is None and (match := _WITH_PORT.fullmatch(rest)) is not None:
        meant, rest = meant and int(match[2]) == port, match[1]
        network = _network(rest) if rest.startswith("[") or ":" not in rest else None
    if network is not None:
        return _within(network, host) and meant
    return _below(rest, host) and meant


def _network(text: str) -> _Network | None:
    if (match := _BRACKETED.fullmatch(text)) is not None:
        text = f"{match[1]}{match[2] or ''}"
    with suppress(ValueError):
        return ip_network(text, strict=False)
    return None


def _within(network: _Network, host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host) in network
    return False


def _below(entry: str, host: str) -> bool:
    """True where a name of NO_PROXY means that host; ValueError where it is no name."""
    name = _name(entry.removeprefix("*").removeprefix("."))
    host = host.lower().removesuffix(".")
    itself = not entry.startswith((".", "*."))
    return host.endswith(f".{name}") or (itself and host == name)


def _name(text: str) -> str:
    """The name of a host as it is looked up (IDNA); ValueError where it is none."""
    name = text.removesuffix(".").encode("idna").decode().lower()
    if _NAME.fullmatch(name) is None:
        raise ValueError("no name of a host")
    return name


def _variable(scheme: str, environment: Mapping[str, str]) -> str:
    """The spelling that wins, as ``getproxies`` has it: the one in small letters."""
    small = f"{scheme}_proxy"
    spelled = (name for name in environment if name.lower() == small and environment[name])
    return small if environment.get(small) else next(spelled, small.upper())
