"""Detect events that must have happened although no webhook announced them.

Evidence is a listing that shows an unexplained change, or a webhook that implies an earlier one.
An event from before the receiver listened, or on a connection whose webhooks go elsewhere, is no
gap.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TypeAlias

from console.core.messages.facts import Reading
from console.core.messages.webhooks import (
    CallDequeued,
    CallEnqueued,
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
    Webhook,
)
from console.core.model.draft import Draft
from console.core.model.entities import (
    Audio,
    AudioKind,
    Conference,
    Gap,
    Membership,
    Participant,
    QueuedCall,
    RecordingState,
)
from console.core.model.listed_resources import (
    ConferenceResource,
    Moment,
    ParticipantResource,
    QueuedCallResource,
)
from console.core.sync import gap_tracking

EventSubject: TypeAlias = tuple[str, str | None, str | None, str | None]
"""An event's name, and the conference, queue and leg that it concerns."""
JOINED, LEFT = "conference.participant.joined", "conference.participant.left"
ENQUEUED, DEQUEUED = "call.enqueued", "call.dequeued"
CREATED, ENDED = "conference.created", "conference.ended"
SAVED = "conference.recording.saved"
POLLED = "polls show it"
AROUND = "other webhooks show it"
REACH_BACK = 60.0
"""Seconds that a gap reaches back when no earlier known time bounds it."""


def check_webhook(draft: Draft, fact: Webhook) -> None:
    """Check a webhook before it is applied: close the gap it fills, suspect events it implies."""
    origin = fact.origin
    conference, queue, leg = _place_of(fact)
    connection = _connection_of(draft, fact, conference)
    if connection and not origin.api and connection not in draft.health.connections:
        ours = draft.health.connections | {connection}
        draft.health = replace(draft.health, connections=ours)
    gap_tracking.close_by_event(draft, origin, (origin.name, conference or queue or "", leg or ""))
    match fact:
        case ParticipantJoined() | ParticipantLeft():
            person = draft.people.get(fact.conference, fact.leg.id)
            known = draft.conferences.get(fact.conference)
            if known is not None and known.ended:
                return  # its participants are dropped already
            before = person.membership if person else Membership()
            began_here = known is not None and known.start_seen
            _check_order(draft, fact, before, (JOINED, LEFT), from_the_start=began_here)
            if isinstance(fact, ParticipantLeft) and known is not None:
                _expect_audio_end(draft, known, fact.leg.id, origin)
        case CallEnqueued() | CallDequeued():
            call = draft.waiting.get(fact.queue, fact.leg.id)
            waited = fact.waited if isinstance(fact, CallDequeued) else None
            since, occurred = draft.health.listening_since_telnyx, origin.occurred
            timed = waited is not None and since is not None and occurred is not None
            began_here = timed and (occurred or 0.0) - (waited or 0) > (since or 0.0)
            before = call.membership if call else Membership()
            _check_order(draft, fact, before, (ENQUEUED, DEQUEUED), from_the_start=began_here)
        case ConferenceEnded():
            conference_ended(draft, fact.conference, origin.at)
        case _:
            pass


def check_present(
    draft: Draft,
    before: Participant | QueuedCall,
    item: ParticipantResource | QueuedCallResource,
    reading: Reading,
) -> None:
    """Suspect a missed arrival of a leg that a trusted listing shows, or withdraw its departure.

    ``before`` is the leg as held before this listing. An item without an arrival time is no
    evidence.
    """
    known = before.membership
    began = item.created_at if isinstance(item, ParticipantResource) else item.enqueued_at
    if began is None or (known.here and not draft.gaps.entries):
        return
    arrival, departure, connection = _events_of(draft, before, item)
    since, skew = draft.health.listening_since_telnyx, draft.policy.skew
    first, gone = began - skew, draft.gaps.get(_key_of(departure))
    if gone is not None and began <= gone.until:
        gap_tracking.withdraw(draft, gone, reading.answered)
    elif not known.here and since is not None and began > since + skew and known.stamp < first:
        _suspect_change(draft, arrival, connection, (first, _latest_time_in(reading)), reading)


