"""One thing as Telnyx has it this moment: every member by its own name."""

from __future__ import annotations

from console.core.messages.intents import InspectAsked
from console.core.messages.read_scopes import OneResourceScope
from console.core.model.command import Pane
from console.core.model.resources import ProblemKind, Source
from console.view.context import ViewContext, cell
from console.view.dialogs.inspect_context import NAME, beside, misfits, row
from console.view.display import Cell, Role, Span
from console.view.provenance import label
from console.view.text.labels import age, clean


def thing_at(scene: ViewContext) -> OneResourceScope | str:
    """What is under the cursor, or why nothing can be read."""
    match scene.pane:
        case Pane.QUEUES if scene.queue is not None:
            return OneResourceScope(("queues", scene.queue))
        case Pane.CALLS if scene.queue is not None and scene.call is not None:
            return OneResourceScope(("queues", scene.queue, "calls", scene.call))
        case Pane.CONFERENCES if scene.conference is not None:
            return OneResourceScope(("conferences", scene.conference))
        case Pane.PEOPLE if scene.conference is not None and scene.leg is not None:
            return _participant(scene, scene.conference, scene.leg)
        case Pane.PARKED if scene.parked is not None:
            return OneResourceScope(("calls", scene.parked))
        case _:
            return "nothing is selected"


def _participant(scene: ViewContext, conference: str, leg: str) -> OneResourceScope | str:
    person = scene.state.people.get(conference, {}).get(leg)
    if person is None or person.listed is None:
        return "not listed yet, so that it cannot be addressed"
    if person.listed.id is None:
        return "the listing has no id by which to address them"
    return OneResourceScope(("conferences", conference, "participants", person.listed.id))


def inspection(scene: ViewContext, asked: InspectAsked) -> tuple[Cell, ...]:
    """What came of it so far."""
    read = scene.state.inspected
    if read is not None and read.scope == asked.scope and read.reading.asked >= asked.at:
        answered = read.reading.answered
        seen = cell(f"read by poll, {age(scene.ago(answered))} ago", Role.DIM)
        if read.members is None:
            return (cell("Telnyx answers 404: it is not there.", Role.SOON), seen)
        told = label(scene, Source.POLL, answered)
        odd = dict(read.odd)
        members = (_member(name, value, told, odd.get(name)) for name, value in read.members)
        unfit = misfits(scene, asked.scope)
        return (seen, *members, *unfit, *beside(scene, asked.scope))
    known = scene.state.coverage.get(asked.scope)
    if known is not None and known.problem is not None:
        problem = known.problem
        text = f"{problem.status or ''} {clean(problem.title or problem.kind)}".strip()
        why = (cell(clean(problem.detail), Role.DIM),) if problem.kind == ProblemKind.SHAPE else ()
        return (cell(text, Role.NOW), *why, *misfits(scene, asked.scope))
    return (cell(f"reading{scene.glyphs.ellipsis}", Role.PENDING),)


def _member(name: str, value: str, told: Span, odd: str | None) -> Cell:
    if odd is not None:
        told = Span(f"{told.text}  {clean(odd)}", Role.SOON)
    known = value != "null" and odd is None
    text = clean(value) if known else "?"
    shown = Span(text, Role.PLAIN if known else Role.DIM)
    return row(clean(name, NAME - 1), shown, told)
