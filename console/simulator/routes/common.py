"""Shared request parts: body members, and lookup of the conference, participants and media."""

from __future__ import annotations

from typing import cast

from console.simulator import conferences, errors, paging, participants
from console.simulator.body_fields import Base64Text, Body, Choice, Field, Flag, Text, Texts
from console.simulator.models import Beep, Conference, Participant, Role
from console.simulator.operation import ParsedRequest
from console.simulator.paging import REGIONS, Page

NO_MEDIA = "missing"
BEEPS = ("always", "never", "on_enter", "on_exit")
ROLES = ("barge", "monitor", "none", "whisper")

CALL = Field("call_control_id", Text(1), required=True)
PEOPLE = Field("call_control_ids", Texts())
CLIENT_STATE = Field("client_state", Base64Text())
COMMAND_ID = Field("command_id", Text())
REGION = Field("region", Choice(REGIONS))
BEEP = Field("beep_enabled", Choice(BEEPS))
AUDIO = (Field("audio_url", Text(1)), Field("media_name", Text(1)))
HOLD_AUDIO = (Field("hold_audio_url", Text(1)), Field("hold_media_name", Text(1)))
JOIN_FIELDS = (
    BEEP,
    Field("end_conference_on_exit", Flag()),
    Field("soft_end_conference_on_exit", Flag()),
    Field("hold", Flag()),
    *HOLD_AUDIO,
    Field("mute", Flag()),
    Field("start_conference_on_enter", Flag()),
    Field("supervisor_role", Choice(ROLES)),
    Field("whisper_call_control_ids", Texts()),
)


def page_of(request: ParsedRequest, *, cursors: bool = False) -> Page:
    """Return the requested page; the fault ``page-shift`` shifts every page after the first.

    Raises:
        ApiError: 422 if number or size is not an integer or is beyond its limits.
    """
    page = paging.page_of(request.query, cursors=cursors)
    if page.number > 1 and request.strikes("page-shift"):
        return Page(page.number, page.size, 1)
    return page


def conference_of(request: ParsedRequest) -> Conference:
    """Return the active conference of a path that takes an id or a name.

    Raises:
        ApiError: 404, 90019.
    """
    conference = conferences.find(request.world, request.id, request.body.text("region"))
    return conferences.must_be_active(conference)


def conference_by_id(request: ParsedRequest) -> Conference:
    """Return the active conference of a path that takes only an id.

    Raises:
        ApiError: 404, 90019.
    """
    return conferences.must_be_active(conferences.find_by_id(request.world, request.id))


def people_of(request: ParsedRequest, conference: Conference) -> list[Participant]:
    """Return the participants in the body; an empty list means everyone (call_control_ids).

    Raises:
        ApiError: 90015 if one is not in the conference.
    """
    named = request.body.texts("call_control_ids")
    return participants.find_all(conference, named) if named else list(conference.people.values())


def one_media(body: Body, url: str = "audio_url", name: str = "media_name") -> str | None:
    """Return the URL or the media name, whichever is given.

    Raises:
        ApiError: 422 if both are given (INFERRED: 10015 pointing at the second). 404/10005 if the
            name begins with ``missing``, which stands for a file that is not in the library; any
            other name is accepted (INFERRED).
    """
    if url in body and name in body:
        detail = f"{name} and {url} cannot be used together in one request."
        raise errors.unprocessable(errors.invalid(f"/{name}", detail))
    if (body.text(name) or "").startswith(NO_MEDIA):
        raise errors.no_audio_file(f"/{name}")
    return body.text(url) or body.text(name)


def join_options_of(body: Body) -> participants.JoinOptions:
    """Return the join options of a body.

    Raises:
        ApiError: 422 for two kinds of hold audio.
    """
    beep = body.text("beep_enabled")
    return participants.JoinOptions(
        mute=body.flag("mute"),
        hold=body.flag("hold"),
        hold_media=one_media(body, "hold_audio_url", "hold_media_name"),
        end_on_exit=body.flag("end_conference_on_exit"),
        soft_end_on_exit=body.flag("soft_end_conference_on_exit"),
        starts_conference=body.flag("start_conference_on_enter"),
        role=role_of(body.text("supervisor_role")),
        whisper_to=body.texts("whisper_call_control_ids"),
        beep=cast("Beep | None", beep),
    )


def role_of(role: str | None) -> Role:
    """Return a checked role; ``none`` if absent."""
    return cast("Role", role or "none")
