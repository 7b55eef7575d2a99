"""Account operations: balance, applications, recordings, media and voices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.simulator import errors, paging, resources
from console.simulator.body_fields import Field, Text, Whole
from console.simulator.conferences import SITES
from console.simulator.models import Media, Recording
from console.simulator.operation import Operation, ParsedRequest
from console.simulator.routes import common
from console.simulator.world import CONNECTION_ID

if TYPE_CHECKING:
    from console.simulator.http_types import Json

LONGEST_TTL = 630_720_000
TWO_DAYS = 172_800
VOICES: tuple[tuple[str, str, str, str], ...] = (
    ("aws", "AWS.Polly.Joanna", "en-US", "female"),
    ("aws", "AWS.Polly.Vicki", "de-DE", "female"),
    ("telnyx", "Telnyx.KokoroTTS.af", "en-US", "female"),
    ("telnyx", "Telnyx.KokoroTTS.am_adam", "en-US", "male"),
    ("azure", "Azure.en-GB-RyanNeural", "en-GB", "male"),
)
PROVIDERS = (
    "aws", "telnyx", "azure", "elevenlabs", "minimax", "resemble", "xai", "humain", "rime",
    "soniox",
)  # fmt: skip


def balance(_ask: ParsedRequest) -> Json:
    """Return a fixed balance, for a harmless first request."""
    return {
        "record_type": "balance",
        "balance": "300.00",
        "credit_limit": "100.00",
        "available_credit": "400.00",
        "pending": "10.00",
        "currency": "USD",
    }


def list_applications(request: ParsedRequest) -> Json:
    """List the one application; ``sort`` is checked, and the name can be filtered."""
    names = ("created_at", "connection_name", "active")
    paging.choice(request.query, "sort", (*names, *(f"-{name}" for name in names)))
    part = request.query.get("filter[application_name][contains]", "").lower()
    found = [one for one in [_application(request)] if part in str(one["application_name"]).lower()]
    return paging.listing(
        common.page_of(request), len(found), lambda start, stop: found[start:stop]
    )


def read_application(request: ParsedRequest) -> Json:
    """Read the application by its connection id."""
    if request.id != CONNECTION_ID:
        raise errors.not_found()
    return _application(request)


def list_recordings(request: ParsedRequest) -> Json:
    """List the saved recordings, the newest first (INFERRED)."""
    query = request.query
    windows = {
        "created_at": paging.time_window(query, "filter[created_at]"),
        "start_time": paging.time_window(query, "filter[start_time]"),
        "end_time": paging.time_window(query, "filter[end_time]"),
    }
    found = [
        one
        for one in reversed(request.world.recordings.values())
        if one.saved_at is not None
        and windows["created_at"](one.saved_at)
        and windows["start_time"](one.started_at)
        and windows["end_time"](one.ended_at or one.saved_at)
        and all(query.get(f"filter[{name}]", value) == value for name, value in _keys(one).items())
    ]
    return paging.listing(
        common.page_of(request),
        len(found),
        lambda start, stop: [resources.recording(one) for one in found[start:stop]],
    )


def read_recording(request: ParsedRequest) -> Json:
    """Read a saved recording."""
    return resources.recording(_recording(request))


def delete_recording(request: ParsedRequest) -> Json:
    """Delete a recording; the answer shows it a last time."""
    one = _recording(request)
    del request.world.recordings[one.id]
    return resources.recording(one)


def list_media(request: ParsedRequest) -> Json:
    """List the whole media library on one page."""
    kinds = [
        value for name, value in request.query.items() if name.startswith("filter[content_type]")
    ]
    kept = [one for one in _library(request) if not kinds or one.content_type in kinds]
    page = paging.Page(size=max(1, len(kept)))
    return paging.listing(
        page, len(kept), lambda start, stop: [resources.media(one) for one in kept[start:stop]]
    )


def read_media(request: ParsedRequest) -> Json:
    """Read one file of the media library."""
    for one in _library(request):
        if one.name == request.id:
            return resources.media(one)
    raise errors.not_found()


def upload_media(request: ParsedRequest) -> Json:
    """Add a media file by its URL, which is not fetched; its last part is the default name."""
    url = request.body.given("media_url")
    name = request.body.text("media_name") or url.rstrip("/").rpartition("/")[2]
    kind = "audio/wav" if url.endswith(".wav") else "audio/mpeg"
    now = request.world.now
    one = Media(name, kind, now, now + request.body.whole("ttl_secs", TWO_DAYS))
    request.world.media[name] = one
    return resources.media(one)


def list_voices(request: ParsedRequest) -> Json:
    """List some voices; this answer has ``voices`` where others have ``data``."""
    provider = paging.choice(request.query, "provider", PROVIDERS)
    return {
        "voices": [
            {
                "voice_id": voice_id,
                "name": voice_id.rpartition(".")[2],
                "provider": one,
                "language": language,
                "gender": gender,
                "hosted": one == "telnyx",
            }
            for one, voice_id, language, gender in VOICES
            if provider in (None, one)
        ]
    }


def _application(request: ParsedRequest) -> dict[str, Json]:
    urls = (*request.world.webhook_urls, None, None)
    return resources.application(CONNECTION_ID, urls[0], urls[1], request.world.born_at)


def _keys(one: Recording) -> dict[str, str]:
    leg = one.creator
    return {
        "conference_id": one.conference_id,
        "call_leg_id": leg.call_leg_id,
        "call_session_id": leg.call_session_id,
        "call_control_id": leg.call_control_id,
        "connection_id": leg.connection_id,
        "conference_region": SITES[one.region],
        "from": leg.from_,
        "to": leg.to,
        "sip_call_id": "",
    }


def _recording(request: ParsedRequest) -> Recording:
    one = request.world.recordings.get(request.id)
    if one is None or one.saved_at is None:
        raise errors.no_recording()
    return one


def _library(request: ParsedRequest) -> list[Media]:
    return [one for one in request.world.media.values() if one.expires_at > request.world.now]


OPERATIONS = (
    Operation("balance", "GET", "/balance", balance),
    Operation(
        "list_applications", "GET", "/call_control_applications", list_applications, whole=True
    ),
    Operation("read_application", "GET", "/call_control_applications/{id}", read_application),
    Operation("list_recordings", "GET", "/recordings", list_recordings, whole=True),
    Operation("read_recording", "GET", "/recordings/{id}", read_recording),
    Operation("delete_recording", "DELETE", "/recordings/{id}", delete_recording),
    Operation("list_media", "GET", "/media", list_media, whole=True),
    Operation("read_media", "GET", "/media/{media_name}", read_media),
    Operation(
        "upload_media",
        "POST",
        "/media",
        upload_media,
        (
            Field("media_url", Text(1), required=True),
            Field("media_name", Text(1)),
            Field("ttl_secs", Whole(1, LONGEST_TTL)),
        ),
    ),
    Operation("list_voices", "GET", "/text-to-speech/voices", list_voices, whole=True),
)
