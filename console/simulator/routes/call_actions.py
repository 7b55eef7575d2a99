"""Call actions: answer, reject, hang up, bridge, transfer, switch role, update client_state."""

from __future__ import annotations

from typing import cast

from console.simulator import bridges, dialling, errors, legs, participants
from console.simulator.body_fields import Base64Text, Callee, Choice, Field, Flag, Text
from console.simulator.http_types import Json
from console.simulator.models import Leg, LegState, Role
from console.simulator.operation import OK, Operation, ParsedRequest
from console.simulator.routes import calls, common, webhook_options

CALL = "/calls/{call_control_id}/actions"
CAUSES = {"CALL_REJECTED": "call_rejected", "USER_BUSY": "user_busy"}
REASON = r'[^"\\\x00-\x1f\x7f\U00010000-\U0010ffff]*'


def answer(request: ParsedRequest) -> Json:
    """Answer a ringing call; an answered call stays answered (INFERRED)."""
    leg = _leg(request)
    leg.webhook_options = webhook_options.webhook_options_of(request.body) or leg.webhook_options
    if leg.state is LegState.RINGING:
        legs.answer(request.world, leg)
    return OK


def reject(request: ParsedRequest) -> Json:
    """Reject a ringing call; INFERRED: an answered call is hung up."""
    leg = _leg(request)
    legs.hang_up(request.world, leg, CAUSES[request.body.given("cause")], "callee")
    return OK


def hang_up(request: ParsedRequest) -> Json:
    """Hang up a ringing or answered call; ``reason`` reaches only telephones and is ignored."""
    leg = _leg(request)
    ringing_out = leg.state is LegState.RINGING and leg.direction == "outgoing"
    cause = "originator_cancel" if ringing_out else "normal_clearing"
    legs.hang_up(request.world, leg, cause, "caller" if leg.direction == "outgoing" else "callee")
    return OK


def bridge(request: ParsedRequest) -> Json:
    """Bridge the call with another call or with the first call of a queue; exactly one is required.

    An empty call_control_id counts as absent, because the official SDK always sends one.

    INFERRED: prevent_double_bridge refuses with 90033 if the other call is bridged already.
    """
    body, world = request.body, request.world
    one = legs.find_answered(world, request.id)
    named, queue = body.text("call_control_id") or None, body.text("queue")
    if named is not None and queue is not None:
        detail = "queue and call_control_id cannot be used together in one request."
        raise errors.unprocessable(errors.invalid("/queue", detail))
    if named is None and queue is None:
        raise errors.unprocessable(errors.missing("/call_control_id"))
    if named is not None:
        other = legs.find_answered(world, named)
        if body.flag("prevent_double_bridge") and other.bridged_with is not None:
            raise errors.not_allowed("The call is already bridged.")
        bridges.connect(world, one, other)
    else:
        bridges.connect_queue(world, one, str(queue))
    one.park_after_unbridge = body.text("park_after_unbridge") == "self"
    _touch(request, one)
    return OK


def transfer(request: ParsedRequest) -> Json:
    """Dial a number and bridge the call with it. If nobody answers, the call stays where it is."""
    body, world = request.body, request.world
    one = legs.find_answered(world, request.id)
    dialling.count_dial(world)
    one.park_after_unbridge = body.text("park_after_unbridge") == "self"
    _touch(request, one)
    leg = legs.outgoing(
        world,
        body.choice("from", one.to),
        body.given("to"),
        connection_id=one.connection_id,
        client_state=body.text("target_leg_client_state"),
        webhook_options=webhook_options.webhook_options_of(body),
        session_id=one.call_session_id,
    )
    leg.operated = True
    dialling.plan_outcome(
        world,
        leg,
        dialling.DialOptions(
            timeout_secs=body.whole("timeout_secs", 30),
            time_limit_secs=body.whole("time_limit_secs", calls.LONGEST_LIMIT),
            bridge_with=one.call_control_id,
        ),
    )
    return OK


def switch_role(request: ParsedRequest) -> Json:
    """Switch the role of a dialled supervisor; INFERRED: any other call is refused with 90033."""
    leg = legs.find_answered(request.world, request.id)
    conference = request.world.conferences.get(leg.conference_id or "")
    if leg.supervises is None or conference is None:
        raise errors.not_allowed("The call is not a supervisor call.")
    role = cast("Role", request.body.given("role"))
    one = participants.find(conference, leg.call_control_id)
    one.operated = True
    if not request.strikes("role-not-shown"):
        participants.set_role(
            request.world, one, role, (leg.supervises,) if role == "whisper" else ()
        )
    return OK


def update_client_state(request: ParsedRequest) -> Json:
    """Set the client_state of all later webhooks of this call."""
    _leg(request)
    return OK


def _leg(request: ParsedRequest) -> Leg:
    """Return the call in the path, after setting the client_state that was sent."""
    leg = legs.find(request.world, request.id)
    _touch(request, leg)
    return leg


def _touch(request: ParsedRequest, leg: Leg) -> None:
    leg.client_state = request.body.text("client_state") or leg.client_state
    leg.operated = True


NAMED = (common.CLIENT_STATE, common.COMMAND_ID)
PARK = Field("park_after_unbridge", Choice(("self",)))
OPERATIONS = (
    Operation(
        "answer",
        "POST",
        f"{CALL}/answer",
        answer,
        (*NAMED, *webhook_options.FIELDS),
        scope="call",
        command=True,
    ),
    Operation(
        "reject",
        "POST",
        f"{CALL}/reject",
        reject,
        (Field("cause", Choice(tuple(CAUSES)), required=True), *NAMED),
        scope="call",
        command=True,
    ),
    Operation(
        "hangup",
        "POST",
        f"{CALL}/hangup",
        hang_up,
        (*NAMED, Field("reason", Text(0, None, REASON))),
        scope="call",
        command=True,
    ),
    Operation(
        "bridge",
        "POST",
        f"{CALL}/bridge",
        bridge,
        (
            Field("call_control_id", Text()),
            Field("queue", Text(1, 255)),
            Field("prevent_double_bridge", Flag()),
            PARK,
            *NAMED,
        ),
        scope="call",
        command=True,
    ),
    Operation(
        "transfer",
        "POST",
        f"{CALL}/transfer",
        transfer,
        (
            Field("to", Callee(), required=True),
            Field("from", Text(1)),
            Field("target_leg_client_state", Base64Text()),
            *calls.TIMES,
            PARK,
            *webhook_options.FIELDS,
            *NAMED,
        ),
        scope="call",
        command=True,
    ),
    Operation(
        "switch_supervisor_role",
        "POST",
        f"{CALL}/switch_supervisor_role",
        switch_role,
        (Field("role", Choice(calls.SUPERVISORS), required=True),),
        command=True,
    ),
    Operation(
        "client_state_update",
        "PUT",
        f"{CALL}/client_state_update",
        update_client_state,
        (Field("client_state", Base64Text(), required=True),),
        command=True,
    ),
)
