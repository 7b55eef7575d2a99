"""What shows that an event must have happened of which no webhook told.

A listing shows a change that no event explains, or one event shows that another was before it.
Whatever happened before webhooks could be heard, or on a connection whose webhooks do not come
here, is no gap.
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
from console.core.sync import gaps

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

What: TypeAlias = "tuple[str, str | None, str | None, str | None]"
"""An event's name, and the conference, the queue and the leg that it is about."""

JOINED, LEFT = "conference.participant.joined", "conference.participant.left"
ENQUEUED, DEQUEUED = "call.enqueued", "call.dequeued"
CREATED, ENDED = "conference.created", "conference.ended"
SAVED = "conference.recording.saved"
POLLED = "polls show it"
AROUND = "other webhooks show it"
COVERED = 60.0
"""Seconds before the first listing of a scope that it may speak of."""


def heard(draft: Draft, fact: Webhook) -> None:
    """A webhook came, before it is folded: what it heals, and what it shows to be missing."""
    origin = fact.origin
    conference, queue, leg = _place(fact)
    connection = _connection(draft, fact, conference)
    if connection and not origin.api and connection not in draft.health.connections:
        ours = draft.health.connections | {connection}
        draft.health = replace(draft.health, connections=ours)
    gaps.heal(draft, origin, (origin.name, conference or queue or "", leg or ""))
    match fact:
        case ParticipantJoined() | ParticipantLeft():
            person = draft.people.get(fact.conference, fact.leg.id)
            known = draft.conferences.get(fact.conference)
            if known is not None and known.ended:
                return  # who was in it is forgotten
            _in_order(
                draft,
                fact,
                person.membership if person else Membership(),
                (JOINED, LEFT),
                from_the_start=known is not None and known.born,
            )
            if isinstance(fact, ParticipantLeft) and known is not None:
                _silenced(draft, known, fact.leg.id, origin)
        case CallEnqueued() | CallDequeued():
            call = draft.waiting.get(fact.queue, fact.leg.id)
            waited = fact.waited if isinstance(fact, CallDequeued) else None
            since, occurred = draft.health.since, origin.occurred
            told = waited is not None and since is not None and occurred is not None
            _in_order(
                draft,
                fact,
                call.membership if call else Membership(),
                (ENQUEUED, DEQUEUED),
                from_the_start=told and (occurred or 0.0) - (waited or 0) > (since or 0.0),
            )
        case ConferenceEnded():
            over(draft, fact.conference, origin.at)
        case _:
            pass


def person_shown(
    draft: Draft, before: Participant, item: ParticipantResource, reading: Reading
) -> None:
    """A listing shows somebody in the conference, and that is believed."""
    what = (JOINED, before.conference, None, before.leg)
    connection = _of_conference(draft, before.conference)
    _shown(draft, before.membership, what, connection, began=item.created_at, reading=reading)


def call_shown(
    draft: Draft, before: QueuedCall, item: QueuedCallResource, reading: Reading
) -> None:
    """A listing shows that a call waits, and that is believed."""
    what = (ENQUEUED, None, before.queue, before.leg)
    _shown(
        draft, before.membership, what, item.connection_id, began=item.enqueued_at, reading=reading
    )


def person_gone(draft: Draft, before: Participant, reading: Reading) -> None:
    """A listing does not show somebody who was believed to be in the conference."""
    what = (LEFT, before.conference, None, before.leg)
    connection = _of_conference(draft, before.conference)
    _gone(draft, before.membership, what, connection, began=before.joined_at, reading=reading)


def call_gone(draft: Draft, before: QueuedCall, reading: Reading) -> None:
    """A listing does not show a call that was believed to wait; a dead one goes untold."""
    if before.listed is None or before.listed.alive is not False:
        what = (DEQUEUED, None, before.queue, before.leg)
        connection = before.listed.connection_id if before.listed else None
        _gone(draft, before.membership, what, connection, began=before.enqueued_at, reading=reading)


