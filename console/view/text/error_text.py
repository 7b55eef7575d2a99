"""What Telnyx said no to: one plain sentence with its code, and the question it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from console.core.model.command import Command, Field, Target
from console.core.model.resources import Problem
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.view.text.labels import clean

EXPLAINED = frozenset({Stage.REFUSED, Stage.UNKNOWN, Stage.DROPPED})
"""Ends of a command of which the problem says why."""


LONGEST = 1000
"""Characters of a detail that are ever shown."""


def sentence(problem: Problem) -> str:
    """Say what went wrong: the title, the HTTP status and the code, and the detail last."""
    title, detail = reason(problem)
    said = f"{title} ({told})" if (told := numbers(problem)) else title
    return clean(f"{said}: {detail}" if detail else said)


def numbers(problem: Problem) -> str:
    """The HTTP status and the code, as far as there are any."""
    return clean(" ".join(filter(None, (str(problem.status or ""), problem.code))))


def reason(problem: Problem) -> tuple[str, str]:
    """The title, and the detail or nothing. A detail without a title is the title."""
    title, detail = problem.title.rstrip(". "), problem.detail.rstrip(". ")
    if not title:
        title, detail = detail or "no reason given", ""
    return clean(title), clean(detail, LONGEST)


def why_of(receipt: Receipt) -> tuple[str, str, str]:
    """The numbers, the title and the detail of what went wrong; a note is a title.

    Nothing went wrong with a command that was seen or is still looked for.
    """
    problem = receipt.problem
    if problem is not None and receipt.stage in EXPLAINED:
        return numbers(problem), *reason(problem)
    return "", clean(receipt.note, LONGEST), ""


def field_of(command: Command, problem: Problem | None) -> Field | None:
    """The question an answer to which was refused (Telnyx API, Errors: source.pointer)."""
    if problem is None or problem.pointer is None:
        return None
    steps = problem.pointer.removeprefix("/body").strip("/").split("/")
    return next((field for field in command.fields if field.name == steps[0]), None)


def refused_last(state: State, command: Command, target: Target) -> Receipt | None:
    """The newest order of this command on this target, if one of its answers was refused."""
    mine = [r for r in state.receipts.values() if r.order.command.name == command.name]
    newest = next((r for r in reversed(mine) if r.order.target == target), None)
    if newest is None or newest.stage is not Stage.REFUSED:
        return None
    return newest if field_of(command, newest.problem) is not None else None


def complaints(receipt: Receipt | None) -> Mapping[str, str]:
    """What to say at which question when it is asked again."""
    if receipt is None or receipt.problem is None:
        return {}
    field = field_of(receipt.order.command, receipt.problem)
    return {} if field is None else {field.name: sentence(receipt.problem)}
