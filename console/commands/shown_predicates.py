"""What a listing must show of a target for an order to be done."""

from __future__ import annotations

from console.commands.request_builders import BEEPS, listed
from console.core.model.command import Order
from console.core.model.resources import (
    ListedResource,
    ParticipantResource,
    ParticipantStatus,
    QueueResource,
)


def joined(_: Order, item: ListedResource | None) -> bool | None:
    """Is in the conference; while they join nothing can be said."""
    if not isinstance(item, ParticipantResource):
        return False
    return True if item.status == ParticipantStatus.JOINED else None


def answered(order: Order, item: ListedResource | None) -> bool | None:
    """Is in the conference; while a phone rings nothing can be said."""
    return None if item is None else joined(order, item)


def there(_: Order, item: ListedResource | None) -> bool | None:
    """Is listed."""
    return item is not None


def gone(_: Order, item: ListedResource | None) -> bool | None:
    """Is listed no more; who is listed without a status that fits may have left."""
    if isinstance(item, ParticipantResource) and item.status is None:
        return None
    return item is None


def sized(order: Order, item: ListedResource | None) -> bool | None:
    """A queue of the size that was asked for."""
    size = order.values.get("max_size")
    if not isinstance(item, QueueResource):
        return False
    if not size:
        return True
    return None if item.max_size is None else item.max_size == int(size)


def in_role(order: Order, item: ListedResource | None) -> bool | None:
    """As far as a listing tells: whom they whisper to, and that a monitor is muted.

    Barge and none look alike, so that only a whisper list that went away shows them.
    """
    if not isinstance(item, ParticipantResource):
        return False
    if item.whisper_to is None:
        return None
    before = order.observed
    match order.values.get("supervisor_role"):
        case "whisper":
            wanted = set(listed(order.values.get("whisper_call_control_ids", "")))
            return set(item.whisper_to) == wanted
        case "monitor":
            if before.maybe_muted and not before.was_whispering:
                return None
            return True if item.muted is True and not item.whisper_to else None
        case _:
            return not item.whisper_to if before.was_whispering else None


def role_unseen(order: Order) -> str:
    """Return why no listing can show this role taken; empty if one can. Mirrors ``in_role``."""
    before, role = order.observed, order.values.get("supervisor_role", "")
    if role == "monitor" and before.maybe_muted and not before.was_whispering:
        return "they are muted already"
    if role in {"barge", "none"} and not before.was_whispering:
        return "no listing tells barge from none"
    return ""


def flagged(order: Order, item: ListedResource | None) -> bool | None:
    """The exit flags that were changed; a beep cannot be read."""
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


def flags_unseen(order: Order) -> str:
    """Return why no listing can show these options set; empty if one can. Mirrors ``flagged``."""
    values = order.values
    flags = (values.get("end_conference_on_exit"), values.get("soft_end_conference_on_exit"))
    beeps = values.get("beep_enabled") in BEEPS[1:]
    return "a beep cannot be read" if beeps and not {"on", "off"} & set(flags) else ""
