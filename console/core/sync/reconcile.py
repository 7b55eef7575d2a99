"""Merge the listings of Telnyx into the state."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from math import inf

from console.core.messages import facts
from console.core.messages.effects import KeepNames, Refresh
from console.core.messages.read_scopes import (
    CallsScope,
    ConferencesScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.model.draft import Draft
from console.core.model.entities import (
    Conference,
    Coverage,
    Membership,
    Participant,
    Queue,
    QueuedCall,
)
from console.core.model.listed_resources import (
    ConferenceResource,
    Moment,
    ParticipantResource,
    ParticipantStatus,
    QueuedCallResource,
)
from console.core.model.policy import Policy
from console.core.model.state import Sign
from console.core.sync import gap_detection, merge_rules, other_clients, parked

HANG_UP = frozenset({"host_left", "ended_via_api"})
"""Telnyx API, End a conference, end_conference_on_exit: end reasons that hang up everyone."""


def _merge_reading(
    draft: Draft, known: Membership, reading: facts.Reading, *, here: bool
) -> Membership:
    return merge_rules.merge_reading(known, here=here, reading=reading, policy=draft.policy)


def merge_participants(draft: Draft, fact: facts.ParticipantsListed) -> None:
    """Merge the listing of all participants of one conference."""
    conference = draft.conferences.get(fact.conference)
    if conference is not None and conference.ended:
        return
    if fact.items is None:
        draft.effects.append(Refresh(OneConferenceScope(fact.conference)))
        return
    listed = fact.present()
    changes: list[other_clients.OtherClientChange] = []
    for item in listed.values():
        changes += _merge_participant(draft, fact.conference, item, fact.reading)
    other_clients.log_changes(draft, fact.conference, changes, fact.reading.answered)
    for leg in _absent_keys(draft.people.of(fact.conference), listed, fact.reading):
        person = draft.people.of(fact.conference)[leg]
        membership = _merge_reading(draft, person.membership, fact.reading, here=False)
        own = person.own_role if membership.here else None
        draft.people.put(fact.conference, leg, replace(person, membership=membership, own_role=own))
        if not membership.here:
            gap_detection.check_absent(draft, person, fact.reading)
            leg_id = person.listed.leg_id if person.listed else None
            at = fact.reading.answered
            parked.park_absent(draft, leg, at, conference=fact.conference, leg_id=leg_id)
    record_coverage(draft, ParticipantsScope(fact.conference), fact.reading, len(listed))


def merge_queued_calls(draft: Draft, fact: facts.CallsListed) -> None:
    """Merge the listing of all calls of one queue."""
    listed = {item.leg: item for item in fact.items or ()}
    for item in listed.values():
        _merge_queued_call(draft, fact.queue, item, fact.reading)
    for leg in _absent_keys(draft.waiting.of(fact.queue), listed, fact.reading):
        call = draft.waiting.of(fact.queue)[leg]
        membership = _merge_reading(draft, call.membership, fact.reading, here=False)
        draft.waiting.put(fact.queue, leg, replace(call, membership=membership))
        if not membership.here:
            gap_detection.check_absent(draft, call, fact.reading)
            leg_id = call.listed.leg_id if call.listed else None
            parked.park_absent(draft, leg, fact.reading.answered, queue=fact.queue, leg_id=leg_id)
    record_coverage(draft, CallsScope(fact.queue), fact.reading, len(listed))


def merge_queues(draft: Draft, fact: facts.QueuesListed) -> None:
    """Merge the listing of all queues. No webhook tells their end: an absent queue is gone."""
    listed = {item.name: item for item in fact.items}
    for name, item in listed.items():
        queue = draft.queues.get(name) or Queue(name, Membership())
        membership = _merge_reading(draft, queue.membership, fact.reading, here=True)
        newer = queue.listed_seen is None or fact.reading.asked >= queue.listed_seen
        fields, seen = (item, fact.reading.answered) if newer else (queue.listed, queue.listed_seen)
        draft.queues.put(name, Queue(name, membership, fields, seen))
    for name in _absent_keys(draft.queues.entries, listed, fact.reading):
        queue = draft.queues.entries[name]
        membership = _merge_reading(draft, queue.membership, fact.reading, here=False)
        draft.queues.put(name, replace(queue, membership=membership))
    record_coverage(draft, QueuesScope(), fact.reading, len(listed))


def merge_conferences(draft: Draft, fact: facts.ConferencesListed) -> None:
    """Merge a listing of one status. Read each vanished conference: absence alone never ends it."""
    listed = {item.id: item for item in fact.items}
    for item in listed.values():
        merge_conference(draft, item, fact.reading)
    for id_ in _absent_keys(draft.conferences.entries, listed, fact.reading):
        conference = draft.conferences.entries[id_]
        status = conference.listed.status if conference.listed else None
        if conference.ended or conference.unsettled or status not in (fact.status, None):
            continue
        if merge_rules.may_overrule(conference.membership, fact.reading, draft.policy):
            draft.conferences.put(id_, replace(conference, unsettled=True))
            draft.effects.append(Refresh(OneConferenceScope(id_)))
    record_coverage(draft, ConferencesScope(fact.status), fact.reading, len(listed))


def merge_conference_read(draft: Draft, fact: facts.ConferenceRead) -> None:
    """Merge the read of one conference. Only this read tells that a vanished conference ended."""
    if fact.item is not None:
        merge_conference(draft, fact.item, fact.reading)
        return
    conference = draft.conferences.get(fact.id)
    if conference is None or conference.ended:
        return
    membership = _merge_reading(draft, conference.membership, fact.reading, here=False)
    draft.conferences.put(fact.id, replace(conference, membership=membership, unsettled=False))


def merge_conference(draft: Draft, item: ConferenceResource, reading: facts.Reading) -> None:
    """Merge one listed or read conference."""
    conference = draft.conferences.get(item.id) or Conference(item.id, Membership())
    if conference.ended:
        if item.completed:
            last = replace(conference, listed=item, end_reason=item.end_reason)
            draft.conferences.put(item.id, last)
        return
    before = conference
    gap_detection.check_conference(draft, conference, item, reading)
    membership = _merge_reading(draft, conference.membership, reading, here=True)
    conference = replace(conference, membership=membership, unsettled=False)
    updated = conference.listed.updated_at if conference.listed else None
    if _is_newer(reading, conference.listed_seen, item.updated_at, updated):
        conference = replace(conference, listed=item, listed_seen=reading.answered)
    draft.conferences.put(item.id, conference)
    if item.completed:
        other_clients.log_conference_end(draft, before, item, reading)
        end_conference(draft, item.id, reading.answered, item.end_reason)


def end_conference(draft: Draft, id_: str, at: Moment, reason: str | None) -> None:
    """Mark a conference as ended for good, and remove its participants."""
    conference = draft.conferences.get(id_) or Conference(id_, Membership())
    if conference.ended:
        return
    ended = replace(conference, ended=True, ended_at=at, end_reason=reason)
    draft.conferences.put(id_, replace(ended, unsettled=False, floor=None))
    name = draft.names.get(id_)
    if name is not None:  # a restart may read back to the end and not to the start
        draft.effects.append(KeepNames(((id_, name),)))
    here = [person for person in draft.people.of(id_).values() if person.is_here]
    draft.people.clear(id_)
    for person in here:
        fields = person.listed
        if reason not in HANG_UP or (fields is not None and fields.end_on_exit):
            leg_id = fields.leg_id if fields is not None else None
            parked.park_absent(draft, person.leg, at, conference=id_, leg_id=leg_id)


def _merge_participant(
    draft: Draft, conference: str, item: ParticipantResource, reading: facts.Reading
) -> list[other_clients.OtherClientChange]:
    """Merge one listed participant. Return the changes that another client made."""
    changes: list[other_clients.OtherClientChange] = []
    known = draft.people.get(conference, item.leg)
    person = known or Participant(item.leg, conference, Membership())
    membership = _merge_reading(draft, person.membership, reading, here=True)
    if item.status is None and known is not None:  # an unreadable status may mean "left"
        membership = known.membership
    if membership.here and item.status == ParticipantStatus.JOINED:
        gap_detection.check_present(draft, person, item, reading)
    updated = person.listed.updated_at if person.listed else None
    this_stay = _is_of_current_stay(person.membership, item.created_at, reading, draft.policy)
    if this_stay and _is_newer(reading, person.listed_seen, item.updated_at, updated):
        last_id = person.listed.id if person.listed is not None else None
        again = None not in {last_id, item.id} and last_id != item.id
        accounted, changes = other_clients.account_for(draft, person, item, reading)
        person = replace(
            person,
            accounted=accounted,
            listed=item,
            listed_seen=reading.answered,
            joined_at=_first_known(item.created_at, None if again else person.joined_at),
            own_role=None if again else person.own_role,
        )
    draft.people.put(conference, item.leg, replace(person, membership=membership))
    if membership.here:
        parked.drop_seen_by_listing(draft, item.leg, reading)
    return changes


def _is_of_current_stay(
    membership: Membership, created: float | None, reading: facts.Reading, policy: Policy
) -> bool:
    """True if a listed item belongs to the stay that the last join webhook began.

    An item without a creation time belongs to it only if the reading overrules the webhook.
    """
    if membership.rank != 0:
        return True
    if created is None:
        return merge_rules.may_overrule(membership, reading, policy)
    return created >= membership.stamp - policy.skew


def _first_known(listed: float | None, known: float | None) -> float | None:
    return known if listed is None else listed


def _merge_queued_call(
    draft: Draft, queue: str, item: QueuedCallResource, reading: facts.Reading
) -> None:
    call = draft.waiting.get(queue, item.leg) or QueuedCall(item.leg, queue, Membership())
    membership = _merge_reading(draft, call.membership, reading, here=True)
    if membership.here:
        gap_detection.check_present(draft, call, item, reading)
    if _is_newer(reading, call.listed_seen, None, None):
        call = replace(
            call,
            listed=item,
            listed_seen=reading.answered,
            enqueued_at=_first_known(item.enqueued_at, call.enqueued_at if call.is_here else None),
            position=item.position,
        )
    draft.waiting.put(queue, item.leg, replace(call, membership=membership))
    if membership.here:
        parked.drop_seen_by_listing(draft, item.leg, reading)


def _is_newer(
    reading: facts.Reading, seen: Moment | None, updated: float | None, known: float | None
) -> bool:
    """True if a reading, or the item's own ``updated`` time, is newer than what is held."""
    if seen is None or reading.asked.mono >= seen.mono:
        return True
    return updated is not None and known is not None and updated > known


