"""Doubts that apply to every command: another order is open, or the data is old."""

from __future__ import annotations

from console.core.messages.read_scopes import CallsScope, ParticipantsScope, QueuesScope, Scope
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    NoTarget,
    Order,
    People,
    Queued,
    Retry,
    SideEffect,
    Target,
    Values,
    WholeConference,
    WholeQueue,
    conference_of,
    legs_of,
    queue_of,
)
from console.core.model.listed_resources import Moment, ProblemKind
from console.core.model.proofs import NoProof
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.core.poll_intervals import is_old

FAILING = frozenset(
    {ProblemKind.SERVER, ProblemKind.UNREACHABLE, ProblemKind.UNANSWERED, ProblemKind.SHAPE}
)
"""Kinds of problem of a listing after which its rows are uncertain."""


def doubts(command: Command, target: Target, state: State, now: Moment) -> tuple[SideEffect, ...]:
    """Return the doubts about a command on this target. Each asks for a yes."""
    texts: list[str] = []
    if before := already_sent(command, target, state):
        ago = now.mono - (before.sent or before.order.at).mono
        texts.append(f"already sent {ago:.1f} s ago; outcome unknown.")
    texts += [f"{words} is still under way here." for words in _pending(command, target, state)]
    if doubt := in_doubt(state, target, now):
        texts.append(doubt)
    return tuple(SideEffect(ConfirmationLevel.CONFIRM, text) for text in texts)


def already_sent(command: Command, target: Target, state: State) -> Receipt | None:
    """Return the receipt of the same command on the same target, if a repeat may double its effect.

    None if the earlier order is known to have succeeded or failed.
    """
    if command.retry is not Retry.REPEATS_EFFECT:
        return None
    same = [r for r in state.receipts.values() if r.order.command.name == command.name]
    newest = next((r for r in reversed(same) if _meet(target, r.order)), None)
    if newest is None:
        return None
    unseen = newest.stage is Stage.NO_PROOF and not isinstance(command.proof, NoProof)
    doubtful = newest.stage.open or newest.stage is Stage.UNKNOWN or unseen
    return newest if doubtful else None


def _scope_of(target: Target) -> Scope | None:
    """Return the listing that shows the target, or None if no listing does."""
    match target:
        case (
            People(conference)
            | WholeConference(conference)
            | AnyLeg(from_conference=str(conference))
        ):
            return ParticipantsScope(conference)
        case Queued(queue) | AnyLeg(from_queue=str(queue)):
            return CallsScope(queue)
        case WholeQueue():
            return QueuesScope()
        case _:
            return None


def in_doubt(state: State, target: Target, now: Moment) -> str:
    """Return the reason why the data of a target may be wrong by now; empty if there is none."""
    scope = _scope_of(target)
    place = "conference" if isinstance(scope, ParticipantsScope) else "queue"
    # The dialog of a command that moves a leg may choose another conference or queue.
    what = f"the {place} they are in" if isinstance(target, AnyLeg) else f"this {place}"
    return "" if scope is None else _unsure(state, scope, now, what)


def chosen_in_doubt(state: State, values: Values, now: Moment) -> str:
    """Return the doubt about the conference in the answers; empty if there is none."""
    conference = values.get("room", "")
    if not conference:
        return ""
    scope = ParticipantsScope(conference)
    if scope not in state.coverage or state.coverage[scope].answered is None:
        return "The people of the chosen conference were never listed."
    return _unsure(state, scope, now, "the chosen conference")


def _unsure(state: State, scope: Scope, now: Moment, what: str) -> str:
    if is_old(state, scope, now, unread=True):
        return f"The data of {what} is old."
    problem = state.coverage[scope].problem
    if problem is not None and problem.kind in FAILING:
        return f"The listing of {what} is failing."
    return ""


def _pending(command: Command, target: Target, state: State) -> list[str]:
    """Return the lines of other commands that are open on a target.

    The same command and its opposite are left out: one is dropped as a repeat, the other waits.
    """
    if isinstance(target, NoTarget):
        return []
    own = {command.name, command.inverse}
    orders = [receipt.order for receipt in state.receipts.values() if receipt.stage.open]
    found = [o.command.typed for o in orders if o.command.name not in own and _meet(target, o)]
    return list(dict.fromkeys(found))


def _meet(target: Target, order: Order) -> bool:
    """Return True if an order shares a leg with the target, or is for the same place as a whole."""
    if isinstance(target, NoTarget):
        return isinstance(order.target, NoTarget)
    legs = legs_of(target)
    if legs or order.legs:
        return bool(set(legs) & set(order.legs))
    return conference_of(target) == order.conference and queue_of(target) == order.queue
