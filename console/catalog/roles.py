"""A supervisor's role: what may be answered, who would hear it, and one's own phone in a room.

Telnyx API, Update conference participant and Dial: supervisor_role, whisper_call_control_ids,
conference_config.
"""

from __future__ import annotations

from console.catalog.building import IN_A_ROOM, given, listed, room_gone, signature
from console.catalog.showing import answered
from console.core import earshot
from console.core.command import (
    Aim,
    Among,
    Beliefs,
    Command,
    Field,
    Order,
    Request,
    Retry,
    ShownProof,
    Target,
    Tier,
    Values,
    legs_of,
    room_of,
)

ROLES = ("none", "monitor", "whisper", "barge")
WHISPER_TO = Field("whisper_call_control_ids", "whisper to", kind="legs", again=False)
ROLE_FIELDS = (
    Field(
        "supervisor_role",
        "role",
        kind="choice",
        choices=ROLES[1:] + ROLES[:1],
        default="monitor",
    ),
    WHISPER_TO,
)
RINGING = 30.0
"""Seconds. Telnyx API, Dial: timeout_secs, its default."""


def whisper_needs_somebody(values: Values) -> dict[str, str]:
    """A whisper to nobody would be monitoring."""
    to = values.get("whisper_call_control_ids", "")
    if values.get("supervisor_role") == "whisper" and not listed(to):
        return {"whisper_call_control_ids": "whom? A whisper to nobody is monitoring"}
    return {}


def change(beliefs: Beliefs, target: Target, values: Values) -> tuple[earshot.Change, ...]:
    """Who hears them now and would then, one by one; nobody hears who is not there yet."""
    room, legs = room_of(target), legs_of(target)
    if room is None or len(legs) > 1:
        return ()
    to = tuple(listed(values.get("whisper_call_control_ids", "")))
    role = values.get("supervisor_role", "")
    return earshot.changed(beliefs, room, legs[0] if legs else None, role, to)


def audible(beliefs: Beliefs, target: Target, values: Values) -> str:
    """Becoming audible is asked about again."""
    changes = change(beliefs, target, values)
    louder = [one for one in changes if earshot.louder(one.now, one.then)]
    to = listed(values.get("whisper_call_control_ids", ""))
    held = [one for one in changes if one.listener in to and one.then.why == earshot.CANNOT_HEAR]
    said = []
    if louder:
        whom = "Everyone" if len(louder) == len(changes) > 1 else _count(len(louder))
        said.append(f"{whom} in the conference WILL hear this who does not now.")
    if values.get("supervisor_role") == "whisper" and held:
        said.append("Somebody on hold is to hear this: they cannot.")
    return " ".join(said)


def _count(people: int) -> str:
    return "1 person" if people == 1 else f"{people} people"


def _phone(beliefs: Beliefs, target: Target) -> Values:
    phone = beliefs.phone
    return {
        "connection_id": phone.connection_id,
        "from": phone.from_number,
        "to": phone.operator_number,
        "conference": room_of(target) or "",
    }


def _no_phone(beliefs: Beliefs, target: Target) -> str | None:
    phone = beliefs.phone
    lacking = [
        name
        for name, value in (
            ("connection_id", phone.connection_id),
            ("from_number", phone.from_number),
            ("operator_number", phone.operator_number),
        )
        if not value
    ]
    if lacking:
        return f"the settings lack {' and '.join(lacking)}"
    return room_gone(beliefs, target)


def _dial(order: Order) -> Request:
    """The role is always sent: what Telnyx assumes without one is barge."""
    said = order.values
    config: dict[str, object] = {"id": order.room, "supervisor_role": said["supervisor_role"]}
    if config["supervisor_role"] == "whisper":
        config["whisper_call_control_ids"] = listed(said["whisper_call_control_ids"])
    body: dict[str, object] = {
        **given(order, "connection_id", "from", "to"),
        "conference_config": config,
        "client_state": signature(order),
        "command_id": order.id,
    }
    return Request("POST", ("calls",), body)


DIAL = (
    Command(
        name="dial",
        key="",
        words="dial my phone:",
        done="dialled",
        button="dial",
        panes=IN_A_ROOM,
        aims=Aim.ROOM,
        tier=Tier.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.PEOPLE, answered, ("conference.participant.joined",)),
        request=_dial,
        why_not=_no_phone,
        fields=ROLE_FIELDS,
        check=whisper_needs_somebody,
        current=_phone,
        warn=audible,
        dials=True,
        patience=RINGING,
        help="Your own phone rings, and is in the conference in this role once you answer.",
    ),
)
