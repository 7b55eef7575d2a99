"""The console's state and the simulator's truth in comparable form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.core.model.state import State


def believed(state: State) -> dict[str, object]:
    """Return the conferences, people and calls in the console's state."""
    conferences = {r.id for r in state.conferences.values() if r.membership.here and not r.ended}
    return {
        "people": {
            (conference, leg): person.listed and (person.listed.muted, person.listed.on_hold)
            for conference in conferences
            for leg, person in state.people.get(conference, {}).items()
            if person.membership.here
        },
        "calls": {
            (queue, leg)
            for queue, calls in state.waiting.items()
            for leg, call in calls.items()
            if call.membership.here
        },
        "conferences": conferences,
    }


def true(told: Mapping[str, Any]) -> dict[str, object]:
    """Return the same from the simulator's GET /control/state."""
    conferences = [conference for conference in told["conferences"] if not conference["completed"]]
    return {
        "people": {
            (conference["id"], one["call_control_id"]): (one["muted"], one["on_hold"])
            for conference in conferences
            for one in conference["participants"]
        },
        "calls": {
            (queue["name"], call["call_control_id"])
            for queue in told["queues"]
            for call in queue["calls"]
        },
        "conferences": {conference["id"] for conference in conferences},
    }
