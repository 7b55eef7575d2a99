"""Compute when each scope is polled or retried, for the poller and the screen's countdowns."""

from __future__ import annotations

from math import inf

from console.core.messages import read_scopes
from console.core.model.entities import Coverage
from console.core.model.listed_resources import Moment, ProblemKind
from console.core.model.state import State

LONGEST_WAIT = 60.0
"""Longest wait in seconds before a failed scope is tried again."""
_UNKNOWN = Coverage()


def interval(state: State, scope: read_scopes.Scope) -> float:
    """Return the usual seconds between two readings of a scope."""
    policy = state.policy
    match scope:
        case read_scopes.QueuesScope():
            return policy.queues_every
        case read_scopes.CallsScope(queue):
            watched = queue == state.watched_queue
            return policy.calls_watched_every if watched else policy.calls_every
        case read_scopes.ParticipantsScope(conference):
            watched = conference == state.watched_conference
            return policy.people_watched_every if watched else policy.people_every
        case read_scopes.ConferencesScope() | read_scopes.OneResourceScope():
            return policy.conferences_every
        case _:
            return policy.people_every


def webhook_silence(state: State, now: Moment) -> float | None:
    """Return the seconds without a webhook while polls show changes; None if nothing is wrong.

    A change counts only after ``policy.gap_wait`` seconds: before, its webhook may still arrive.
    """
    health, policy = state.health, state.policy
    if health.listening_since is None or health.polled_changes_since is None:
        return None
    heard = max(health.listening_since, health.last_webhook or health.listening_since)
    silent, known = now.mono - heard.mono, now.mono - health.polled_changes_since.mono
    return silent if silent > policy.webhooks_silent and known > policy.gap_wait else None


def unreadable_scopes(state: State) -> int:
    """Return how many live scopes were last answered in a shape that cannot be read."""
    problems = [(scope, known.problem) for scope, known in state.coverage.items() if known.problem]
    return sum(why.kind == ProblemKind.SHAPE and _is_live(state, scope) for scope, why in problems)


def _is_live(state: State, scope: read_scopes.Scope) -> bool:
    """True unless the scope's conference has ended, its queue is gone or it is no listing."""
    match scope:
        case read_scopes.CallsScope(name):
            queue = state.queues.get(name)
            return queue is None or queue.is_here
        case read_scopes.ParticipantsScope(id_) | read_scopes.OneConferenceScope(id_):
            conference = state.conferences.get(id_)
            return conference is None or not conference.ended
        case read_scopes.QueuesScope() | read_scopes.ConferencesScope():
            return True
        case _:
            return False


def rate_factor(state: State, scope: read_scopes.Scope, now: Moment) -> float:
    """Return the factor by which a scope is read more often than usual. 1.0 is the usual rate.

    Scopes that webhooks should announce are read more often while no webhook arrives.
    """
    announced = not isinstance(scope, read_scopes.OneResourceScope | read_scopes.UnspecifiedScope)
    silent = announced and webhook_silence(state, now) is not None
    return state.policy.poll_factor if silent else 1.0


def age_in_intervals(state: State, scope: read_scopes.Scope, now: Moment) -> float | None:
    """Return the age of a scope's last reading in usual intervals; None if it was never read."""
    answered = state.coverage.get(scope, _UNKNOWN).answered
    return None if answered is None else (now.mono - answered.mono) / interval(state, scope)


def is_old(state: State, scope: read_scopes.Scope, now: Moment, *, unread: bool) -> bool:
    """True if the last reading of a scope is too old; ``unread`` if the scope was never read."""
    passed = age_in_intervals(state, scope, now)
    return unread if passed is None else passed > state.policy.stale_after


def next_poll(known: Coverage, every: float, begun: float = -inf) -> float:
    """Return when a scope is polled next, in monotonic seconds. Each failure doubles the wait.

    An answer of an unreadable shape is no outage, so the scope keeps its rate. ``every`` is the
    seconds between readings. ``begun`` is when the newest reading began, if ``known`` lacks it.
    """
    last = max(known.asked.mono if known.asked else -inf, begun)
    at = last + every
    misread = known.problem is not None and known.problem.kind == ProblemKind.SHAPE
    if known.failures and known.failed is not None and not misread:
        rest = min(every * 2.0 ** min(known.failures - 1, 10), max(LONGEST_WAIT, every))
        at = max(at, known.failed.mono + rest)
    return at


def next_retry(state: State, scope: read_scopes.Scope, now: Moment) -> float | None:
    """Return when a failed scope is tried again, in monotonic seconds; None if unpredictable.

    While polls pause, a probe decides. Conferences and queues that no pane shows take turns.
    """
    known = state.coverage.get(scope, _UNKNOWN)
    aside = isinstance(scope, read_scopes.CallsScope) and scope.queue != state.watched_queue
    aside |= (
        isinstance(scope, read_scopes.ParticipantsScope)
        and scope.conference != state.watched_conference
    )
    stopped = state.health.key_refused is not None or state.health.polls_paused_until is not None
    if not known.failures or known.failed is None or aside or stopped:
        return None
    held = state.health.polls_held_until
    every = interval(state, scope) / rate_factor(state, scope, now)
    return max(next_poll(known, every), held.mono if held is not None else -inf)
