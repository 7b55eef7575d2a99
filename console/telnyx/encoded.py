"""Decodes an answer that came compressed, and stops at a limit of bytes while it decodes.

The client asks for plain answers (``Accept-Encoding: identity``); a proxy on the way may not care.
A few kilobytes of gzip within gzip stand for gigabytes (zlib: up to 1,032 to 1 for each layer), so
no layer may yield more than the limit, and there may be few layers.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYERS = 3
"""Encodings on top of one another that are undone."""
_HEADERS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""``wbits`` of zlib.decompressobj, which says what header it expects."""
_WITHOUT_HEADER = -15
"""For the servers that send ``deflate`` without the header of zlib (RFC 9110, 8.4.1.2)."""


class TooLongError(Exception):
    """A layer holds more bytes than the limit."""


class UndecodableError(Exception):
    """The content is not what the headers say, is cut off, or has an encoding we did not ask for.

    The text says which.
    """


def decoded(content: bytes, encodings: Sequence[str], limit: int) -> bytes:
    """Undo the encodings of ``Content-Encoding``, which names them in the order of application.

    Raises TooLongError where a layer yields more than ``limit`` bytes, and UndecodableError.
    """
    names = [part.strip().lower() for each in encodings for part in each.split(",")]
    layers = [name for name in names if name not in {"", "identity"}]
    if len(layers) > LAYERS:
        raise UndecodableError(f"the answer is encoded {len(layers)} times over")
    for name in reversed(layers):
        wbits = _HEADERS.get(name)
        if wbits is None:
            raise UndecodableError("the answer has an encoding that was not asked for")
        if name == "deflate" and not _has_header(content):
            wbits = _WITHOUT_HEADER
        content = _inflated(content, wbits, limit)
    return content


def _inflated(content: bytes, wbits: int, limit: int) -> bytes:
    worker = zlib.decompressobj(wbits)
    try:
        found = worker.decompress(content, limit + 1)
    except zlib.error:
        raise UndecodableError("the answer is not encoded as it says") from None
    if len(found) > limit:
        raise TooLongError
    if not worker.eof:
        raise UndecodableError("the answer was cut off")
    return found


def _has_header(content: bytes) -> bool:
    """Tell whether content begins with the two bytes of RFC 1950: method 8, divisible by 31."""
    head = content[:2]
    return len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head) % 31 == 0  # noqa: PLR2004
