"""Commands that play, speak and stop audio.

Each has two records, one for chosen people and one for everyone, because Telnyx reads an empty list
of people as everyone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from console.commands import request_builders as build
from console.commands.caps_lock import silent_audio
from console.core.model.command import (
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    Retry,
    Sensitivity,
    Values,
)
from console.core.model.proofs import EventProof

LANGUAGES = (
    *("en-US", "en-GB", "en-AU", "en-IN", "en-GB-WLS", "arb", "cmn-CN", "cy-GB", "da-DK", "de-DE"),
    *("es-ES", "es-MX", "es-US", "fr-CA", "fr-FR", "hi-IN", "is-IS", "it-IT", "ja-JP", "ko-KR"),
    *("nb-NO", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "sv-SE", "tr-TR"),
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
    if not values.get("audio_url") and not values.get("media_name"):
        return {"audio_url": "an address, or a media name below"}
    return build.not_both(values)


PLAY_FIELDS = (
    *build.audio_fields("", "audio", "https://… of an MP3 or WAV file"),
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
    return {**build.text_answers(order, "audio_url", "media_name"), "loop": times}


def _speak(order: Order) -> dict[str, object]:
    body = build.text_answers(order, "payload", "payload_type", "voice", "language")
    settings = order.values.get("voice_settings")
    if settings:
        body["voice_settings"] = json.loads(settings)
    return {**body, "command_id": order.id}


STARTED = EventProof(("playback.started",))
SPOKEN = EventProof(("speak.started",))
SILENT = EventProof(("playback.ended", "speak.ended"))

PLAY = build.people_command(
    name="play",
    key="p",
    words="play to",
    done="playing to",
    hint="play",
    hint_priority=1,
    confirmation=ConfirmationLevel.DIALOG,
    retry=Retry.REPEATS_EFFECT,
    proof=STARTED,
    request=build.to_people("play", _play),
    fields=PLAY_FIELDS,
    check=one_source,
    help="They hear an audio file. This cannot be undone.",
)
STOP = build.people_command(
    name="stop",
    key="P",
    words="stop audio for",
    done="stopped audio for",
    button="stop audio",
    confirmation=ConfirmationLevel.AT_ONCE,
    retry=Retry.SETS_STATE,
    proof=SILENT,
    request=build.to_people("stop"),
    second_key="S",
    present_settings=silent_audio,
    unchanged_text="no audio plays",
    help="Audio and speech that only they hear stops.",
)
SPEAK = build.people_command(
    name="speak",
    key="s",
    words="speak to",
    done="speaking to",
    hint="speak",
    hint_priority=1,
    confirmation=ConfirmationLevel.DIALOG,
    retry=Retry.SAME_ID,
    proof=SPOKEN,
    request=build.to_people("speak", _speak),
    fields=SPEAK_FIELDS,
    help="They hear a text read aloud. This cannot be undone.",
)
AUDIO = (
    PLAY,
    build.for_everyone(
        PLAY,
        build.to_everyone("play", _play),
        words="play to everyone in",
        done="playing to everyone in",
        effect="Everyone in the conference hears an audio file.",
    ),
    STOP,
    build.for_everyone(
        STOP,
        build.to_everyone("stop"),
        words="stop audio in",
        done="stopped audio in",
        effect="Audio and speech for everyone stops.",
    ),
    SPEAK,
    build.for_everyone(
        SPEAK,
        build.to_everyone("speak", _speak),
        words="speak to everyone in",
        done="speaking to everyone in",
        effect="Everyone in the conference hears a text read aloud.",
    ),
)
