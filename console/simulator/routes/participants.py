"""Participant operations: list, read, change, join, leave, hold, mute, role, digits."""

from __future__ import annotations

from typing import cast

from console.simulator import conferences, errors, legs, paging, participants, resources
from console.simulator.body_fields import Choice, Field, Flag, Text, Texts, Whole
from console.simulator.http_types import Json
from console.simulator.models import Beep, Participant
from console.simulator.operation import OK, Operation, ParsedRequest
from console.simulator.routes import common

CONFERENCE = "/conferences/{id}"
DIGITS = r"[0-9A-D*#wW]+"


def list_people(request: ParsedRequest) -> Json:
    """List participants in join order (INFERRED), then those who just left, with status left."""
    page = common.page_of(request, cursors=True)
    region = paging.choice(request.query, "region", paging.REGIONS)
    conference = conferences.find_by_id(request.world, request.id, region)
    muted, held, whispering = (
        paging.flag(request.query, f"filter[{name}]") for name in ("muted", "on_hold", "whispering")
    )
    found = [
        one
        for one in (*conference.people.values(), *conference.recently_left.values())
        if muted in (None, one.muted)
        and held in (None, one.on_hold)
        and whispering in (None, bool(one.whisper_to))
    ]
    return paging.listing(
        page,
        len(found),
        lambda start, stop: [
            resources.participant_listed(conference, one) for one in found[start:stop]
        ],
    )


def read_person(request: ParsedRequest) -> Json:
    """Read a participant by id or label."""
    conference = conferences.find_by_id(request.world, request.id)
    return resources.participant_read(conference, _person(request, labels=True))


def change_person(request: ParsedRequest) -> Json:
    """Change the exit flags and the beep of a participant."""
    conference = common.conference_by_id(request)
    one = _person(request, labels=False)
    body = request.body
    one.end_on_exit = body.flag("end_conference_on_exit", default=one.end_on_exit)
    one.soft_end_on_exit = body.flag("soft_end_conference_on_exit", default=one.soft_end_on_exit)
    one.beep = cast("Beep | None", body.text("beep_enabled") or one.beep)
    one.updated_at = request.world.now
    one.operated = True
    return resources.participant_read(conference, one)


def join(request: ParsedRequest) -> Json:
    """Add a call. A client_state becomes the call's, and its conference's if it is the creator."""
    conference = common.conference_of(request)
    leg = legs.find_answered(request.world, request.body.given("call_control_id"))
    join_options = common.join_options_of(request.body)
    one = participants.join(request.world, conference, leg, join_options)
    state = request.body.text("client_state")
    if state is not None:
        leg.client_state = state
        if leg is conference.creator:
            conference.client_state = state
    one.operated = leg.operated = True
    return OK


def leave(request: ParsedRequest) -> Json:
    """Take a call out of the conference; it is parked."""
    conference = common.conference_of(request)
    one = participants.find(conference, request.body.given("call_control_id"))
    one.leg.operated = True
    participants.leave(
        request.world, conference, one, cast("Beep | None", request.body.text("beep_enabled"))
    )
    return OK


def mute(request: ParsedRequest) -> Json:
    """Mute some participants, or everyone."""
    return _mute(request, muted=True)


def unmute(request: ParsedRequest) -> Json:
    """Unmute some participants, or everyone."""
    return _mute(request, muted=False)


def hold(request: ParsedRequest) -> Json:
    """Hold some participants, or everyone."""
    conference = common.conference_of(request)
    media = common.one_media(request.body)
    people = _operated(common.people_of(request, conference))
    participants.hold(request.world, conference, people, held=True, media=media)
    return OK


def unhold(request: ParsedRequest) -> Json:
    """Unhold some participants; there is no form for everyone."""
    conference = common.conference_of(request)
    people = _operated(common.people_of(request, conference))
    participants.hold(request.world, conference, people, held=False)
    return OK


