"""The names that the screen shows for what an order is aimed at: the audit keeps them."""

from __future__ import annotations

from collections.abc import Mapping

from console.commands.request_builders import listed
from console.core.model.command import AnyLeg, Order, Target, Values, conference_of, legs_of
from console.core.model.state import State
from console.view.text.labels import conference_name, who


def names_of(state: State, target: Target, values: Values) -> dict[str, str]:
    """The names of the target's call legs and conference, and of those that the answers name.

    They are keyed by id. A queue has no other name than its own. What was typed and is not known
    has no name.
    """
    legs = (
        *legs_of(target),
        *(leg for leg in _legs(values) if leg in state.identities),
    )
    origin = target.from_conference if isinstance(target, AnyLeg) else None
    conferences = (conference_of(target), origin, values.get("room"))
    return {
        **{leg: who(state, leg) for leg in legs},
        **{
            conference: conference_name(state, conference)
            for conference in conferences
            if conference is not None and conference in state.conferences
        },
    }


def names_of_order(state: State, order: Order) -> Mapping[str, str]:
    """The same of an order that no key press named, such as an undo."""
    return names_of(state, order.target, order.values)


def _legs(values: Values) -> tuple[str, ...]:
    whispered = listed(values.get("whisper_call_control_ids", ""))
    return (values.get("call_control_id", ""), *whispered)