def check_absent(draft: Draft, before: Participant | QueuedCall, reading: Reading) -> None:
    """Suspect a missed departure of a leg that is absent from a trusted listing.

    Withdraw a suspected arrival instead if a stale listing caused it. Telnyx sends no event for a
    call that was listed as no longer alive.
    """
    known, listed = before.membership, before.listed
    if isinstance(listed, QueuedCallResource) and listed.alive is False:
        return
    began = before.joined_at if isinstance(before, Participant) else before.enqueued_at
    arrival, departure, connection = _events_of(draft, before, listed)
    if known.rank == 1 and known.stamp >= (began or -inf) - draft.policy.skew:
        gap_tracking.withdraw_pending(draft, _key_of(arrival))
        return
    listening = draft.health.listening_since
    if listening is None or max(known.known_at, known.answered_at) < listening.mono:
        return
    until = _latest_time_in(reading)
    times = [stamp for stamp in (known.floor, known.stamp) if -inf < stamp <= until]
    span = (max(times, default=until - REACH_BACK), until)
    _suspect_change(draft, departure, connection, span, reading)


def _events_of(
    draft: Draft,
    held: Participant | QueuedCall,
    listed: ParticipantResource | QueuedCallResource | None,
) -> tuple[EventSubject, EventSubject, str | None]:
    """Return the arrival and departure of a leg, and the connection that gets their webhooks."""
    if isinstance(held, Participant):
        connection = _conference_connection(draft, held.conference)
        there = (held.conference, None, held.leg)
        return (JOINED, *there), (LEFT, *there), connection
    connection = listed.connection_id if isinstance(listed, QueuedCallResource) else None
    queued = (None, held.queue, held.leg)
    return (ENQUEUED, *queued), (DEQUEUED, *queued), connection


def _key_of(event: EventSubject) -> tuple[str, str, str]:
    name, conference, queue, leg = event
    return name, conference or queue or "", leg or ""


def check_conference(
    draft: Draft, conference: Conference, item: ConferenceResource, reading: Reading
) -> None:
    """Check a listed conference for a missed creation or end, before the listing is merged."""
    health = draft.health
    if conference.listed is None and not conference.start_seen and not item.completed:
        created, since, skew = item.created_at, health.listening_since_telnyx, draft.policy.skew
        if created is not None and since is not None and created > since + skew:
            span, event = (created - skew, _latest_time_in(reading)), (CREATED, item.id, None, None)
            _suspect_change(draft, event, item.connection_id, span, reading)
    elif item.completed and health.listening_since is not None:
        conference_ended(draft, item.id, reading.answered)
        known = max(conference.membership.known_at, conference.membership.answered_at)
        if known >= health.listening_since.mono:
            until = _latest_time_in(reading)
            floor = conference.membership.floor
            span = (floor if floor > -inf else until - REACH_BACK, until)
            _suspect_change(draft, (ENDED, item.id, None, None), item.connection_id, span, reading)


def conference_ended(draft: Draft, id_: str, at: Moment) -> None:
    """Drop pending leaves of an ended conference. Expect its recording and audio to end."""
    for key, gap in list(draft.gaps.entries.items()):
        if gap.conference == id_ and gap.name == LEFT and gap.logged is None:
            draft.gaps.drop(key)
    conference = draft.conferences.get(id_)
    if conference is None or conference.ended:
        return
    recording = conference.recording
    if recording is not None and recording.state != RecordingState.OFF:
        expect_saved_recording(draft, id_, at)
    for audio in conference.audio:
        if audio.playing:
            _suspect_audio_end(draft, conference, audio, at, at.mono + draft.policy.gap_wait)


def expect_saved_recording(draft: Draft, id_: str, at: Moment) -> None:
    """Expect ``conference.recording.saved`` for a recording that has ended."""
    conference = draft.conferences.get(id_)
    recording = conference.recording if conference is not None else None
    since = -inf if recording is None or recording.date is None else recording.date
    connection, due = _conference_connection(draft, id_) or "", at.mono + draft.policy.saved_wait
    how = "a recording has ended"
    gap_tracking.suspect(draft, Gap(SAVED, connection, id_, None, None, since, inf, due, how))


def check_long_speech(draft: Draft, at: Moment) -> None:
    """Suspect a missed end event for speech that lasts longer than ``policy.speech_longest``."""
    for conference in draft.conferences.entries.values():
        for audio in conference.audio:
            late = at.mono - audio.since.mono > draft.policy.speech_longest
            if audio.playing and audio.kind == AudioKind.SPEAK and late:
                _suspect_audio_end(draft, conference, audio, at, at.mono)