def update(request: ParsedRequest) -> Json:
    """Set a supervisor role; with the fault ``role-not-shown`` the old role stays listed."""
    conference = common.conference_of(request)
    one = participants.find(conference, request.body.given("call_control_id"))
    role = common.role_of(request.body.given("supervisor_role"))
    whisper_to = request.body.texts("whisper_call_control_ids")
    changes = (role, whisper_to) != (one.role, one.whisper_to)
    if changes and not request.strikes("role-not-shown"):
        participants.set_role(request.world, one, role, whisper_to)
    one.operated = True
    return OK


def send_dtmf(request: ParsedRequest) -> Json:
    """Send digits to some participants, or to everyone; only the control endpoint shows them."""
    people = common.people_of(request, common.conference_by_id(request))
    participants.send_dtmf(request.world, people, request.body.given("digits"))
    return OK


def _mute(request: ParsedRequest, *, muted: bool) -> Json:
    conference = common.conference_of(request)
    people = _operated(common.people_of(request, conference))
    participants.mute(request.world, conference, people, muted=muted)
    return OK


def _operated(people: list[Participant]) -> list[Participant]:
    for one in people:
        one.operated = True
    return people


def _person(request: ParsedRequest, *, labels: bool) -> Participant:
    conference = conferences.find_by_id(request.world, request.id)
    wanted = request.path["participant_id"]
    if wanted in conference.by_id:
        return conference.by_id[wanted]
    for one in conference.people.values():
        if labels and one.label == wanted:
            return one
    raise errors.not_found()


SOME_OR_ALL = (common.PEOPLE, common.REGION)
OPERATIONS = (
    Operation("list_participants", "GET", f"{CONFERENCE}/participants", list_people, whole=True),
    Operation(
        "read_participant", "GET", f"{CONFERENCE}/participants/{{participant_id}}", read_person
    ),
    Operation(
        "change_participant",
        "PATCH",
        f"{CONFERENCE}/participants/{{participant_id}}",
        change_person,
        (
            common.BEEP,
            Field("end_conference_on_exit", Flag()),
            Field("soft_end_conference_on_exit", Flag()),
        ),
    ),
    Operation(
        "join",
        "POST",
        f"{CONFERENCE}/actions/join",
        join,
        (
            common.CALL,
            *common.JOIN_FIELDS,
            common.CLIENT_STATE,
            common.COMMAND_ID,
            common.REGION,
        ),
        scope="account",
        command=True,
    ),
    Operation(
        "leave",
        "POST",
        f"{CONFERENCE}/actions/leave",
        leave,
        (common.CALL, common.BEEP, common.COMMAND_ID, common.REGION),
        scope="account",
        command=True,
    ),
    Operation("mute", "POST", f"{CONFERENCE}/actions/mute", mute, SOME_OR_ALL, command=True),
    Operation("unmute", "POST", f"{CONFERENCE}/actions/unmute", unmute, SOME_OR_ALL, command=True),
    Operation(
        "hold",
        "POST",
        f"{CONFERENCE}/actions/hold",
        hold,
        (*SOME_OR_ALL, *common.AUDIO),
        command=True,
    ),
    Operation(
        "unhold",
        "POST",
        f"{CONFERENCE}/actions/unhold",
        unhold,
        (Field("call_control_ids", Texts(1), required=True), common.REGION),
        command=True,
    ),
    Operation(
        "update",
        "POST",
        f"{CONFERENCE}/actions/update",
        update,
        (
            common.CALL,
            Field("supervisor_role", Choice(common.ROLES), required=True),
            Field("whisper_call_control_ids", Texts()),
            common.COMMAND_ID,
            common.REGION,
        ),
        scope="account",
        command=True,
    ),
    Operation(
        "send_dtmf",
        "POST",
        f"{CONFERENCE}/actions/send_dtmf",
        send_dtmf,
        (
            Field("digits", Text(1, None, DIGITS), required=True),
            common.PEOPLE,
            Field("duration_millis", Whole(100, 500)),
            common.CLIENT_STATE,
        ),
        command=True,
    ),
)
