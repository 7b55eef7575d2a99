"""Apply each kind of webhook to the draft, one function per kind."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from console.core.lifecycle import proof
from console.core.messages import read_scopes
from console.core.messages.effects import Refresh
from console.core.messages.facts import CallEventsRead
from console.core.messages.webhooks import (
    CallDequeued,
    CallEnqueued,
    CallReported,
    ConferenceCreated,
    ConferenceEnded,
    FloorChanged,
    Origin,
    ParticipantJoined,
    ParticipantLeft,
    PlaybackEnded,
    PlaybackStarted,
    RecordingSaved,
    SpeakEnded,
    SpeakStarted,
    UnknownReceived,
)
from console.core.model.draft import Draft
from console.core.model.entities import (
    Audio,
    AudioKind,
    Conference,
    Floor,
    Membership,
    Participant,
    Queue,
    QueuedCall,
    Recording,
    RecordingState,
)
from console.core.model.listed_resources import Leg, Moment, Source
from console.core.model.state import Sign
from console.core.sync import parked
from console.core.sync.identity_updates import learn_identity
from console.core.sync.merge_rules import merge_event
from console.core.sync.reconcile import end_conference


def call_enqueued(draft: Draft, fact: CallEnqueued) -> None:
    """Add a call to a queue, and list the queue. Only the listing has the caller's number."""
    leg, origin = fact.leg, fact.origin
    learn_identity(draft, leg, origin.at, caller=True)
    _add_queue(draft, fact.queue, origin)
    call = draft.waiting.get(fact.queue, leg.id) or QueuedCall(leg.id, fact.queue, Membership())
    floor = draft.coverage_of(read_scopes.CallsScope(fact.queue)).floor
    membership = _merge(origin, call.membership, here=True, scope_floor=floor)
    if membership.here and membership is not call.membership:
        call = replace(call, listed=None, enqueued_at=origin.occurred, position=fact.position)
    draft.waiting.put(fact.queue, leg.id, replace(call, membership=membership))
    draft.effects.append(Refresh(read_scopes.CallsScope(fact.queue)))
    place = f"waits at {fact.position}" if fact.position else "waits"
    _log_event(draft, origin, place, queue=fact.queue, leg=leg.id)
    if membership.here:
        parked.drop_seen_by_webhook(draft, leg.id, origin)
        proof.leg_event(draft, origin, leg.id, queue=fact.queue)


def call_dequeued(draft: Draft, fact: CallDequeued) -> None:
    """Mark a call as gone from its queue, and list the queue."""
    leg, origin = fact.leg, fact.origin
    learn_identity(draft, leg, origin.at, caller=True)
    call = draft.waiting.get(fact.queue, leg.id) or QueuedCall(leg.id, fact.queue, Membership())
    floor = draft.coverage_of(read_scopes.CallsScope(fact.queue)).floor
    membership = _merge(origin, call.membership, here=False, scope_floor=floor)
    draft.waiting.put(fact.queue, leg.id, replace(call, membership=membership))
    draft.effects.append(Refresh(read_scopes.CallsScope(fact.queue)))
    after = f" after {_minutes(fact.waited)}" if fact.waited is not None else ""
    text = f"{fact.reason or 'left'}{after}"
    _log_event(draft, origin, text, queue=fact.queue, leg=leg.id)
    if not membership.here:
        parked.park_after_dequeue(draft, fact)
        proof.leg_event(draft, origin, leg.id, queue=fact.queue)


def conference_created(draft: Draft, fact: ConferenceCreated) -> None:
    """Add a conference, and read it. Only the read has its name."""
    leg = fact.leg
    _add_conference(draft, fact.conference, fact.origin)
    _log_event(draft, fact.origin, "began", conference=fact.conference, leg=leg.id if leg else None)
    if leg is None:
        return
    learn_identity(draft, leg, fact.origin.at)
    conference = draft.conferences.get(fact.conference)
    if conference is not None and not conference.ended:
        # Without the client_state, its name cannot be told from the names of participants.
        born = "client_state" not in fact.origin.odd
        began = replace(conference, start_seen=born, creator=leg.id, state_name=leg.called)
        draft.conferences.put(conference.id, began)
    proof.leg_event(draft, fact.origin, leg.id, conference=fact.conference)


def conference_ended(draft: Draft, fact: ConferenceEnded) -> None:
    """Mark a conference as ended for good, and settle the commands on it."""
    end_conference(draft, fact.conference, fact.origin.at, fact.reason)
    draft.effects.append(Refresh(read_scopes.OneConferenceScope(fact.conference)))
    text = (fact.reason or "ended").replace("_", " ")
    _log_event(draft, fact.origin, text, conference=fact.conference)
    proof.conference_ended(draft, fact.conference, fact.origin.at, fact.reason)


