"""HTTP requests and responses as values, with their JSON type."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Request:
    """One API request.

    Attributes:
        method: HTTP method in upper case.
        path: Path below ``/v2``, still percent-encoded, such as ``/queues/tier%201``.
        query: Decoded names and values, brackets included (``page[size]``).
        headers: Names in lower case.
        body: The raw bytes.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One response: status, headers and raw body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def encode(value: Json) -> bytes:
    """Return compact UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def json_response(status: int, value: Json) -> Response:
    """Return a response with a JSON body."""
    return Response(status, {"Content-Type": "application/json; charset=utf-8"}, encode(value))


EMPTY = Response(204, {}, b"")
