"""Calls: dial, read, answer, hang up."""

from __future__ import annotations

from console.simulator import conferences, dialling, errors, legs, shapes
from console.simulator.fields import Body, Callee, Choice, Field, Text, Texts, Whole
from console.simulator.operation import OK, Ask, Operation
from console.simulator.routes import common
from console.simulator.things import LegState
from console.simulator.wire import Json

SUPERVISORS = ("barge", "whisper", "monitor")
CONFERENCE_CONFIG = Field(
    "conference_config",
    fields=(
        Field("id", Text(1)),
        Field("conference_name", Text(1)),
        *common.JOIN_TERMS,
    ),
)


def dial(ask: Ask) -> Json:
    """Ring somebody; what they join, if anything, they join when they answer."""
    body = ask.body
    supervised = body.text("supervise_call_control_id")
    if supervised is not None:
        legs.find(ask.world, supervised, "/supervise_call_control_id")
    config = body.nested("conference_config")
    into = None if config is None else _into(ask, config)
    to = body.values["to"]
    leg = legs.outgoing(
        ask.world,
        body.given("from"),
        to if isinstance(to, str) else body.texts("to")[0],
        connection_id=body.given("connection_id"),
        client_state=body.text("client_state"),
        webhook_url=body.text("webhook_url"),
    )
    leg.operated = True
    dialling.ring(
        ask.world,
        leg,
        dialling.Plan(
            timeout_secs=body.whole("timeout_secs", 30),
            time_limit_secs=body.whole("time_limit_secs", 14_400),
            into=into,
            supervise=supervised,
            role=common.role_of(body.choice("supervisor_role", "barge")),
        ),
    )
    return shapes.dialled(leg)


def read(ask: Ask) -> Json:
    """A call that lives, or ended less than ten minutes ago."""
    leg = ask.world.legs.get(ask.id)
    if leg is None:
        raise errors.not_found()
    return shapes.call(leg, ask.world.now)


def answer(ask: Ask) -> Json:
    """Take a ringing call; one that is answered already stays so (INFERRED)."""
    leg = legs.find(ask.world, ask.id)
    leg.client_state = ask.body.text("client_state") or leg.client_state
    if leg.state is LegState.RINGING:
        legs.answer(ask.world, leg)
    leg.operated = True
    return OK


def hang_up(ask: Ask) -> Json:
    """End a call, ringing or answered."""
    leg = legs.find(ask.world, ask.id)
    leg.client_state = ask.body.text("client_state") or leg.client_state
    ringing_out = leg.state is LegState.RINGING and leg.direction == "outgoing"
    cause = "originator_cancel" if ringing_out else "normal_clearing"
    leg.operated = True
    legs.hang_up(ask.world, leg, cause, "caller" if leg.direction == "outgoing" else "callee")
    return OK


def _into(ask: Ask, config: Body) -> dialling.Into:
    room_id, name = config.text("id"), config.text("conference_name")
    if room_id is not None:
        conferences.must_be_active(conferences.find_by_id(ask.world, room_id))
    elif name is None:
        raise errors.unprocessable(errors.missing("/conference_config/id"))
    return dialling.Into(room_id, name, common.terms_of(config))


OPERATIONS = (
    Operation(
        "dial",
        "POST",
        "/calls",
        dial,
        (
            Field("connection_id", Text(1, None, r"\d+"), required=True),
            Field("to", Callee(), required=True),
            Field("from", Text(1), required=True),
            CONFERENCE_CONFIG,
            Field("supervise_call_control_id", Text(1)),
            Field("supervisor_role", Choice(SUPERVISORS)),
            Field("timeout_secs", Whole(5, 600)),
            Field("time_limit_secs", Whole(30, 14_400)),
            Field("webhook_url", Text(1)),
            Field("from_display_name", Text(0, 128)),
            Field("link_to", Text(1)),
            Field("park_after_unbridge", Text(1)),
            Field("whisper_call_control_ids", Texts()),
            common.CLIENT_STATE,
            common.COMMAND_ID,
        ),
        scope="account",
    ),
    Operation("read_call", "GET", "/calls/{call_control_id}", read),
    Operation(
        "answer",
        "POST",
        "/calls/{call_control_id}/actions/answer",
        answer,
        (common.CLIENT_STATE, common.COMMAND_ID),
        scope="call",
        command=True,
    ),
    Operation(
        "hangup",
        "POST",
        "/calls/{call_control_id}/actions/hangup",
        hang_up,
        (common.CLIENT_STATE, common.COMMAND_ID),
        scope="call",
        command=True,
    ),
)
