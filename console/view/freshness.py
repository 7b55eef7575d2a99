"""Where a value comes from and how old it is; and what a pane says while it has none."""

from __future__ import annotations

from console.core.beliefs import Person
from console.core.scopes import (
    Calls,
    CallStory,
    Missed,
    OneConference,
    People,
    Queues,
    Scope,
    WhyMissed,
)
from console.core.state import State
from console.core.things import Moment, Source
from console.view.board import Cell, Role, Span
from console.view.scene import NOTHING, Scene, cell
from console.view.words import age, clean


def interval(state: State, scope: Scope) -> float:
    """Seconds between two readings of a scope, as the poller means to keep."""
    policy = state.policy
    match scope:
        case Queues():
            return policy.queues_every
        case Calls(queue):
            return (
                policy.calls_watched_every if queue == state.watched_queue else policy.calls_every
            )
        case People(room):
            watched = room == state.watched_room
            return policy.people_watched_every if watched else policy.people_every
        case OneConference() | CallStory() | Missed() | WhyMissed():
            return policy.people_every
        case _:
            return policy.conferences_every


def is_stale(scene: Scene, scope: Scope) -> bool:
    """Whether a scope was read too long ago for its values to be drawn as current."""
    coverage = scene.state.coverage.get(scope)
    if coverage is None or coverage.answered is None:
        return False
    return (
        scene.ago(coverage.answered) > interval(scene.state, scope) * scene.state.policy.stale_after
    )


def figures_age(scene: Scene, scope: Scope) -> Cell:
    """How long ago the pane was read, for its bottom line."""
    coverage = scene.state.coverage.get(scope)
    if coverage is None or coverage.answered is None:
        return NOTHING
    stale = is_stale(scene, scope)
    seen = age(scene.ago(coverage.answered)) + ("!" if stale else "")
    return (
        Span(f" {scene.glyphs.dot} ", Role.FAINT),
        Span(seen, Role.SOON if stale else Role.DIM),
    )


def tone(scene: Scene, scope: Scope) -> Cell:
    """What is wrong with a pane's reading, beside its title."""
    coverage = scene.state.coverage.get(scope)
    if coverage is None or coverage.problem is None:
        return NOTHING
    problem = coverage.problem
    match problem.kind:
        case "forbidden":
            text = "403: this key may not list it"
        case "unauthorised":
            text = "401: key refused"
        case "limited":
            text = "429: slowed"
        case "unreachable" | "unanswered":
            text = "no answer, trying on"
        case _:
            text = f"error {problem.status or ''} {clean(problem.title, 30)}".strip()
    return cell(text, Role.SOON)


def condition(scene: Scene, scope: Scope, what: str, healthy: str) -> tuple[Cell, ...]:
    """What an empty pane says: that it is loading, or cannot, or that there is nothing."""
    coverage = scene.state.coverage.get(scope)
    if coverage is not None and coverage.answered is not None:
        return (cell(healthy, Role.DIM),)
    if coverage is not None and coverage.problem is not None:
        return (cell(f"The {what} are not known.", Role.DIM),)
    return (cell(f"loading {what}{scene.glyphs.ellipsis}", Role.DIM),)


def source_of(scene: Scene, person: Person) -> Cell:
    """The newest word on a person: ``w`` a webhook, ``p`` a poll, and how long ago."""
    told, source = person.register.seen, person.register.source
    if person.fields_seen is not None and person.fields_seen > told:
        told, source = person.fields_seen, Source.POLL
    return stamped(scene, source, told, is_stale(scene, People(person.room)))


def stamped(scene: Scene, source: Source, at: Moment, stale: bool) -> Cell:
    """A source and an age."""
    mark = "!" if stale else ""
    text = f"{source.value} {age(scene.ago(at))}{mark}"
    return cell(text, Role.SOON if stale else Role.DIM)
