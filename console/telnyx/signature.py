"""Verification of Telnyx's webhook signatures: Ed25519 over ``timestamp|body``.

A body is never decoded before it is verified. The reasons are shown to the operator only, and
never sent to the caller.
"""

from __future__ import annotations

import re
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from console.telnyx.errors import SettingRefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMESTAMP = "Telnyx-Timestamp"
SIGNATURE = "Telnyx-Signature-Ed25519"
WINDOW = 300.0
"""Most seconds between a timestamp and now, in both directions, as in Telnyx's SDK."""

SHORT = 600.0
"""Seconds from which a clock error is written in minutes, so that its text stays the same."""

_STAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")
_AGAIN = "copy TELNYX_PUBLIC_KEY again from the Telnyx portal, Keys & Credentials, Public Key"
_KEY = re.compile(r"[A-Za-z0-9+/]{43}=")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as Base64, with the end of its validity in epoch seconds."""

    text: str
    until: float
    verifier: VerifyKey


def public_key(text: str) -> PublicKey:
    """Parse ``KEY`` or ``KEY@END`` (Telnyx portal, Keys & Credentials, Public Key).

    Raise SettingRefusedError if the key is not the Base64 of 32 bytes, or is a point of small
    order, for which anybody could forge signatures. Raise it too if the end has no time zone.
    """
    base64, ends, end = text.strip().partition("@")
    if _KEY.fullmatch(base64) is None:
        raise SettingRefusedError(f"the public key is not the Base64 of 32 bytes: {_AGAIN}")
    key = b64decode(base64)
    if not crypto_core_ed25519_is_valid_point(key):
        raise SettingRefusedError(f"the public key is not a usable Ed25519 key: {_AGAIN}")
    return PublicKey(base64, _time(end) if ends else inf, VerifyKey(key))


def usable(keys: Sequence[str], wall: float) -> None:
    """Raise SettingRefusedError if a key is invalid or all expired by ``wall`` (epoch seconds)."""
    ends = [public_key(key).until for key in keys]
    if ends and max(ends) < wall:
        raise SettingRefusedError("every public key has expired, so every webhook would be refused")


def _time(end: str) -> float:
    with suppress(ValueError):
        found = datetime.fromisoformat(end)
        if found.tzinfo is not None:
            return found.timestamp()
    raise SettingRefusedError(
        f"the end of a public key has no time or no zone, {end!r}: write KEY@2026-12-01T18:00Z"
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """The signature headers of a request: well formed and in time, but not yet verified."""

    stamp: bytes
    signature: bytes


class Verifier:
    """Verifies deliveries with one or several public keys, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raise SettingRefusedError for an invalid key, and for no key at all."""
        if not keys:
            raise SettingRefusedError("no public key: without one no webhook can be trusted")
        self._keys = tuple(public_key(key) for key in keys)

    def claim(self, stamps: Sequence[str], signatures: Sequence[str], wall: float) -> Claim | str:
        """Return the claim in the values of both headers, or the reason for refusing it.

        ``wall`` is now in epoch seconds.
        """
        fault = _counted("timestamp", stamps) or _counted("signature", signatures)
        if fault := fault or _timely(stamps[0], wall):
            return fault
        if _SIGNATURE.fullmatch(signatures[0]) is None:
            return "signature is not the Base64 of 64 bytes"
        return Claim(stamps[0].encode("ascii"), b64decode(signatures[0]))

    def signer(self, claim: Claim, body: bytes, wall: float) -> PublicKey | str:
        """Return the key that signed this body and is valid at ``wall``, or a reason if none is."""
        signed = claim.stamp + b"|" + body
        why = "signature does not match"
        for key in self._keys:
            with suppress(BadSignatureError):
                key.verifier.verify(signed, claim.signature)
                if wall <= key.until:
                    return key
                why = "signed with a key that expired"
        return why

    def check(
        self, stamps: Sequence[str], signatures: Sequence[str], body: bytes, wall: float
    ) -> str | None:
        """Return the reason for refusing a delivery, or None if its signature is valid."""
        claim = self.claim(stamps, signatures, wall)
        if isinstance(claim, str):
            return claim
        key = self.signer(claim, body, wall)
        return key if isinstance(key, str) else None


def _timely(stamp: str, wall: float) -> str | None:
    if _STAMP.fullmatch(stamp) is None:
        return "timestamp is not ten digits"
    age = wall - int(stamp)
    if abs(age) <= WINDOW:
        return None
    off = f"{abs(age):.0f} s" if abs(age) < SHORT else f"{abs(age) / 60:.0f} min"
    return f"timestamp {off} {'old' if age > 0 else 'ahead'}"


def _counted(name: str, values: Sequence[str]) -> str | None:
    if not values:
        return f"{name} missing"
    return None if len(values) == 1 else f"two {name}s"
