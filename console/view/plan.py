"""A request as a line for a shell, without the key: what a dialog would send, to the letter."""

from __future__ import annotations

import json
from urllib.parse import quote

from console.core.command import Request


def curl(request: Request) -> str:
    """ASCII throughout, so that what is shown is what is copied."""
    path = "/".join(_segment(text) for text in request.path)
    words = [
        f'curl -X {request.method} "$TELNYX_BASE_URL/{path}"',
        '-H "Authorization: Bearer $TELNYX_API_KEY"',
    ]
    if request.body:
        words.append("-H 'Content-Type: application/json'")
        words.append(f"-d {_quoted(json.dumps(request.body))}")
    return " ".join(words)


def _segment(text: str) -> str:
    return text.replace(".", "%2E") if text in {".", ".."} else quote(text, safe="")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
