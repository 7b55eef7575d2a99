"""Checks of a request before its signature is verified, the cheapest first."""

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
    """The kinds of answer to a request for ``/healthz``."""

    FIGURES = auto()
    STATUS = auto()
    FOREIGN_HOST = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Access:
    """Exceptions from the checks, as configured."""

    proxies: tuple[Network, ...] = ()
    """Networks of proxies, from which many senders connect."""
    health_hosts: tuple[str, ...] = ()
    """Host names in lower case that may read the figures of ``/healthz``, besides loopback."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for unverified senders, in seconds and bytes."""

    connections: int = 64
    share: int = 16
    """Most connections of one address that is no proxy."""
    headers: float = 3.0
    """Seconds from the first byte of a request, or the connection, to the last of its headers."""
    body: float = 1.5
    keepalive: float = 15.0
    lingering: float = 0.5
    """Seconds during which an unread body is discarded, so that the sender reads the refusal."""
    size: int = 64 * 1024
    line: int = 8 * 1024
    fields: int = 64
    in_flight: int = 256
    bad: int = 20
    """Most deliveries with a bad signature from one address within ``bad_within`` seconds."""
    bad_within: float = 10.0
    addresses: int = 256
    """Most addresses whose bad deliveries are counted."""
    drain: float = 2.0
    """Seconds to wait for requests in flight when closing. Telnyx waits no longer either."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP status for the sender, and a reason for the operator only."""

    status: HTTPStatus
    reason: str


class BadSignatures:
    """A count of the deliveries with a bad signature, for the addresses that sent one last."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bad: dict[str, deque[float]] = {}

    def one_more(self, address: str, mono: float) -> bool:
        """Count a bad delivery at ``mono`` (monotonic seconds). Return True above the limit."""
        times = self._bad.pop(address, None) or deque(maxlen=self._limits.bad + 1)
        times.append(mono)
        self._bad[address] = times
        if len(self._bad) > self._limits.addresses:
            del self._bad[next(iter(self._bad))]
        return len(times) > self._limits.bad and mono - times[0] <= self._limits.bad_within

    def unsigned(self, reason: str, address: str, mono: float) -> Refusal:
        """Count a delivery with a bad signature and return its refusal: 401, or 429 in a flood.

        Valid deliveries from the same address are still accepted, because all senders behind a
        proxy have one address.
        """
        if not self.one_more(address, mono):
            return Refusal(HTTPStatus.UNAUTHORIZED, reason)
        return Refusal(HTTPStatus.TOO_MANY_REQUESTS, f"{reason}: a flood from {address}")


def same_path(asked: str, ours: str) -> bool:
    """True if the paths are equal. Compared in constant time, because ours may hold a secret."""
    return hmac.compare_digest(asked.encode(errors="surrogatepass"), ours.encode())


def screen(
    method: str, encodings: Sequence[str], length: int | None, limits: Limits
) -> Refusal | None:
    """Return the refusal of a request whose body need not be read, or None if it must be.

    A compressed body is refused, because the signature covers the plain one. ``length`` is the
    declared Content-Length in bytes.
    """
    if method != "POST":
        return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "not a POST: set webhook_url_method to POST")
    if any(each.strip().lower() not in {"", "identity"} for each in encodings):
        return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is encoded")
    if length is not None and length > limits.size:
        return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"body over {limits.size} bytes")
    return None


def is_probe(method: str, headers: Collection[str]) -> bool:
    """True if a request on the webhook path comes from a monitor or tunnel, not from Telnyx.

    They send GET or HEAD without the headers of a signature.
    """
    named = {name.lower() for name in headers}
    return method in {"GET", "HEAD"} and not named & {TIMESTAMP.lower(), SIGNATURE.lower()}


def health_reply(
    peer: str | None, headers: Mapping[str, str], hosts: Collection[str]
) -> GuardReply:
    """Choose the answer to a request for ``/healthz``.

    Only a program of this host gets the figures. A forwarding header or a ``peer`` of another host
    shows that it is none. A ``Host`` that is neither a loopback name nor one of ``hosts`` comes
    from a web page that reached the loopback by DNS rebinding. Browsers always send ``Host``.
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
    """Return the name or address in a ``Host`` header, in lower case, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
