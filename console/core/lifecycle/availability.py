"""Reasons why no command can be sent now."""

from __future__ import annotations

from console.core.messages.read_scopes import Scope
from console.core.model.draft import Draft
from console.core.model.listed_resources import Moment, ProblemKind
from console.core.model.state import State


def is_read_only(state: State | Draft) -> bool:
    """Return True while the console is read-only: started so, or locked by the operator."""
    return state.policy.read_only or state.locked


def why_nothing_can_be_sent(state: State | Draft, now: Moment) -> str | None:
    """Return why no command can be sent now, or None. A refused command is never queued."""
    health = state.health
    if state.policy.read_only:
        return "this console was started read-only"
    if state.locked:
        return "locked; L unlocks"
    if health.key_refused is not None:
        return "the API key was refused; ctrl+r tries it again"
    if health.unreachable is not None:
        away = now.mono - health.unreachable.mono
        if away > state.policy.offline:
            return f"Telnyx has not answered for {away:.0f} s, and nothing is queued"
    return None


def listing_refusal(state: State, scope: Scope, what: str) -> str | None:
    """Return the reason why no command can be sent to the rows of one listing, or None.

    ``what`` names the rows. The key may not read the listing, or the first answer has not come.
    """
    known = state.coverage.get(scope)
    problem = known.problem if known is not None else None
    if problem is not None and problem.kind == ProblemKind.FORBIDDEN:
        return f"403: this key may not list {what}"
    if known is None or known.answered is None:
        return f"the {what} have not been listed yet"
    return None
