"""What to read next: a function of what is believed, what is looked at and what is under way."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallEventsScope,
    CallsScope,
    DeliveryScope,
    MissedEventsScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
)
from console.core.model.entities import Coverage
from console.core.model.resources import ProblemKind
from console.core.poll_intervals import due as due_again
from console.core.poll_intervals import haste
from console.core.sync.gap_tracking import DOWNTIME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from console.core.messages.read_scopes import Scope
    from console.core.model.entities import Conference, Queue
    from console.core.model.resources import Moment, Problem
    from console.core.model.state import State

_ASKED, _WATCHED, _PROMISED, _SPARE, _CURIOUS = range(5)
_UNKNOWN = Coverage()
_PROBE = QueuesScope()


@dataclass(frozen=True, slots=True)
class Need:
    """A scope that wants reading. Less ``rank`` goes first; times are monotonic seconds.

    ``late`` is how many of its own intervals it is behind, and ``last`` when it was last begun.
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
    """The scope to read now, or the seconds until there is one; infinite where none will be.

    ``due`` holds what was asked for explicitly and ``begun`` when each scope was last begun,
    both in monotonic seconds; ``begun`` is ahead of the state by what is not folded yet.
    Explicit requests go first, then by turns what the operator looks at and what was promised,
    then the conferences nobody looks at, as often as the budget allows. So a promise is kept though
    the budget does not suffice for what is looked at. A scope is never read twice at once.
    """
    needs = tuple(_needs(state, now, due, begun))
    idle = [need for need in needs if need.scope not in in_flight]
    ready = [need for need in idle if need.at <= now.mono]
    if not ready:
        return min((need.at for need in idle), default=inf) - now.mono
    order = (_ASKED, *_by_turns(needs), _SPARE, _CURIOUS)
    return min(ready, key=lambda need: (order.index(need.rank), -need.late)).scope


def _by_turns(needs: Collection[Need]) -> tuple[int, int]:
    """Whichever of the two was last served longer ago goes first."""
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
    stopped = state.health.stopped
    if stopped is not None:
        yield _probe(stopped, state, now, begun)
        return
    for scope, at in due.items():
        yield Need(_ASKED, at, now.mono - at, scope)
    shut = {
        type(scope)
        for scope, known in state.coverage.items()
        if known.problem is not None and _closed(scope, known.problem)
    }
    for rank, every, scope in _wanted(state):
        if type(scope) not in shut:
            yield _need(state, now, begun, (rank, every, scope))


def _probe(stopped: Moment, state: State, now: Moment, begun: Mapping[Scope, float]) -> Need:
    """What finds out by itself whether a key works again that was last refused at ``stopped``."""
    tried = max(stopped.mono, begun.get(_PROBE, -inf))
    at = tried + state.policy.key_every
    return Need(_ASKED, at, now.mono - at, _PROBE, tried)


def _wanted(state: State) -> Iterator[tuple[int, float, Scope]]:
    policy = state.policy
    yield _WATCHED, policy.conferences_every, LIVE
    yield _WATCHED, policy.queues_every, QueuesScope()
    yield _WATCHED, policy.conferences_every, INIT
    if state.watched_conference is not None and _living(
        state.conferences.get(state.watched_conference)
    ):
        yield _WATCHED, policy.people_watched_every, ParticipantsScope(state.watched_conference)
    if state.watched_queue is not None and _standing(state.queues.get(state.watched_queue)):
        yield _WATCHED, policy.calls_watched_every, CallsScope(state.watched_queue)
    for name, line in state.queues.items():
        if name != state.watched_queue and line.membership.here and _busy(state, line):
            yield _PROMISED, policy.calls_every, CallsScope(name)
    for id_, conference in state.conferences.items():
        if conference.ended:
            continue
        if conference.unsettled:
            yield _PROMISED, policy.conferences_every, OneConferenceScope(id_)
        if id_ != state.watched_conference and conference.membership.here:
            yield _PROMISED, policy.people_every, ParticipantsScope(id_)
            yield _SPARE, policy.conferences_every, ParticipantsScope(id_)

    yield from _strangers(state)
    yield from _missed(state)
    yield from _perhaps_hung_up(state)


def _strangers(state: State) -> Iterator[tuple[int, float, Scope]]:
    """Who is in a conference and was never heard of: read once, when nothing is more urgent."""
    for people in state.people.values():
        for leg, person in people.items():
            identity = state.identities.get(leg)
            strange = identity is None or not identity.known
            call = person.listed.leg_id if person.listed is not None else None
            if strange and person.membership.here and call is not None:
                yield _CURIOUS, state.policy.leg_read_every, CallEventsScope(call)


def _missed(state: State) -> Iterator[tuple[int, float, Scope]]:
    """What no webhook told of, and why: asked for where the key allows."""
    every, starts = state.policy.missed_every, dict[str, float]()
    for gap in state.gaps.values():
        if gap.event_id is not None:
            yield _CURIOUS, every, DeliveryScope(gap.event_id)
        elif gap.marked is not None and gap.connection and gap.asked < state.policy.missed_asks:
            listened = -inf if gap.name == DOWNTIME else state.health.since or -inf
            since = max(gap.since - state.policy.skew, listened)
            starts[gap.connection] = min(starts.get(gap.connection, inf), since)
    for connection, since in starts.items():
        if since > -inf:
            yield _SPARE, every, MissedEventsScope(connection, since)


def _perhaps_hung_up(state: State) -> Iterator[tuple[int, float, Scope]]:
    """Who went and nobody told whether they hung up: where the key allows, Telnyx is asked."""
    for gone in state.parked.values():
        if not gone.sure and gone.leg_id is not None:
            yield _CURIOUS, state.policy.parked_read_every, CallEventsScope(gone.leg_id)


def _closed(scope: Scope, problem: Problem) -> bool:
    """Whether what was refused once is not asked for again by itself."""
    if isinstance(scope, CallEventsScope | MissedEventsScope | DeliveryScope):
        return problem.kind in {ProblemKind.FORBIDDEN, ProblemKind.MISSING, ProblemKind.REFUSED}
    return problem.kind == ProblemKind.FORBIDDEN


def _living(conference: Conference | None) -> bool:
    return conference is None or (conference.membership.here and not conference.ended)


def _standing(line: Queue | None) -> bool:
    return line is None or line.membership.here


def _busy(state: State, line: Queue) -> bool:
    if line.listed is not None and line.listed.size != 0:  # a size that is not known may be any
        return True
    return any(each.membership.here for each in state.waiting.get(line.name, {}).values())


def _need(
    state: State,
    now: Moment,
    begun: Mapping[Scope, float],
    wanted: tuple[int, float, Scope],
) -> Need:
    rank, usual, scope = wanted
    every = usual / haste(state, scope, now)
    known = state.coverage.get(scope, _UNKNOWN)
    last = max(known.asked.mono if known.asked else -inf, begun.get(scope, -inf))
    return Need(rank, due_again(known, every, last), (now.mono - last) / every, scope, last)
