"""Age of what a pane shows, from the state of its listing.

It dims old values, and explains listings that fail, load or are empty.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from console.core.messages.read_scopes import ParticipantsScope, Scope
from console.core.model.entities import Coverage, Loading, Participant
from console.core.model.resources import Moment, ProblemKind
from console.core.poll_intervals import age_in_intervals, is_old, next_retry
from console.view.context import NOTHING, ViewContext, cell
from console.view.display import Cell, Column, Role, Span
from console.view.provenance import newest_source
from console.view.text.labels import age

_UNREAD = Coverage()
LIT = frozenset({"sign", "source", "why", "age", "left"})
"""Columns that are never dimmed: alarms, ages, and values that follow from the clock alone."""


def is_stale(scene: ViewContext, scope: Scope) -> bool:
    """Return True if a scope was read too long ago to draw its values as current."""
    return is_old(scene.state, scope, scene.now, unread=False)


def dim_if_old(
    scene: ViewContext,
    scope: Scope,
    columns: tuple[Column, ...],
    row: Callable[[str], tuple[Cell, ...]],
) -> Callable[[str], tuple[Cell, ...]]:
    """Return ``row``, with values dimmed if they are old or the API key is refused; never blank."""
    if not is_stale(scene, scope) and scene.state.health.key_refused is None:
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


def count_cell(scene: ViewContext, scope: Scope, count: int, text: str) -> Cell:
    """Return ``text``, a count, with ``~`` if only webhooks reported it; empty if nothing did."""
    if scene.state.coverage.get(scope, _UNREAD).answered is not None:
        return cell(text, Role.DIM)
    return cell(f"~{text}", Role.DIM) if count else NOTHING


def listing_age(scene: ViewContext, scope: Scope) -> Cell:
    """Return the age of the pane's listing, for its bottom line; empty before the first one."""
    coverage = scene.state.coverage.get(scope)
    if coverage is None or coverage.answered is None:
        return NOTHING
    return (Span(f" {scene.glyphs.dot} ", Role.FAINT), _aged(scene, scope, coverage.answered))


def listing_problem(scene: ViewContext, scope: Scope, what: str) -> Cell:
    """Return the problem of a pane's listing and the time of the next try; empty if it is well.

    ``what`` names the listed resources: "people".
    """
    coverage, health = scene.state.coverage.get(scope), scene.state.health
    if health.key_refused is not None:
        return cell("401: key refused", Role.SOON)
    if coverage is None or coverage.problem is None:
        count = len(coverage.left_out) if coverage is not None else 0
        return cell(f"{count} left out: no id", Role.SOON) if count else NOTHING
    problem = coverage.problem
    match problem.kind:
        case ProblemKind.FORBIDDEN:
            text = f"403: may not list {what}"
        case (
            ProblemKind.UNAUTHORISED
        ):  # the key is accepted again, and the poller reads this scope next
            return NOTHING
        case ProblemKind.LIMITED:
            left = _left(
                scene, health.polls_resume.mono if health.polls_resume is not None else None
            )
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
    """Return the number and time of the next try, by the rule of the poller."""
    paused = scene.state.health.polls_paused_until
    if paused is not None:
        left = _left(scene, paused.mono)
        return f", polls pause {left}" if left else ", polls pause"
    left = _left(scene, next_retry(scene.state, scope, scene.now))
    return f", retry {failures}" + (f" in {left}" if left else "")


def _left(scene: ViewContext, until: float | None) -> str:
    """Return the seconds until a monotonic time; empty if that is unknown or past."""
    left = 0.0 if until is None else until - scene.now.mono
    return f"{ceil(left)} s" if left > 0.0 else ""


def empty_lines(
    scene: ViewContext, scope: Scope, what: str, healthy: str, how: str
) -> tuple[Cell, ...]:
    """Return the lines of an empty pane: loading, failing, or known to be empty.

    ``healthy`` says that there is nothing, and ``how`` what would fill the pane.
    """
    coverage = scene.state.coverage.get(scope, _UNREAD)
    if coverage.answered is not None:
        seen = f"{healthy} Seen {age(scene.ago(coverage.answered))} ago."
        return (cell(seen, Role.DIM), cell(how, Role.DIM), cell(_webhooks(scene), Role.DIM))
    if coverage.problem is not None or scene.state.health.key_refused is not None:
        return (cell(f"The {what} are not known yet.", Role.DIM),)
    if coverage.loading is None:
        return (cell(f"loading {what}{scene.glyphs.ellipsis}", Role.DIM),)
    return (cell(f"loading {what}, {_progress(scene, coverage.loading)}", Role.DIM),)


def _progress(scene: ViewContext, loading: Loading) -> str:
    """Return the duration of a load so far, and its pages as far as they are known."""
    taken = f"{max(scene.ago(loading.since), 0.0):.1f} s"
    if not loading.page:
        return taken
    count = f"{loading.page} of {loading.pages}" if loading.pages else str(loading.page)
    return f"{taken}, {count} pages" + (" read again" if loading.again else "")


def _webhooks(scene: ViewContext) -> str:
    health = scene.state.health
    if health.receiver is None:
        return "Webhooks are not received."
    if health.last_webhook is None:
        return "No webhook has arrived yet."
    return f"Webhooks arrived {age(scene.ago(health.last_webhook))} ago."


def source_cell(scene: ViewContext, person: Participant) -> Cell:
    """Return the newest source of a participant and its age: ``w`` webhook, ``p`` poll."""
    source, seen = newest_source(person)
    return (_aged(scene, ParticipantsScope(person.conference), seen, f"{source.value} "),)


def _aged(scene: ViewContext, scope: Scope, at: Moment, source: str = "") -> Span:
    """Return the age of ``at``: dim, bright if its listing is ageing, a warning if it is stale."""
    passed, policy = age_in_intervals(scene.state, scope, scene.now) or 0.0, scene.state.policy
    text = f"{source}{age(scene.ago(at))}"
    if passed > policy.stale_after:
        return Span(f"{text}!", Role.SOON)
    return Span(text, Role.PLAIN if passed > policy.ageing_after else Role.DIM)
