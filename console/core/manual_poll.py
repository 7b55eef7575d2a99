"""The poll that the operator asks for (ctrl+r): what is read for it, and what came of that.

It goes out at once, also while polls pause, and it ends: with every listing read, with what failed,
or with what did not come in time.
"""

from __future__ import annotations

from dataclasses import replace

from console.core.health import in_words
from console.core.messages.effects import Refresh
from console.core.messages.facts import (
    CallsListed,
    ConferencesListed,
    Listed,
    ParticipantsListed,
    QueuesListed,
    ReadingFailed,
)
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallsScope,
    ConferencesScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.draft import Draft
from console.core.model.entities import ManualPoll
from console.core.model.resources import Moment, Problem, ProblemKind
from console.core.model.state import Sign

PATIENCE = 75.0
"""Seconds after which it ends in any case: a rate limit may hold it for a minute."""
LATE = Problem(ProblemKind.UNANSWERED, title="no answer in time")


def poll(draft: Draft, at: Moment) -> None:
    """Read what the panes show now; a stop because of a refused key is lifted."""
    draft.health = replace(draft.health, stopped=None)
    for scope, known in list(draft.coverage.entries.items()):
        if known.problem is not None:
            draft.coverage.put(scope, replace(known, problem=None))
    scopes: list[Scope] = [QueuesScope(), LIVE, INIT]
    if draft.watched_queue is not None:
        scopes.append(CallsScope(draft.watched_queue))
    if draft.watched_conference is not None:
        scopes.append(ParticipantsScope(draft.watched_conference))
    draft.manual_poll = ManualPoll(at, len(scopes), tuple(scopes))
    draft.effects += [Refresh(scope, by_operator=True) for scope in scopes]


def listed(draft: Draft, fact: Listed) -> None:
    """Count a listing that was asked for since; older ones show an older moment."""
    now = draft.manual_poll
    if now is None or now.closed is not None or fact.reading.asked < now.at:
        return
    left = tuple(one for one in now.waiting if one != _scope_of(fact))
    draft.manual_poll = replace(now, waiting=left)
    if not left:
        _end(draft, draft.manual_poll, fact.reading.answered)


def failed(draft: Draft, fact: ReadingFailed) -> None:
    """Note why a listing did not come. A refused key ends the poll: nothing else is read then."""
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


def passed(draft: Draft, at: Moment) -> None:
    """End a poll that nothing comes of any more."""
    now = draft.manual_poll
    if now is not None and now.closed is None and at.mono - now.at.mono > PATIENCE:
        _end(draft, replace(now, problem=now.problem or LATE), at)


def _scope_of(fact: Listed) -> Scope | None:
    match fact:
        case QueuesListed():
            return QueuesScope()
        case ConferencesListed():
            return ConferencesScope(fact.status)
        case CallsListed():
            return CallsScope(fact.queue)
        case ParticipantsListed():
            return ParticipantsScope(fact.conference)
        case _:
            return None


def _end(draft: Draft, ended: ManualPoll, at: Moment) -> None:
    draft.manual_poll = replace(ended, closed=at)
    if ended.problem is None:
        took = at.mono - ended.at.mono
        draft.log(at, Sign.NOTE, "polled", f"all {ended.total} listings, {took:.1f} s")
    else:
        count = f"{ended.read} of {ended.total} read"
        draft.log(at, Sign.NOTE, "poll failed", f"{count}; {in_words(ended.problem)}")
