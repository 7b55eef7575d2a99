"""How a conference ends, and what its end does to those inside and to its creator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import audio, events, legs, recordings
from console.simulator.things import Conference, EndReason, Leg, LegState, Status
from console.simulator.times import webhook_time

if TYPE_CHECKING:
    from console.simulator.wire import Json
    from console.simulator.world import World

FORCED: tuple[EndReason, ...] = ("ended_via_api", "host_left")


def end(world: World, room: Conference, reason: EndReason, by: Leg | None = None) -> None:
    """End it: audio stops, everyone inside is hung up, recordings are saved, the name is free.

    Ended by force (by the API or by a leaving host) it also hangs up, with cause ``time_limit``,
    the call it was created from, wherever that is by now. INFERRED: the webhook, whose reasons
    have no ``ended_via_api``, says ``all_left`` for it; those still inside at expiry are hung up.
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
        **events.room_block(room, room.creator),
        "occurred_at": webhook_time(world.now),
        "reason": "all_left" if reason == "ended_via_api" else reason,
    }
    world.tell("conference.ended", payload, room.creator)
    if reason in FORCED and room.creator.state is not LegState.ENDED:
        legs.hang_up(world, room.creator, "time_limit")
    world.after(world.rules.ended_room_secs, lambda: _forget(world, room))


def end_if_still_empty(world: World, room: Conference) -> None:
    """The linger of an emptied conference is over."""
    if not room.people:
        end(world, room, "all_left")


def _forget(world: World, room: Conference) -> None:
    world.conferences.pop(room.id, None)
