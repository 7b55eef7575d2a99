"""Call operations: dial, read, list the active ones."""

from __future__ import annotations

from urllib.parse import urlsplit

from console.simulator import (
    conferences,
    dialling,
    errors,
    history,
    legs,
    paging,
    resources,
    webhook_events,
)
from console.simulator.body_fields import Body, Callee, Choice, Field, Flag, Text, Texts, Whole
from console.simulator.http_types import Json
from console.simulator.models import LegState
from console.simulator.operation import Operation, ParsedRequest
from console.simulator.routes import common, webhook_options

SUPERVISORS = ("barge", "whisper", "monitor")
SHORTEST_LIMIT, LONGEST_LIMIT = 30, 14_400
CONFERENCE_CONFIG = Field(
    "conference_config",
    fields=(
        Field("id", Text(1)),
        Field("conference_name", Text(1)),
        Field("early_media", Flag()),
        Field("start_conference_on_create", Flag()),
        *common.JOIN_FIELDS,
    ),
)


def dial(request: ParsedRequest) -> Json:
    """Dial a number. The call joins the given conference, if any, when it is answered.

    INFERRED: of several callees the first is dialled. An ``audio_url`` on a host below ``.invalid``
    stands for audio that cannot be fetched; the audio of a dial is not played. With ``link_to`` the
    call belongs to that call's session; ``bridge_on_answer`` bridges the two.
    """
    body, world = request.body, request.world
    _check_audio(body)
    supervised = body.text("supervise_call_control_id")
    if supervised is not None:
        legs.find(world, supervised, "/supervise_call_control_id")
    linked = body.text("link_to")
    link = None if linked is None else legs.find(world, linked, "/link_to")
    options = _dial_options(request)
    dialling.count_dial(world)
    to = body.values["to"]
    leg = legs.outgoing(
        world,
        body.given("from"),
        to if isinstance(to, str) else body.texts("to")[0],
        connection_id=body.given("connection_id"),
        client_state=body.text("client_state"),
        webhook_options=webhook_options.webhook_options_of(body),
        session_id=None if link is None else link.call_session_id,
    )
    leg.operated = True
    leg.supervises = supervised
    leg.park_after_unbridge = body.text("park_after_unbridge") == "self"
    dialling.plan_outcome(world, leg, options)
    call = webhook_events.recorded_call(leg)
    world.history.add_command(history.CommandRecord(world.now, "dial", call, body.values, 200))
    return resources.dialled(leg)


def _dial_options(request: ParsedRequest) -> dialling.DialOptions:
    body = request.body
    config = body.nested("conference_config")
    return dialling.DialOptions(
        timeout_secs=body.whole("timeout_secs", 30),
        time_limit_secs=body.whole("time_limit_secs", LONGEST_LIMIT),
        join_on_answer=None if config is None else _join_on_answer(request, config),
        supervise=body.text("supervise_call_control_id"),
        role=common.role_of(body.choice("supervisor_role", "barge")),
        bridge_with=body.text("link_to") if body.flag("bridge_on_answer") else None,
    )


def read(request: ParsedRequest) -> Json:
    """Read a call that is alive or ended less than ten minutes ago."""
    leg = request.world.legs.get(request.id)
    if leg is None:
        raise errors.not_found()
    return resources.call(leg, request.world.now)


def list_active(request: ParsedRequest) -> Json:
    """List the live calls of one connection; ``meta`` holds cursors (INFERRED: offsets)."""
    alive = [
        leg
        for leg in request.world.legs.values()
        if leg.connection_id == request.id and leg.state is not LegState.ENDED
    ]
    return paging.cursor_listing(
        request.query,
        len(alive),
        lambda start, stop: [
            resources.active_call(leg, request.world.now) for leg in alive[start:stop]
        ],
    )


def _join_on_answer(request: ParsedRequest, config: Body) -> dialling.JoinOnAnswer:
    conference_id, name = config.text("id"), config.text("conference_name")
    if conference_id is not None:
        conferences.must_be_active(conferences.find_by_id(request.world, conference_id))
    elif name is None:
        raise errors.unprocessable(errors.missing("/conference_config/id"))
    starts = config.flag("start_conference_on_create", default=True)
    return dialling.JoinOnAnswer(conference_id, name, common.join_options_of(config), starts)


def _check_audio(body: Body) -> None:
    common.one_media(body)
    url = body.text("audio_url") or ""
    if (urlsplit(url).hostname or "").endswith(".invalid"):
        raise errors.no_download("/audio_url")


TIMES = (
    Field("timeout_secs", Whole(5, 600)),
    Field("time_limit_secs", Whole(SHORTEST_LIMIT, LONGEST_LIMIT)),
)
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
            *common.AUDIO,
            Field("supervise_call_control_id", Text(1)),
            Field("supervisor_role", Choice(SUPERVISORS)),
            *TIMES,
            Field("from_display_name", Text(0, 128)),
            Field("link_to", Text(1)),
            Field("bridge_on_answer", Flag()),
            Field("bridge_intent", Flag()),
            Field("prevent_double_bridge", Flag()),
            Field("park_after_unbridge", Choice(("self",))),
            Field("whisper_call_control_ids", Texts()),
            *webhook_options.FIELDS,
            common.CLIENT_STATE,
            common.COMMAND_ID,
        ),
        scope="account",
    ),
    Operation("read_call", "GET", "/calls/{call_control_id}", read),
    Operation(
        "list_active_calls", "GET", "/connections/{id}/active_calls", list_active, whole=True
    ),
)
