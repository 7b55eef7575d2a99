"""Rules that relate an order to the conferences and events of the state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.core.model.command import Order
    from console.core.model.draft import Draft
    from console.core.model.state import Receipt


@dataclass(frozen=True, slots=True)
class Observed:
    """Facts about an order's target that a listing showed when the order was given."""

    participant_id: str | None = None
    """The id of the participant, which differs from that of the call leg."""
    was_whispering: bool | None = None
    """True if it had a whisper list. None for commands that do not depend on it."""
    maybe_muted: bool | None = None
    """True unless it was listed as not muted: then a mute proves nothing."""


NOT_OBSERVED = Observed()


def conference_of(draft: Draft, order: Order) -> str | None:
    """Return the id of the order's conference. A typed name is looked up."""
    typed = order.values.get("room")
    return order.conference if not typed else conference_named(draft, typed)


def conference_named(draft: Draft, named: str) -> str | None:
    """Return the id of the conference with this id or, if it is live, this name; else None."""
    if named in draft.conferences.entries:
        return named
    for id_, conference in draft.conferences.entries.items():
        if conference.is_live and conference.listed and conference.listed.name == named:
            return id_
    return None


def can_be_effect(receipt: Receipt, occurred: float | None, skew: float) -> bool:
    """True if an event at ``occurred`` can be an effect of the command.

    All times are seconds on Telnyx's clock; an unknown time excludes nothing.
    """
    date = receipt.accepted_date
    return date is None or occurred is None or occurred >= date - skew
