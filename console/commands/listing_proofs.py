"""Predicates that decide if a listing shows an order done.

Each gets the order and the listed item, None if the target is not listed. It returns None while
the listing does not decide.
"""

from __future__ import annotations

from console.commands.request_builders import BEEPS, split_list
from console.core.model.command import Order
from console.core.model.listed_resources import (
    ListedResource,
    ParticipantResource,
    ParticipantStatus,
    QueueResource,
)
from console.core.model.proofs import Among, ListedFlag, ShownProof


def flag_proof(field: str, *, value: bool) -> ShownProof:
    """Return the proof of a command that gives a flag of the participants listing this value."""

    def shows(_: Order, item: ListedResource | None) -> bool | None:
        if not isinstance(item, ParticipantResource):
            return False
        listed_value = getattr(item, field)
        return None if listed_value is None else listed_value is value

    return ShownProof(Among.PEOPLE, shows, by_presence=False, flag=ListedFlag(field, value))


def has_joined(_: Order, item: ListedResource | None) -> bool | None:
    """Return True if the participant has joined, and None while they are joining."""
    if not isinstance(item, ParticipantResource):
        return False
    return True if item.status == ParticipantStatus.JOINED else None


def has_answered(order: Order, item: ListedResource | None) -> bool | None:
    """Return True if the dialled leg has joined, and None while its phone rings."""
    return None if item is None else has_joined(order, item)


def is_listed(_: Order, item: ListedResource | None) -> bool | None:
    """Return True if the target is listed."""
    return item is not None


def is_absent(_: Order, item: ListedResource | None) -> bool | None:
    """Return True if the target is not listed.

    None for a participant listed with an unknown status, who may have left.
    """
    if isinstance(item, ParticipantResource) and item.status is None:
        return None
    return item is None


def has_size(order: Order, item: ListedResource | None) -> bool | None:
    """Return True if the queue has the size of the order."""
    size = order.values.get("max_size")
    if not isinstance(item, QueueResource):
        return False
    if not size:
        return True
    return None if item.max_size is None else item.max_size == int(size)


def has_role(order: Order, item: ListedResource | None) -> bool | None:
    """Return True if the listing shows the role of the order.

    A listing shows the whisper list, and that a monitor is muted. Barge and none look alike: only
    a whisper list that disappears proves them.
    """
    if not isinstance(item, ParticipantResource):
        return False
    if item.whisper_to is None:
        return None
    before = order.observed
    match order.values.get("supervisor_role"):
        case "whisper":
            wanted = set(split_list(order.values.get("whisper_call_control_ids", "")))
            return set(item.whisper_to) == wanted
        case "monitor":
            if before.maybe_muted and not before.was_whispering:
                return None
            return True if item.muted is True and not item.whisper_to else None
        case _:
            return not item.whisper_to if before.was_whispering else None


def why_role_unseen(order: Order) -> str:
    """Return why no listing can show this role taken; empty if one can. Mirrors ``has_role``."""
    before, role = order.observed, order.values.get("supervisor_role", "")
    if role == "monitor" and before.maybe_muted and not before.was_whispering:
        return "they are muted already"
    if role in {"barge", "none"} and not before.was_whispering:
        return "no listing tells barge from none"
    return ""


def has_exit_flags(order: Order, item: ListedResource | None) -> bool | None:
    """Return True if the listed participant has the exit flags that the order sets.

    Return False if a flag differs or the person is not listed. Return None if a flag is not listed,
    or the order sets none. No listing shows the beep of the order.
    """
    if not isinstance(item, ParticipantResource):
        return False
    pairs = (
        (order.values.get("end_conference_on_exit"), item.end_on_exit),
        (order.values.get("soft_end_conference_on_exit"), item.soft_end_on_exit),
    )
    wished = [((wish == "on"), value) for wish, value in pairs if wish in {"on", "off"}]
    if any(value is not None and value is not wish for wish, value in wished):
        return False
    return True if wished and all(value is not None for _, value in wished) else None


def why_flags_unseen(order: Order) -> str:
    """Return why no listing can show these options set; empty if ``has_exit_flags`` can."""
    values = order.values
    flags = (values.get("end_conference_on_exit"), values.get("soft_end_conference_on_exit"))
    beeps = values.get("beep_enabled") in BEEPS[1:]
    return "a beep cannot be read" if beeps and not {"on", "off"} & set(flags) else ""
