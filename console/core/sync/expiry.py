"""Drop entities that have been gone for an hour, so that memory stays bounded over weeks."""

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
from console.core.model.listed_resources import Moment
from console.core.sync import gap_detection, parked

EXPIRY_SECONDS = 60.0
"""Seconds between two expiry passes."""
KEPT_NAMES = 1000
"""Names kept of conferences that were dropped, newest first. The log still shows them."""


def drop_expired(draft: Draft, at: Moment) -> None:
    """Drop everything gone for longer than ``policy.gone_kept`` seconds. Runs once a minute."""
    if at.mono - draft.expired_at < EXPIRY_SECONDS:
        return
    draft.expired_at = at.mono
    gap_detection.check_long_speech(draft, at)
    before = at.mono - draft.policy.gone_kept
    _drop_conferences(draft, before)
    others = [id_ for id_ in draft.names.entries if id_ not in draft.conferences.entries]
    for id_ in others[: max(0, len(others) - KEPT_NAMES)]:
        draft.names.drop(id_)
    for conference in draft.people.parts():
        for leg, person in list(draft.people.of(conference).items()):
            if _is_expired(person.membership, before):
                draft.people.drop(conference, leg)
    _drop_queues(draft, before)
    parked.drop_expired(draft, at)
    _drop_identities(draft, before)


def _drop_conferences(draft: Draft, before: float) -> None:
    for id_, conference in list(draft.conferences.entries.items()):
        ended = conference.ended_at.mono if conference.ended_at else inf
        if ended < before or (not conference.ended and _is_expired(conference.membership, before)):
            draft.conferences.drop(id_)
            draft.people.clear(id_)
            draft.coverage.drop(ParticipantsScope(id_))
            draft.coverage.drop(OneConferenceScope(id_))


def _drop_queues(draft: Draft, before: float) -> None:
    for part in draft.waiting.parts():
        for leg, call in list(draft.waiting.of(part).items()):
            if _is_expired(call.membership, before):
                draft.waiting.drop(part, leg)
    for name, queue in list(draft.queues.entries.items()):
        if _is_expired(queue.membership, before):
            draft.queues.drop(name)
            draft.coverage.drop(CallsScope(name))


def _is_expired(membership: Membership, before: float) -> bool:
    return not membership.here and max(membership.known_at, membership.answered_at) < before


def _drop_identities(draft: Draft, before: float) -> None:
    reads = [scope for scope in draft.coverage.entries if isinstance(scope, CallEventsScope)]
    for scope in reads:
        answered = draft.coverage.entries[scope].answered
        if answered is None or answered.mono < before:
            draft.coverage.drop(scope)
    for leg, identity in list(draft.identities.entries.items()):
        is_held = draft.people.has(leg) or draft.waiting.has(leg) or leg in draft.parked.entries
        if identity.seen.mono < before and not is_held:
            draft.identities.drop(leg)
