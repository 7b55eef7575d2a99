"""Conference operations: list, read, create, end."""

from __future__ import annotations

from typing import cast

from console.simulator import conference_end, conferences, legs, paging, resources
from console.simulator.body_fields import Choice, Field, Flag, Text, Whole
from console.simulator.http_types import Json
from console.simulator.models import Beep, Status
from console.simulator.operation import OK, Operation, ParsedRequest
from console.simulator.routes import common

PARTICIPANTS_DEFAULT = 250


def list_conferences(request: ParsedRequest) -> Json:
    """List conferences by name and status; without ``region``, those of the home region."""
    page = common.page_of(request, cursors=True)
    status = paging.choice(request.query, "filter[status]", tuple(Status))
    region = paging.choice(request.query, "region", paging.REGIONS)
    found = request.world.listed(
        region or request.world.rules.home_region,
        None if status is None else Status(status),
        request.query.get("filter[name]"),
    )
    return paging.listing(
        page,
        len(found),
        lambda start, stop: [resources.conference(r) for r in found[start:stop]],
    )


def read_conference(request: ParsedRequest) -> Json:
    """Read a conference of any status by its id."""
    region = paging.choice(request.query, "region", paging.REGIONS)
    return resources.conference(conferences.find_by_id(request.world, request.id, region))


def create(request: ParsedRequest) -> Json:
    """Create a conference from an answered call."""
    body = request.body
    leg = legs.find_answered(request.world, body.given("call_control_id"))
    options = conferences.ConferenceOptions(
        name=body.given("name"),
        client_state=body.text("client_state"),
        beep=cast("Beep", body.choice("beep_enabled", "never")),
        comfort_noise=body.flag("comfort_noise", default=True),
        duration_minutes=body.whole_or_none("duration_minutes"),
        max_participants=body.whole("max_participants", PARTICIPANTS_DEFAULT),
        start_on_create=body.flag("start_conference_on_create", default=True),
        hold_media=common.one_media(body, "hold_audio_url", "hold_media_name"),
        region=body.choice("region", request.world.rules.home_region),
    )
    conference = conferences.create(request.world, leg, options)
    leg.client_state = options.client_state or leg.client_state
    leg.operated = conference.operated = True
    return resources.conference(conference)


def end(request: ParsedRequest) -> Json:
    """End a conference and hang up all participants."""
    conference = common.conference_by_id(request)
    conference.operated = True
    conference_end.end(request.world, conference, "ended_via_api")
    return OK


OPERATIONS = (
    Operation("list_conferences", "GET", "/conferences", list_conferences, whole=True),
    Operation("read_conference", "GET", "/conferences/{id}", read_conference),
    Operation(
        "create_conference",
        "POST",
        "/conferences",
        create,
        (
            common.CALL,
            Field("name", Text(1), required=True),
            Field("beep_enabled", Choice(common.BEEPS)),
            Field("comfort_noise", Flag()),
            Field("duration_minutes", Whole(1)),
            Field("max_participants", Whole(2, 800)),
            Field("start_conference_on_create", Flag()),
            *common.HOLD_AUDIO,
            common.REGION,
            common.CLIENT_STATE,
            common.COMMAND_ID,
        ),
        scope="account",
    ),
    Operation(
        "end",
        "POST",
        "/conferences/{id}/actions/end",
        end,
        (common.COMMAND_ID,),
        scope="conference",
        command=True,
    ),
)
