"""Questions and consequences of a supervisor's role, for every command that gives one.

Telnyx API, Update conference participant and Dial: supervisor_role, whisper_call_control_ids,
conference_config.
"""

from __future__ import annotations

from collections.abc import Sequence

from console.commands import request_builders as build
from console.commands.listing_proofs import has_answered
from console.core import audibility
from console.core.model.command import (
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    People,
    Request,
    Retry,
    Target,
    Values,
    conference_of,
    legs_of,
)
from console.core.model.proofs import Among, ShownProof
from console.core.model.state import State

ROLES = ("none", "monitor", "whisper", "barge")
WHISPER_TO = Field("whisper_call_control_ids", "whisper to", kind=FieldKind.LEGS, remembered=False)
ROLE_FIELDS = (
    Field("supervisor_role", "role", FieldKind.CHOICE, ROLES[1:] + ROLES[:1], "monitor"),
    WHISPER_TO,
)
RINGING = 30.0
"""Seconds. Telnyx API, Dial: timeout_secs, its default."""


def whisper_needs_somebody(values: Values) -> dict[str, str]:
    """Return a complaint by field name if a whisper has no listeners: it would be monitoring."""
    to = values.get("whisper_call_control_ids", "")
    if values.get("supervisor_role") == "whisper" and not build.split_list(to):
        return {"whisper_call_control_ids": "choose who hears the whisper"}
    return {}


def hearing_conference(target: Target, values: Values) -> str | None:
    """Return the conference that hears the target: the one in the answers, else the current one."""
    return values.get("room") or conference_of(target)


def stance_after(now: audibility.Stance | None, leg: str, values: Values) -> audibility.Stance:
    """Return the stance of a leg after these answers.

    ``now`` is its current stance, or None if it joins the conference.
    """
    to = tuple(build.split_list(values.get("whisper_call_control_ids", "")))
    role = values.get("supervisor_role", "")
    if now is not None:
        return audibility.stance_with_role(now, role, to)
    flagged = {name: values.get(name) == "yes" for name in ("mute", "hold")}
    return audibility.stance_on_joining(leg, role, to, muted=flagged["mute"], held=flagged["hold"])


def audibility_changes(
    state: State, target: Target, values: Values
) -> tuple[audibility.AudibilityChange, ...]:
    """Return for each listener how well the target is heard now and after these answers.

    Empty without a conference, and for more than one target.
    """
    conference, legs = hearing_conference(target, values), legs_of(target)
    if not conference or len(legs) > 1:
        return ()
    leg = legs[0] if legs else ""
    person = state.people.get(conference, {}).get(leg)
    here = person is not None and person.membership.here
    if isinstance(target, People) and not here:
        return ()
    now = audibility.stance(state, conference, leg) if here else None
    then = stance_after(now if isinstance(target, People) else None, leg, values)
    return audibility.compare_audibility(state, conference, now, then)


def audible_question(state: State, target: Target, values: Values) -> str:
    """Return the second question: how many people start to hear the target. Empty if nobody."""
    changes = audibility_changes(state, target, values)
    louder = [one for one in changes if audibility.hears_more(one.now, one.then)]
    will = [one for one in louder if one.then.heard is audibility.Audibility.YES]
    may = [one for one in louder if one.then.heard is not audibility.Audibility.YES]
    to = build.split_list(values.get("whisper_call_control_ids", ""))
    held = [one for one in changes if one.listener in to and one.then.why == audibility.CANNOT_HEAR]
    parts = ((will, "WILL"), (may, "may"))
    sentences = [f"{_some(some, changes, verb)}." for some, verb in parts if some]
    if values.get("supervisor_role") == "whisper" and held:
        sentences.append("A person chosen for the whisper is on hold and cannot hear it.")
    return " ".join(sentences)


def _some(
    some: Sequence[audibility.AudibilityChange],
    all_: Sequence[audibility.AudibilityChange],
    will: str,
) -> str:
    """Return the part of the second question about listeners of one certainty.

    ``some`` are these listeners, ``all_`` every listener, ``will`` the verb.
    """
    everyone = len(some) == len(all_) > 1
    who = "Everyone" if everyone else "1 person" if len(some) == 1 else f"{len(some)} people"
    do = "does" if everyone or len(some) == 1 else "do"
    unsure = any(one.now.heard is not audibility.Audibility.NO for one in some)
    now = "may not now" if unsure else f"{do} not now"
    return f"{who} in the conference {will} hear this, but {now}"


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
    needed = {
        "connection_id": phone.connection_id,
        "from_number": phone.from_number,
        "operator_number": phone.operator_number,
    }
    lacking = [name for name, value in needed.items() if not value]
    if lacking:
        return f"the settings lack {' and '.join(lacking)}"
    return build.conference_gone(state, target)


def _dial(order: Order) -> Request:
    """Build the dial request. It always has a role, because Telnyx assumes barge without one."""
    config = {"id": order.conference, **build.role_answers(order)}
    body: dict[str, object] = {
        **build.text_answers(order, "connection_id", "from", "to"),
        "conference_config": config,
        "client_state": build.operator_client_state(order),
        "command_id": order.id,
    }
    return Request("POST", ("calls",), body)


DIAL = (
    build.conference_command(
        name="dial",
        key="",
        words="dial my phone:",
        done="dialled",
        button="dial",
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.PEOPLE, has_answered, ("conference.participant.joined",)),
        request=_dial,
        why_not=_no_phone,
        fields=ROLE_FIELDS,
        check=whisper_needs_somebody,
        current=_phone,
        warning=audible_question,
        dials=True,
        extra_proof_time=RINGING,
        help="Your own phone rings. When you answer, it joins the conference in this role.",
    ),
)
