"""Commands on queues and on the calls that wait in them."""

from __future__ import annotations

from dataclasses import replace

from console.commands import request_builders as build
from console.commands.listing_proofs import has_size, is_absent
from console.commands.undo_methods import KEEP, SIZE
from console.core.model.command import (
    ConfirmationLevel,
    Field,
    FieldKind,
    Order,
    Queued,
    Request,
    Retry,
    Sensitivity,
    Target,
    Values,
    queue_of,
)
from console.core.model.proofs import Among, NoProof, ShownProof
from console.core.model.state import State

LONGEST_NAME = 255
"""Characters. Telnyx API, Create queue and Enqueue call: queue_name."""
QUEUE_NAME = Field("queue_name", "name", required=True, limit=LONGEST_NAME, check=build.only_dots)
MAX_SIZE = Field("max_size", "max calls", check=build.whole_number(1), sensitivity=Sensitivity.NAME)


def _create(order: Order) -> Request:
    body = {"queue_name": order.queue, **build.number_answers(order, "max_size")}
    return Request("POST", ("queues",), body)


def _path(order: Order) -> tuple[str, ...]:
    return ("queues", order.queue or "")


def _entry(order: Order) -> tuple[str, ...]:
    return (*_path(order), "calls", build.only_leg(order))


def _keep(order: Order) -> Request:
    keeps = order.values.get("keep_after_hangup", "yes") == "yes"
    return Request("PATCH", _entry(order), {"keep_after_hangup": keeps})


def _may_delete(state: State, target: Target) -> str | None:
    queue = queue_of(target) or ""
    why = build.queue_gone(state, target) or build.only_dots(queue)
    if why is not None:
        return why
    waiting = sum(call.membership.here for call in state.waiting.get(queue, {}).values())
    return f"{waiting} still waiting: only an empty queue can be deleted" if waiting else None


def _may_clear(state: State, target: Target) -> str | None:
    why = build.call_gone(state, target) or build.only_dots(queue_of(target) or "")
    if why is not None or not isinstance(target, Queued):
        return why
    call = state.waiting[target.queue][target.leg]
    if call.listed is None:
        return "not listed yet: nothing shows if the call is alive"
    if call.listed.alive is None:
        return "the listing does not say if the call is alive"
    return "the call is alive: x takes it out" if call.listed.alive else None


def _size_now(state: State, target: Target) -> Values:
    line = state.queues.get(queue_of(target) or "")
    size = line.listed.max_size if line is not None and line.listed is not None else None
    return {} if size is None else {"max_size": str(size)}


def _too_small(state: State, target: Target, values: Values) -> str:
    line = state.queues.get(queue_of(target) or "")
    size = (line.listed.size if line and line.listed else 0) or 0
    wanted = values.get("max_size", "")
    small = wanted.isdigit() and int(wanted) < size
    return f"{size} waiting already: no more can enter." if small else ""


def _taken(state: State, _: Target, values: Values) -> str:
    line = state.queues.get(values.get("queue_name", ""))
    return "A queue with this name exists already." if line and line.is_here else ""


QUEUES = (
    build.call_command(
        name="leave_queue",
        typed_name="dequeue",
        key="x",
        words="take out of the queue",
        done="took out",
        button="take out",
        toward="from",
        hint="take out",
        hint_priority=1,
        confirmation=ConfirmationLevel.CONFIRM,
        retry=Retry.SAME_ID,
        proof=ShownProof(Among.CALLS, is_absent, ("call.dequeued",)),
        request=lambda order: build.call_action(
            order, "leave_queue", **build.text_answers(order, "client_state"), command_id=order.id
        ),
        parks=True,
        fields=(build.STATE,),
        help="The caller loses the place, is parked and hears silence.",
    ),
    build.call_command(
        name="keep",
        key="o",
        words="set keep-place of",
        done="set keep-place of",
        button="set keep-place",
        hint="keep",
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SETS_STATE,
        proof=NoProof(),
        request=_keep,
        fields=(Field("keep_after_hangup", "after hang-up", kind=FieldKind.FLAG, default="yes"),),
        undo=KEEP,
        help="Keeps or frees the place when the caller hangs up. Telnyx does not show the setting.",
    ),
    build.call_command(
        name="ghost",
        key="X",
        words="clear away",
        done="cleared away",
        button="clear away",
        toward="from",
        hint="clear",
        confirmation=ConfirmationLevel.CONFIRM,
        retry=Retry.SETS_STATE,
        proof=ShownProof(Among.CALLS, is_absent, ("call.dequeued",)),
        request=lambda order: Request("DELETE", _entry(order)),
        why_not=_may_clear,
        help="Removes the place of a caller who has hung up.",
    ),
    build.new_command(
        name="queue_create",
        typed_name="queue new",
        key="n",
        words="new queue",
        done="created queue",
        button="create",
        hint="new",
        hint_priority=1,
        panes=build.ON_QUEUES,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.REPEATS_EFFECT,
        proof=ShownProof(Among.QUEUES, has_size),
        request=_create,
        fields=(
            replace(QUEUE_NAME, sensitivity=Sensitivity.NAME),
            replace(MAX_SIZE, default="300"),
        ),
        warning=_taken,
        help="Creates an empty queue. Telnyx removes a queue that stays empty.",
    ),
    build.queue_command(
        name="queue_size",
        typed_name="queue set",
        key="o",
        words="set size of queue",
        done="set size of queue",
        button="set size",
        hint="size",
        hint_priority=1,
        confirmation=ConfirmationLevel.DIALOG,
        retry=Retry.SETS_STATE,
        proof=ShownProof(Among.QUEUES, has_size, by_presence=False),
        request=lambda order: Request(
            "POST", _path(order), build.number_answers(order, "max_size")
        ),
        fields=(replace(MAX_SIZE, required=True),),
        current=_size_now,
        why_one_at_a_time="each queue has its own size",
        warning=_too_small,
        undo=SIZE,
        help="Sets how many calls may wait. Calls that wait already stay.",
    ),
    build.queue_command(
        name="queue_delete",
        typed_name="queue del",
        key="x",
        words="delete queue",
        done="deleted queue",
        button="delete queue",
        hint="delete",
        hint_priority=1,
        confirmation=ConfirmationLevel.TYPED,
        retry=Retry.SETS_STATE,
        proof=ShownProof(Among.QUEUES, is_absent),
        request=lambda order: Request("DELETE", _path(order)),
        why_not=_may_delete,
        help="Only an empty queue can be deleted. This cannot be undone.",
    ),
)
