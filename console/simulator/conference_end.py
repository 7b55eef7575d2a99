"""The end of a conference, with its effects on the participants and on its creator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import audio, legs, recordings, webhook_events
from console.simulator.models import Conference, EndReason, Leg, LegState, Status
from console.simulator.time_format import webhook_time

if TYPE_CHECKING:
    from console.simulator.http_types import Json
    from console.simulator.world import World

FORCED: tuple[EndReason, ...] = ("ended_via_api", "host_left")


def end(world: World, room: Conference, reason: EndReason, by: Leg | None = None) -> None:
    """End a conference: stop audio, hang up participants, save recordings, free the name.

    An end by force (by the API or by a leaving host) also hangs up the call that created the
    conference, wherever that call is, with cause ``time_limit``. INFERRED: the webhook has no
    reason ``ended_via_api`` and says ``all_left`` for it. INFERRED: participants at expiry are hung
    up.
    """
    if room.status is Status.COMPLETED:
        return
    room.status = Status.COMPLETED
    room.end_reason, room.ended_by = reason, by
    room.ended_at = room.updated_at = world.now
    if room.expiry is not None:
        room.expiry.cancel()
    if world.live_names.get(room.name) is room:
        del world.live_names[room.name]
    audio.stop(world, room, None)
    for participant in list(room.people.values()):
        legs.hang_up(world, participant.leg, "normal_clearing")
    recordings.stop_all(world, room)
    payload: dict[str, Json] = {
        **webhook_events.room_block(room, room.creator),
        "occurred_at": webhook_time(world.now),
        "reason": "all_left" if reason == "ended_via_api" else reason,
    }
    world.tell("conference.ended", payload, room.creator)
    if reason in FORCED and room.creator.state is not LegState.ENDED:
        legs.hang_up(world, room.creator, "time_limit")
    world.after(world.rules.ended_room_secs, lambda: _forget(world, room))


def end_if_still_empty(world: World, room: Conference) -> None:
    """End a conference if nobody joined during its linger time."""
    if not room.people:
        end(world, room, "all_left")


def _forget(world: World, room: Conference) -> None:
    world.conferences.pop(room.id, None)
