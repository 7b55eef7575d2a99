"""Forgetting, so that a console that runs for weeks holds no more than the last hour's past."""

from __future__ import annotations

from math import inf

from console.core.messages.read_scopes import (
    CallEventsScope,
    CallsScope,
    OneConferenceScope,
    ParticipantsScope,
)
from console.core.model.draft import Draft
from console.core.model.entities import Membership
from console.core.model.resources import Moment
from console.core.sync import gap_detection, parked

EVERY = 60.0
"""Seconds between two sweeps."""
NAMES = 1000
"""Names that are remembered of conferences that are forgotten, the newest: the log shows them."""


def passed(draft: Draft, at: Moment) -> None:
    """Drop what has been gone for longer than the policy remembers it."""
    if at.mono - draft.swept < EVERY:
        return
    draft.swept = at.mono
    gap_detection.spoken(draft, at)
    before = at.mono - draft.policy.gone_kept
    _forget_conferences(draft, before)
    _forget_names(draft)
    for conference in draft.people.parts():
        for leg, person in list(draft.people.of(conference).items()):
            if _gone(person.membership, before):
                draft.people.drop(conference, leg)
    _forget_queues(draft, before)
    parked.forget(draft, at)
    _forget_strangers(draft, before)


def _forget_conferences(draft: Draft, before: float) -> None:
    for id_, conference in list(draft.conferences.entries.items()):
        ended = conference.ended_at.mono if conference.ended_at else inf
        if ended < before or (not conference.ended and _gone(conference.membership, before)):
            draft.conferences.drop(id_)
            draft.people.clear(id_)
            draft.coverage.drop(ParticipantsScope(id_))
            draft.coverage.drop(OneConferenceScope(id_))


def _forget_names(draft: Draft) -> None:
    others = [id_ for id_ in draft.names.entries if id_ not in draft.conferences.entries]
    for id_ in others[: max(0, len(others) - NAMES)]:
        draft.names.drop(id_)


def _forget_queues(draft: Draft, before: float) -> None:
    for queue in draft.waiting.parts():
        for leg, call in list(draft.waiting.of(queue).items()):
            if _gone(call.membership, before):
                draft.waiting.drop(queue, leg)
    for name, line in list(draft.queues.entries.items()):
        if _gone(line.membership, before):
            draft.queues.drop(name)
            draft.coverage.drop(CallsScope(name))


def _gone(register: Membership, before: float) -> bool:
    return not register.here and max(register.known_at, register.answered_at) < before


def _forget_strangers(draft: Draft, before: float) -> None:
    told = [scope for scope in draft.coverage.entries if isinstance(scope, CallEventsScope)]
    for scope in told:
        read = draft.coverage.entries[scope].answered
        if read is None or read.mono < before:
            draft.coverage.drop(scope)
    for leg, identity in list(draft.identities.entries.items()):
        there = draft.people.has(leg) or draft.waiting.has(leg) or leg in draft.parked.entries
        if identity.seen.mono < before and not there:
            draft.identities.drop(leg)
