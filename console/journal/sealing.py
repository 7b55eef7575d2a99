"""Encryption of texts in the journal with a key derived from the API key."""

from __future__ import annotations

import base64
import binascii
from hashlib import blake2b

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

_PURPOSE = b"console sealing"


class Seal:
    """Encrypts texts with a key derived from a secret: XSalsa20-Poly1305 with a random nonce.

    The secret is the account's API key, which the console never writes to disk. So a copy of the
    state folder does not reveal the texts. With another API key they cannot be decrypted.
    """

    def __init__(self, secret: str) -> None:
        self._box = SecretBox(blake2b(secret.encode(), digest_size=32, person=_PURPOSE).digest())

    def close(self, text: str) -> str:
        """Return ``text`` encrypted, as Base64."""
        return base64.b64encode(self._box.encrypt(text.encode(errors="surrogatepass"))).decode()

    def open(self, sealed: str) -> str | None:
        """Return the decrypted text, or None if another key encrypted it."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._box.decrypt(raw).decode(errors="surrogatepass")
        except (CryptoError, binascii.Error, ValueError):
            return None