def floor_changed(draft: Draft, fact: FloorChanged) -> None:
    """Give the floor to another participant, unless the event is older than the known floor."""
    learn_identity(draft, _own_leg(draft, fact), fact.origin.at)
    _add_conference(draft, fact.conference, fact.origin)
    conference = draft.conferences.get(fact.conference)
    if conference is not None and not conference.ended:
        stamp = fact.origin.occurred
        newest = conference.floor.stamp if conference.floor else -inf
        if stamp is None or stamp >= newest:
            floor = Floor(fact.leg.id, newest if stamp is None else stamp, fact.origin.at)
            draft.conferences.put(conference.id, replace(conference, floor=floor))
    _log_event(draft, fact.origin, "speaks", conference=fact.conference, leg=fact.leg.id)


def participant_joined(draft: Draft, fact: ParticipantJoined) -> None:
    """Add a participant, and list the conference. Only the listing has mute and hold."""
    learn_identity(draft, _own_leg(draft, fact), fact.origin.at)
    _add_conference(draft, fact.conference, fact.origin)
    _merge_stay(draft, fact, here=True)
    draft.effects.append(Refresh(read_scopes.ParticipantsScope(fact.conference)))
    _log_event(draft, fact.origin, "joined", conference=fact.conference, leg=fact.leg.id)
    person = draft.people.get(fact.conference, fact.leg.id)
    if person is not None and person.is_here:
        parked.drop_seen_by_webhook(draft, fact.leg.id, fact.origin)
        proof.leg_event(draft, fact.origin, fact.leg.id, conference=fact.conference)


def participant_left(draft: Draft, fact: ParticipantLeft) -> None:
    """Mark a participant as gone, and clear the participant's floor and audio."""
    learn_identity(draft, _own_leg(draft, fact), fact.origin.at)
    _merge_stay(draft, fact, here=False)
    conference = draft.conferences.get(fact.conference)
    person = draft.people.get(fact.conference, fact.leg.id)
    gone = person is not None and not person.is_here
    if conference is not None and gone:
        floor = conference.floor
        floor = None if floor and floor.leg == fact.leg.id else floor
        audio = tuple(a for a in conference.audio if a.leg != fact.leg.id)
        draft.conferences.put(conference.id, replace(conference, floor=floor, audio=audio))
    _log_event(draft, fact.origin, "left", conference=fact.conference, leg=fact.leg.id)
    if gone or (conference is not None and conference.ended):
        parked.park(draft, fact.leg, fact.origin, conference=fact.conference)
    if gone:
        proof.leg_event(draft, fact.origin, fact.leg.id, conference=fact.conference)
        proof.person_left(draft, fact.conference, fact.leg.id, fact.origin.at)


def audio_changed(
    draft: Draft, fact: PlaybackStarted | PlaybackEnded | SpeakStarted | SpeakEnded
) -> None:
    """Record that audio for a conference or a participant started or ended."""
    playing = isinstance(fact, (PlaybackStarted, SpeakStarted))
    kind = AudioKind.PLAY if isinstance(fact, (PlaybackStarted, PlaybackEnded)) else AudioKind.SPEAK
    media = fact.media if isinstance(fact, (PlaybackStarted, PlaybackEnded)) else None
    leg = fact.leg.id if fact.leg else None
    conference = draft.conferences.get(fact.conference)
    if conference is not None and not conference.ended:
        stamp = -inf if fact.origin.occurred is None else fact.origin.occurred
        same = [a for a in conference.audio if (a.kind, a.leg) == (kind, leg)]
        if all(stamp >= a.stamp for a in same):
            new = Audio(kind, media, leg, playing, stamp, fact.origin.at)
            others = tuple(a for a in conference.audio if (a.kind, a.leg) != (kind, leg))
            draft.conferences.put(conference.id, replace(conference, audio=(*others, new)))
    text = f"{'play' if kind is AudioKind.PLAY else 'speech'} {'started' if playing else 'ended'}"
    _log_event(draft, fact.origin, text, conference=fact.conference, leg=leg)
    proof.audio_event(draft, fact.origin, fact.conference, leg)


def recording_saved(draft: Draft, fact: RecordingSaved) -> None:
    """Set a known recording to off, unless the saved one is earlier. An unknown stays unknown."""
    conference = draft.conferences.get(fact.conference)
    if conference is not None and conference.recording is not None:
        began = conference.recording.date
        if fact.ended is None or began is None or fact.ended >= began - draft.policy.skew:
            off = Recording(RecordingState.OFF, fact.origin.at, Source.WEBHOOK)
            draft.conferences.put(conference.id, replace(conference, recording=off))
    length = ""
    if fact.started is not None and fact.ended is not None:
        length = f" {_minutes(int(fact.ended - fact.started))}"
    text = f"{fact.format} {fact.channels}{length}"
    _log_event(draft, fact.origin, text, conference=fact.conference)
    proof.recording_saved(draft, fact)


