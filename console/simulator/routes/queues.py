"""Queue operations, for the queues themselves and the calls in them."""

from __future__ import annotations

from console.simulator import legs, paging, queues, resources
from console.simulator.body_fields import Field, Flag, Text, Whole
from console.simulator.errors import ApiError
from console.simulator.http_types import Json
from console.simulator.operation import OK, Operation, ParsedRequest
from console.simulator.routes import common

ONE = "/queues/{queue_name}"
CALL = "/queues/{queue_name}/calls/{call_control_id}"


def list_queues(request: ParsedRequest) -> Json:
    """List the queues in order of creation (INFERRED)."""
    world = request.world
    every = list(world.queues.values())
    return paging.listing(
        common.page_of(request),
        len(every),
        lambda start, stop: [resources.queue(one, world.now) for one in every[start:stop]],
    )


def create(request: ParsedRequest) -> Json:
    """Create an empty queue."""
    size = request.body.whole("max_size", queues.CREATE_MAX_SIZE)
    made = queues.create(request.world, request.body.given("queue_name"), size)
    return resources.queue(made, request.world.now)


def read(request: ParsedRequest) -> Json:
    """Read one queue."""
    return resources.queue(queues.find(request.world, request.id), request.world.now)


def update(request: ParsedRequest) -> Json:
    """Set the size limit; calls that wait already stay (INFERRED)."""
    queue = queues.find(request.world, request.id)
    queue.max_size = request.body.whole("max_size", queue.max_size)
    queue.updated_at = request.world.now
    return resources.queue(queue, request.world.now)


def delete(request: ParsedRequest) -> Json:
    """Delete an empty queue."""
    queues.delete(request.world, request.id)
    return None


def list_calls(request: ParsedRequest) -> Json:
    """List the queued calls by position (INFERRED); only the requested page is built."""
    queue, now = queues.find(request.world, request.id), request.world.now
    page = common.page_of(request, cursors=True)
    return paging.listing(
        page,
        len(queue),
        lambda start, stop: [
            resources.queued_call(queue, call, start + place, now)
            for place, call in enumerate(queue.slice(start, stop), 1)
        ],
    )


def read_call(request: ParsedRequest) -> Json:
    """Read one queued call."""
    queue, call = queues.find_call(request.world, request.id, request.path["call_control_id"])
    return resources.queued_call(queue, call, queue.position(call), request.world.now)


def update_call(request: ParsedRequest) -> Json:
    """Set if the place of the call is kept after its hang-up."""
    _, call = queues.find_call(request.world, request.id, request.path["call_control_id"])
    call.keep_after_hangup = request.body.flag("keep_after_hangup", default=call.keep_after_hangup)
    return None


def delete_call(request: ParsedRequest) -> Json:
    """Remove an entry, meant for one whose caller has hung up."""
    queue, call = queues.find_call(request.world, request.id, request.path["call_control_id"])
    queues.remove_entry(request.world, queue, call)
    return None


def enqueue(request: ParsedRequest) -> Json:
    """Add a call to a queue."""
    leg = legs.find_answered(request.world, request.id)
    before = leg.client_state
    leg.client_state = request.body.text("client_state") or before
    try:
        queues.enqueue(
            request.world,
            leg,
            request.body.given("queue_name"),
            max_size=request.body.whole("max_size", queues.ENQUEUE_MAX_SIZE),
            max_wait_secs=request.body.whole_or_none("max_wait_time_secs"),
            keep_after_hangup=request.body.flag("keep_after_hangup"),
        )
    except ApiError:
        leg.client_state = before
        raise
    leg.operated = True
    return OK


def leave_queue(request: ParsedRequest) -> Json:
    """Take a call out of its queue and park it; INFERRED: 404 for a call in no queue."""
    leg = legs.find(request.world, request.id)
    queues.must_be_queued(leg)
    leg.client_state = request.body.text("client_state") or leg.client_state
    leg.operated = True
    queues.leave(request.world, leg, "leave")
    return OK


SIZE = Whole(1)
OPERATIONS = (
    Operation("list_queues", "GET", "/queues", list_queues, whole=True),
    Operation(
        "create_queue",
        "POST",
        "/queues",
        create,
        (Field("queue_name", Text(1, 255), required=True), Field("max_size", SIZE)),
    ),
    Operation("read_queue", "GET", ONE, read),
    Operation("update_queue", "POST", ONE, update, (Field("max_size", SIZE, required=True),)),
    Operation("delete_queue", "DELETE", ONE, delete, command=True),
    Operation("list_queue_calls", "GET", f"{ONE}/calls", list_calls, whole=True),
    Operation("read_queue_call", "GET", CALL, read_call),
    Operation(
        "update_queue_call",
        "PATCH",
        CALL,
        update_call,
        (Field("keep_after_hangup", Flag()),),
        command=True,
    ),
    Operation("delete_queue_call", "DELETE", CALL, delete_call, command=True),
    Operation(
        "enqueue",
        "POST",
        "/calls/{call_control_id}/actions/enqueue",
        enqueue,
        (
            Field("queue_name", Text(1, 255), required=True),
            Field("max_size", SIZE),
            Field("max_wait_time_secs", SIZE),
            Field("keep_after_hangup", Flag()),
            common.CLIENT_STATE,
            common.COMMAND_ID,
        ),
        scope="call",
        command=True,
    ),
    Operation(
        "leave_queue",
        "POST",
        "/calls/{call_control_id}/actions/leave_queue",
        leave_queue,
        (common.CLIENT_STATE, common.COMMAND_ID),
        scope="call",
        command=True,
    ),
)
