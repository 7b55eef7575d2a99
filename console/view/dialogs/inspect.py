"""The inspect screen: one resource, read now, with every member under its Telnyx name."""

from __future__ import annotations

from console.core.messages.intents import InspectAsked
from console.core.messages.read_scopes import OneResourceScope
from console.core.model.command import Pane
from console.core.model.listed_resources import ProblemKind, Source
from console.view.context import ViewContext, cell
from console.view.dialogs.inspect_context import NAME, also_known, odd_values, row
from console.view.provenance import source_label
from console.view.screen_elements import Cell, Role, Span
from console.view.text.labels import age, clean


def scope_at_cursor(scene: ViewContext) -> OneResourceScope | str:
    """Return the scope that reads the row under the cursor, or the reason why none can."""
    at = scene.cursor
    match at.pane:
        case Pane.QUEUES if at.queue is not None:
            return OneResourceScope(("queues", at.queue))
        case Pane.CALLS if at.queue is not None and at.call is not None:
            return OneResourceScope(("queues", at.queue, "calls", at.call))
        case Pane.CONFERENCES if at.conference is not None:
            return OneResourceScope(("conferences", at.conference))
        case Pane.PEOPLE if at.conference is not None and at.leg is not None:
            return _participant(scene, at.conference, at.leg)
        case Pane.PARKED if at.parked is not None:
            return OneResourceScope(("calls", at.parked))
        case _:
            return "nothing is selected"


def _participant(scene: ViewContext, conference: str, leg: str) -> OneResourceScope | str:
    person = scene.state.people.get(conference, {}).get(leg)
    if person is None or person.listed is None:
        return "not listed yet: its id is not known"
    if person.listed.id is None:
        return "the listing gives no id to read it by"
    return OneResourceScope(("conferences", conference, "participants", person.listed.id))


def inspection(scene: ViewContext, asked: InspectAsked) -> tuple[Cell, ...]:
    """Return the lines of the screen: the members that were read, the failure, or ``reading…``."""
    read = scene.state.inspected
    if read is not None and read.scope == asked.scope and read.reading.asked >= asked.at:
        answered = read.reading.answered
        seen = cell(f"read by poll, {age(scene.ago(answered))} ago", Role.DIM)
        if read.members is None:
            return (cell("Telnyx answers 404: it does not exist.", Role.SOON), seen)
        source = source_label(scene, Source.POLL, answered)
        odd = dict(read.odd)
        members = (_member(name, value, source, odd.get(name)) for name, value in read.members)
        odd_lines = odd_values(scene, asked.scope)
        return (seen, *members, *odd_lines, *also_known(scene, asked.scope))
    known = scene.state.coverage.get(asked.scope)
    if known is not None and known.problem is not None:
        problem = known.problem
        text = f"{problem.status or ''} {clean(problem.title or problem.kind)}".strip()
        why = (cell(clean(problem.detail), Role.DIM),) if problem.kind == ProblemKind.SHAPE else ()
        return (cell(text, Role.NOW), *why, *odd_values(scene, asked.scope))
    return (cell(f"reading{scene.glyphs.ellipsis}", Role.PENDING),)


def _member(name: str, value: str, source: Span, odd: str | None) -> Cell:
    if odd is not None:
        source = Span(f"{source.text}  {clean(odd)}", Role.SOON)
    known = value != "null" and odd is None
    text = clean(value) if known else "?"
    shown = Span(text, Role.PLAIN if known else Role.DIM)
    return row(clean(name, NAME - 1), shown, source)
