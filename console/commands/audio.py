"""Commands that play, speak and stop audio.

Each has two records, one for chosen people and one for everyone, because Telnyx reads an empty list
of people as everyone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from console.commands.caps_lock import silent_audio
from console.commands.request_builders import (
    ON_CONFERENCES,
    ON_PEOPLE,
    chosen_legs,
    conference_action,
    conference_gone,
    people_gone,
    text_answers,
    web_address,
)
from console.core.model.command import (
    Command,
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    Request,
    Retry,
    Sensitivity,
    TargetKind,
    Values,
)
from console.core.model.proofs import EventProof

LANGUAGES = (
    "en-US",
    "en-GB",
    "en-AU",
    "en-IN",
    "en-GB-WLS",
    "arb",
    "cmn-CN",
    "cy-GB",
    "da-DK",
    "de-DE",
    "es-ES",
    "es-MX",
    "es-US",
    "fr-CA",
    "fr-FR",
    "hi-IN",
    "is-IS",
    "it-IT",
    "ja-JP",
    "ko-KR",
    "nb-NO",
    "nl-NL",
    "pl-PL",
    "pt-BR",
    "pt-PT",
    "ro-RO",
    "ru-RU",
    "sv-SE",
    "tr-TR",
)
"""Telnyx API, Speak text to conference participants: language."""
LONGEST_SPEECH = 3000
"""Characters. Telnyx API, Speak text: payload."""
MOST_LOOPS = 100
"""Telnyx API, Play audio: loop is 1 to 100, or infinity."""


def loops(text: str) -> str | None:
    """Return a complaint unless ``text`` is a number of plays or ``infinity``."""
    if text == "infinity" or (_digits(text) and 1 <= int(text) <= MOST_LOOPS):
        return None
    return f"1 to {MOST_LOOPS}, or infinity"


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= len(str(MOST_LOOPS))


def json_object(text: str) -> str | None:
    """Return a complaint unless ``text`` is a JSON object that can be sent."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return "not JSON"
    return None if isinstance(value, dict) else "not a JSON object"


def one_source(values: Values) -> Mapping[str, str]:
    """Return a complaint by field name unless exactly one of address and media name is given."""
    url, media = values.get("audio_url"), values.get("media_name")
    if url and media:
        return {"media_name": "an address or a media name, not both"}
    if not url and not media:
        return {"audio_url": "an address, or a media name below"}
    return {}


PLAY_FIELDS = (
    Field(
        "audio_url",
        "audio",
        hint="https://… of an MP3 or WAV file",
        check=web_address,
        sensitivity=Sensitivity.NAME,
    ),
    Field(
        "media_name",
        "or media",
        hint="the name of media stored at Telnyx",
        sensitivity=Sensitivity.NAME,
    ),
    Field("loop", "times", default="1", hint="1 to 100, or infinity", check=loops),
)
VOICES = (
    "Telnyx.KokoroTTS.af",
    "Telnyx.KokoroTTS.am_adam",
    "AWS.Polly.Joanna",
    "AWS.Polly.Vicki",
    "Azure.en-GB-RyanNeural",
)
"""Suggested voices (Telnyx API, List voices). Any other name can be typed."""
SPEAK_FIELDS = (
    Field("payload", "text", required=True, limit=LONGEST_SPEECH, sensitivity=Sensitivity.SPOKEN),
    Field("payload_type", "type", kind=FieldKind.CHOICE, choices=("text", "ssml"), default="text"),
    Field("voice", "voice", kind=FieldKind.PICK, choices=VOICES, required=True, default=VOICES[0]),
    Field("language", "language", kind=FieldKind.CHOICE, choices=LANGUAGES, default="en-US"),
    Field("voice_settings", "settings", hint="JSON, optional", check=json_object),
)


def _play(order: Order) -> dict[str, object]:
    loop = order.values.get("loop") or "1"
    times: object = loop if loop == "infinity" else int(loop)
    return {**text_answers(order, "audio_url", "media_name"), "loop": times}


def _speak(order: Order) -> dict[str, object]:
    body = text_answers(order, "payload", "payload_type", "voice", "language")
    settings = order.values.get("voice_settings")
    if settings:
        body["voice_settings"] = json.loads(settings)
    return {**body, "command_id": order.id}


def _to_people(name: str, body: Callable[[Order], dict[str, object]]) -> Callable[[Order], Request]:
    return lambda order: conference_action(
        order, name, **body(order), call_control_ids=chosen_legs(order)
    )


def _to_everyone(
    name: str, body: Callable[[Order], dict[str, object]]
) -> Callable[[Order], Request]:
    return lambda order: conference_action(order, name, **body(order))


def _nothing(_: Order) -> dict[str, object]:
    return {}


STARTED = EventProof(("playback.started",))
SPOKEN = EventProof(("speak.started",))
SILENT = EventProof(("playback.ended", "speak.ended"))

AUDIO = (
    Command(
        name="play",
        key="p",
        words="play to",
        done="playing to",
        hint="play",
        hint_priority=1,
        panes=ON_PEOPLE,
        target_kind=TargetKind.PEOPLE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.REPEATS_EFFECT,
        proof=STARTED,
        request=_to_people("play", _play),
        why_not=people_gone,
        fields=PLAY_FIELDS,
        check=one_source,
        help="They hear an audio file. This cannot be undone.",
    ),
    Command(
        name="play_room",
        typed_name="play",
        key="p",
        words="play to everyone in",
        done="playing to everyone in",
        hint="play",
        hint_priority=1,
        button="play",
        panes=ON_CONFERENCES,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.REPEATS_EFFECT,
        proof=STARTED,
        request=_to_everyone("play", _play),
        why_not=conference_gone,
        fields=PLAY_FIELDS,
        check=one_source,
        help="Everyone in the conference hears an audio file.",
    ),
    Command(
        name="stop",
        key="P",
        words="stop audio for",
        done="stopped audio for",
        button="stop audio",
        panes=ON_PEOPLE,
        target_kind=TargetKind.PEOPLE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SETS_STATE,
        proof=SILENT,
        request=_to_people("stop", _nothing),
        why_not=people_gone,
        second_key="S",
        present_settings=silent_audio,
        unchanged_text="no audio plays",
        help="Audio and speech that only they hear stops.",
    ),
    Command(
        name="stop_room",
        typed_name="stop",
        key="P",
        words="stop audio in",
        done="stopped audio in",
        button="stop audio",
        panes=ON_CONFERENCES,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.AT_ONCE,
        retry=Retry.SETS_STATE,
        proof=SILENT,
        request=_to_everyone("stop", _nothing),
        why_not=conference_gone,
        second_key="S",
        present_settings=silent_audio,
        unchanged_text="no audio plays",
        help="Audio and speech for everyone stops.",
    ),
    Command(
        name="speak",
        key="s",
        words="speak to",
        done="speaking to",
        hint="speak",
        hint_priority=1,
        panes=ON_PEOPLE,
        target_kind=TargetKind.PEOPLE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=SPOKEN,
        request=_to_people("speak", _speak),
        why_not=people_gone,
        fields=SPEAK_FIELDS,
        help="They hear a text read aloud. This cannot be undone.",
    ),
    Command(
        name="speak_room",
        typed_name="speak",
        key="s",
        words="speak to everyone in",
        done="speaking to everyone in",
        hint="speak",
        hint_priority=1,
        button="speak",
        panes=ON_CONFERENCES,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=SPOKEN,
        request=_to_everyone("speak", _speak),
        why_not=conference_gone,
        fields=SPEAK_FIELDS,
        help="Everyone in the conference hears a text read aloud.",
    ),
)
