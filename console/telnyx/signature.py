"""Whether a webhook was signed by Telnyx: Ed25519 over timestamp|body, within a window.

The body is never decoded before it is verified, and the reasons are for the operator alone.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
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

_STAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")
_AGAIN = "copy TELNYX_PUBLIC_KEY again from the Telnyx portal, Keys & Credentials, Public Key"
_KEY = re.compile(r"[A-Za-z0-9+/]{43}=")


def public_key(text: str) -> bytes:
    """The 32 bytes of a public key (Telnyx portal, Keys & Credentials, Public Key).

    Raises SettingRefusedError where it is not Base64 of 32 bytes, or is a point of small order:
    with such a key anybody could sign.
    """
    if _KEY.fullmatch(text.strip()) is None:
        raise SettingRefusedError(f"the public key is not the Base64 of 32 bytes: {_AGAIN}")
    key = b64decode(text.strip())
    if not crypto_core_ed25519_is_valid_point(key):
        raise SettingRefusedError(f"the public key is not a usable Ed25519 key: {_AGAIN}")
    return key


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
        self._keys = tuple(VerifyKey(public_key(key)) for key in keys)
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

    def signer(self, claim: Claim, body: bytes) -> str | None:
        """The key that signed exactly these bytes, as the Base64 it was given in; else None."""
        signed = claim.stamp + b"|" + body
        found = (key for key in self._keys if _signed(key, signed, claim.signature))
        key = next(found, None)
        return None if key is None else b64encode(bytes(key)).decode()

    def proves(self, claim: Claim, body: bytes) -> bool:
        """Whether any key signed exactly these bytes."""
        return self.signer(claim, body) is not None

    def check(
        self, stamps: Sequence[str], signatures: Sequence[str], body: bytes, wall: float
    ) -> str | None:
        """Why a delivery is not to be trusted; None where it is."""
        claim = self.claim(stamps, signatures, wall)
        if isinstance(claim, str):
            return claim
        return None if self.proves(claim, body) else "signature does not match"

    def _timely(self, stamp: str, wall: float) -> str | None:
        if _STAMP.fullmatch(stamp) is None:
            return "timestamp is not ten digits"
        age = wall - int(stamp)
        if abs(age) <= self._window:
            return None
        return f"timestamp {abs(age):.0f} s {'old' if age > 0 else 'ahead'}"


def _counted(name: str, values: Sequence[str]) -> str | None:
    if not values:
        return f"{name} missing"
    return None if len(values) == 1 else f"two {name}s"


def _signed(key: VerifyKey, message: bytes, signature: bytes) -> bool:
    try:
        key.verify(message, signature)
    except BadSignatureError:
        return False
    return True
