"""How often a scope is read, and when again after it failed: the poller's rule, and what is shown.

Both look here, so that a countdown on the screen is the one that is kept.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from console.core.messages.read_scopes import (
    CallEventsScope,
    CallsScope,
    ConferencesScope,
    DeliveryScope,
    MissedEventsScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
)
from console.core.model.entities import Coverage
from console.core.model.resources import ProblemKind

if TYPE_CHECKING:
    from console.core.messages.read_scopes import Scope
    from console.core.model.resources import Moment
    from console.core.model.state import State

LONGEST = 60.0
"""Seconds: however often a scope failed, it is tried again after these."""
_UNKNOWN = Coverage()


def interval(state: State, scope: Scope) -> float:
    """Seconds between two readings of a scope, as the poller usually means to keep."""
    policy = state.policy
    match scope:
        case QueuesScope():
            return policy.queues_every
        case CallsScope(queue):
            watched = queue == state.watched_queue
            return policy.calls_watched_every if watched else policy.calls_every
        case ParticipantsScope(conference):
            watched = conference == state.watched_conference
            return policy.people_watched_every if watched else policy.people_every
        case OneConferenceScope() | CallEventsScope() | MissedEventsScope() | DeliveryScope():
            return policy.people_every
        case _:
            return policy.conferences_every


def silence(state: State, now: Moment) -> float | None:
    """Seconds for which no webhook has come while polls show changes; None while nothing is wrong.

    A change that its webhook may still tell of shows nothing.
    """
    health, policy = state.health, state.policy
    if health.listening is None or health.unheard_since is None:
        return None
    heard = health.listening if health.webhook is None else max(health.listening, health.webhook)
    silent, known = now.mono - heard.mono, now.mono - health.unheard_since.mono
    return silent if silent > policy.webhooks_silent and known > policy.gap_wait else None


def misread(state: State) -> int:
    """Return how many scopes that still matter were last answered in an unreadable shape."""
    return sum(
        known.problem is not None
        and known.problem.kind == ProblemKind.SHAPE
        and _matters(state, scope)
        for scope, known in state.coverage.items()
    )


def _matters(state: State, scope: Scope) -> bool:
    match scope:
        case CallsScope(queue):
            line = state.queues.get(queue)
            return line is None or line.membership.here
        case ParticipantsScope(id_) | OneConferenceScope(id_):
            conference = state.conferences.get(id_)
            return conference is None or not conference.ended
        case QueuesScope() | ConferencesScope():
            return True
        case _:
            return False


def haste(state: State, scope: Scope, now: Moment) -> float:
    """How many times as often as usual a scope is read: more where no webhook tells of it."""
    told = isinstance(
        scope, QueuesScope | CallsScope | ConferencesScope | ParticipantsScope | OneConferenceScope
    )
    return state.policy.poll_factor if told and silence(state, now) is not None else 1.0


def intervals(state: State, scope: Scope, now: Moment) -> float | None:
    """How many of its usual intervals ago a scope was read; None where it never was."""
    answered = state.coverage.get(scope, _UNKNOWN).answered
    return None if answered is None else (now.mono - answered.mono) / interval(state, scope)


def is_old(state: State, scope: Scope, now: Moment, *, unread: bool) -> bool:
    """Whether its last reading is too old for current; ``unread`` where there was none."""
    passed = intervals(state, scope, now)
    return unread if passed is None else passed > state.policy.stale_after


def due(known: Coverage, every: float, begun: float = -inf) -> float:
    """When it is read next by itself, in monotonic seconds: later the oftener it has failed.

    An answer that cannot be read is no outage: the scope is read as often as ever. ``begun`` is
    when it was last begun, where that is not known yet of ``known``.
    """
    last = max(known.asked.mono if known.asked else -inf, begun)
    at = last + every
    misread = known.problem is not None and known.problem.kind == ProblemKind.SHAPE
    if known.failures and known.failed is not None and not misread:
        rest = min(every * 2.0 ** min(known.failures - 1, 10), max(LONGEST, every))
        at = max(at, known.failed.mono + rest)
    return at


def retried(state: State, scope: Scope, now: Moment) -> float | None:
    """When a scope that failed is tried again, in monotonic seconds; None where nobody can say.

    A probe decides while polls pause, and conferences and queues that nobody looks at take turns.
    """
    known = state.coverage.get(scope, _UNKNOWN)
    aside = isinstance(scope, CallsScope) and scope.queue != state.watched_queue
    aside |= isinstance(scope, ParticipantsScope) and scope.conference != state.watched_conference
    stopped = state.health.stopped is not None or state.health.paused is not None
    if not known.failures or known.failed is None or aside or stopped:
        return None
    held = state.health.held
    every = interval(state, scope) / haste(state, scope, now)
    return max(due(known, every), held.mono if held is not None else -inf)