def _shown(
    draft: Draft,
    before: Membership,
    what: What,
    connection: str | None,
    *,
    began: float | None,
    reading: Reading,
) -> None:
    """``began`` is when Telnyx says that it came; without it nothing shows what is missing."""
    if began is None or (before.here and not draft.gaps.entries):
        return
    name, conference, queue, leg = what
    since, skew = draft.health.since, draft.policy.skew
    went = LEFT if name == JOINED else DEQUEUED
    gone = draft.gaps.get((went, conference or queue or "", leg or ""))
    if gone is not None and began <= gone.until:
        gaps.withdraw(draft, gone, reading.answered)
    elif (
        not before.here
        and since is not None
        and began > since + skew
        and before.stamp < began - skew
    ):
        _changed(draft, what, connection, (began - skew, _until(reading)), reading)


def _gone(
    draft: Draft,
    before: Membership,
    what: What,
    connection: str | None,
    *,
    began: float | None,
    reading: Reading,
) -> None:
    name, conference, queue, leg = what
    if before.rank == 1 and before.stamp >= (began or -inf) - draft.policy.skew:
        came = JOINED if name == LEFT else ENQUEUED
        gaps.doubt(draft, (came, conference or queue or "", leg or ""))
        return
    listening = draft.health.listening
    if listening is None or max(before.known_at, before.answered_at) < listening.mono:
        return
    until = _until(reading)
    known = [stamp for stamp in (before.floor, before.stamp) if -inf < stamp <= until]
    _changed(draft, what, connection, (max(known, default=until - COVERED), until), reading)


def conference_shown(
    draft: Draft, conference: Conference, item: ConferenceResource, reading: Reading
) -> None:
    """A conference as a listing or a read shows it, before that is believed."""
    health = draft.health
    if conference.listed is None and not conference.born and not item.completed:
        created, since, skew = item.created_at, health.since, draft.policy.skew
        if created is not None and since is not None and created > since + skew:
            span = (created - skew, _until(reading))
            _changed(draft, (CREATED, item.id, None, None), item.connection_id, span, reading)
    elif item.completed and health.listening is not None:
        over(draft, item.id, reading.answered)
        known = max(conference.membership.known_at, conference.membership.answered_at)
        if known >= health.listening.mono:
            until = _until(reading)
            floor = conference.membership.floor
            span = (floor if floor > -inf else until - COVERED, until)
            _changed(draft, (ENDED, item.id, None, None), item.connection_id, span, reading)


def over(draft: Draft, id_: str, at: Moment) -> None:
    """A conference is over: who was in it is, and what it recorded and played must be told of."""
    for key, gap in list(draft.gaps.entries.items()):
        if gap.conference == id_ and gap.name == LEFT and gap.marked is None:
            draft.gaps.drop(key)
    conference = draft.conferences.get(id_)
    if conference is None or conference.ended:
        return
    if conference.recording is not None and conference.recording.state in {
        RecordingState.ON,
        RecordingState.PAUSED,
    }:
        saving(draft, id_, at)
    for audio in conference.audio:
        if audio.playing:
            _unended(draft, conference, audio, at, at.mono + draft.policy.gap_wait)


def saving(draft: Draft, id_: str, at: Moment) -> None:
    """A recording has ended: recording.saved must come."""
    conference = draft.conferences.get(id_)
    date = (
        conference.recording.date
        if conference is not None and conference.recording is not None
        else None
    )
    gaps.suspect(
        draft,
        Gap(
            name=SAVED,
            connection=_of_conference(draft, id_) or "",
            conference=id_,
            queue=None,
            leg=None,
            since=-inf if date is None else date,
            until=inf,
            due=at.mono + draft.policy.saved_wait,
            how="a recording has ended",
        ),
    )


