"""The plan of a command: targets, side effects, proof and request, without sending it."""

from __future__ import annotations

import json
from urllib.parse import quote

from console.core.model.command import Request, Values
from console.view.context import NOTHING, cell
from console.view.screen_elements import Cell, Form, Role, Span


def plan_lines(question: Form, values: Values) -> tuple[Cell, ...]:
    """Return the lines of the plan: targets, notes, warning, and the request.

    ``values``: the answers so far. If some are missing or wrong, complaints replace the request.
    """
    complaints = question.complain(values)
    warning = "" if complaints else question.warn(values)
    words = {field.name: field.words for field in question.fields}
    current = question if question.wording is None else question.wording(values)
    targets = (current.targets, NOTHING) if current.targets else ()
    return (
        *targets,
        *current.notes,
        *((cell(warning, Role.NOW),) if warning else ()),
        NOTHING,
        *(
            (Span(f"{words.get(name, name)}: ", Role.DIM), Span(why, Role.SOON))
            for name, why in complaints.items()
        ),
        *((cell(request(question, values)),) if not complaints else ()),
    )


def request(question: Form, values: Values) -> str:
    """Return the request as a shell command; empty while an answer is missing or wrong."""
    if question.plan is None or question.complain(values):
        return ""
    return question.plan(values)


def curl(request: Request) -> str:
    """Return a request as a curl command that reads the API key from the environment.

    The text is ASCII, so that the copied text is the shown text.
    """
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
