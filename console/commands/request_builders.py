"""Helpers that make command records: panes, requests, checks, fields, refusals."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias
from urllib.parse import urlsplit

from console.core.model.command import (
    AnyLeg,
    Command,
    Field,
    FieldKind,
    Order,
    Pane,
    People,
    Queued,
    Request,
    Sensitivity,
    Target,
    TargetKind,
    Values,
    conference_of,
    queue_of,
)
from console.core.model.state import State

IN_A_CONFERENCE = frozenset({Pane.PEOPLE, Pane.CONFERENCES})
ON_PEOPLE = frozenset({Pane.PEOPLE})
ON_CONFERENCES = frozenset({Pane.CONFERENCES})
ON_QUEUES = frozenset({Pane.QUEUES})
ON_CALLS = frozenset({Pane.CALLS})
ON_LEGS = frozenset({Pane.CALLS, Pane.PEOPLE, Pane.PARKED})
BEEPS = ("as the conference", "always", "never", "on_enter", "on_exit")
"""Telnyx API, beep_enabled; the first sends nothing."""
Body: TypeAlias = Callable[[Order], dict[str, object]]
"""Returns the body of an order's request."""


def _nothing(_: Order) -> dict[str, object]:
    return {}


def conference_action(order: Order, name: str, /, **body: object) -> Request:
    """Return POST /conferences/{id}/actions/``name``, with the region if the order has one."""
    if order.region is not None:
        body["region"] = order.region
    return regionless_action(order, name, **body)


def regionless_action(order: Order, name: str, /, **body: object) -> Request:
    """Return POST /conferences/{id}/actions/``name`` for an action that takes no region."""
    return Request("POST", ("conferences", order.conference or "", "actions", name), body)


def to_everyone(name: str, body: Body = _nothing) -> Callable[[Order], Request]:
    """Return the builder of conference action ``name`` with this body, for a whole conference."""
    return lambda order: conference_action(order, name, **body(order))


def to_people(name: str, body: Body = _nothing) -> Callable[[Order], Request]:
    """Return the builder of conference action ``name`` with this body, for the chosen people."""
    return lambda order: conference_action(
        order, name, **body(order), call_control_ids=chosen_legs(order)
    )


def call_action(order: Order, name: str, /, **body: object) -> Request:
    """Return POST /calls/{call_control_id}/actions/``name`` for an order on one leg."""
    return Request("POST", ("calls", only_leg(order), "actions", name), body)


def text_answers(order: Order, *names: str) -> dict[str, object]:
    """Return those of the named answers that are not empty."""
    return {name: order.values[name] for name in names if order.values.get(name)}


def number_answers(order: Order, *names: str) -> dict[str, object]:
    """Return those of the named answers that are not empty, as numbers."""
    return {name: int(order.values[name]) for name in names if order.values.get(name)}


def yes_answers(order: Order, *names: str) -> dict[str, object]:
    """Return True for each named answer that is yes. A no is left out: Telnyx assumes it."""
    return {name: True for name in names if order.values.get(name) == "yes"}


def beep_answer(order: Order) -> dict[str, object]:
    """Return the chosen beep; nothing for the beep of the conference."""
    chosen = order.values.get("beep_enabled") or BEEPS[0]
    return {} if chosen == BEEPS[0] else {"beep_enabled": chosen}


def role_answers(order: Order) -> dict[str, object]:
    """Return the chosen role, and for a whisper the legs that hear it."""
    role = order.values["supervisor_role"]
    if role != "whisper":
        return {"supervisor_role": role}
    listeners = split_list(order.values["whisper_call_control_ids"])
    return {"supervisor_role": role, "whisper_call_control_ids": listeners}


def chosen_legs(order: Order) -> list[str]:
    """Return the legs of an order on people. Never empty: Telnyx reads an empty list as everyone.

    Raises TypeError for an order on another target.
    """
    if not isinstance(order.target, People):
        raise TypeError(f"{order.command.name} takes people")
    return list(order.target.legs)


def only_leg(order: Order) -> str:
    """Return the leg of an order on one leg. Raises ValueError for any other number."""
    (leg,) = order.legs
    return leg


def split_list(text: str) -> list[str]:
    """Split a text at its commas. Empty parts are dropped."""
    return [word for part in text.split(",") if (word := part.strip())]


def operator_client_state(order: Order) -> str:
    """Return a client_state that names the operator in the webhooks of a conference or call."""
    text = json.dumps({"by": order.operator, "via": "telnyx-console"})
    return b64encode(text.encode()).decode()


def fits(pattern: str, complaint: str) -> Callable[[str], str | None]:
    """Return a check that complains unless the regular expression matches the whole text."""
    return lambda text: None if re.fullmatch(pattern, text) else complaint


