"""Commands that send digits as tones or collect digits from a person.

Telnyx does not report to this console that tones were heard or which digits were pressed.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.commands import request_builders as build
from console.core.model.command import (
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    Request,
    Retry,
    Sensitivity,
    Values,
)
from console.core.model.proofs import EventProof, NoProof

LONGEST_ID = 100
"""Characters. Telnyx API, Gather using audio: gather_id."""


TONE_KEYS = build.fits(r"[0-9A-D*#wW]+", "0-9, A-D, *, #, w for half a second, W for one")
AT_LEAST_ONE = build.whole_number(1)
KEYS = build.fits(r"[0-9*#]+", "0-9, * and #")
END_KEY = build.fits(r"none|[0-9*#]", "one key, or none")
TONES = (
    Field(
        "digits",
        "digits",
        required=True,
        hint="0-9 A-D * # w W",
        check=TONE_KEYS,
        remembered=False,
        sensitivity=Sensitivity.CODE,
    ),
    Field("duration_millis", "length, ms", default="250", check=build.whole_number(100, 500)),
    build.STATE,
)


def _tones(order: Order) -> dict[str, object]:
    return {
        **build.text_answers(order, "digits"),
        **build.number_answers(order, "duration_millis"),
        **build.text_answers(order, "client_state"),
    }


def _gather(order: Order) -> Request:
    body = {
        "call_control_id": build.only_leg(order),
        **build.text_answers(
            order,
            *("audio_url", "media_name", "invalid_audio_url", "invalid_media_name"),
            *("valid_digits", "gather_id", "client_state"),
        ),
        **build.number_answers(
            order,
            *("minimum_digits", "maximum_digits", "maximum_tries", "timeout_millis"),
            *("inter_digit_timeout_millis", "initial_timeout_millis"),
        ),
    }
    end = order.values.get("terminating_digit", "#")
    body["terminating_digit"] = "" if end == "none" else end
    body["stop_playback_on_dtmf"] = order.values.get("stop_playback_on_dtmf", "yes") == "yes"
    return build.regionless_action(order, "gather_using_audio", **body)


def _gather_check(values: Values) -> Mapping[str, str]:
    found = {**build.not_both(values), **build.not_both(values, "invalid_")}
    least, most = values.get("minimum_digits") or "1", values.get("maximum_digits") or "128"
    if least.isdigit() and most.isdigit() and int(least) > int(most):
        found["maximum_digits"] = "less than min digits"
    return found


DTMF = build.people_command(
    name="dtmf",
    key="d",
    words="send digits to",
    done="sent digits to",
    button="send digits",
    hint="digits",
    confirmation=ConfirmationLevel.DIALOG,
    retry=Retry.REPEATS_EFFECT,
    proof=NoProof(),
    request=lambda order: build.regionless_action(
        order, "send_dtmf", **_tones(order), call_control_ids=build.chosen_legs(order)
    ),
    fields=TONES,
    help="They hear tones. Telnyx shows no proof.",
)
GATHER_FIELDS = (
    *build.audio_fields("", "prompt", "https://… of an MP3 or WAV"),
    Field("minimum_digits", "min digits", default="1", check=AT_LEAST_ONE),
    Field("maximum_digits", "max digits", default="128", check=AT_LEAST_ONE),
    Field("terminating_digit", "end key", default="#", check=END_KEY),
    *build.hidden(
        Field("maximum_tries", "tries", default="3", check=AT_LEAST_ONE),
        Field("timeout_millis", "total, ms", default="60000", check=AT_LEAST_ONE),
        Field("initial_timeout_millis", "first digit, ms", check=AT_LEAST_ONE),
        Field("inter_digit_timeout_millis", "next digit, ms", default="5000", check=AT_LEAST_ONE),
        Field("valid_digits", "valid", default="0123456789#*", check=KEYS),
        *build.audio_fields("invalid_", "if invalid", "", ""),
        Field("stop_playback_on_dtmf", "key stops", kind=FieldKind.FLAG, default="yes"),
        Field("gather_id", "gather id", limit=LONGEST_ID),
        build.STATE,
    ),
)

DIGITS = (
    DTMF,
    build.for_everyone(
        DTMF,
        lambda order: build.regionless_action(order, "send_dtmf", **_tones(order)),
        words="send digits to everyone in",
        done="sent digits to everyone in",
        effect="Everyone in the conference hears tones. Telnyx shows no proof.",
    ),
    build.person_command(
        name="gather",
        key="D",
        words="collect digits from",
        done="collecting digits from",
        button="collect digits",
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.REPEATS_EFFECT,
        proof=EventProof(("playback.started",)),
        request=_gather,
        fields=GATHER_FIELDS,
        check=_gather_check,
        why_one_at_a_time="digits are collected from one person at a time",
        help="The digits go to the application, not here.",
    ),
)
