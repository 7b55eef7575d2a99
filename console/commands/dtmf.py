"""Commands that send digits as tones or collect digits from a person.

Telnyx does not report to this console that tones were heard or which digits were pressed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from console.commands.request_builders import (
    ON_CONFERENCES,
    ON_PEOPLE,
    STATE,
    chosen_legs,
    conference_gone,
    not_both,
    number_answers,
    only_leg,
    people_gone,
    regionless_action,
    text_answers,
    web_address,
    whole_number,
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
from console.core.model.proofs import EventProof, NoProof

LONGEST_ID = 100
"""Characters. Telnyx API, Gather using audio: gather_id."""


def tones(text: str) -> str | None:
    """Return a complaint unless Telnyx can send ``text`` as tones."""
    fits = re.fullmatch(r"[0-9A-D*#wW]+", text)
    return None if fits else "0-9, A-D, *, #, w for half a second, W for one"


def keys(text: str) -> str | None:
    """Return a complaint unless ``text`` consists of telephone keys."""
    return None if re.fullmatch(r"[0-9*#]+", text) else "0-9, * and #"


def end_key(text: str) -> str | None:
    """Return a complaint unless ``text`` is one telephone key or ``none``."""
    return None if text == "none" or re.fullmatch(r"[0-9*#]", text) else "one key, or none"


TONES = (
    Field(
        "digits",
        "digits",
        required=True,
        hint="0-9 A-D * # w W",
        check=tones,
        remembered=False,
        sensitivity=Sensitivity.CODE,
    ),
    Field("duration_millis", "length, ms", default="250", check=whole_number(100, 500)),
    STATE,
)


def _body(order: Order) -> dict[str, object]:
    return {
        **text_answers(order, "digits"),
        **number_answers(order, "duration_millis"),
        **text_answers(order, "client_state"),
    }


def _send(order: Order) -> Request:
    return regionless_action(
        order, "send_dtmf", **_body(order), call_control_ids=chosen_legs(order)
    )


def _send_to_everyone(order: Order) -> Request:
    return regionless_action(order, "send_dtmf", **_body(order))


def _gather(order: Order) -> Request:
    body = {
        "call_control_id": only_leg(order),
        **text_answers(
            order,
            "audio_url",
            "media_name",
            "invalid_audio_url",
            "invalid_media_name",
            "valid_digits",
            "gather_id",
            "client_state",
        ),
        **number_answers(
            order,
            "minimum_digits",
            "maximum_digits",
            "maximum_tries",
            "timeout_millis",
            "inter_digit_timeout_millis",
            "initial_timeout_millis",
        ),
    }
    end = order.values.get("terminating_digit", "#")
    body["terminating_digit"] = "" if end == "none" else end
    body["stop_playback_on_dtmf"] = order.values.get("stop_playback_on_dtmf", "yes") == "yes"
    return regionless_action(order, "gather_using_audio", **body)


def _gather_check(values: Values) -> Mapping[str, str]:
    found = {
        **not_both(values, "audio_url", "media_name"),
        **not_both(values, "invalid_audio_url", "invalid_media_name"),
    }
    least, most = values.get("minimum_digits") or "1", values.get("maximum_digits") or "128"
    if least.isdigit() and most.isdigit() and int(least) > int(most):
        found["maximum_digits"] = "less than min digits"
    return found


DIGITS = (
    Command(
        name="dtmf",
        key="d",
        words="send digits to",
        done="sent digits to",
        button="send digits",
        hint="digits",
        panes=ON_PEOPLE,
        target_kind=TargetKind.PEOPLE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.REPEATS_EFFECT,
        proof=NoProof(),
        request=_send,
        why_not=people_gone,
        fields=TONES,
        help="They hear tones. Telnyx shows no proof.",
    ),
    Command(
        name="dtmf_room",
        typed_name="dtmf",
        key="d",
        words="send digits to everyone in",
        done="sent digits to everyone in",
        button="send digits",
        hint="digits",
        panes=ON_CONFERENCES,
        target_kind=TargetKind.CONFERENCE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.REPEATS_EFFECT,
        proof=NoProof(),
        request=_send_to_everyone,
        why_not=conference_gone,
        fields=TONES,
        help="Everyone in the conference hears tones. Telnyx shows no proof.",
    ),
    Command(
        name="gather",
        key="D",
        words="collect digits from",
        done="collecting digits from",
        button="collect digits",
        panes=ON_PEOPLE,
        target_kind=TargetKind.ONE,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.REPEATS_EFFECT,
        proof=EventProof(("playback.started",)),
        request=_gather,
        why_not=people_gone,
        fields=(
            Field(
                "audio_url",
                "prompt",
                hint="https://… of an MP3 or WAV",
                check=web_address,
                sensitivity=Sensitivity.NAME,
            ),
            Field(
                "media_name",
                "or media",
                hint="the name of media stored at Telnyx",
                sensitivity=Sensitivity.NAME,
            ),
            Field("minimum_digits", "min digits", default="1", check=whole_number(1)),
            Field("maximum_digits", "max digits", default="128", check=whole_number(1)),
            Field("terminating_digit", "end key", default="#", check=end_key),
            Field(
                "maximum_tries", "tries", default="3", check=whole_number(1), hidden_at_first=True
            ),
            Field(
                "timeout_millis",
                "total, ms",
                default="60000",
                check=whole_number(1),
                hidden_at_first=True,
            ),
            Field(
                "initial_timeout_millis",
                "first digit, ms",
                check=whole_number(1),
                hidden_at_first=True,
            ),
            Field(
                "inter_digit_timeout_millis",
                "next digit, ms",
                default="5000",
                check=whole_number(1),
                hidden_at_first=True,
            ),
            Field(
                "valid_digits", "valid", default="0123456789#*", check=keys, hidden_at_first=True
            ),
            Field(
                "invalid_audio_url",
                "if invalid",
                check=web_address,
                hidden_at_first=True,
                sensitivity=Sensitivity.NAME,
            ),
            Field(
                "invalid_media_name", "or media", hidden_at_first=True, sensitivity=Sensitivity.NAME
            ),
            Field(
                "stop_playback_on_dtmf",
                "key stops",
                kind=FieldKind.FLAG,
                default="yes",
                hidden_at_first=True,
            ),
            Field("gather_id", "gather id", limit=LONGEST_ID, hidden_at_first=True),
            STATE,
        ),
        check=_gather_check,
        why_one_at_a_time="digits are collected from one person at a time",
        help="The digits go to the application, not here.",
    ),
)
