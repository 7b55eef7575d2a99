"""View contexts and listings for the tests of the view, and readers of what it returns."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC
from typing import Any

from console.commands.targeting import Cursor
from console.core.messages import facts
from console.core.messages.read_scopes import Scope
from console.core.model.command import Pane
from console.core.model.entities import Identity
from console.core.model.listed_resources import (
    Moment,
    Problem,
    ProblemKind,
    QueuedCallResource,
    QueueResource,
)
from console.core.model.state import Health, State
from console.view.context import ViewContext
from console.view.screen_elements import Cell, Sheet, TextLine
from console.view.text.glyphs import UNICODE
from support.playbook import CONFERENCE, EPOCH, Playbook, at, reading

QUEUE = "tier1"


def scene(state: State, seconds: float = 0.0, **more: Any) -> ViewContext:  # noqa: ANN401  # Scene's own
    """Return a view context of this state, ``seconds`` into the dialogue."""
    at_cursor = {field.name for field in fields(Cursor)}
    cursor = {name: value for name, value in more.items() if name in at_cursor}
    given: dict[str, Any] = {
        "now": at(seconds),
        "glyphs": UNICODE,
        "profile": "acme",
        "operator": "ana",
        "zone": UTC,
        "cursor": Cursor(
            **{"pane": Pane.CONFERENCES, "conference": CONFERENCE, "queue": QUEUE} | cursor
        ),
    }
    return ViewContext(state=state, **(given | {n: more[n] for n in more.keys() - at_cursor}))


def text(cell: Cell) -> str:
    """Return the text of a cell."""
    return "".join(span.text for span in cell)


def words(line: TextLine) -> str:
    """Return the text of a line."""
    return text(line.left) + text(line.right)


def cells(sheet: Sheet, key: str) -> dict[str, str]:
    """Return the texts of a row, by column."""
    found = zip(sheet.columns, sheet.row(key), strict=True)
    return {column.name: text(cell) for column, cell in found}


def roles(sheet: Sheet, key: str, column: str) -> set[str]:
    """Return the roles in one cell of a row."""
    place = [one.name for one in sheet.columns].index(column)
    return {span.role.value for span in sheet.row(key)[place] if span.text}


def queue(size: int = 3, most: int = 100, average: int = 40, name: str = QUEUE) -> QueueResource:
    """Return a queue as a listing has it."""
    return QueueResource(name, f"id-{name}", size, most, average, EPOCH - 900, EPOCH)


def queued(
    leg: str, waited: float = 30.0, *, alive: bool = True, place: int = 1
) -> QueuedCallResource:
    """Return a listed call that has waited ``waited`` seconds when the dialogue begins."""
    number, since = "+15125550103", EPOCH - waited
    return QueuedCallResource(
        leg, f"leg-{leg}", "s", number, "+15125550199", since, int(waited), place, alive
    )


def queues_listed(asked: float, *items: QueueResource) -> facts.QueuesListed:
    """Return a complete listing of the queues."""
    return facts.QueuesListed(reading(asked), items)


def calls_listed(asked: float, *items: QueuedCallResource, name: str = QUEUE) -> facts.CallsListed:
    """Return a complete listing of the calls in a queue."""
    return facts.CallsListed(reading(asked), name, items)


def failed(seconds: float, scope: Scope, kind: str, title: str = "") -> facts.ReadingFailed:
    """Return a failed reading of a scope."""
    return facts.ReadingFailed(at(seconds), scope, Problem(ProblemKind(kind), 500, None, title))


def healthy(talk: Playbook, **health: Any) -> Playbook:  # noqa: ANN401  # Health's own
    """Set the health of the state."""
    talk.state = replace(talk.state, health=replace(Health(), **health))
    return talk


def known(talk: Playbook, leg: str, **who: Any) -> Playbook:  # noqa: ANN401  # Identity's own
    """Set the identity of a leg."""
    identity = Identity(seen=Moment(0.0, 0.0), **who)
    talk.state = replace(talk.state, identities={**talk.state.identities, leg: identity})
    return talk
