"""What a delivery must be before anything of it is believed, cheapest question first."""

from __future__ import annotations

import hmac
from collections import deque
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from console.network_addresses import is_loopback
from console.telnyx.signature import SIGNATURE, TIMESTAMP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from console.network_addresses import Network

HEALTH = "/healthz"
_FORWARDING = (
    *("forwarded", "via", "x-forwarded", "x-original-forwarded", "x-real-ip"),
    *("x-client-ip", "cf-connecting-ip", "true-client-ip"),
)
"""Prefixes of the header names that proxies add."""


class GuardReply(Enum):
    """The answer to a question about health."""

    FIGURES = auto()
    STATUS = auto()
    FOREIGN_HOST = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Access:
    """Exceptions from the guards below, as the operator configured them."""

    proxies: tuple[Network, ...] = ()
    """Addresses that many senders come from."""
    health_hosts: tuple[str, ...] = ()
    """Names in lower case, besides the loopback's, under which ``/healthz`` tells its figures."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a stranger may cost us. Seconds and bytes."""

    connections: int = 64
    share: int = 16
    """Connections of one address, unless many senders come from it."""
    headers: float = 3.0
    """From the first byte of a request, or the connection, to the last of its headers."""
    body: float = 1.5
    keepalive: float = 15.0
    lingering: float = 0.5
    """How long an unread body is swallowed, so that the refusal is heard."""
    size: int = 64 * 1024
    line: int = 8 * 1024
    fields: int = 64
    in_flight: int = 256
    bad: int = 20
    """Deliveries that may be signed badly, by one address, within the next figure's seconds."""
    bad_within: float = 10.0
    addresses: int = 256
    """Addresses of which that is known."""
    drain: float = 2.0
    """How long what is in flight is waited for at the end: Telnyx waits no longer itself."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP status for the sender, and a reason that only the operator sees."""

    status: HTTPStatus
    reason: str


class Floods:
    """Who sends what is signed badly, and how much: the addresses that did so last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bad: dict[str, deque[float]] = {}

    def one_more(self, address: str, mono: float) -> bool:
        """Count a bad delivery, by the monotonic clock; whether it is one of a flood."""
        times = self._bad.pop(address, None) or deque(maxlen=self._limits.bad + 1)
        times.append(mono)
        self._bad[address] = times
        if len(self._bad) > self._limits.addresses:
            del self._bad[next(iter(self._bad))]
        return len(times) > self._limits.bad and mono - times[0] <= self._limits.bad_within

    def unsigned(self, reason: str, address: str, mono: float) -> Refusal:
        """The refusal of a bad signature; 429 of one too many, and still a good one is taken.

        Behind a proxy all have one address.
        """
        if not self.one_more(address, mono):
            return Refusal(HTTPStatus.UNAUTHORIZED, reason)
        return Refusal(HTTPStatus.TOO_MANY_REQUESTS, f"{reason}: a flood from {address}")


def same_path(asked: str, ours: str) -> bool:
    """Whether it is our path, in constant time: the path may hold a secret."""
    return hmac.compare_digest(asked.encode(errors="surrogatepass"), ours.encode())


def screen(
    method: str, encodings: Sequence[str], length: int | None, limits: Limits
) -> Refusal | None:
    """Why a request on our path is not read at all; None where it may be.

    An encoded body is not what was signed, and ``length`` is what the sender declares in bytes.
    """
    if method != "POST":
        return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "not a POST: set webhook_url_method to POST")
    if any(each.strip().lower() not in {"", "identity"} for each in encodings):
        return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is encoded")
    if length is not None and length > limits.size:
        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"body over {limits.size} bytes")
    return None


def is_probe(method: str, headers: Collection[str]) -> bool:
    """Tell whether a request on our path only looks whether somebody is there.

    Monitors and tunnels send GET or HEAD without the headers of a signature.
    """
    named = {name.lower() for name in headers}
    return method in {"GET", "HEAD"} and not named & {TIMESTAMP.lower(), SIGNATURE.lower()}


def health_reply(
    peer: str | None, headers: Mapping[str, str], hosts: Collection[str]
) -> GuardReply:
    """Choose the answer to a question about our health.

    A forwarding header, or an address of another host, is no program of this host. A ``Host`` that
    is neither a loopback name nor one of ``hosts`` is a web page's that reached the loopback by a
    name of its own (DNS rebinding). A request without ``Host`` is no browser's.
    """
    if any(name.lower().startswith(_FORWARDING) for name in headers):
        return GuardReply.STATUS
    if peer is None or not is_loopback(peer):
        return GuardReply.NOTHING
    host = headers.get("Host")
    if host is None or is_loopback(name := _name_in(host)) or name in hosts:
        return GuardReply.FIGURES
    return GuardReply.FOREIGN_HOST


def _name_in(host: str) -> str:
    """The name or address in a ``Host``, in lower case and without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
