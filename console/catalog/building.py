"""What several records share: how a request is built, and why a target cannot be acted on."""

from __future__ import annotations

from console.core.command import Beliefs, Order, Pane, People, Request, Target

IN_A_ROOM = frozenset({Pane.PEOPLE, Pane.CONFERENCES})
ON_PEOPLE = frozenset({Pane.PEOPLE})
ON_ROOMS = frozenset({Pane.CONFERENCES})


def action(order: Order, name: str, /, **body: object) -> Request:
    """POST /conferences/{id}/actions/``name``, with the region where one is set."""
    if order.region is not None:
        body["region"] = order.region
    return Request("POST", ("conferences", order.room, "actions", name), body)


def given(order: Order, *names: str) -> dict[str, object]:
    """Those answers that say something."""
    return {name: order.values[name] for name in names if order.values.get(name)}


def people(order: Order) -> list[str]:
    """The explicit list of an order on people: never empty, or it would mean everyone."""
    if not isinstance(order.target, People):
        raise TypeError(f"{order.command.name} takes people")
    return list(order.target.legs)


def room_gone(beliefs: Beliefs, target: Target) -> str | None:
    """Why nothing can be done in this room."""
    room = beliefs.rooms.get(target.room)
    if room is None or not room.register.here:
        return "the conference is not there any more"
    if room.ended:
        return "the conference has ended"
    return None


def people_gone(beliefs: Beliefs, target: Target) -> str | None:
    """Why nothing can be done to these people."""
    why = room_gone(beliefs, target)
    if why is not None or not isinstance(target, People):
        return why
    here = beliefs.people.get(target.room, {})
    if not any(leg in here and here[leg].register.here for leg in target.legs):
        return "left already"
    return None
