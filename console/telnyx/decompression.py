"""Decompresses HTTP answers up to a size limit.

The client asks for plain answers (``Accept-Encoding: identity``), but a proxy may ignore that.
A few kilobytes of gzip within gzip expand to gigabytes (zlib: up to 1,032 to 1 for each layer), so
the limit applies to each layer, and the number of layers is limited too.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYERS = 3
"""Most encodings on top of one another that are decoded."""
_HEADERS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""``wbits`` of zlib.decompressobj for each encoding: selects the expected header."""
_WITHOUT_HEADER = -15
"""``wbits`` for servers that send ``deflate`` without the zlib header (RFC 9110, 8.4.1.2)."""


class TooLongError(Exception):
    """A decoded layer has more bytes than the limit."""


class UndecodableError(Exception):
    """The content is cut off, or its encoding is wrong or unsupported; the text says which."""


def decoded(content: bytes, encodings: Sequence[str], limit: int) -> bytes:
    """Return the content with the encodings of ``Content-Encoding`` undone, the last one first.

    Raise TooLongError if a layer has more than ``limit`` bytes, and UndecodableError.
    """
    names = [part.strip().lower() for each in encodings for part in each.split(",")]
    layers = [name for name in names if name not in {"", "identity"}]
    if len(layers) > LAYERS:
        raise UndecodableError(f"the answer is encoded {len(layers)} times over")
    for name in reversed(layers):
        wbits = _HEADERS.get(name)
        if wbits is None:
            raise UndecodableError("the answer has an unsupported encoding")
        if name == "deflate" and not _has_header(content):
            wbits = _WITHOUT_HEADER
        content = _inflated(content, wbits, limit)
    return content


def _inflated(content: bytes, wbits: int, limit: int) -> bytes:
    worker = zlib.decompressobj(wbits)
    try:
        found = worker.decompress(content, limit + 1)
    except zlib.error:
        raise UndecodableError("the answer does not match its Content-Encoding") from None
    if len(found) > limit:
        raise TooLongError
    if not worker.eof:
        raise UndecodableError("the answer was cut off")
    return found


def _has_header(content: bytes) -> bool:
    """True if content begins with a zlib header (RFC 1950: method 8, divisible by 31)."""
    head = content[:2]
    return len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head) % 31 == 0  # noqa: PLR2004