def _suspect_change(
    draft: Draft,
    event: EventSubject,
    connection: str | None,
    span: tuple[float, float],
    reading: Reading,
) -> None:
    """Count a change that only polls showed, and suspect a gap if its connection's webhooks arrive.

    ``span`` is the earliest and latest time of the event in Telnyx's seconds.
    """
    health, at = draft.health, reading.answered
    if health.listening_since is None:
        return
    since, count = health.polled_changes_since or at, health.polled_changes + 1
    draft.health = replace(health, polled_changes=count, polled_changes_since=since)
    if connection is None or connection not in health.connections:
        return
    name, conference, queue, leg = event
    due = at.mono + draft.policy.gap_wait
    gap_tracking.suspect(draft, Gap(name, connection, conference, queue, leg, *span, due, POLLED))


def _check_order(
    draft: Draft,
    fact: ParticipantJoined | ParticipantLeft | CallEnqueued | CallDequeued,
    before: Membership,
    names: tuple[str, str],
    *,
    from_the_start: bool,
) -> None:
    """Suspect the event missing between two webhooks of one leg.

    Two arrivals imply a departure between them. Two departures, or a departure first, imply an
    arrival. ``names`` are the arrival and departure events. ``from_the_start``: the receiver
    listened when the leg arrived.
    """
    origin, stamp = fact.origin, fact.origin.occurred
    is_arrival = isinstance(fact, (ParticipantJoined, CallEnqueued))
    if stamp is None or origin.api or stamp <= before.stamp:
        return
    missing = before.rank == 0 and before.here if is_arrival else False
    if not is_arrival and not before.here:
        missing = before.rank == 1 or (before.rank == -1 and from_the_start)
    if not missing:
        return
    conference, queue, leg = _place_of(fact)
    due = origin.at.mono + draft.policy.gap_wait
    name = names[1] if is_arrival else names[0]
    connection = fact.leg.connection_id or _conference_connection(draft, conference) or ""
    since = before.stamp if before.stamp > -inf else stamp - REACH_BACK
    gap = Gap(name, connection, conference, queue, leg, since, stamp, due, AROUND)
    gap_tracking.suspect(draft, gap)


def _expect_audio_end(draft: Draft, conference: Conference, leg: str, origin: Origin) -> None:
    for audio in conference.audio:
        stands = origin.occurred is None or audio.stamp <= origin.occurred
        if audio.playing and audio.leg == leg and stands and not origin.api:
            due = origin.at.mono + draft.policy.gap_wait
            _suspect_audio_end(draft, conference, audio, origin.at, due)


def _suspect_audio_end(
    draft: Draft, conference: Conference, audio: Audio, at: Moment, due: float
) -> None:
    """Suspect a missed end event of audio that must have ended. ``due`` is in monotonic seconds."""
    level = "conference.participant" if audio.leg else "conference"
    kind = "playback" if audio.kind is AudioKind.PLAY else "speak"
    connection = _conference_connection(draft, conference.id) or ""
    how = f"it began {at.mono - audio.since.mono:.0f} s ago and must have ended"
    name, since = f"{level}.{kind}.ended", audio.stamp
    gap = Gap(name, connection, conference.id, None, audio.leg, since, inf, due, how)
    gap_tracking.suspect(draft, gap)


def _latest_time_in(reading: Reading) -> float:
    """Return the latest time, in Telnyx's seconds, of an event that the reading can include."""
    if reading.date is None:
        return inf
    return reading.date + 1.0 + (reading.answered.mono - reading.first_answer.mono)


def _place_of(fact: Webhook) -> tuple[str | None, str | None, str | None]:
    match fact:
        case CallEnqueued() | CallDequeued():
            return None, fact.queue, fact.leg.id
        case ParticipantJoined() | ParticipantLeft():
            return fact.conference, None, fact.leg.id
        case PlaybackStarted() | PlaybackEnded() | SpeakStarted() | SpeakEnded():
            return fact.conference, None, fact.leg.id if fact.leg else None
        case ConferenceCreated() | ConferenceEnded() | RecordingSaved() | FloorChanged():
            return fact.conference, None, None
        case _:
            return None, None, None


def _connection_of(draft: Draft, fact: Webhook, conference: str | None) -> str | None:
    leg = getattr(fact, "leg", None)
    own = leg.connection_id if leg is not None else None
    return own or _conference_connection(draft, conference)


def _conference_connection(draft: Draft, id_: str | None) -> str | None:
    conference = draft.conferences.get(id_ or "")
    listed = conference.listed if conference is not None else None
    return listed.connection_id if listed is not None else None
