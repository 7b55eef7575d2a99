"""The names that the screen shows for what an order is aimed at: the audit keeps them."""

from __future__ import annotations

from collections.abc import Mapping

from console.commands.request_builders import listed
from console.core.model.command import AnyLeg, Order, Target, Values, legs_of, room_of
from console.core.model.state import State
from console.view.text.labels import room_name, who


def names_of(state: State, target: Target, values: Values) -> dict[str, str]:
    """The names of the target's call legs and conference, and of those that the answers name.

    They are keyed by id. A queue has no other name than its own. What was typed and is not known
    has no name.
    """
    legs = (
        *legs_of(target),
        *(leg for leg in _legs(values) if leg in state.identities),
    )
    origin = target.from_room if isinstance(target, AnyLeg) else None
    rooms = (room_of(target), origin, values.get("room"))
    return {
        **{leg: who(state, leg) for leg in legs},
        **{
            room: room_name(state, room)
            for room in rooms
            if room is not None and room in state.rooms
        },
    }


def names_of_order(state: State, order: Order) -> Mapping[str, str]:
    """The same of an order that no key press named, such as an undo."""
    return names_of(state, order.target, order.values)


def _legs(values: Values) -> tuple[str, ...]:
    whispered = listed(values.get("whisper_call_control_ids", ""))
    return (values.get("call_control_id", ""), *whispered)