def _absent_keys(
    known: Mapping[str, Participant | QueuedCall | Queue | Conference],
    listed: Container[str],
    reading: facts.Reading,
) -> tuple[str, ...]:
    """Return the keys that are here and that an atomic listing does not show."""
    held = known.items() if reading.atomic else ()
    return tuple(key for key, entity in held if key not in listed and entity.membership.here)


def record_coverage(draft: Draft, scope: Scope, reading: facts.Reading, count: int) -> None:
    """Record a reading of ``count`` items. One older than the known one only raises the floor."""
    known = draft.coverage_of(scope)
    _log_left_out(draft, scope, known, reading)
    floor = merge_rules.floor_of(reading, draft.policy) if reading.atomic else -inf
    floor = max(known.floor, floor)
    if known.answered is not None and reading.asked < known.answered:
        draft.coverage.put(scope, replace(known, floor=floor))
        return
    asked, answered, left_out = reading.asked, reading.answered, reading.left_out
    draft.coverage.put(scope, Coverage(floor, asked, answered, count, left_out=left_out))


def _log_left_out(draft: Draft, scope: Scope, known: Coverage, reading: facts.Reading) -> None:
    """Log the items without an id, unless the last reading left out the same ones."""
    if not reading.left_out or reading.left_out == known.left_out:
        return
    count = len(reading.left_out)
    why = ", ".join(dict.fromkeys(reading.left_out))
    conference = scope.conference if isinstance(scope, ParticipantsScope) else None
    queue = scope.queue if isinstance(scope, CallsScope) else None
    words = {ParticipantsScope: "people", CallsScope: "calls", QueuesScope: "queues"}
    rows = words.get(type(scope), "conferences")
    text = f"{count} {'item' if count == 1 else 'items'} of the {rows}: {why}"
    at = reading.answered
    draft.log(at, Sign.NOTE, "left out", text, conference=conference, queue=queue)
