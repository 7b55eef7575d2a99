"""How often a scope is read, and when again after it failed: the poller's rule, and what is shown.

Both look here, so that a countdown on the screen is the one that is kept.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from console.core.beliefs import Coverage
from console.core.scopes import Calls, CallStory, Missed, OneConference, People, Queues, WhyMissed

if TYPE_CHECKING:
    from console.core.scopes import Scope
    from console.core.state import State
    from console.core.things import Moment

LONGEST = 60.0
"""Seconds: however often a scope failed, it is tried again after these."""
_UNKNOWN = Coverage()


def interval(state: State, scope: Scope) -> float:
    """Seconds between two readings of a scope, as the poller means to keep."""
    policy = state.policy
    match scope:
        case Queues():
            return policy.queues_every
        case Calls(queue):
            watched = queue == state.watched_queue
            return policy.calls_watched_every if watched else policy.calls_every
        case People(room):
            watched = room == state.watched_room
            return policy.people_watched_every if watched else policy.people_every
        case OneConference() | CallStory() | Missed() | WhyMissed():
            return policy.people_every
        case _:
            return policy.conferences_every


def is_old(state: State, scope: Scope, now: Moment, *, unread: bool) -> bool:
    """Whether its last reading is too old for current; ``unread`` where there was none."""
    answered = state.coverage.get(scope, _UNKNOWN).answered
    if answered is None:
        return unread
    return now.mono - answered.mono > interval(state, scope) * state.policy.stale_after


def due(known: Coverage, every: float, begun: float = -inf) -> float:
    """When it is read next by itself, in monotonic seconds: later the oftener it has failed.

    ``begun`` is when it was last begun, where that is not known yet of ``known``.
    """
    last = max(known.asked.mono if known.asked else -inf, begun)
    at = last + every
    if known.failures and known.failed is not None:
        rest = min(every * 2.0 ** min(known.failures - 1, 10), max(LONGEST, every))
        at = max(at, known.failed.mono + rest)
    return at


def retried(state: State, scope: Scope) -> float | None:
    """When a scope that failed is tried again, in monotonic seconds; None where nobody can say.

    A probe decides while polls pause, and rooms and queues that nobody looks at take turns.
    """
    known = state.coverage.get(scope, _UNKNOWN)
    aside = isinstance(scope, Calls) and scope.queue != state.watched_queue
    aside |= isinstance(scope, People) and scope.conference != state.watched_room
    stopped = state.health.stopped is not None or state.health.paused is not None
    if not known.failures or known.failed is None or aside or stopped:
        return None
    held = state.health.held
    return max(due(known, interval(state, scope)), held.mono if held is not None else -inf)
