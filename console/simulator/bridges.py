"""Two calls bridged with each other.

When one of them moves on or hangs up, the other is parked if it has park_after_unbridge=self, and
hung up otherwise (Telnyx API, bridge).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import errors, legs, queues, webhook_events
from console.simulator.models import Leg, LegState, Placement

if TYPE_CHECKING:
    from console.simulator.world import World


def connect(world: World, one: Leg, other: Leg) -> None:
    """Bridge two answered calls. Each leaves its conference, queue or bridge (reason bridged).

    INFERRED: two calls that are bridged with each other stay so, and no webhook is sent.

    Raises:
        ApiError: 90015 for a call with itself, 90033 (INFERRED) for a supervisor's call.
    """
    if one is other:
        raise errors.unknown_call()
    if one.supervises is not None or other.supervises is not None:
        raise errors.not_allowed("Supervisor calls do not support commands.")
    if one.bridged_with is other:
        return
    for leg in (one, other):
        legs.take_out(leg, "bridged")
    if LegState.ENDED in (one.state, other.state):  # leaving ended its conference, which hung it up
        raise errors.call_ended()
    one.bridged_with, other.bridged_with = other, one
    for leg in (one, other):
        leg.placement = _placement(world, leg)
        world.emit("call.bridged", webhook_events.bridged(leg), leg)


def connect_queue(world: World, one: Leg, name: str) -> None:
    """Bridge a call with the first call of a queue. Its entry is removed even if bridging fails.

    INFERRED: an empty queue is 422/10015 pointing at it. The entry of a failed bridge is removed
    with reason ``bridging-in-process``. For a ghost, the ``meta`` of the error has the call id and
    the numbers, for calling back.

    Raises:
        ApiError: 404 for an unknown queue, 10015 for an empty one, 90018 for a ghost.
    """
    queue = queues.find(world, name)
    head = next(iter(queue), None)
    if head is None:
        raise errors.unprocessable(errors.invalid("/queue", f"The queue {name} is empty."))
    other = head.leg
    if other.state is LegState.ENDED:
        queues.remove_entry(world, queue, head, "bridging-in-process")
        raise errors.gone_from_queue(other.call_control_id, other.from_, other.to)
    try:
        connect(world, one, other)
    finally:
        queues.leave(world, other, "bridging-in-process")


def _placement(world: World, leg: Leg) -> Placement:
    return Placement(
        leave=lambda _reason: _part(world, leg),
        hung_up=lambda: _part(world, leg),
    )


def _part(world: World, leaver: Leg) -> None:
    other = leaver.bridged_with
    leaver.placement = leaver.bridged_with = None
    if other is None:
        return
    other.placement = other.bridged_with = None
    if other.state is not LegState.ENDED and not other.park_after_unbridge:
        legs.hang_up(world, other)
