"""Queues of calls, first in, first out; each removal sends call.dequeued with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import errors, legs, webhook_events
from console.simulator.models import DequeueReason, Leg, LegState, Placement, QueuedCall
from console.simulator.queue_order import Queue, waited

if TYPE_CHECKING:
    from console.simulator.world import World

ENQUEUE_MAX_SIZE = 100
CREATE_MAX_SIZE = 300


def create(world: World, name: str, max_size: int = CREATE_MAX_SIZE) -> Queue:
    """Create an empty queue and return it.

    Raises:
        ApiError: 422 if the name is taken (INFERRED: 10015 pointing at queue_name).
    """
    if name in world.queues:
        detail = f"A queue named {name} already exists."
        raise errors.unprocessable(errors.invalid("/queue_name", detail))
    queue = Queue(world.ids.uuid(), name, max_size, world.now, world.now, world.now)
    world.queues[name] = queue
    _await_collection(world, queue)
    return queue


def find(world: World, name: str) -> Queue:
    """Return the queue of that name.

    Raises:
        ApiError: 404 if there is none.
    """
    queue = world.queues.get(name)
    if queue is None:
        raise errors.not_found()
    return queue


def find_call(world: World, name: str, call_control_id: str) -> tuple[Queue, QueuedCall]:
    """Return a queue and the entry of one call in it.

    Raises:
        ApiError: 404 if either is missing.
    """
    queue = find(world, name)
    call = queue.find(call_control_id)
    if call is None:
        raise errors.not_found()
    return queue, call


def delete(world: World, name: str) -> None:
    """Delete an empty queue.

    Raises:
        ApiError: 404 if there is none; 400/90050 if it has calls.
    """
    if len(find(world, name)):
        raise errors.queue_not_empty(name)
    del world.queues[name]


def enqueue(
    world: World,
    leg: Leg,
    name: str,
    *,
    max_size: int = ENQUEUE_MAX_SIZE,
    max_wait_secs: int | None = None,
    keep_after_hangup: bool = False,
) -> QueuedCall:
    """Add a call at the end of a queue, which is created if it does not exist.

    The call leaves its conference, or its other queue (INFERRED: reason ``leave``).

    Raises:
        ApiError: 90036 if the queue is full, 90038 if the call waits in it already.
    """
    _check_capacity(world.queues.get(name), leg)
    legs.take_out(leg, "leave")
    queue = world.queues.get(name)  # leaving it may have removed the queue
    if queue is None:
        queue = create(world, name, max_size)
    call = QueuedCall(leg, world.next_seq(), world.now, keep_after_hangup)
    queue.append(call)
    queue.updated_at, queue.emptied_at = world.now, None
    leg.queue_name = name
    leg.placement = Placement(
        leave=lambda reason: leave(world, leg, reason),
        hung_up=lambda: _hung_up(world, leg),
    )
    if max_wait_secs is not None:
        call.timeout = world.after(max_wait_secs, lambda: leave(world, leg, "timeout"))
    payload = {
        **webhook_events.leg_fields(leg),
        "queue": name,
        "current_position": queue.position(call),
        "queue_avg_wait_time_secs": queue.average_wait(world.now),
    }
    world.emit("call.enqueued", payload, leg)
    return call


def _check_capacity(queue: Queue | None, leg: Leg) -> None:
    if queue is not None and queue.find(leg.call_control_id) is not None:
        raise errors.already_queued(queue.name)
    if queue is not None and len(queue) >= queue.max_size:
        raise errors.queue_full(queue.name)


def leave(world: World, leg: Leg, reason: DequeueReason) -> None:
    """Take a call out of the queue it waits in, if any; a live call is then parked."""
    if leg.queue_name is None:
        return
    queue = world.queues[leg.queue_name]
    call = queue.find(leg.call_control_id)
    if call is not None:
        _remove(world, queue, call, reason)


def must_be_queued(leg: Leg) -> None:
    """Check that the call waits in a queue.

    Raises:
        ApiError: 404 if it does not.
    """
    if leg.queue_name is None:
        raise errors.not_found()


def _hung_up(world: World, leg: Leg) -> None:
    """Remove the entry of a caller who hung up, or keep it as a ghost if its place is kept."""
    if leg.queue_name is None:
        return
    queue = world.queues[leg.queue_name]
    call = queue.find(leg.call_control_id)
    if call is None:
        return
    if call.keep_after_hangup:
        queue.mark_ghost(call, world.now)
        if call.timeout is not None:
            call.timeout.cancel()
    else:
        _remove(world, queue, call, "hangup")


def remove_entry(
    world: World, queue: Queue, call: QueuedCall, reason: DequeueReason | None = None
) -> None:
    """Delete an entry: a ghost with reason hangup, a live call with reason leave (INFERRED)."""
    ended = call.leg.state is LegState.ENDED
    _remove(world, queue, call, reason or ("hangup" if ended else "leave"))


def _remove(world: World, queue: Queue, call: QueuedCall, reason: DequeueReason) -> None:
    position = queue.position(call)
    if call.timeout is not None:
        call.timeout.cancel()
    queue.remove(call)
    queue.updated_at = world.now
    leg = call.leg
    leg.queue_name = leg.placement = None
    if not len(queue):
        queue.emptied_at = world.now
        _await_collection(world, queue)
    payload = {
        **webhook_events.leg_fields(leg),
        "queue": queue.name,
        "queue_position": position,
        "wait_time_secs": waited(call, world.now),
        "reason": reason,
    }
    world.emit("call.dequeued", payload, leg)


def _await_collection(world: World, queue: Queue) -> None:
    since = queue.emptied_at

    def collect() -> None:
        if world.queues.get(queue.name) is queue and queue.emptied_at == since:
            del world.queues[queue.name]

    world.after(world.rules.empty_queue_secs, collect)