def call_reported(draft: Draft, fact: CallReported) -> None:
    """Learn a leg's identity from a call event, and update the parked leg."""
    _learn_report(draft, fact, fact.origin.at)
    parked.apply_call_event(draft, fact)
    if fact.ended:
        _log_event(draft, fact.origin, "hung up", leg=fact.leg.id)


def unknown_received(draft: Draft, fact: UnknownReceived) -> None:
    """Count and log an event of an unknown type."""
    draft.health = replace(draft.health, unknown=draft.health.unknown + 1)
    _log_event(draft, fact.origin, "unknown event, acknowledged")


def call_events_read(draft: Draft, fact: CallEventsRead) -> None:
    """Learn a leg's identity from the past events of its call, as the API lists them."""
    for report in fact.reports:
        _learn_report(draft, report, fact.reading.answered, Source.POLL)
        parked.apply_call_event(draft, report)


def _learn_report(
    draft: Draft, report: CallReported, at: Moment, source: Source = Source.WEBHOOK
) -> None:
    """Learn the identity of a call event's leg. The caller's number depends on the direction."""
    incoming = report.incoming
    number = None if incoming is None else report.from_ if incoming else report.to
    learn_identity(draft, report.leg, at, number=number, caller=bool(incoming), source=source)


def _own_leg(draft: Draft, fact: FloorChanged | ParticipantJoined | ParticipantLeft) -> Leg:
    """Return the event's leg, without its name and agent unless they are surely its own.

    All webhooks of a conference carry the client_state of the conference's creation, whichever leg
    they are about (Telnyx API, Create conference: client_state).
    """
    conference = draft.conferences.get(fact.conference)
    called = fact.leg.called
    if conference is not None and conference.start_seen and called != conference.state_name:
        return fact.leg
    return replace(fact.leg, agent=None, name=None)


def _merge_stay(draft: Draft, fact: ParticipantJoined | ParticipantLeft, *, here: bool) -> None:
    """Merge a join or leave. A new stay forgets the listed values of an earlier one."""
    conference = draft.conferences.get(fact.conference)
    if conference is not None and conference.ended:
        return
    leg, origin = fact.leg.id, fact.origin
    person = draft.people.get(fact.conference, leg)
    person = person or Participant(leg, fact.conference, Membership())
    floor = draft.coverage_of(read_scopes.ParticipantsScope(fact.conference)).floor
    membership = _merge(origin, person.membership, here=here, scope_floor=floor)
    if here and membership.here and membership is not person.membership:
        known = person.listed
        began = -inf if origin.occurred is None else origin.occurred
        created = known.created_at if known is not None else None
        if created is None or created < began - draft.policy.skew:
            person = replace(person, listed=None, accounted=None, joined_at=origin.occurred)
    own = person.own_role if membership.here else None
    draft.people.put(fact.conference, leg, replace(person, membership=membership, own_role=own))


def _add_conference(draft: Draft, id_: str, origin: Origin) -> None:
    """Add a conference that a webhook names, and read it, unless it is known already."""
    conference = draft.conferences.get(id_)
    if conference is not None and (conference.ended or conference.listed is not None):
        return
    conference = conference or Conference(id_, Membership())
    floor = min(draft.coverage_of(one).floor for one in (read_scopes.LIVE, read_scopes.INIT))
    membership = _merge(origin, conference.membership, here=True, scope_floor=floor)
    draft.conferences.put(id_, replace(conference, membership=membership))
    if membership.here:
        draft.effects.append(Refresh(read_scopes.OneConferenceScope(id_)))


def _add_queue(draft: Draft, name: str, origin: Origin) -> None:
    """Add a queue that a webhook names, and list the queues, unless it is known already."""
    queue = draft.queues.get(name)
    if queue is not None and queue.is_here:
        return
    queue = queue or Queue(name, Membership())
    floor = draft.coverage_of(read_scopes.QueuesScope()).floor
    membership = _merge(origin, queue.membership, here=True, scope_floor=floor)
    draft.queues.put(name, replace(queue, membership=membership))
    draft.effects.append(Refresh(read_scopes.QueuesScope()))


def _merge(origin: Origin, before: Membership, *, here: bool, scope_floor: float) -> Membership:
    """Return the membership after an event. The source is the API if the event was recovered."""
    membership = merge_event(
        before, stamp=origin.occurred, here=here, scope_floor=scope_floor, at=origin.at
    )
    if origin.api and membership.seen is origin.at:
        return replace(membership, source=Source.API)
    return membership


def _log_event(
    draft: Draft,
    origin: Origin,
    text: str,
    *,
    conference: str | None = None,
    queue: str | None = None,
    leg: str | None = None,
) -> None:
    odd = f" (odd: {', '.join(origin.odd)})" if origin.odd else ""
    draft.log(
        origin.at,
        Sign.API if origin.api else Sign.WEBHOOK,
        origin.name,
        f"{text}{odd}",
        conference=conference,
        queue=queue,
        leg=leg,
        lag=origin.lag,
        attempt=origin.attempt,
    )


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"
