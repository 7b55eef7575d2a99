"""Run the poll that the operator asks for with ctrl+r.

It starts at once, also while polls pause. It ends when every listing is read or has failed, when
the key is refused, or after ``LONGEST_POLL`` seconds.
"""

from __future__ import annotations

from dataclasses import replace

from console.core.health import failure_text
from console.core.messages import facts, read_scopes
from console.core.messages.effects import Refresh
from console.core.model.draft import Draft
from console.core.model.entities import ManualPoll
from console.core.model.listed_resources import Moment, Problem, ProblemKind
from console.core.model.state import Sign

LONGEST_POLL = 75.0
"""Seconds after which the poll ends in any case. A rate limit may hold it for a minute."""
OVERDUE = Problem(ProblemKind.UNANSWERED, title="no answer in time")


def start_poll(draft: Draft, at: Moment) -> None:
    """Start reading the listings that the panes show. Lift a key-refused stop."""
    draft.health = replace(draft.health, key_refused=None)
    for scope, known in list(draft.coverage.entries.items()):
        if known.problem is not None:
            draft.coverage.put(scope, replace(known, problem=None))
    scopes: list[read_scopes.Scope] = [
        read_scopes.QueuesScope(),
        read_scopes.LIVE,
        read_scopes.INIT,
    ]
    if draft.watched_queue is not None:
        scopes.append(read_scopes.CallsScope(draft.watched_queue))
    if draft.watched_conference is not None:
        scopes.append(read_scopes.ParticipantsScope(draft.watched_conference))
    draft.manual_poll = ManualPoll(at, len(scopes), tuple(scopes))
    draft.effects += [Refresh(scope, by_operator=True) for scope in scopes]


def count_listing(draft: Draft, fact: facts.Listed) -> None:
    """Count a listing that was requested after the poll began, and end the poll with the last."""
    now = draft.manual_poll
    if now is None or now.closed is not None or fact.reading.asked < now.at:
        return
    left = tuple(one for one in now.waiting if one != _scope_of(fact))
    draft.manual_poll = replace(now, waiting=left)
    if not left:
        _end(draft, draft.manual_poll, fact.reading.answered)


def count_failure(draft: Draft, fact: facts.ReadingFailed) -> None:
    """Record the failure of one listing. A refused key ends the poll: nothing else can be read."""
    now = draft.manual_poll
    if now is None or now.closed is not None or fact.at < now.at or fact.scope not in now.waiting:
        return
    left = tuple(one for one in now.waiting if one != fact.scope)
    problem = now.problem or fact.problem
    over = not left or fact.problem.kind == ProblemKind.UNAUTHORISED
    now = replace(now, waiting=left, failed=now.failed + 1, problem=problem)
    if over:
        _end(draft, now, fact.at)
    else:
        draft.manual_poll = now


def end_if_overdue(draft: Draft, at: Moment) -> None:
    """End a poll that takes longer than ``LONGEST_POLL`` seconds."""
    now = draft.manual_poll
    if now is not None and now.closed is None and at.mono - now.at.mono > LONGEST_POLL:
        _end(draft, replace(now, problem=now.problem or OVERDUE), at)


def _scope_of(fact: facts.Listed) -> read_scopes.Scope | None:
    """Return the scope that a listing of the poll covers; None for any other read."""
    match fact:
        case facts.QueuesListed():
            return read_scopes.QueuesScope()
        case facts.ConferencesListed():
            return read_scopes.ConferencesScope(fact.status)
        case facts.CallsListed():
            return read_scopes.CallsScope(fact.queue)
        case facts.ParticipantsListed():
            return read_scopes.ParticipantsScope(fact.conference)
        case _:
            return None


def _end(draft: Draft, ended: ManualPoll, at: Moment) -> None:
    draft.manual_poll = replace(ended, closed=at)
    if ended.problem is None:
        took = at.mono - ended.at.mono
        draft.log(at, Sign.NOTE, "polled", f"all {ended.total} listings, {took:.1f} s")
    else:
        count = f"{ended.read} of {ended.total} read"
        draft.log(at, Sign.NOTE, "poll failed", f"{count}; {failure_text(ended.problem)}")
