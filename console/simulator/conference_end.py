"""The end of a conference, with its effects on the participants and on its creator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import audio, legs, recordings, webhook_events
from console.simulator.models import Conference, EndReason, Leg, LegState, Status
from console.simulator.webhook_events import webhook_time

if TYPE_CHECKING:
    from console.simulator.http_types import Json
    from console.simulator.world import World

FORCED: tuple[EndReason, ...] = ("ended_via_api", "host_left")


def end(world: World, conference: Conference, reason: EndReason, by: Leg | None = None) -> None:
    """End a conference: stop audio, hang up participants, save recordings, free the name.

    An end by force (by the API or by a leaving host) also hangs up the call that created the
    conference, wherever that call is, with cause ``time_limit``. INFERRED: the webhook has no
    reason ``ended_via_api`` and says ``all_left`` for it. INFERRED: participants at expiry are hung
    up.
    """
    if conference.status is Status.COMPLETED:
        return
    conference.status = Status.COMPLETED
    conference.end_reason, conference.ended_by = reason, by
    conference.ended_at = conference.updated_at = world.now
    if conference.expiry is not None:
        conference.expiry.cancel()
    if world.live_names.get(conference.name) is conference:
        del world.live_names[conference.name]
    audio.stop(world, conference, None)
    for participant in list(conference.people.values()):
        legs.hang_up(world, participant.leg, "normal_clearing")
    recordings.stop_all(world, conference)
    payload: dict[str, Json] = {
        **webhook_events.conference_fields(conference, conference.creator),
        "occurred_at": webhook_time(world.now),
        "reason": "all_left" if reason == "ended_via_api" else reason,
    }
    world.emit("conference.ended", payload, conference.creator)
    if reason in FORCED and conference.creator.state is not LegState.ENDED:
        legs.hang_up(world, conference.creator, "time_limit")
    world.after(world.rules.ended_room_secs, lambda: _forget(world, conference))


def end_if_still_empty(world: World, conference: Conference) -> None:
    """End a conference if nobody joined during its linger time."""
    if not conference.people:
        end(world, conference, "all_left")


def _forget(world: World, conference: Conference) -> None:
    world.conferences.pop(conference.id, None)
