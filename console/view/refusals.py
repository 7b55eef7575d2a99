"""What Telnyx said no to: one plain sentence with its code, and the question it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from console.core.command import Command, Field, Target
from console.core.stage import Stage
from console.core.state import Receipt, State
from console.core.things import Problem
from console.view.words import clean


def sentence(problem: Problem) -> str:
    """What went wrong, with the HTTP status and the code where there are any."""
    title, detail = problem.title.rstrip(". "), problem.detail.rstrip(". ")
    said = f"{title}: {detail}" if title and detail else title or detail or "no reason given"
    numbers = " ".join(filter(None, (str(problem.status or ""), problem.code)))
    return clean(f"{said} ({numbers})" if numbers else said)


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
