"""The true state of the world as JSON, for tests that compare a console with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import recordings, resources
from console.simulator.models import Audio, Conference, Leg, LegState, Participant, Recording
from console.simulator.resources import answer_time

if TYPE_CHECKING:
    from console.simulator.http_types import Json
    from console.simulator.world import World


def as_json(world: World) -> Json:
    """Return all state: resources as the API lists them, with the fields the API does not list."""
    return {
        "now": world.now,
        "conferences": [
            _conference(world, conference) for conference in world.conferences.values()
        ],
        "queues": [
            {
                **resources.queue(queue, world.now),
                "calls": [
                    resources.queued_call(queue, call, place, world.now)
                    for place, call in enumerate(queue, 1)
                ],
            }
            for queue in world.queues.values()
        ],
        "bridged": [
            [leg.call_control_id, leg.bridged_with.call_control_id]
            for leg in world.legs.values()
            if leg.bridged_with is not None
        ],
        "parked": [_leg(leg) for leg in world.legs.values() if _is_parked(leg)],
        "ringing": [_leg(leg) for leg in world.legs.values() if leg.state is LegState.RINGING],
    }


def _conference(world: World, conference: Conference) -> Json:
    return {
        **resources.conference(conference),
        "completed": conference.ended_at is not None,
        "floor": conference.floor,
        "creator": conference.creator.call_control_id,
        "max_participants": conference.max_participants,
        "participants": [_participant(conference, one) for one in conference.people.values()],
        "left": [_participant(conference, one) for one in conference.recently_left.values()],
        "recordings": [_recording(one, world.now) for one in conference.recordings],
        "audio": [_audio(one) for one in conference.audio],
    }


def _participant(conference: Conference, one: Participant) -> Json:
    return {
        **resources.participant_listed(conference, one),
        "heard": [{"at": h.at, "what": h.what, "digits": h.digits} for h in one.leg.heard],
        "supervisor_role": one.role,
        "operated": one.operated,
        "from": one.leg.from_,
        "to": one.leg.to,
        "client_state": one.leg.client_state,
    }


def _recording(one: Recording, now: float) -> Json:
    return {
        "id": one.id,
        "state": one.state,
        "format": one.format,
        "channels": one.channels,
        "started_at": answer_time(one.started_at),
        "duration_millis": recordings.millis(one, now),
        "saved": one.saved_at is not None,
    }


def _audio(one: Audio) -> Json:
    return {
        "kind": one.kind,
        "call_control_id": None if one.leg is None else one.leg.call_control_id,
        "media_url": one.media_url,
        "media_name": one.media_name,
        "endless": one.until is None,
    }


def _leg(leg: Leg) -> Json:
    return {
        "call_control_id": leg.call_control_id,
        "call_leg_id": leg.call_leg_id,
        "call_session_id": leg.call_session_id,
        "from": leg.from_,
        "to": leg.to,
        "direction": leg.direction,
        "client_state": leg.client_state,
    }


def _is_parked(leg: Leg) -> bool:
    return leg.state is LegState.ANSWERED and leg.placement is None
