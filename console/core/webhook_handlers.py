"""One small function per webhook."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from console.core.lifecycle import proof, shown_proof
from console.core.messages.effects import Refresh
from console.core.messages.facts import CallTold
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallsScope,
    OneConferenceScope,
    ParticipantsScope,
    QueuesScope,
)
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
from console.core.model.resources import Leg, Moment, Source
from console.core.model.state import Sign
from console.core.sync import parked
from console.core.sync.identity_updates import learn
from console.core.sync.reconcile import end_conference, told


def call_enqueued(draft: Draft, fact: CallEnqueued) -> None:
    """A call waits in a queue. The payload does not say who it is: the listing does."""
    leg, origin = fact.leg, fact.origin
    learn(draft, leg, origin.at, caller=True)
    _queue_exists(draft, fact.queue, origin)
    call = draft.waiting.get(fact.queue, leg.id) or QueuedCall(leg.id, fact.queue, Membership())
    register = _word(
        origin,
        call.membership,
        here=True,
        scope_floor=draft.covered(CallsScope(fact.queue)).floor,
    )
    if register.here and register is not call.membership:
        call = replace(call, listed=None, enqueued_at=origin.occurred, position=fact.position)
    draft.waiting.put(fact.queue, leg.id, replace(call, membership=register))
    draft.effects.append(Refresh(CallsScope(fact.queue)))
    place = f"waits at {fact.position}" if fact.position else "waits"
    _say(draft, origin, place, queue=fact.queue, leg=leg.id)
    if register.here:
        parked.came(draft, leg.id, origin)
        shown_proof.told(draft, origin, leg.id, queue=fact.queue)


def call_dequeued(draft: Draft, fact: CallDequeued) -> None:
    """A call left a queue."""
    leg, origin = fact.leg, fact.origin
    learn(draft, leg, origin.at, caller=True)
    call = draft.waiting.get(fact.queue, leg.id) or QueuedCall(leg.id, fact.queue, Membership())
    register = _word(
        origin,
        call.membership,
        here=False,
        scope_floor=draft.covered(CallsScope(fact.queue)).floor,
    )
    draft.waiting.put(fact.queue, leg.id, replace(call, membership=register))
    draft.effects.append(Refresh(CallsScope(fact.queue)))
    after = f" after {_minutes(fact.waited)}" if fact.waited is not None else ""
    text = f"{fact.reason or 'left'}{after}"
    _say(draft, origin, text, queue=fact.queue, leg=leg.id)
    if not register.here:
        parked.left_queue(draft, fact)
        shown_proof.told(draft, origin, leg.id, queue=fact.queue)


def conference_created(draft: Draft, fact: ConferenceCreated) -> None:
    """A conference began. The payload does not name it: a read does."""
    leg = fact.leg
    _conference_exists(draft, fact.conference, fact.origin)
    _say(draft, fact.origin, "began", conference=fact.conference, leg=leg.id if leg else None)
    if leg is None:
        return
    learn(draft, leg, fact.origin.at)
    conference = draft.conferences.get(fact.conference)
    if conference is not None and not conference.ended:
        # Without the client_state nothing tells it from a name of those who join.
        born = "client_state" not in fact.origin.odd
        began = replace(conference, born=born, creator=leg.id, state_name=leg.called)
        draft.conferences.put(conference.id, began)
    shown_proof.told(draft, fact.origin, leg.id, conference=fact.conference)


def conference_ended(draft: Draft, fact: ConferenceEnded) -> None:
    """A conference is over, for good."""
    end_conference(draft, fact.conference, fact.origin.at, fact.reason)
    draft.effects.append(Refresh(OneConferenceScope(fact.conference)))
    _say(draft, fact.origin, (fact.reason or "ended").replace("_", " "), conference=fact.conference)
    proof.conference_ended(draft, fact.conference, fact.origin.at, fact.reason)


def floor_changed(draft: Draft, fact: FloorChanged) -> None:
    """Somebody else speaks now."""
    learn(draft, _in_conference(draft, fact), fact.origin.at)
    _conference_exists(draft, fact.conference, fact.origin)
    conference = draft.conferences.get(fact.conference)
    if conference is not None and not conference.ended:
        stamp = fact.origin.occurred
        newest = conference.floor.stamp if conference.floor else -inf
        if stamp is None or stamp >= newest:
            floor = Floor(fact.leg.id, newest if stamp is None else stamp, fact.origin.at)
            draft.conferences.put(conference.id, replace(conference, floor=floor))
    _say(draft, fact.origin, "speaks", conference=fact.conference, leg=fact.leg.id)


def participant_joined(draft: Draft, fact: ParticipantJoined) -> None:
    """Somebody is in a conference; whether muted or held the payload does not say."""
    learn(draft, _in_conference(draft, fact), fact.origin.at)
    _conference_exists(draft, fact.conference, fact.origin)
    _stay(draft, fact, here=True)
    draft.effects.append(Refresh(ParticipantsScope(fact.conference)))
    _say(draft, fact.origin, "joined", conference=fact.conference, leg=fact.leg.id)
    person = draft.people.get(fact.conference, fact.leg.id)
    if person is not None and person.membership.here:
        parked.came(draft, fact.leg.id, fact.origin)
        shown_proof.told(draft, fact.origin, fact.leg.id, conference=fact.conference)


def participant_left(draft: Draft, fact: ParticipantLeft) -> None:
    """Somebody is out of a conference, and does not have its floor any more."""
    learn(draft, _in_conference(draft, fact), fact.origin.at)
    _stay(draft, fact, here=False)
    conference = draft.conferences.get(fact.conference)
    person = draft.people.get(fact.conference, fact.leg.id)
    gone = person is not None and not person.membership.here
    if conference is not None and gone:
        floor = (
            None if conference.floor and conference.floor.leg == fact.leg.id else conference.floor
        )
        audio = tuple(a for a in conference.audio if a.leg != fact.leg.id)
        draft.conferences.put(conference.id, replace(conference, floor=floor, audio=audio))
    _say(draft, fact.origin, "left", conference=fact.conference, leg=fact.leg.id)
    if gone or (conference is not None and conference.ended):
        parked.left_conference(draft, fact)
    if gone:
        shown_proof.told(draft, fact.origin, fact.leg.id, conference=fact.conference)
        proof.person_left(draft, fact.conference, fact.leg.id, fact.origin.at)


def audio_changed(
    draft: Draft, fact: PlaybackStarted | PlaybackEnded | SpeakStarted | SpeakEnded
) -> None:
    """A conference or a person is being played or spoken to, or not any more."""
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
    _say(draft, fact.origin, text, conference=fact.conference, leg=leg)
    proof.event_came(draft, fact.origin, fact.conference, leg)


def recording_saved(draft: Draft, fact: RecordingSaved) -> None:
    """A recording is complete. Only what we started ourselves can be said to be off now."""
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
    _say(draft, fact.origin, text, conference=fact.conference)
    proof.recording_saved(draft, fact)


def call_reported(draft: Draft, fact: CallReported) -> None:
    """A call event that tells who a leg is."""
    _introduce(draft, fact, fact.origin.at)
    parked.reported(draft, fact)
    if fact.ended:
        _say(draft, fact.origin, "hung up", leg=fact.leg.id)


def unknown_received(draft: Draft, fact: UnknownReceived) -> None:
    """An event of a type we do not know."""
    draft.health = replace(draft.health, unknown=draft.health.unknown + 1)
    _say(draft, fact.origin, "unknown event, acknowledged")


def call_told(draft: Draft, fact: CallTold) -> None:
    """What Telnyx remembers of a leg's call: who called whom, and its own client_state."""
    for report in fact.reports:
        _introduce(draft, report, fact.reading.answered, Source.POLL)
        parked.reported(draft, report)


