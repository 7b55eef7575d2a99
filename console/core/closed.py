"""When no command at all can be sent."""

from __future__ import annotations

from console.core.policy import Policy
from console.core.state import Health
from console.core.things import Moment


def closed(policy: Policy, health: Health, now: Moment) -> str | None:
    """Why nothing can be sent now, in words; nothing is ever queued for later."""
    if policy.read_only:
        return "this console is read-only"
    if health.stopped is not None:
        return "the API key was refused; ctrl+r tries it again"
    if health.unreachable is not None:
        away = now.mono - health.unreachable.mono
        if away > policy.offline:
            return f"Telnyx has not answered for {away:.0f} s, and nothing is queued"
    return None
