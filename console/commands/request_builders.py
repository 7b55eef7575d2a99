"""What several records share: how a request is built, and why a target cannot be acted on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from console.core.model.command import (
    AnyLeg,
    Field,
    FieldKind,
    Order,
    Pane,
    People,
    Queued,
    Request,
    Target,
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
SIXTY_FOUR = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
"""The letters of Base64 (RFC 4648)."""
BEEPS = ("as the conference", "always", "never", "on_enter", "on_exit")
"""Telnyx API, beep_enabled; the first sends nothing."""


def action(order: Order, name: str, /, **body: object) -> Request:
    """POST /conferences/{id}/actions/``name``, with the region where one is set."""
    if order.region is not None:
        body["region"] = order.region
    return plain_action(order, name, **body)


def plain_action(order: Order, name: str, /, **body: object) -> Request:
    """The same for an action that knows no region."""
    return Request("POST", ("conferences", order.conference or "", "actions", name), body)


def call_action(order: Order, name: str, /, **body: object) -> Request:
    """POST /calls/{call_control_id}/actions/``name``."""
    return Request("POST", ("calls", one(order), "actions", name), body)


def given(order: Order, *names: str) -> dict[str, object]:
    """Those answers that say something."""
    return {name: order.values[name] for name in names if order.values.get(name)}


def numbers(order: Order, *names: str) -> dict[str, object]:
    """Those answers that are numbers."""
    return {name: int(order.values[name]) for name in names if order.values.get(name)}


def flags(order: Order, *names: str) -> dict[str, object]:
    """Those questions that were answered with yes: no is what Telnyx assumes."""
    return {name: True for name in names if order.values.get(name) == "yes"}


def beep(order: Order) -> dict[str, object]:
    """The beep, where it is not to be as the conference's."""
    chosen = order.values.get("beep_enabled") or BEEPS[0]
    return {} if chosen == BEEPS[0] else {"beep_enabled": chosen}


def people(order: Order) -> list[str]:
    """The explicit list of an order on people: never empty, or it would mean everyone."""
    if not isinstance(order.target, People):
        raise TypeError(f"{order.command.name} takes people")
    return list(order.target.legs)


def one(order: Order) -> str:
    """The one leg of an order on one."""
    (leg,) = order.legs
    return leg


def listed(text: str) -> list[str]:
    """The words between commas."""
    return [word for part in text.split(",") if (word := part.strip())]


def signature(order: Order) -> str:
    """What a new conference's webhooks say of who made it."""
    text = json.dumps({"by": order.operator, "via": "telnyx-console"})
    bits = "".join(f"{byte:08b}" for byte in text.encode())
    bits += "0" * (-len(bits) % 6)
    letters = [SIXTY_FOUR[int(bits[place : place + 6], 2)] for place in range(0, len(bits), 6)]
    return "".join(letters) + "=" * (-len(letters) % 4)


def base64(text: str) -> str | None:
    """A complaint unless ``text`` is Base64."""
    fits = re.fullmatch(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", text)
    return None if fits else "this is not Base64"


STATE = Field("client_state", "client state", hint="Base64, optional", folded=True, check=base64)
BEEP = Field(
    "beep_enabled", "beep", kind=FieldKind.CHOICE, choices=BEEPS, default=BEEPS[0], folded=True
)


def whole(low: int, high: int | None = None) -> Callable[[str], str | None]:
    """A check for whole numbers from ``low`` to ``high``."""
    span = f"{low} to {high}" if high is not None else f"{low} or more"

    def check(text: str) -> str | None:
        fits = text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= low  # noqa: PLR2004  # digits
        return None if fits and (high is None or int(text) <= high) else f"a number, {span}"

    return check


def web_address(text: str) -> str | None:
    """A complaint unless ``text`` is an http(s) address that carries no credentials."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return "this is not a web address"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "an address begins with https:// or http://"
    if parts.username or parts.password:
        return "an address here must not carry a password"
    return None


def uuid(text: str) -> str | None:
    """A complaint unless ``text`` is a UUID (Telnyx API, recording_id)."""
    fits = re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text)
    return None if fits else "a UUID, like 0b9f2f0e-1111-4222-8333-444455556666"


def not_both(values: Values, url: str, media: str) -> dict[str, str]:
    """Telnyx takes an address or the name of stored media, never both."""
    if values.get(url) and values.get(media):
        return {media: "either an address or a media name, not both"}
    return {}


def dots(text: str) -> str | None:
    """A complaint about a name that a path cannot carry everywhere."""
    return "a name of dots alone cannot be addressed" if text in {".", ".."} else None


def conference_gone(state: State, target: Target) -> str | None:
    """Why nothing can be done in this conference."""
    conference = state.conferences.get(conference_of(target) or "")
    if conference is None or not conference.membership.here:
        return "the conference is not there any more"
    if conference.ended:
        return "the conference has ended"
    return None


def people_gone(state: State, target: Target) -> str | None:
    """Why nothing can be done to these people."""
    why = conference_gone(state, target)
    if why is not None or not isinstance(target, People):
        return why
    here = state.people.get(target.conference, {})
    if not any(leg in here and here[leg].membership.here for leg in target.legs):
        return "left already"
    return None


def queue_gone(state: State, target: Target) -> str | None:
    """Why nothing can be done to this queue."""
    line = state.queues.get(queue_of(target) or "")
    return None if line is not None and line.membership.here else "the queue is not there any more"


def call_gone(state: State, target: Target) -> str | None:
    """Why nothing can be done to this queued call."""
    if not isinstance(target, Queued):
        return None
    call = state.waiting.get(target.queue, {}).get(target.leg)
    return None if call is not None and call.membership.here else "left the queue already"


def leg_gone(state: State, target: Target) -> str | None:
    """Why this leg cannot be brought elsewhere: it is not where it was."""
    if not isinstance(target, AnyLeg):
        return None
    if target.from_conference is not None:
        return people_gone(state, People(target.from_conference, (target.leg,)))
    if target.from_queue is not None:
        return call_gone(state, Queued(target.from_queue, target.leg))
    return None if target.leg in state.parked else "not on the shelf any more"


def nothing(_: State, __: Target) -> str | None:
    """Nothing stands against what is made anew."""
    return None
