"""Whether a webhook was signed by Telnyx: Ed25519 over timestamp|body, within a window.

The body is never decoded before it is verified, and the reasons are for the operator alone.
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
"""Seconds before and after now in which a timestamp is accepted, as in Telnyx's own SDK."""

SHORT = 600.0
"""Seconds. What is further off is told in minutes, so that one wrong clock has one reason."""

_STAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")
_AGAIN = "copy TELNYX_PUBLIC_KEY again from the Telnyx portal, Keys & Credentials, Public Key"
_KEY = re.compile(r"[A-Za-z0-9+/]{43}=")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that may sign webhooks: its Base64, and until when it may, in epoch seconds."""

    text: str
    until: float
    verify: VerifyKey

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether it signed exactly these bytes, ever."""
        try:
            self.verify.verify(message, signature)
        except BadSignatureError:
            return False
        return True


def public_key(text: str) -> PublicKey:
    """A public key (Telnyx portal, Keys & Credentials, Public Key), with @ and its end or without.

    Raises SettingRefusedError where it is not Base64 of 32 bytes, or is a point of small order:
    with such a key anybody could sign; and where its end is no time that names its zone.
    """
    base64, ends, end = text.strip().partition("@")
    if _KEY.fullmatch(base64) is None:
        raise SettingRefusedError(f"the public key is not the Base64 of 32 bytes: {_AGAIN}")
    key = b64decode(base64)
    if not crypto_core_ed25519_is_valid_point(key):
        raise SettingRefusedError(f"the public key is not a usable Ed25519 key: {_AGAIN}")
    return PublicKey(base64, _time(end) if ends else inf, VerifyKey(key))


def usable(keys: Sequence[str], wall: float) -> None:
    """Raises SettingRefusedError for a bad key, and where all have ended at ``wall``.

    That is in epoch seconds.
    """
    ends = [public_key(key).until for key in keys]
    if ends and max(ends) < wall:
        raise SettingRefusedError("every public key has ended, and no webhook would be trusted")


def _time(end: str) -> float:
    with suppress(ValueError):
        found = datetime.fromisoformat(end)
        if found.tzinfo is not None:
            return found.timestamp()
    raise SettingRefusedError(
        f"a public key's end is no time with its zone, {end!r}: write KEY@2026-12-01T18:00Z"
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """What the headers say, well formed and in time, but not yet proved."""

    stamp: bytes
    signature: bytes


class Verifier:
    """Checks deliveries against one or several public keys, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str], window: float = WINDOW) -> None:
        """Raises SettingRefusedError for a bad key, and for none: nothing would be checked."""
        if not keys:
            raise SettingRefusedError("no public key: without one no webhook can be trusted")
        self._keys = tuple(public_key(key) for key in keys)
        self._window = window

    def claim(self, stamps: Sequence[str], signatures: Sequence[str], wall: float) -> Claim | str:
        """The claim of the headers' values, or why there is none. ``wall`` in epoch seconds."""
        fault = (
            _counted("timestamp", stamps)
            or _counted("signature", signatures)
            or self._timely(stamps[0], wall)
        )
        if fault is not None:
            return fault
        if _SIGNATURE.fullmatch(signatures[0]) is None:
            return "signature is not the Base64 of 64 bytes"
        return Claim(stamps[0].encode("ascii"), b64decode(signatures[0]))

    def signer(self, claim: Claim, body: bytes, wall: float) -> PublicKey | str:
        """The key that signed exactly these bytes and may at ``wall``, or why there is none."""
        signed = claim.stamp + b"|" + body
        why = "signature does not match"
        for key in self._keys:
            if key.signed(signed, claim.signature):
                if wall <= key.until:
                    return key
                why = "signed with a key that ended"
        return why

    def check(
        self, stamps: Sequence[str], signatures: Sequence[str], body: bytes, wall: float
    ) -> str | None:
        """Why a delivery is not to be trusted; None where it is."""
        claim = self.claim(stamps, signatures, wall)
        if isinstance(claim, str):
            return claim
        key = self.signer(claim, body, wall)
        return key if isinstance(key, str) else None

    def _timely(self, stamp: str, wall: float) -> str | None:
        if _STAMP.fullmatch(stamp) is None:
            return "timestamp is not ten digits"
        age = wall - int(stamp)
        if abs(age) <= self._window:
            return None
        off = f"{abs(age):.0f} s" if abs(age) < SHORT else f"{abs(age) / 60:.0f} min"
        return f"timestamp {off} {'old' if age > 0 else 'ahead'}"


def _counted(name: str, values: Sequence[str]) -> str | None:
    if not values:
        return f"{name} missing"
    return None if len(values) == 1 else f"two {name}s"
