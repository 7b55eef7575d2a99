"""Scenes for the view's tests: a dialogue's state, looked at from somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

from console.core.messages import facts
from console.core.messages.read_scopes import Scope
from console.core.model.entities import Identity
from console.core.model.resources import (
    Moment,
    Problem,
    ProblemKind,
    QueuedCallResource,
    QueueResource,
)
from console.core.model.state import Health, State
from console.view.context import ViewContext
from console.view.display import Cell, Sheet, TextLine
from console.view.glyphs import UNICODE
from support.playbook import CONFERENCE, EPOCH, Playbook, at, reading

QUEUE = "tier1"


def scene(state: State, seconds: float = 0.0, **more: Any) -> ViewContext:  # noqa: ANN401  # Scene's own
    """A look at this state, so many seconds into the dialogue."""
    given: dict[str, Any] = {
        "conference": CONFERENCE,
        "queue": QUEUE,
        "profile": "acme",
        "operator": "ana",
        "zone": UTC,
    } | more
    return ViewContext(state=state, glyphs=UNICODE, **({"now": at(seconds)} | given))


def text(cell: Cell) -> str:
    """What is read there."""
    return "".join(span.text for span in cell)


def words(line: TextLine) -> str:
    """A whole line as it is read."""
    return text(line.left) + text(line.right)


def cells(sheet: Sheet, key: str) -> dict[str, str]:
    """A row as it is read, by column."""
    found = zip(sheet.columns, sheet.row(key), strict=True)
    return {column.name: text(cell) for column, cell in found}


def roles(sheet: Sheet, key: str, column: str) -> set[str]:
    """What the pieces of one cell of a row mean."""
    place = [one.name for one in sheet.columns].index(column)
    return {span.role.value for span in sheet.row(key)[place] if span.text}


def queue(size: int = 3, most: int = 100, average: int = 40, name: str = QUEUE) -> QueueResource:
    """A queue as a listing shows it."""
    return QueueResource(name, f"id-{name}", size, most, average, EPOCH - 900, EPOCH)


def queued(
    leg: str, waited: float = 30.0, *, alive: bool = True, place: int = 1
) -> QueuedCallResource:
    """A call that has waited so long when the dialogue begins."""
    number, since = "+15125550103", EPOCH - waited
    return QueuedCallResource(
        leg, f"leg-{leg}", "s", number, "+15125550199", since, int(waited), place, alive
    )


def queues_listed(asked: float, *items: QueueResource) -> facts.QueuesListed:
    """A whole listing of the queues."""
    return facts.QueuesListed(reading(asked), items)


def calls_listed(asked: float, *items: QueuedCallResource, name: str = QUEUE) -> facts.CallsListed:
    """A whole listing of a queue's calls."""
    return facts.CallsListed(reading(asked), name, items)


def failed(seconds: float, scope: Scope, kind: str, title: str = "") -> facts.ReadingFailed:
    """A reading that brought nothing."""
    return facts.ReadingFailed(at(seconds), scope, Problem(ProblemKind(kind), 500, None, title))


def healthy(talk: Playbook, **health: Any) -> Playbook:  # noqa: ANN401  # Health's own
    """With this health, however it came."""
    talk.state = replace(talk.state, health=replace(Health(), **health))
    return talk


def known(talk: Playbook, leg: str, **who: Any) -> Playbook:  # noqa: ANN401  # Identity's own
    """With this known of who a leg is."""
    learnt = Identity(seen=Moment(0.0, 0.0), **who)
    talk.state = replace(talk.state, identities={**talk.state.identities, leg: learnt})
    return talk
