"""The names on the screen for the ids of an order, as the audit keeps them."""

from __future__ import annotations

from collections.abc import Mapping

from console.commands.request_builders import split_list
from console.core.model.command import AnyLeg, Order, Target, Values, conference_of, legs_of
from console.core.model.state import State
from console.view.text.labels import conference_name, leg_name


def names_of(state: State, target: Target, values: Values) -> dict[str, str]:
    """Return the shown names of the legs and conferences in the target and the answers, by id.

    Left out are queues, whose name is their id, and typed ids that the state does not know.
    """
    whispered = split_list(values.get("whisper_call_control_ids", ""))
    typed = (values.get("call_control_id", ""), *whispered)
    legs = (*legs_of(target), *(leg for leg in typed if leg in state.identities))
    origin = target.from_conference if isinstance(target, AnyLeg) else None
    conferences = (conference_of(target), origin, values.get("room"))
    return {
        **{leg: leg_name(state, leg) for leg in legs},
        **{
            conference: conference_name(state, conference)
            for conference in conferences
            if conference is not None and conference in state.conferences
        },
    }


def names_of_order(state: State, order: Order) -> Mapping[str, str]:
    """Return ``names_of`` for an order without names from a key press, such as an undo."""
    return names_of(state, order.target, order.values)
