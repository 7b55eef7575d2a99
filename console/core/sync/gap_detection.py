"""Detect events that must have happened although no webhook announced them.

Evidence is a listing that shows an unexplained change, or a webhook that implies an earlier one.
An event from before the receiver listened, or on a connection whose webhooks go elsewhere, is no
gap.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from console.core.messages.webhooks import (
    CallDequeued,
    CallEnqueued,
    ConferenceCreated,
    ConferenceEnded,
    FloorChanged,
    ParticipantJoined,
    ParticipantLeft,
    PlaybackEnded,
    PlaybackStarted,
    RecordingSaved,
    SpeakEnded,
    SpeakStarted,
)
from console.core.model.entities import AudioKind, Gap, Membership, RecordingState
from console.core.sync import gap_tracking

if TYPE_CHECKING:
    from console.core.messages.facts import Reading
    from console.core.messages.webhooks import Origin, Webhook
    from console.core.model.draft import Draft
    from console.core.model.entities import Audio, Conference, Participant, QueuedCall
    from console.core.model.resources import (
        ConferenceResource,
        Moment,
        ParticipantResource,
        QueuedCallResource,
    )

EventSubject: TypeAlias = "tuple[str, str | None, str | None, str | None]"
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
            _check_order(
                draft,
                fact,
                person.membership if person else Membership(),
                (JOINED, LEFT),
                from_the_start=known is not None and known.start_seen,
            )
            if isinstance(fact, ParticipantLeft) and known is not None:
                _expect_audio_end(draft, known, fact.leg.id, origin)
        case CallEnqueued() | CallDequeued():
            call = draft.waiting.get(fact.queue, fact.leg.id)
            waited = fact.waited if isinstance(fact, CallDequeued) else None
            since, occurred = draft.health.listening_since_telnyx, origin.occurred
            timed = waited is not None and since is not None and occurred is not None
            _check_order(
                draft,
                fact,
                call.membership if call else Membership(),
                (ENQUEUED, DEQUEUED),
                from_the_start=timed and (occurred or 0.0) - (waited or 0) > (since or 0.0),
            )
        case ConferenceEnded():
            conference_ended(draft, fact.conference, origin.at)
        case _:
            pass


def check_present_participant(
    draft: Draft, before: Participant, item: ParticipantResource, reading: Reading
) -> None:
    """Check a participant whom a trusted listing shows in the conference for a missed join.

    ``before`` is the participant as held before this listing.
    """
    event = (JOINED, before.conference, None, before.leg)
    connection = _conference_connection(draft, before.conference)
    _check_present(
        draft, before.membership, event, connection, began=item.created_at, reading=reading
    )


def check_present_call(
    draft: Draft, before: QueuedCall, item: QueuedCallResource, reading: Reading
) -> None:
    """Check a queued call that a trusted listing shows for a missed ``call.enqueued``."""
    event = (ENQUEUED, None, before.queue, before.leg)
    _check_present(
        draft,
        before.membership,
        event,
        item.connection_id,
        began=item.enqueued_at,
        reading=reading,
    )


def check_absent_participant(draft: Draft, before: Participant, reading: Reading) -> None:
    """Check a participant who is absent from a trusted listing for a missed leave."""
    event = (LEFT, before.conference, None, before.leg)
    connection = _conference_connection(draft, before.conference)
    _check_absent(
        draft, before.membership, event, connection, began=before.joined_at, reading=reading
    )


def check_absent_call(draft: Draft, before: QueuedCall, reading: Reading) -> None:
    """Check a queued call that is absent from a trusted listing for a missed ``call.dequeued``.

    Telnyx sends no event for a call that was listed as no longer alive.
    """
    if before.listed is None or before.listed.alive is not False:
        event = (DEQUEUED, None, before.queue, before.leg)
        connection = before.listed.connection_id if before.listed else None
        _check_absent(
            draft, before.membership, event, connection, began=before.enqueued_at, reading=reading
        )


def _check_present(
    draft: Draft,
    before: Membership,
    event: EventSubject,
    connection: str | None,
    *,
    began: float | None,
    reading: Reading,
) -> None:
    """Suspect a missed arrival, or withdraw a suspected departure.

    ``began`` is the arrival time in Telnyx's seconds. Without it there is no evidence.
    """
    if began is None or (before.here and not draft.gaps.entries):
        return
    name, conference, queue, leg = event
    since, skew = draft.health.listening_since_telnyx, draft.policy.skew
    departure = LEFT if name == JOINED else DEQUEUED
    gone = draft.gaps.get((departure, conference or queue or "", leg or ""))
    if gone is not None and began <= gone.until:
        gap_tracking.withdraw(draft, gone, reading.answered)
    elif (
        not before.here
        and since is not None
        and began > since + skew
        and before.stamp < began - skew
    ):
        _suspect_change(draft, event, connection, (began - skew, _latest_time_in(reading)), reading)


def _check_absent(
    draft: Draft,
    before: Membership,
    event: EventSubject,
    connection: str | None,
    *,
    began: float | None,
    reading: Reading,
) -> None:
    """Suspect a missed departure, or withdraw a suspected arrival that a stale listing caused."""
    name, conference, queue, leg = event
    if before.rank == 1 and before.stamp >= (began or -inf) - draft.policy.skew:
        arrival = JOINED if name == LEFT else ENQUEUED
        gap_tracking.withdraw_pending(draft, (arrival, conference or queue or "", leg or ""))
        return
    listening = draft.health.listening_since
    if listening is None or max(before.known_at, before.answered_at) < listening.mono:
        return
    until = _latest_time_in(reading)
    known = [stamp for stamp in (before.floor, before.stamp) if -inf < stamp <= until]
    _suspect_change(
        draft, event, connection, (max(known, default=until - REACH_BACK), until), reading
    )


def check_conference(
    draft: Draft, conference: Conference, item: ConferenceResource, reading: Reading
) -> None:
    """Check a listed conference for a missed creation or end, before the listing is merged."""
    health = draft.health
    if conference.listed is None and not conference.start_seen and not item.completed:
        created, since, skew = item.created_at, health.listening_since_telnyx, draft.policy.skew
        if created is not None and since is not None and created > since + skew:
            span = (created - skew, _latest_time_in(reading))
            _suspect_change(
                draft, (CREATED, item.id, None, None), item.connection_id, span, reading
            )
    elif item.completed and health.listening_since is not None:
        conference_ended(draft, item.id, reading.answered)
        known = max(conference.membership.known_at, conference.membership.answered_at)
        if known >= health.listening_since.mono:
            until = _latest_time_in(reading)
            floor = conference.membership.floor
            span = (floor if floor > -inf else until - REACH_BACK, until)
            _suspect_change(draft, (ENDED, item.id, None, None), item.connection_id, span, reading)


def conference_ended(draft: Draft, id_: str, at: Moment) -> None:
    """Handle the gaps of a conference that ended.

    Drop pending gaps for its participants' leaves. Expect the end events of its recording and
    audio.
    """
    for key, gap in list(draft.gaps.entries.items()):
        if gap.conference == id_ and gap.name == LEFT and gap.logged is None:
            draft.gaps.drop(key)
    conference = draft.conferences.get(id_)
    if conference is None or conference.ended:
        return
    if conference.recording is not None and conference.recording.state in {
        RecordingState.ON,
        RecordingState.PAUSED,
    }:
        expect_saved_recording(draft, id_, at)
    for audio in conference.audio:
        if audio.playing:
            _suspect_audio_end(draft, conference, audio, at, at.mono + draft.policy.gap_wait)


def expect_saved_recording(draft: Draft, id_: str, at: Moment) -> None:
    """Expect ``conference.recording.saved`` for a recording that has ended."""
    conference = draft.conferences.get(id_)
    date = (
        conference.recording.date
        if conference is not None and conference.recording is not None
        else None
    )
    gap_tracking.suspect(
        draft,
        Gap(
            name=SAVED,
            connection=_conference_connection(draft, id_) or "",
            conference=id_,
            queue=None,
            leg=None,
            since=-inf if date is None else date,
            until=inf,
            due=at.mono + draft.policy.saved_wait,
            evidence="a recording has ended",
        ),
    )


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
    since = health.polled_changes_since or at
    draft.health = replace(
        health, polled_changes=health.polled_changes + 1, polled_changes_since=since
    )
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
    gap_tracking.suspect(
        draft, Gap(name, connection, conference, queue, leg, since, stamp, due, AROUND)
    )


def _expect_audio_end(draft: Draft, conference: Conference, leg: str, origin: Origin) -> None:
    """Expect the end events of the audio that played to a leg that left."""
    for audio in conference.audio:
        stands = origin.occurred is None or audio.stamp <= origin.occurred
        if audio.playing and audio.leg == leg and stands and not origin.api:
            _suspect_audio_end(
                draft, conference, audio, origin.at, origin.at.mono + draft.policy.gap_wait
            )


def _suspect_audio_end(
    draft: Draft, conference: Conference, audio: Audio, at: Moment, due: float
) -> None:
    """Suspect a missed end event for audio that cannot be playing any longer.

    ``due`` is when the gap is marked, in monotonic seconds.
    """
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
    """Return the conference, queue and leg that an event concerns."""
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
    return (leg.connection_id if leg is not None else None) or _conference_connection(
        draft, conference
    )


def _conference_connection(draft: Draft, id_: str | None) -> str | None:
    conference = draft.conferences.get(id_ or "")
    return (
        conference.listed.connection_id
        if conference is not None and conference.listed is not None
        else None
    )
