"""Participants of a conference: join, leave, hold, mute, role, floor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.simulator import audio, conference_end, dtmf_gather, errors, legs, webhook_events
from console.simulator.models import (
    Beep,
    Conference,
    Heard,
    Leg,
    Participant,
    Placement,
    Role,
    Status,
)
from console.simulator.webhook_events import webhook_time

if TYPE_CHECKING:
    from console.simulator.world import World


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """The options of joining a conference (Telnyx API, conference join)."""

    mute: bool = False
    hold: bool = False
    hold_media: str | None = None
    end_on_exit: bool = False
    soft_end_on_exit: bool = False
    starts_conference: bool = False
    role: Role = "none"
    whisper_to: tuple[str, ...] = ()
    beep: Beep | None = None


DEFAULT_JOIN = JoinOptions()


def join(
    world: World, conference: Conference, leg: Leg, join_options: JoinOptions = DEFAULT_JOIN
) -> Participant:
    """Add an answered call. It leaves its queue (reason bridged) or its other conference.

    INFERRED: a call that is in this conference already stays as it is.

    Raises:
        ApiError: 90019 if the conference has ended or is closed to new participants, 90032 if full.
    """
    if conference.closed or conference.status is Status.COMPLETED:
        raise errors.conference_ended()
    here = conference.people.get(leg.call_control_id)
    if here is not None:
        return here
    if len(conference.people) >= conference.max_participants:
        raise errors.conference_full(conference.max_participants)
    legs.take_out(leg, "bridged")
    return admit(world, conference, leg, join_options)


def admit(world: World, conference: Conference, leg: Leg, join_options: JoinOptions) -> Participant:
    """Add a parked call without the checks of ``join``."""
    waits = conference.status is Status.INIT and not join_options.starts_conference
    participant = Participant(
        id=world.ids.uuid(),
        leg=leg,
        conference_id=conference.id,
        created_at=world.now,
        updated_at=world.now,
        muted=join_options.mute,
        on_hold=join_options.hold or waits,
        end_on_exit=join_options.end_on_exit,
        soft_end_on_exit=join_options.soft_end_on_exit,
        beep=join_options.beep,
        hold_media=join_options.hold_media or (conference.hold_media if waits else None),
        held_for_start=waits and not join_options.hold,
    )
    _set_role(participant, join_options.role, join_options.whisper_to)
    conference.recently_left.pop(leg.call_control_id, None)
    conference.people[leg.call_control_id] = conference.by_id[participant.id] = participant
    leg.conference_id = conference.id
    leg.placement = Placement(
        leave=lambda _reason: leave(world, conference, participant),
        hung_up=lambda: leave(world, conference, participant),
    )
    if world.rules.joining_secs:
        participant.status = "joining"
        world.after(world.rules.joining_secs, lambda: _joined(world, conference, participant))
    else:
        _joined(world, conference, participant)
    if join_options.starts_conference:
        _begin(world, conference)
    return participant


def leave(
    world: World, conference: Conference, participant: Participant, beep: Beep | None = None
) -> None:
    """Take a participant out; a live call is then parked. ``beep`` overrides earlier settings.

    INFERRED: for a leg that leaves while still joining, neither joined nor left is sent.

    A host's leave ends the conference. INFERRED: a soft host's leave closes it to new participants,
    and the others stay together.
    """
    leg, was_joined = participant.leg, participant.status == "joined"
    audio.stop(world, conference, [leg])
    dtmf_gather.cancel(world, leg)
    del conference.people[leg.call_control_id]
    conference.recently_left[leg.call_control_id] = participant
    participant.status = "left"
    participant.updated_at = world.now
    leg.conference_id = leg.placement = None
    if conference.floor == leg.call_control_id:
        conference.floor = None
    if was_joined:
        world.emit(
            "conference.participant.left", webhook_events.conference_fields(conference, leg), leg
        )
    if (beep or participant.beep or conference.beep) in ("always", "on_exit"):
        sound_beep(world, conference)
    world.after(world.rules.left_visible_secs, lambda: _unlist(conference, participant))
    _after_leave(world, conference, participant)


def sound_beep(world: World, conference: Conference, but: Leg | None = None) -> None:
    """Let all participants hear a beep, except the leg ``but``."""
    for one in conference.people.values():
        if one.leg is not but:
            one.leg.heard.append(Heard(world.now, "beep"))


def send_dtmf(world: World, people: Iterable[Participant], digits: str) -> None:
    """Let the participants hear DTMF digits."""
    for one in people:
        one.leg.heard.append(Heard(world.now, "dtmf", digits))


def find(
    conference: Conference, call_control_id: str, pointer: str = "/call_control_id"
) -> Participant:
    """Return the participant of that call.

    Raises:
        ApiError: 90015 (INFERRED) if the call is not in this conference.
    """
    participant = conference.people.get(call_control_id)
    if participant is None:
        raise errors.unknown_call(pointer)
    return participant


def find_all(conference: Conference, call_control_ids: Iterable[str]) -> list[Participant]:
    """Return the participants of those calls.

    Raises:
        ApiError: 90015 (INFERRED) if one call is not in this conference; then none is changed.
    """
    return [find(conference, one, "/call_control_ids") for one in call_control_ids]


def mute(
    world: World, conference: Conference, people: Iterable[Participant], *, muted: bool
) -> None:
    """Mute or unmute participants; no webhook reports it."""

    def apply(participant: Participant) -> None:
        participant.muted = muted
        participant.muted_by_role = False

    _change(world, conference, people, apply)


def hold(
    world: World,
    conference: Conference,
    people: Iterable[Participant],
    *,
    held: bool,
    media: str | None = None,
) -> None:
    """Hold participants, who hear ``media`` meanwhile, or unhold them; no webhook reports it."""

    def apply(participant: Participant) -> None:
        participant.on_hold = held
        participant.held_for_start = False
        participant.hold_media = media if held else None

    _change(world, conference, people, apply)


def set_role(
    world: World, participant: Participant, role: Role, whisper_to: tuple[str, ...]
) -> None:
    """Set the supervisor role of a participant, or ``none``; no webhook reports it."""
    _set_role(participant, role, whisper_to)
    participant.updated_at = world.now


def give_floor(world: World, conference: Conference, participant: Participant) -> bool:
    """Give the floor to a participant; return False if they cannot speak or have it already."""
    ccid = participant.leg.call_control_id
    silent = participant.muted or participant.on_hold or participant.status != "joined"
    if silent or conference.floor == ccid or conference.status is not Status.IN_PROGRESS:
        return False
    conference.floor = ccid
    emit_floor(world, conference, participant.leg)
    return True


def emit_floor(world: World, conference: Conference, leg: Leg) -> None:
    """Send conference.floor.changed for the leg that has the floor now."""
    payload = {
        **webhook_events.conference_fields(conference, leg),
        "occurred_at": webhook_time(world.now),
    }
    world.emit(webhook_events.FLOOR, payload, leg)


def _change(
    world: World,
    conference: Conference,
    people: Iterable[Participant],
    apply: Callable[[Participant], None],
) -> None:
    for participant in people:
        apply(participant)
        participant.updated_at = world.now
        silent = participant.muted or participant.on_hold
        if silent and conference.floor == participant.leg.call_control_id:
            conference.floor = None


def _set_role(participant: Participant, role: Role, whisper_to: tuple[str, ...]) -> None:
    """Set the role. Monitor, and whisper to nobody, mutes; INFERRED: other roles undo that mute."""
    participant.role = role
    participant.whisper_to = whisper_to if role == "whisper" else ()
    silent = role == "monitor" or (role == "whisper" and not whisper_to)
    if silent and not participant.muted:
        participant.muted = participant.muted_by_role = True
    elif not silent and participant.muted_by_role:
        participant.muted = participant.muted_by_role = False


def _begin(world: World, conference: Conference) -> None:
    """Start the conference. INFERRED: participants held only until the start are unheld."""
    if conference.status is not Status.INIT:
        return
    conference.status = Status.IN_PROGRESS
    conference.updated_at = world.now
    waiting = [p for p in conference.people.values() if p.held_for_start]
    hold(world, conference, waiting, held=False)


def _joined(world: World, conference: Conference, participant: Participant) -> None:
    leg = participant.leg
    if conference.people.get(leg.call_control_id) is not participant:
        return
    participant.status = "joined"
    world.emit(
        "conference.participant.joined", webhook_events.conference_fields(conference, leg), leg
    )
    if (participant.beep or conference.beep) in ("always", "on_enter"):
        sound_beep(world, conference, leg)


def _after_leave(world: World, conference: Conference, participant: Participant) -> None:
    if conference.status is Status.COMPLETED:
        return
    if participant.end_on_exit:
        conference_end.end(world, conference, "host_left", participant.leg)
        return
    conference.closed = conference.closed or participant.soft_end_on_exit
    if not conference.people:
        linger = world.rules.empty_room_secs
        world.after(linger, lambda: conference_end.end_if_still_empty(world, conference))


def _unlist(conference: Conference, participant: Participant) -> None:
    conference.by_id.pop(participant.id, None)
    if conference.recently_left.get(participant.leg.call_control_id) is participant:
        del conference.recently_left[participant.leg.call_control_id]
