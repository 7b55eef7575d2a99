"""What makes any command doubtful just now: one like it is open, or what is shown is old."""

from __future__ import annotations

from console.core.messages.read_scopes import CallsScope, QueuesScope, Scope
from console.core.messages.read_scopes import ParticipantsScope as PeopleScope
from console.core.model.command import (
    AnyLeg,
    Command,
    ConfirmationLevel,
    NoProof,
    Nothing,
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
from console.core.model.resources import Moment, ProblemKind
from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.core.poll_intervals import is_old

FAILING = frozenset(
    {ProblemKind.SERVER, ProblemKind.UNREACHABLE, ProblemKind.UNANSWERED, ProblemKind.SHAPE}
)
"""Problems of a listing that leave open what it would show."""


def doubts(command: Command, target: Target, state: State, now: Moment) -> tuple[SideEffect, ...]:
    """One sentence each; every one of them must be answered with a yes."""
    texts: list[str] = []
    before = already_sent(command, target, state)
    if before is not None:
        ago = now.mono - (before.sent or before.order.at).mono
        texts.append(f"already sent {ago:.1f} s ago; outcome unknown.")
    texts += [f"{words} is still under way here." for words in _pending(command, target, state)]
    if doubt := in_doubt(state, target, now):
        texts.append(doubt)
    return tuple(SideEffect(ConfirmationLevel.CONFIRM, text) for text in texts)


def already_sent(command: Command, target: Target, state: State) -> Receipt | None:
    """The same command on the same target, that may have been done and repeats an effect."""
    if command.retry is not Retry.NEVER:
        return None
    same = [r for r in state.receipts.values() if r.order.command.name == command.name]
    newest = next((r for r in reversed(same) if _meet(target, r.order)), None)
    if newest is None:
        return None
    unseen = newest.stage is Stage.NO_PROOF and not isinstance(command.proof, NoProof)
    doubtful = newest.stage.open or newest.stage is Stage.UNKNOWN or unseen
    return newest if doubtful else None


def scope_of(target: Target) -> Scope | None:
    """The listing that shows whoever, or whatever, a command is aimed at."""
    match target:
        case (
            People(conference)
            | WholeConference(conference)
            | AnyLeg(from_conference=str(conference))
        ):
            return PeopleScope(conference)
        case Queued(queue) | AnyLeg(from_queue=str(queue)):
            return CallsScope(queue)
        case WholeQueue():
            return QueuesScope()
        case _:
            return None


def in_doubt(state: State, target: Target, now: Moment) -> str:
    """Why what is shown of a target may not be so any more; empty where nothing speaks for it."""
    scope = scope_of(target)
    what = "this conference" if isinstance(scope, PeopleScope) else "this queue"
    if isinstance(target, AnyLeg):  # the dialog may choose another conference or queue
        what = f"the {'conference' if isinstance(scope, PeopleScope) else 'queue'} they are in"
    return "" if scope is None else _unsure(state, scope, now, what)


def chosen_in_doubt(state: State, values: Values, now: Moment) -> str:
    """The doubt about the conference that the answers choose; empty where there is none."""
    conference = values.get("room", "")
    if not conference:
        return ""
    scope = PeopleScope(conference)
    if scope not in state.coverage or state.coverage[scope].answered is None:
        return "The people of the chosen conference were never listed."
    return _unsure(state, scope, now, "the chosen conference")


def _unsure(state: State, scope: Scope, now: Moment, what: str) -> str:
    if is_old(state, scope, now, unread=True):
        return f"What is shown of {what} is old."
    problem = state.coverage[scope].problem
    if problem is not None and problem.kind in FAILING:
        return f"The listing of {what} fails now."
    return ""


def _pending(command: Command, target: Target, state: State) -> list[str]:
    """What is under way on a target; the same verb is swallowed there, the opposite one waits."""
    if isinstance(target, Nothing):
        return []
    own = {command.name, command.inverse}
    orders = [receipt.order for receipt in state.receipts.values() if receipt.stage.open]
    found = [o.command.said for o in orders if o.command.name not in own and _meet(target, o)]
    return list(dict.fromkeys(found))


def _meet(target: Target, order: Order) -> bool:
    """Whether an order is about the same people, or the same conference or queue as such."""
    if isinstance(target, Nothing):
        return isinstance(order.target, Nothing)
    legs = legs_of(target)
    if legs or order.legs:
        return bool(set(legs) & set(order.legs))
    return conference_of(target) == order.conference and queue_of(target) == order.queue
