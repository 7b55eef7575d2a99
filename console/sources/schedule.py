"""Choice of the next scope to read, from the state, the readings under way and the requests."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from console.core.messages import read_scopes
from console.core.model.entities import Coverage
from console.core.model.listed_resources import ProblemKind
from console.core.poll_intervals import next_poll, rate_factor
from console.core.sync.gap_tracking import DOWNTIME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from console.core.messages.read_scopes import Scope
    from console.core.model.entities import Conference, Queue
    from console.core.model.listed_resources import Moment, Problem
    from console.core.model.state import State

_ASKED, _WATCHED, _PROMISED, _SPARE, _CURIOUS = range(5)
"""Ranks: requested; on the screen; promised at a fixed interval; if the rate limit leaves room; of
interest only."""
_UNKNOWN = Coverage()
_PROBE = read_scopes.QueuesScope()


@dataclass(frozen=True, slots=True)
class Need:
    """A scope to be read. A lower ``rank`` goes first.

    ``at`` is the time it is due and ``last`` the start of its last reading, in monotonic seconds.
    ``late`` is the time since ``last`` in units of its own interval.
    """

    rank: int
    at: float
    late: float
    scope: Scope
    last: float = -inf


def next_read(
    state: State,
    now: Moment,
    in_flight: Collection[Scope],
    due: Mapping[Scope, float],
    begun: Mapping[Scope, float],
) -> Scope | float:
    """Return the scope to read now, or the seconds until one is due (infinite if none will be).

    ``due`` holds the times of explicit requests, and ``begun`` the start of the last reading of
    each scope, in monotonic seconds. ``begun`` is newer than the state, which lacks the readings
    under way. Explicit requests go first. Then the scopes on the screen and the promised ones take
    turns, so that promises are kept even if the rate limit is too low for the screen. The other
    conferences follow. A scope in ``in_flight`` is not read a second time.
    """
    needs = tuple(_needs(state, now, due, begun))
    idle = [need for need in needs if need.scope not in in_flight]
    ready = [need for need in idle if need.at <= now.mono]
    if not ready:
        return min((need.at for need in idle), default=inf) - now.mono
    order = (_ASKED, *_by_turns(needs), _SPARE, _CURIOUS)
    return min(ready, key=lambda need: (order.index(need.rank), -need.late)).scope


def _by_turns(needs: Collection[Need]) -> tuple[int, int]:
    """Return the ranks of watched and promised scopes, the one that waited longer first."""
    served = {_WATCHED: -inf, _PROMISED: -inf}
    for need in needs:
        if need.rank in served:
            served[need.rank] = max(served[need.rank], need.last)
    if served[_PROMISED] < served[_WATCHED]:
        return _PROMISED, _WATCHED
    return _WATCHED, _PROMISED


def _needs(
    state: State, now: Moment, due: Mapping[Scope, float], begun: Mapping[Scope, float]
) -> Iterator[Need]:
    stopped = state.health.key_refused
    if stopped is not None:  # test if the key works again
        tried = max(stopped.mono, begun.get(_PROBE, -inf))
        at = tried + state.policy.key_every
        yield Need(_ASKED, at, now.mono - at, _PROBE, tried)
        return
    for scope, at in due.items():
        yield Need(_ASKED, at, now.mono - at, scope)
    refused = {
        type(scope)
        for scope, known in state.coverage.items()
        if known.problem is not None and _is_final(scope, known.problem)
    }
    for rank, usual, scope in _wanted(state):
        if type(scope) not in refused:
            every = usual / rate_factor(state, scope, now)
            known = state.coverage.get(scope, _UNKNOWN)
            last = max(known.asked.mono if known.asked else -inf, begun.get(scope, -inf))
            at, late = next_poll(known, every, last), (now.mono - last) / every
            yield Need(rank, at, late, scope, last)


def _wanted(state: State) -> Iterator[tuple[int, float, Scope]]:
    policy = state.policy
    yield _WATCHED, policy.conferences_every, read_scopes.LIVE
    yield _WATCHED, policy.queues_every, read_scopes.QueuesScope()
    yield _WATCHED, policy.conferences_every, read_scopes.INIT
    watched = state.watched_conference
    if watched is not None and _is_live(state.conferences.get(watched)):
        yield _WATCHED, policy.people_watched_every, read_scopes.ParticipantsScope(watched)
    if state.watched_queue is not None and _exists(state.queues.get(state.watched_queue)):
        yield _WATCHED, policy.calls_watched_every, read_scopes.CallsScope(state.watched_queue)
    for name, queue in state.queues.items():
        if name != state.watched_queue and queue.membership.here and _may_have_calls(state, queue):
            yield _PROMISED, policy.calls_every, read_scopes.CallsScope(name)
    for id_, conference in state.conferences.items():
        if conference.ended:
            continue
        if conference.unsettled:
            yield _PROMISED, policy.conferences_every, read_scopes.OneConferenceScope(id_)
        if id_ != watched and conference.membership.here:
            yield _PROMISED, policy.people_every, read_scopes.ParticipantsScope(id_)
            yield _SPARE, policy.conferences_every, read_scopes.ParticipantsScope(id_)
    yield from _unidentified(state)
    yield from _missed(state)
    yield from _perhaps_hung_up(state)


def _unidentified(state: State) -> Iterator[tuple[int, float, Scope]]:
    """Yield the call events of participants whose identity no webhook has told."""
    for people in state.people.values():
        for leg, person in people.items():
            identity = state.identities.get(leg)
            unknown = identity is None or not identity.known
            call = person.listed.leg_id if person.listed is not None else None
            if unknown and person.membership.here and call is not None:
                yield _CURIOUS, state.policy.leg_read_every, read_scopes.CallEventsScope(call)


def _missed(state: State) -> Iterator[tuple[int, float, Scope]]:
    """Yield the searches for missed webhooks, and for the deliveries of those already found."""
    every, starts = state.policy.missed_every, dict[str, float]()
    for gap in state.gaps.values():
        if gap.event_id is not None:
            yield _CURIOUS, every, read_scopes.DeliveryScope(gap.event_id)
        elif gap.logged is not None and gap.connection and gap.api_reads < state.policy.missed_asks:
            listened = -inf if gap.name == DOWNTIME else state.health.listening_since_telnyx or -inf
            since = max(gap.since - state.policy.skew, listened)
            starts[gap.connection] = min(starts.get(gap.connection, inf), since)
    for connection, since in starts.items():
        if since > -inf:
            yield _SPARE, every, read_scopes.MissedEventsScope(connection, since)


def _perhaps_hung_up(state: State) -> Iterator[tuple[int, float, Scope]]:
    every = state.policy.parked_read_every
    for gone in state.parked.values():
        if not gone.was_alive and gone.leg_id is not None:
            yield _CURIOUS, every, read_scopes.CallEventsScope(gone.leg_id)


def _is_final(scope: Scope, problem: Problem) -> bool:
    """True if scopes of this type are not read again after this refusal."""
    if isinstance(scope, read_scopes.UnspecifiedScope):
        return problem.kind in {ProblemKind.FORBIDDEN, ProblemKind.MISSING, ProblemKind.REFUSED}
    return problem.kind == ProblemKind.FORBIDDEN


def _is_live(conference: Conference | None) -> bool:
    return conference is None or (conference.membership.here and not conference.ended)


def _exists(queue: Queue | None) -> bool:
    return queue is None or queue.membership.here


def _may_have_calls(state: State, queue: Queue) -> bool:
    if queue.listed is not None and queue.listed.size != 0:  # None is an unknown size
        return True
    return any(each.membership.here for each in state.waiting.get(queue.name, {}).values())