base64_text = fits(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", "not Base64")
uuid = fits(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "a UUID, like 0b9f2f0e-1111-4222-8333-444455556666",
)
"""Checks a recording_id (Telnyx API)."""
STATE = Field(
    "client_state", "client state", hint="Base64, optional", hidden_at_first=True, check=base64_text
)
BEEP = Field("beep_enabled", "beep", FieldKind.CHOICE, BEEPS, BEEPS[0], hidden_at_first=True)


def whole_number(low: int, high: int | None = None) -> Callable[[str], str | None]:
    """Return a check for whole numbers from ``low`` to ``high``."""
    span = f"{low} to {high}" if high is not None else f"{low} or more"

    def check(text: str) -> str | None:
        whole = text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= low  # noqa: PLR2004  # digits
        return None if whole and (high is None or int(text) <= high) else f"a number, {span}"

    return check


def web_address(text: str) -> str | None:
    """Return a complaint unless ``text`` is an http(s) address without credentials."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "not a web address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "the address must begin with https:// or http://"
    if parts.username or parts.password:
        return "the address must not contain a password"
    return None


def not_both(values: Values, prefix: str = "") -> dict[str, str]:
    """Return a complaint by field name if both of these ``audio_fields`` are answered."""
    if values.get(f"{prefix}audio_url") and values.get(f"{prefix}media_name"):
        return {f"{prefix}media_name": "an address or a media name, not both"}
    return {}


def only_dots(text: str) -> str | None:
    """Return a complaint about ``.`` and ``..``, which HTTP clients remove from a path."""
    return "a name of only dots cannot be used" if text in {".", ".."} else None


def hidden(*fields: Field) -> tuple[Field, ...]:
    """Return the fields, which the dialog hides until the operator asks for more fields."""
    return tuple(replace(field, hidden_at_first=True) for field in fields)


def audio_fields(
    prefix: str, words: str, url_hint: str, media_hint: str = "the name of media stored at Telnyx"
) -> tuple[Field, Field]:
    """Return the fields audio_url, labelled ``words``, and media_name. Only one may be answered.

    ``prefix`` stands before both names.
    """
    return (
        Field(
            f"{prefix}audio_url",
            words,
            hint=url_hint,
            check=web_address,
            sensitivity=Sensitivity.NAME,
        ),
        Field(f"{prefix}media_name", "or media", hint=media_hint, sensitivity=Sensitivity.NAME),
    )


def conference_gone(state: State, target: Target) -> str | None:
    """Return the reason why no command can act in this conference, or None."""
    conference = state.conferences.get(conference_of(target) or "")
    if conference is None or not conference.membership.here:
        return "the conference is gone"
    if conference.ended:
        return "the conference has ended"
    return None


def people_gone(state: State, target: Target) -> str | None:
    """Return the reason why no command can act on these people, or None."""
    why = conference_gone(state, target)
    if why is not None or not isinstance(target, People):
        return why
    here = state.people.get(target.conference, {})
    if not any(leg in here and here[leg].membership.here for leg in target.legs):
        return "left already"
    return None


def queue_gone(state: State, target: Target) -> str | None:
    """Return the reason why no command can act on this queue, or None."""
    line = state.queues.get(queue_of(target) or "")
    return None if line is not None and line.membership.here else "the queue is gone"


def call_gone(state: State, target: Target) -> str | None:
    """Return the reason why no command can act on this queued call, or None."""
    if not isinstance(target, Queued):
        return None
    call = state.waiting.get(target.queue, {}).get(target.leg)
    return None if call is not None and call.membership.here else "left the queue already"


def leg_gone(state: State, target: Target) -> str | None:
    """Return the reason why this leg cannot be moved, or None. It may have left its place."""
    if not isinstance(target, AnyLeg):
        return None
    if target.from_conference is not None:
        return people_gone(state, People(target.from_conference, (target.leg,)))
    if target.from_queue is not None:
        return call_gone(state, Queued(target.from_queue, target.leg))
    return None if target.leg in state.parked else "no longer parked"


people_command = partial(
    Command, panes=ON_PEOPLE, target_kind=TargetKind.PEOPLE, why_not=people_gone
)
"""Make a command on chosen people."""
person_command = partial(people_command, target_kind=TargetKind.ONE)
"""Make a command on one person."""
conference_command = partial(
    Command, panes=IN_A_CONFERENCE, target_kind=TargetKind.CONFERENCE, why_not=conference_gone
)
"""Make a command on a whole conference."""
call_command = partial(Command, panes=ON_CALLS, target_kind=TargetKind.CALL, why_not=call_gone)
"""Make a command on a queued call."""
queue_command = partial(Command, panes=ON_QUEUES, target_kind=TargetKind.QUEUE, why_not=queue_gone)
"""Make a command on a queue."""
leg_command = partial(Command, panes=ON_LEGS, target_kind=TargetKind.LEG, why_not=leg_gone)
"""Make a command that moves a leg."""
new_command = partial(Command, target_kind=TargetKind.NOTHING, why_not=lambda _, __: None)
"""Make a command that makes something new. It is never refused."""


def for_everyone(
    command: Command, request: Callable[[Order], Request], *, words: str, done: str, effect: str
) -> Command:
    """Return the record for a whole conference of a command on chosen people.

    Telnyx reads an empty list of people as everyone, so that such a command has two records.
    ``effect``: the sentence of the help.
    """
    return replace(
        command,
        name=f"{command.name}_room",
        typed_name=command.name,
        button=command.verb,
        panes=ON_CONFERENCES,
        target_kind=TargetKind.CONFERENCE,
        why_not=conference_gone,
        request=request,
        words=words,
        done=done,
        help=effect,
    )
