"""Webhook signatures (Telnyx API, webhook signing): Ed25519 over timestamp, ``|`` and raw body."""

from __future__ import annotations

import base64
import hashlib

from nacl.signing import SigningKey

STALE_SECS = 600


class Signer:
    """Signs with a key derived from the seed: the same seed gives the same public key."""

    def __init__(self, seed: int) -> None:
        self._key = SigningKey(hashlib.sha256(f"telnyx-simulator:{seed}".encode()).digest())
        self._other = SigningKey(hashlib.sha256(f"somebody-else:{seed}".encode()).digest())

    @property
    def public_key(self) -> str:
        """The 32 raw bytes in standard Base64, as the portal shows them."""
        return base64.b64encode(self._key.verify_key.encode()).decode()

    def headers(
        self, body: bytes, now: float, *, forged: bool = False, stale: bool = False
    ) -> dict[str, str]:
        """Return the two signature headers of one delivery attempt.

        ``now`` is epoch seconds. ``forged`` signs with another key. ``stale`` signs correctly, with
        a time ten minutes ago.
        """
        timestamp = str(int(now) - (STALE_SECS if stale else 0))
        key = self._other if forged else self._key
        signature = key.sign(timestamp.encode() + b"|" + body).signature
        return {
            "Telnyx-Signature-Ed25519": base64.b64encode(signature).decode(),
            "Telnyx-Timestamp": timestamp,
        }