def _introduce(
    draft: Draft, report: CallReported, at: Moment, source: Source = Source.WEBHOOK
) -> None:
    incoming = report.incoming
    number = None if incoming is None else report.from_ if incoming else report.to
    learn(draft, report.leg, at, number=number, caller=bool(incoming), source=source)


def _in_conference(draft: Draft, fact: FloorChanged | ParticipantJoined | ParticipantLeft) -> Leg:
    """The leg, named only where the name is surely its own.

    A conference's webhooks carry the client_state of its creation, whoever they are about
    (Telnyx API, Create conference: client_state).
    """
    conference = draft.conferences.get(fact.conference)
    if conference is not None and conference.born and fact.leg.called != conference.state_name:
        return fact.leg
    return replace(fact.leg, agent=None, name=None)


def _stay(draft: Draft, fact: ParticipantJoined | ParticipantLeft, *, here: bool) -> None:
    conference = draft.conferences.get(fact.conference)
    if conference is not None and conference.ended:
        return
    leg, origin = fact.leg.id, fact.origin
    person = draft.people.get(fact.conference, leg) or Participant(
        leg, fact.conference, Membership()
    )
    register = _word(
        origin,
        person.membership,
        here=here,
        scope_floor=draft.covered(ParticipantsScope(fact.conference)).floor,
    )
    if here and register.here and register is not person.membership:
        known = person.listed
        began = -inf if origin.occurred is None else origin.occurred
        created = known.created_at if known is not None else None
        if created is None or created < began - draft.policy.skew:
            person = replace(person, listed=None, accounted=None, joined_at=origin.occurred)
    own = person.own_role if register.here else None
    draft.people.put(fact.conference, leg, replace(person, membership=register, own_role=own))


def _conference_exists(draft: Draft, id_: str, origin: Origin) -> None:
    conference = draft.conferences.get(id_)
    if conference is not None and (conference.ended or conference.listed is not None):
        return
    conference = conference or Conference(id_, Membership())
    register = _word(
        origin,
        conference.membership,
        here=True,
        scope_floor=min(draft.covered(LIVE).floor, draft.covered(INIT).floor),
    )
    draft.conferences.put(id_, replace(conference, membership=register))
    if register.here:
        draft.effects.append(Refresh(OneConferenceScope(id_)))


def _queue_exists(draft: Draft, name: str, origin: Origin) -> None:
    line = draft.queues.get(name)
    if line is not None and line.membership.here:
        return
    line = line or Queue(name, Membership())
    register = _word(
        origin,
        line.membership,
        here=True,
        scope_floor=draft.covered(QueuesScope()).floor,
    )
    draft.queues.put(name, replace(line, membership=register))
    draft.effects.append(Refresh(QueuesScope()))


def _word(origin: Origin, before: Membership, *, here: bool, scope_floor: float) -> Membership:
    """An event's word on one key, and who brought it."""
    register = told(before, stamp=origin.occurred, here=here, scope_floor=scope_floor, at=origin.at)
    if origin.api and register.seen is origin.at:
        return replace(register, source=Source.API)
    return register


def _say(
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
