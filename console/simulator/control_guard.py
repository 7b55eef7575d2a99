"""Decides which requests the control endpoint accepts.

The endpoint moves people and shows the keys, so it must not obey a web page that the user of this
machine has open, nor another user of this machine. A page sends its ``Origin``, or reaches the
loopback by a name of its own (DNS rebinding), which is then in ``Host``. Another user lacks the
token of the ready line.
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from console.simulator.http_types import Response, json_response

if TYPE_CHECKING:
    from collections.abc import Mapping


def refusal(peer: str | None, headers: Mapping[str, str], token: str | None) -> Response | None:
    """Return the error response for a request that is refused, or None for one that is accepted.

    Names in ``headers`` are in lower case. ``token`` is the required bearer token, or None to
    require none. A request without ``Host`` is HTTP/1.0, so it does not come from a browser.
    """
    if peer is None or not _is_loopback(peer):
        return _forbidden("the control endpoint answers the loopback only")
    host = headers.get("host")
    if host is not None and not _is_loopback(_name_in(host)):
        return _forbidden("the control endpoint answers under a loopback name or address only")
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return _forbidden("the control endpoint refuses requests from web pages")
    if token is not None:
        shown = headers.get("authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(shown, f"Bearer {token}".encode()):
            why = "send the control_token of the ready line as a bearer token"
            return json_response(401, {"error": why})
    return None


def _forbidden(why: str) -> Response:
    return json_response(403, {"error": why})


def _name_in(host: str) -> str:
    """Return the name or address in a ``Host`` header without its port; empty if it has none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(name: str) -> bool:
    if name.rstrip(".") == "localhost":
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
