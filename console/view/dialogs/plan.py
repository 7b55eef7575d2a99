"""What would be done, without doing it: the request to the letter, to whom, and what follows."""

from __future__ import annotations

import json
from urllib.parse import quote

from console.core.model.command import Request, Values
from console.view.context import NOTHING, cell
from console.view.display import Cell, Form, Role, Span


def lines(question: Form, values: Values) -> tuple[Cell, ...]:
    """Whom it is aimed at, what it brings about and is seen by, and the request or what it lacks.

    ``values``: the answers so far.
    """
    lacking = question.complain(values)
    warning = "" if lacking else question.warn(values)
    words = {field.name: field.words for field in question.fields}
    said = question if question.wording is None else question.wording(values)
    whom = (said.targets, NOTHING) if said.targets else ()
    return (
        *whom,
        *said.notes,
        *((cell(warning, Role.NOW),) if warning else ()),
        NOTHING,
        *(
            (Span(f"{words.get(name, name)}: ", Role.DIM), Span(why, Role.SOON))
            for name, why in lacking.items()
        ),
        *((cell(request(question, values)),) if not lacking else ()),
    )


def request(question: Form, values: Values) -> str:
    """The request as a line for a shell; empty while an answer is lacking."""
    if question.plan is None or question.complain(values):
        return ""
    return question.plan(values)


def curl(request: Request) -> str:
    """A request without the key. ASCII throughout, so that what is shown is what is copied."""
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
