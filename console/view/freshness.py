"""Where a value comes from and how old it is; and what a pane says while it has none."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from console.core.messages.read_scopes import ParticipantsScope, Scope
from console.core.model.entities import Coverage, Loading, Participant
from console.core.model.resources import Moment, ProblemKind
from console.core.poll_intervals import intervals, is_old, retried
from console.view.context import NOTHING, ViewContext, cell
from console.view.display import Cell, Column, Role, Span
from console.view.provenance import newest
from console.view.text.labels import age

_UNREAD = Coverage()
LIT = frozenset({"sign", "source", "why", "age", "left"})
"""Columns that stay as bright as they are: alarms, ages, and what the clock alone tells."""


def is_stale(scene: ViewContext, scope: Scope) -> bool:
    """Whether a scope was read too long ago for its values to be drawn as current."""
    return is_old(scene.state, scope, scene.now, unread=False)


def ageing(
    scene: ViewContext,
    scope: Scope,
    columns: tuple[Column, ...],
    row: Callable[[str], tuple[Cell, ...]],
) -> Callable[[str], tuple[Cell, ...]]:
    """Rows whose values are dim while they are old or the key is refused; they never go blank."""
    if not is_stale(scene, scope) and scene.state.health.stopped is None:
        return row
    lit = [column.name in LIT for column in columns]

    def aged(key: str) -> tuple[Cell, ...]:
        return tuple(
            cell if stays else tuple(_dim(span) for span in cell)
            for stays, cell in zip(lit, row(key), strict=True)
        )

    return aged


def _dim(span: Span) -> Span:
    stays = span.role in {Role.PENDING, Role.FAINT, Role.GONE}
    return span if stays else Span(span.text, Role.DIM)


def counted(scene: ViewContext, scope: Scope, count: int, text: str) -> Cell:
    """How many there are: about so many while nothing but webhooks told of them, if any did."""
    if scene.state.coverage.get(scope, _UNREAD).answered is not None:
        return cell(text, Role.DIM)
    return cell(f"~{text}", Role.DIM) if count else NOTHING


def figures_age(scene: ViewContext, scope: Scope) -> Cell:
    """How long ago the pane was read, for its bottom line."""
    coverage = scene.state.coverage.get(scope)
    if coverage is None or coverage.answered is None:
        return NOTHING
    return (Span(f" {scene.glyphs.dot} ", Role.FAINT), _aged(scene, scope, coverage.answered))


def tone(scene: ViewContext, scope: Scope, what: str) -> Cell:
    """What is wrong with a pane's reading, and when it is tried again, beside its title."""
    coverage, health = scene.state.coverage.get(scope), scene.state.health
    if health.stopped is not None:
        return cell("401: key refused", Role.SOON)
    if coverage is None or coverage.problem is None:
        count = len(coverage.left_out) if coverage is not None else 0
        return cell(f"{count} left out: no id", Role.SOON) if count else NOTHING
    problem = coverage.problem
    match problem.kind:
        case ProblemKind.FORBIDDEN:
            text = f"403: may not list {what}"
        case ProblemKind.UNAUTHORISED:  # it is accepted again, and this is read as soon as may be
            return NOTHING
        case ProblemKind.LIMITED:
            left = _left(scene, health.resumes.mono if health.resumes is not None else None)
            text = "429: polls slowed" + (f", resume in {left}" if left else "")
        case ProblemKind.UNREACHABLE | ProblemKind.UNANSWERED:
            text = f"no answer{_again(scene, scope, coverage.failures)}"
        case ProblemKind.SHAPE:
            text = f"not understood{_again(scene, scope, coverage.failures)}"
        case _:
            text = f"error {problem.status or ''}".strip()
            text += _again(scene, scope, coverage.failures)
    return cell(text, Role.SOON)


def _again(scene: ViewContext, scope: Scope, failures: int) -> str:
    """Which try is next and when: the poller's own rule, or no time at all."""
    paused = scene.state.health.paused
    if paused is not None:
        left = _left(scene, paused.mono)
        return f", polls pause {left}" if left else ", polls pause"
    left = _left(scene, retried(scene.state, scope, scene.now))
    return f", retry {failures}" + (f" in {left}" if left else "")


def _left(scene: ViewContext, until: float | None) -> str:
    """The seconds until then; empty where it is not known, or over."""
    left = 0.0 if until is None else until - scene.now.mono
    return f"{ceil(left)} s" if left > 0.0 else ""


def condition(
    scene: ViewContext, scope: Scope, what: str, healthy: str, how: str
) -> tuple[Cell, ...]:
    """What an empty pane says: how far it has loaded, that it cannot, or that there is nothing.

    ``how`` says what would bring something.
    """
    coverage = scene.state.coverage.get(scope, _UNREAD)
    if coverage.answered is not None:
        seen = f"{healthy} Seen {age(scene.ago(coverage.answered))} ago."
        return (cell(seen, Role.DIM), cell(how, Role.DIM), cell(_heard(scene), Role.DIM))
    if coverage.problem is not None or scene.state.health.stopped is not None:
        return (cell(f"The {what} are not known.", Role.DIM),)
    if coverage.loading is None:
        return (cell(f"loading {what}{scene.glyphs.ellipsis}", Role.DIM),)
    return (cell(f"loading {what}, {_progress(scene, coverage.loading)}", Role.DIM),)


def _progress(scene: ViewContext, loading: Loading) -> str:
    """How long it takes already, and of its pages as much as is known."""
    told = f"{max(scene.ago(loading.since), 0.0):.1f} s"
    if not loading.page:
        return told
    count = f"{loading.page} of {loading.pages}" if loading.pages else str(loading.page)
    return f"{told}, {count} pages" + (" read again" if loading.again else "")


def _heard(scene: ViewContext) -> str:
    health = scene.state.health
    if health.receiver is None:
        return "Webhooks are not received."
    if health.webhook is None:
        return "No webhook has arrived yet."
    return f"Webhooks arrived {age(scene.ago(health.webhook))} ago."


def source_of(scene: ViewContext, person: Participant) -> Cell:
    """The newest word on a person: ``w`` a webhook, ``p`` a poll, and how long ago."""
    source, told = newest(person)
    return (_aged(scene, ParticipantsScope(person.conference), told, f"{source.value} "),)


def _aged(scene: ViewContext, scope: Scope, at: Moment, source: str = "") -> Span:
    """How old the word of ``at`` is: lit once its listing is ageing, a warning once it is stale."""
    passed, policy = intervals(scene.state, scope, scene.now) or 0.0, scene.state.policy
    text = f"{source}{age(scene.ago(at))}"
    if passed > policy.stale_after:
        return Span(f"{text}!", Role.SOON)
    return Span(text, Role.PLAIN if passed > policy.ageing_after else Role.DIM)
