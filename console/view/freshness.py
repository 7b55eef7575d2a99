"""The pane of a listing: old values are dimmed, and a failing, loading or empty one explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil

from console.core.messages.read_scopes import ParticipantsScope, Scope
from console.core.model.command import Pane
from console.core.model.entities import Coverage, Loading, Participant
from console.core.model.listed_resources import Moment, ProblemKind
from console.core.poll_intervals import age_in_intervals, is_old, next_retry
from console.view.context import NOTHING, ViewContext, cell
from console.view.provenance import newest_source
from console.view.screen_elements import Cell, Column, Role, Sheet, Span
from console.view.text.labels import age

_UNREAD = Coverage()
LIT = frozenset({"sign", "source", "why", "age", "left"})
"""Columns that are never dimmed: alarms, ages, and values that follow from the clock alone."""


def listing_sheet(
    scene: ViewContext,
    pane: Pane,
    scope: Scope,
    keys: Iterable[str],
    row: Callable[[str], tuple[Cell, ...]],
    *,
    columns: tuple[Column, ...],
    count: int,
    counted: str = "",
    more: Cell = NOTHING,
    about: str = "",
    empty: tuple[str, str],
) -> Sheet:
    """Return the content of a pane whose rows come from the listing of ``scope``.

    The bottom line has ``count`` with the text ``counted``, then ``more``, then the listing's age.
    ``~`` marks a count that only webhooks reported. ``empty`` says that there is nothing, and what
    would fill the pane.
    """
    answered = scene.state.coverage.get(scope, _UNREAD).answered
    text = f"{count}{counted}"
    if answered is not None:
        dot = Span(f" {scene.glyphs.dot} ", Role.FAINT)
        figures = (*cell(text, Role.DIM), *more, dot, _aged(scene, scope, answered))
    else:
        figures = (*(cell(f"~{text}", Role.DIM) if count else NOTHING), *more)
    return Sheet(
        name=pane.value,
        title=pane.value.capitalize(),
        about=about,
        figures=figures,
        columns=columns,
        keys=tuple(keys),
        row=_dim_if_old(scene, scope, columns, row),
        empty=_empty_lines(scene, scope, pane.value, *empty),
        alert=listing_problem(scene, scope, pane.value),
    )


def _dim_if_old(
    scene: ViewContext,
    scope: Scope,
    columns: tuple[Column, ...],
    row: Callable[[str], tuple[Cell, ...]],
) -> Callable[[str], tuple[Cell, ...]]:
    """Return ``row``, with values dimmed if they are old or the API key is refused; never blank."""
    stale = is_old(scene.state, scope, scene.now, unread=False)
    if not stale and scene.state.health.key_refused is None:
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


def listing_problem(scene: ViewContext, scope: Scope, what: str) -> Cell:
    """Return the problem of a pane's listing and the time of the next try; empty if it is well.

    ``what`` names the listed resources: "people".
    """
    coverage, health = scene.state.coverage.get(scope, _UNREAD), scene.state.health
    count, problem = len(coverage.left_out), coverage.problem
    if health.key_refused is not None:
        return cell("401: key refused", Role.SOON)
    if problem is None:
        return cell(f"{count} left out: no id", Role.SOON) if count else NOTHING
    match problem.kind:
        case ProblemKind.FORBIDDEN:
            text = f"403: may not list {what}"
        case ProblemKind.UNAUTHORISED:
            return NOTHING  # the key is accepted again, and the poller reads this scope next
        case ProblemKind.LIMITED:
            resume = health.polls_resume
            left = _left(scene, resume.mono if resume is not None else None)
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


def _empty_lines(
    scene: ViewContext, scope: Scope, what: str, healthy: str, how: str
) -> tuple[Cell, ...]:
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
