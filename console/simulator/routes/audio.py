"""Audio operations of conferences: play, speak, stop, gather."""

from __future__ import annotations

from console.simulator import audio, dtmf_gather, errors, participants
from console.simulator.body_fields import Base64Text, Choice, Field, Flag, Loop, Tagged, Text, Whole
from console.simulator.http_types import Json
from console.simulator.models import Conference, GatherOptions, Leg, Prompt
from console.simulator.operation import OK, Operation, ParsedRequest
from console.simulator.routes import common

CONFERENCE = "/conferences/{id}"
# fmt: off
LANGUAGES = (
    "arb", "cmn-CN", "cy-GB", "da-DK", "de-DE", "en-AU", "en-GB", "en-GB-WLS", "en-IN", "en-US",
    "es-ES", "es-MX", "es-US", "fr-CA", "fr-FR", "hi-IN", "is-IS", "it-IT", "ja-JP", "ko-KR",
    "nb-NO", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sv-SE", "tr-TR",
)
VOICES = (
    "elevenlabs", "telnyx", "aws", "minimax", "azure", "rime", "resemble", "inworld", "xai",
    "soniox",
)
# fmt: on


def play(request: ParsedRequest) -> Json:
    """Play audio to the whole conference or to each of some; INFERRED: an empty list means all."""
    conference = common.conference_of(request)
    if common.one_media(request.body) is None:
        raise errors.unprocessable(errors.missing("/audio_url"))
    loop = request.body.values.get("loop", 1)
    secs = request.world.rules.audio_secs * loop if isinstance(loop, int) else None
    sound = audio.Sound(
        "playback", secs, request.body.text("audio_url"), request.body.text("media_name")
    )
    audio.start(request.world, conference, sound, _to(request, conference))
    return OK


def speak(request: ParsedRequest) -> Json:
    """Speak a text; its duration is its length at an even pace."""
    conference = common.conference_of(request)
    secs = max(
        1.0, len(request.body.given("payload")) * request.world.rules.speak_secs_per_character
    )
    audio.start(request.world, conference, audio.Sound("speak", secs), _to(request, conference))
    return OK


def stop(request: ParsedRequest) -> Json:
    """Stop playback and speech, for the whole conference or for some participants."""
    conference = common.conference_of(request)
    audio.stop(request.world, conference, _to(request, conference))
    return OK


def gather(request: ParsedRequest) -> Json:
    """Play audio to one participant and collect the digits they press."""
    conference = common.conference_by_id(request)
    leg = participants.find(conference, request.body.given("call_control_id")).leg
    body = request.body
    common.one_media(body)
    common.one_media(body, "invalid_audio_url", "invalid_media_name")
    millis = body.whole("timeout_millis", 60_000)
    options = GatherOptions(
        least=body.whole("minimum_digits", 1),
        most=body.whole("maximum_digits", 128),
        tries=body.whole("maximum_tries", 3),
        ends_with=body.choice("terminating_digit", "#"),
        valid=body.choice("valid_digits", "0123456789#*"),
        secs=millis / 1000,
        first_secs=body.whole("initial_timeout_millis", millis) / 1000,
        between_secs=body.whole("inter_digit_timeout_millis", 5_000) / 1000,
        stops_playback=body.flag("stop_playback_on_dtmf", default=True),
        gather_id=body.text("gather_id"),
        client_state=body.text("client_state"),
        prompt=Prompt(body.text("audio_url"), body.text("media_name")),
        invalid=Prompt(body.text("invalid_audio_url"), body.text("invalid_media_name")),
    )
    dtmf_gather.start(request.world, conference, leg, options)
    return OK


def _to(request: ParsedRequest, conference: Conference) -> list[Leg] | None:
    named = request.body.texts("call_control_ids")
    return [one.leg for one in participants.find_all(conference, named)] if named else None


OPERATIONS = (
    Operation(
        "play",
        "POST",
        f"{CONFERENCE}/actions/play",
        play,
        (*common.AUDIO, common.PEOPLE, Field("loop", Loop()), common.REGION),
        command=True,
    ),
    Operation(
        "speak",
        "POST",
        f"{CONFERENCE}/actions/speak",
        speak,
        (
            Field("payload", Text(1, 3000), required=True),
            Field("voice", Text(1), required=True),
            Field("payload_type", Choice(("text", "ssml"))),
            Field("language", Choice(LANGUAGES)),
            common.PEOPLE,
            Field("voice_settings", Tagged(VOICES)),
            common.COMMAND_ID,
            common.REGION,
        ),
        scope="account",
        command=True,
    ),
    Operation(
        "stop",
        "POST",
        f"{CONFERENCE}/actions/stop",
        stop,
        (common.PEOPLE, common.REGION),
        command=True,
    ),
    Operation(
        "gather_using_audio",
        "POST",
        f"{CONFERENCE}/actions/gather_using_audio",
        gather,
        (
            common.CALL,
            *common.AUDIO,
            Field("invalid_audio_url", Text(1)),
            Field("invalid_media_name", Text(1)),
            Field("minimum_digits", Whole(1)),
            Field("maximum_digits", Whole(1)),
            Field("maximum_tries", Whole(1)),
            Field("timeout_millis", Whole(1)),
            Field("inter_digit_timeout_millis", Whole(1)),
            Field("initial_timeout_millis", Whole(1)),
            Field("terminating_digit", Text(0, 1)),
            Field("valid_digits", Text()),
            Field("stop_playback_on_dtmf", Flag()),
            Field("gather_id", Text(0, 100)),
            Field("client_state", Base64Text()),
        ),
        command=True,
    ),
)
