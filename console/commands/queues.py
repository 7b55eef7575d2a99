"""Queues and the calls in them: made, sized, deleted; a place kept, given up, cleared away."""

from __future__ import annotations

from console.commands.request_builders import (
    ON_CALLS,
    ON_QUEUES,
    STATE,
    call_action,
    call_gone,
    dots,
    given,
    nothing,
    numbers,
    one,
    queue_gone,
    whole,
)
from console.commands.shown_predicates import gone, sized
from console.commands.undo_records import KEEP, SIZE
from console.core.model.command import (
    Aim,
    Among,
    Command,
    ConfirmationLevel,
    Field,
    FieldKind,
    NoProof,
    Order,
    Queued,
    Request,
    Retry,
    Sensitivity,
    ShownProof,
    Target,
    Values,
    queue_of,
)
from console.core.model.state import State

LONGEST_NAME = 255
"""Characters. Telnyx API, Create queue: queue_name."""


def _leave(order: Order) -> Request:
    return call_action(order, "leave_queue", **given(order, "client_state"), command_id=order.id)


def _create(order: Order) -> Request:
    body = {"queue_name": order.queue, **numbers(order, "max_size")}
    return Request("POST", ("queues",), body)


def _resize(order: Order) -> Request:
    return Request("POST", ("queues", order.queue or ""), numbers(order, "max_size"))


def _delete(order: Order) -> Request:
    return Request("DELETE", ("queues", order.queue or ""))


def _entry(order: Order) -> tuple[str, ...]:
    return ("queues", order.queue or "", "calls", one(order))


def _keep(order: Order) -> Request:
    keeps = order.values.get("keep_after_hangup", "yes") == "yes"
    return Request("PATCH", _entry(order), {"keep_after_hangup": keeps})


def _clear(order: Order) -> Request:
    return Request("DELETE", _entry(order))


def _may_delete(state: State, target: Target) -> str | None:
    queue = queue_of(target) or ""
    why = queue_gone(state, target) or dots(queue)
    if why is not None:
        return why
    waiting = sum(call.membership.here for call in state.waiting.get(queue, {}).values())
    return f"{waiting} still wait in it: only an empty queue can be deleted" if waiting else None


def _may_clear(state: State, target: Target) -> str | None:
    why = call_gone(state, target) or dots(queue_of(target) or "")
    if why is not None or not isinstance(target, Queued):
        return why
    call = state.waiting[target.queue][target.leg]
    if call.listed is None:
        return "it has not been listed yet, so whether it is alive is not known"
    if call.listed.alive is None:
        return "the listing does not say whether it is alive"
    return "the call is alive: x takes it out" if call.listed.alive else None


def _size_now(state: State, target: Target) -> Values:
    line = state.queues.get(queue_of(target) or "")
    size = line.listed.max_size if line is not None and line.listed is not None else None
    return {} if size is None else {"max_size": str(size)}


def _too_small(state: State, target: Target, values: Values) -> str:
    line = state.queues.get(queue_of(target) or "")
    size, wanted = (
        (line.listed.size if line and line.listed else 0) or 0,
        values.get("max_size", ""),
    )
    small = wanted.isdigit() and int(wanted) < size
    return f"{size} wait in it already: nobody more can enter." if small else ""


def _taken(state: State, _: Target, values: Values) -> str:
    line = state.queues.get(values.get("queue_name", ""))
    return "A queue of this name is there already." if line and line.membership.here else ""


QUEUES = (
    Command(
        name="leave_queue",
        line="dequeue",
        key="x",
        words="take out of the queue",
        done="took out of the queue",
        button="take out",
        hint="take out",
        shed=1,
        panes=ON_CALLS,
        aims=Aim.CALL,
        tier=ConfirmationLevel.CONFIRM,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CALLS, gone, ("call.dequeued",)),
        request=_leave,
        why_not=call_gone,
        fields=(STATE,),
        help="The caller loses the place, is parked and hears silence.",
    ),
    Command(
        name="keep",
        key="o",
        words="keep the place of",
        done="kept the place of",
        button="set",
        hint="keep",
        panes=ON_CALLS,
        aims=Aim.CALL,
        tier=ConfirmationLevel.DIALOG,
        retry=Retry.IF_UNSENT,
        proof=NoProof(),
        request=_keep,
        why_not=call_gone,
        fields=(Field("keep_after_hangup", "after hang-up", kind=FieldKind.FLAG, default="yes"),),
        undo=KEEP,
        help="Whether the place stays when the caller hangs up. How it is now cannot be read.",
    ),
    Command(
        name="ghost",
        key="X",
        words="clear away",
        done="cleared away",
        button="clear away",
        hint="clear",
        panes=ON_CALLS,
        aims=Aim.CALL,
        tier=ConfirmationLevel.CONFIRM,
        retry=Retry.IF_UNSENT,
        proof=ShownProof(Among.CALLS, gone, ("call.dequeued",)),
        request=_clear,
        why_not=_may_clear,
        help="Removes the place of a caller who has hung up.",
    ),
    Command(
        name="queue_create",
        line="queue new",
        key="n",
        words="new queue",
        done="made queue",
        button="make",
        hint="new",
        shed=1,
        panes=ON_QUEUES,
        aims=Aim.NOTHING,
        tier=ConfirmationLevel.DIALOG,
        retry=Retry.NEVER,
        proof=ShownProof(Among.QUEUES, sized),
        request=_create,
        why_not=nothing,
        fields=(
            Field(
                "queue_name",
                "name",
                required=True,
                limit=LONGEST_NAME,
                check=dots,
                sensitivity=Sensitivity.NAME,
            ),
            Field(
                "max_size",
                "most calls",
                default="300",
                check=whole(1),
                sensitivity=Sensitivity.NAME,
            ),
        ),
        warn=_taken,
        help="An empty queue. Telnyx removes one that stays empty.",
    ),
    Command(
        name="queue_size",
        line="queue set",
        key="o",
        words="size of queue",
        done="sized queue",
        button="set",
        hint="size",
        shed=1,
        panes=ON_QUEUES,
        aims=Aim.QUEUE,
        tier=ConfirmationLevel.DIALOG,
        retry=Retry.IF_UNSENT,
        proof=ShownProof(Among.QUEUES, sized, presence=False),
        request=_resize,
        why_not=queue_gone,
        fields=(
            Field(
                "max_size",
                "most calls",
                required=True,
                check=whole(1),
                sensitivity=Sensitivity.NAME,
            ),
        ),
        current=_size_now,
        alone="each queue has a size of its own",
        warn=_too_small,
        undo=SIZE,
        help="How many calls may wait. Who waits already stays.",
    ),
    Command(
        name="queue_delete",
        line="queue del",
        key="x",
        words="delete queue",
        done="deleted queue",
        button="delete",
        hint="delete",
        shed=1,
        panes=ON_QUEUES,
        aims=Aim.QUEUE,
        tier=ConfirmationLevel.TYPED,
        retry=Retry.IF_UNSENT,
        proof=ShownProof(Among.QUEUES, gone),
        request=_delete,
        why_not=_may_delete,
        help="Only an empty queue can be deleted. It cannot be taken back.",
    ),
)
