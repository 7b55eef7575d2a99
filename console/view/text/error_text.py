"""Text of an error from Telnyx: title, codes and detail."""

from __future__ import annotations

from collections.abc import Mapping

from console.core.model.command import Command, Field, Target
from console.core.model.listed_resources import Problem
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.view.text.labels import clean

EXPLAINED = frozenset({Stage.REFUSED, Stage.UNKNOWN, Stage.DROPPED})
"""Final stages whose reason is the problem of the receipt."""
LONGEST = 1000
"""Most characters of a detail that are shown."""


def error_sentence(problem: Problem) -> str:
    """Return an error as one sentence: title, HTTP status and code, then the detail."""
    title, detail = title_and_detail(problem)
    text = f"{title} ({codes})" if (codes := error_codes(problem)) else title
    return clean(f"{text}: {detail}" if detail else text)


def error_codes(problem: Problem) -> str:
    """Return the HTTP status and the error code; empty if the problem has neither."""
    return clean(" ".join(filter(None, (str(problem.status or ""), problem.code))))


def title_and_detail(problem: Problem) -> tuple[str, str]:
    """Return title and detail. A detail without a title becomes the title."""
    title, detail = problem.title.rstrip(". "), problem.detail.rstrip(". ")
    if not title:
        title, detail = detail or "no reason given", ""
    return clean(title), clean(detail, LONGEST)


def failure_of(receipt: Receipt) -> tuple[str, str, str]:
    """Return codes, title and detail of a failed command.

    For any other command the title is its note, and the rest is empty.
    """
    problem = receipt.problem
    if problem is not None and receipt.stage in EXPLAINED:
        return error_codes(problem), *title_and_detail(problem)
    return "", clean(receipt.note, LONGEST), ""


def field_of(command: Command, problem: Problem | None) -> Field | None:
    """Return the field whose answer was refused (Telnyx API, Errors: source.pointer)."""
    if problem is None or problem.pointer is None:
        return None
    steps = problem.pointer.removeprefix("/body").strip("/").split("/")
    return next((field for field in command.fields if field.name == steps[0]), None)


def refused_last(state: State, command: Command, target: Target) -> Receipt | None:
    """Return the newest receipt of this command on this target if an answer was refused."""
    alike = [r for r in state.receipts.values() if r.order.command.name == command.name]
    newest = next((r for r in reversed(alike) if r.order.target == target), None)
    if newest is None or newest.stage is not Stage.REFUSED:
        return None
    return newest if field_of(command, newest.problem) is not None else None


def refused_fields(receipt: Receipt | None) -> Mapping[str, str]:
    """Return the error to show at the field that was refused, by field name."""
    if receipt is None or receipt.problem is None:
        return {}
    field = field_of(receipt.order.command, receipt.problem)
    return {} if field is None else {field.name: error_sentence(receipt.problem)}
