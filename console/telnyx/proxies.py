"""Choice of the HTTPS proxy for a host, from environment variables.

HTTPS_PROXY and ALL_PROXY name the proxy, in capital or small letters. NO_PROXY names the hosts
that are reached without it, separated by commas. Each entry is one of

    *                          every host
    example.com                the host and the hosts below it
    .example.com               the hosts below it
    192.0.2.7, ::1, [::1]      an address
    10.0.0.0/8, fd00::/8       a range of addresses

with an optional ``https://`` or ``all://`` before it, and an optional ``:PORT`` after it, which
limit the entry. httpx reads the same variables, but fails if it cannot read one entry.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit
from urllib.request import getproxies

_SHOWN = 60
"""Most characters shown of an unreadable entry."""
_OURS = ("https", "all")
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_BRACKETED = re.compile(r"\[([^\[\]]+)\](/[0-9]+)?")
_WITH_PORT = re.compile(r"(.+):([0-9]{1,5})")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)")

_Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """The proxy for one host, with the unreadable entries of NO_PROXY."""

    url: str | None
    """The address of the proxy, or None for requests that go to the host directly."""
    variable: str = "HTTPS_PROXY"
    """The variable that names the proxy."""
    unread: tuple[str, ...] = ()
    """Unreadable entries of NO_PROXY, which are ignored."""

    def left_out(self) -> tuple[str, ...]:
        """Return one sentence that names the ignored entries without passwords, or nothing."""
        named = ", ".join(repr(entry.rpartition("@")[2][:_SHOWN]) for entry in self.unread)
        return (f"NO_PROXY: ignored unreadable entries: {named}",) if named else ()

    def check(self) -> None:
        """Raise ValueError if the proxy's address has no valid host or port."""
        if self.url is None:
            return
        parts = urlsplit(self.url)
        host, _ = parts.hostname or "", parts.port
        if ":" not in host:
            _name(host)


def choose(host: str, port: int) -> ProxyChoice:
    """Return the proxy for https requests to a host, from the environment of this process."""
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
    return ProxyChoice(chosen, _variable(scheme), tuple(unread))


def exempts(entry: str, host: str, port: int) -> bool:
    """True if an entry of NO_PROXY covers the host and port. Raise ValueError if unreadable."""
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
    """True if a host name of NO_PROXY covers the host. Raise ValueError if it is no host name."""
    name = _name(entry.removeprefix("*").removeprefix("."))
    host = host.lower().removesuffix(".")
    itself = not entry.startswith((".", "*."))
    return host.endswith(f".{name}") or (itself and host == name)


def _name(text: str) -> str:
    """Return a host name as the resolver takes it (IDNA). Raise ValueError if it is none."""
    name = text.removesuffix(".").encode("idna").decode().lower()
    if _NAME.fullmatch(name) is None:
        raise ValueError("not a host name")
    return name


def _variable(scheme: str) -> str:
    """Return the name of the environment variable that names the proxy of a scheme.

    If several spellings are set, the one in small letters wins, as in ``urllib.request``.
    """
    small = f"{scheme}_proxy"
    spelled = (name for name in os.environ if name.lower() == small and os.environ[name])
    return small if os.environ.get(small) else next(spelled, small.upper())