def spoken(draft: Draft, at: Moment) -> None:
    """Look for speech that has lasted longer than any can."""
    for conference in draft.conferences.entries.values():
        for audio in conference.audio:
            late = at.mono - audio.since.mono > draft.policy.speech_longest
            if audio.playing and audio.kind == AudioKind.SPEAK and late:
                _unended(draft, conference, audio, at, at.mono)


def _changed(
    draft: Draft,
    what: What,
    connection: str | None,
    span: tuple[float, float],
    reading: Reading,
) -> None:
    """Polls found a change; where webhooks of its connection come here, one must tell of it."""
    health, at = draft.health, reading.answered
    if health.listening is None:
        return
    since = health.unheard_since or at
    draft.health = replace(health, unheard=health.unheard + 1, unheard_since=since)
    if connection is None or connection not in health.connections:
        return
    name, conference, queue, leg = what
    due = at.mono + draft.policy.gap_wait
    gaps.suspect(draft, Gap(name, connection, conference, queue, leg, *span, due, POLLED))


def _in_order(
    draft: Draft,
    fact: ParticipantJoined | ParticipantLeft | CallEnqueued | CallDequeued,
    before: Membership,
    names: tuple[str, str],
    *,
    from_the_start: bool,
) -> None:
    """Coming twice shows that a leaving is missing; leaving twice, or first, a coming."""
    origin, stamp = fact.origin, fact.origin.occurred
    came = isinstance(fact, (ParticipantJoined, CallEnqueued))
    if stamp is None or origin.api or stamp <= before.stamp:
        return
    missing = before.rank == 0 and before.here if came else False
    if not came and not before.here:
        missing = before.rank == 1 or (before.rank == -1 and from_the_start)
    if not missing:
        return
    conference, queue, leg = _place(fact)
    due = origin.at.mono + draft.policy.gap_wait
    name = names[1] if came else names[0]
    connection = fact.leg.connection_id or _of_conference(draft, conference) or ""
    since = before.stamp if before.stamp > -inf else stamp - COVERED
    gaps.suspect(draft, Gap(name, connection, conference, queue, leg, since, stamp, due, AROUND))


def _silenced(draft: Draft, conference: Conference, leg: str, origin: Origin) -> None:
    for audio in conference.audio:
        stands = origin.occurred is None or audio.stamp <= origin.occurred
        if audio.playing and audio.leg == leg and stands and not origin.api:
            _unended(draft, conference, audio, origin.at, origin.at.mono + draft.policy.gap_wait)


def _unended(draft: Draft, conference: Conference, audio: Audio, at: Moment, due: float) -> None:
    """Audio that cannot go on any more, and of whose end nobody told."""
    whose = "conference.participant" if audio.leg else "conference"
    what = "playback" if audio.kind == AudioKind.PLAY else "speak"
    connection = _of_conference(draft, conference.id) or ""
    how = f"it has played since {at.mono - audio.since.mono:.0f} s and cannot any more"
    gap = Gap(
        f"{whose}.{what}.ended",
        connection,
        conference.id,
        None,
        audio.leg,
        audio.stamp,
        inf,
        due,
        how,
    )
    gaps.suspect(draft, gap)


def _until(reading: Reading) -> float:
    """The provider's time after which nothing can be in a reading."""
    if reading.date is None:
        return inf
    return reading.date + 1.0 + (reading.answered.mono - reading.first_answer.mono)


def _place(fact: Webhook) -> tuple[str | None, str | None, str | None]:
    """The conference, the queue and the leg that an event is about."""
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


def _connection(draft: Draft, fact: Webhook, conference: str | None) -> str | None:
    leg = getattr(fact, "leg", None)
    return (leg.connection_id if leg is not None else None) or _of_conference(draft, conference)


def _of_conference(draft: Draft, id_: str | None) -> str | None:
    conference = draft.conferences.get(id_ or "")
    return (
        conference.listed.connection_id
        if conference is not None and conference.listed is not None
        else None
    )
