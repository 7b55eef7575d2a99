"""Facts about an order: the conference it concerns, and the events that it can have caused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.core.model.command import Order
    from console.core.model.draft import Draft
    from console.core.model.state import Receipt


@dataclass(frozen=True, slots=True)
class Observed:
    """What a listing showed of an order's target when the order was given."""

    participant_id: str | None = None
    """The id of the participant, which differs from that of the call leg."""
    was_whispering: bool | None = None
    """True if it had a whisper list. None for commands that do not depend on it."""
    maybe_muted: bool | None = None
    """True unless it was listed as not muted: then a mute proves nothing."""


NOT_OBSERVED = Observed()


def conference_of(draft: Draft, order: Order) -> str | None:
    """The id of the conference an order concerns, also where its name was typed."""
    typed = order.values.get("room")
    return order.conference if not typed else conference_named(draft, typed)


def conference_named(draft: Draft, named: str) -> str | None:
    """The id of a conference that is there, typed as its id or its name."""
    if named in draft.conferences.entries:
        return named
    return next(
        (
            id_
            for id_, conference in draft.conferences.entries.items()
            if conference.is_live and conference.listed and conference.listed.name == named
        ),
        None,
    )


def after(receipt: Receipt, occurred: float | None, skew: float) -> bool:
    """Whether an event can be this command's doing, by the provider's clock where it is told."""
    date = receipt.accepted_date
    return date is None or occurred is None or occurred >= date - skew
