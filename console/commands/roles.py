"""A supervisor's role: its answers, who would hear it, and the own phone in a conference.

Telnyx API, Update conference participant and Dial: supervisor_role, whisper_call_control_ids,
conference_config.
"""

from __future__ import annotations

from collections.abc import Sequence

from console.commands.request_builders import (
    IN_A_CONFERENCE,
    conference_gone,
    given,
    listed,
    signature,
)
from console.commands.shown_predicates import answered
from console.core import audibility
from console.core.audibility import Audibility
from console.core.model.command import (
    Aim,
    Among,
    Command,
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    People,
    Request,
    Retry,
    ShownProof,
    Target,
    Values,
    conference_of,
    legs_of,
)
from console.core.model.state import State

ROLES = ("none", "monitor", "whisper", "barge")
WHISPER_TO = Field("whisper_call_control_ids", "whisper to", kind=FieldKind.LEGS, again=False)
ROLE_FIELDS = (
    Field(
        "supervisor_role",
        "role",
        kind=FieldKind.CHOICE,
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


def heard_in(target: Target, values: Values) -> str | None:
    """The conference in which the target is heard: the chosen one, else the one it is in."""
    return values.get("room") or conference_of(target)


def becomes(now: audibility.Stance | None, leg: str, values: Values) -> audibility.Stance:
    """The stance that these answers give a leg. ``now`` None: it joins the conference."""
    to = tuple(listed(values.get("whisper_call_control_ids", "")))
    role = values.get("supervisor_role", "")
    if now is not None:
        return audibility.given(now, role, to)
    flagged = {name: values.get(name) == "yes" for name in ("mute", "hold")}
    return audibility.arriving(leg, role, to, muted=flagged["mute"], held=flagged["hold"])


def change(state: State, target: Target, values: Values) -> tuple[audibility.AudibilityChange, ...]:
    """Compare who hears the target now with who would, in the conference of the answers."""
    conference, legs = heard_in(target, values), legs_of(target)
    if not conference or len(legs) > 1:
        return ()
    leg = legs[0] if legs else ""
    person = state.people.get(conference, {}).get(leg)
    here = person is not None and person.membership.here
    if isinstance(target, People) and not here:
        return ()
    now = audibility.stance(state, conference, leg) if here else None
    then = becomes(now if isinstance(target, People) else None, leg, values)
    return audibility.changed(state, conference, now, then)


def audible(state: State, target: Target, values: Values) -> str:
    """Say who becomes audible to how many: this is asked about again."""
    changes = change(state, target, values)
    louder = [one for one in changes if audibility.louder(one.now, one.then)]
    will = [one for one in louder if one.then.heard is Audibility.YES]
    may = [one for one in louder if one.then.heard is not Audibility.YES]
    to = listed(values.get("whisper_call_control_ids", ""))
    held = [one for one in changes if one.listener in to and one.then.why == audibility.CANNOT_HEAR]
    said = []
    if will:
        said.append(f"{_some(will, changes, 'WILL')}.")
    if may:
        said.append(f"{_some(may, changes, 'may')}.")
    if values.get("supervisor_role") == "whisper" and held:
        said.append("Somebody on hold is to hear this: they cannot.")
    return " ".join(said)


def _some(
    some: Sequence[audibility.AudibilityChange],
    all_: Sequence[audibility.AudibilityChange],
    will: str,
) -> str:
    """Count those who come to hear, and say that they do not hear now, or may not."""
    everyone = len(some) == len(all_) > 1
    who = "Everyone" if everyone else "1 person" if len(some) == 1 else f"{len(some)} people"
    do = "does" if everyone or len(some) == 1 else "do"
    unsure = any(one.now.heard is not Audibility.NO for one in some)
    now = "may not now" if unsure else f"{do} not now"
    return f"{who} in the conference {will} hear this who {now}"


def _phone(state: State, target: Target) -> Values:
    phone = state.phone
    return {
        "connection_id": phone.connection_id,
        "from": phone.from_number,
        "to": phone.operator_number,
        "conference": conference_of(target) or "",
    }


def _no_phone(state: State, target: Target) -> str | None:
    phone = state.phone
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
    return conference_gone(state, target)


def _dial(order: Order) -> Request:
    """The role is always sent: what Telnyx assumes without one is barge."""
    said = order.values
    config: dict[str, object] = {"id": order.conference, "supervisor_role": said["supervisor_role"]}
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
        panes=IN_A_CONFERENCE,
        aims=Aim.CONFERENCE,
        tier=ConfirmationLevel.DIALOG,
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
