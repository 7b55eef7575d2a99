"""Legs in no conference and no queue: they hear silence, and no listing has them.

A leg that leaves is parked (Telnyx API, Conference leave; leave_queue), has hung up, or was brought
elsewhere. Which of these it was, only a few signs tell for sure: our own command that took it out,
and the reason of call.dequeued. Of every other leave, by webhook or by a listing that has it no
more, it is said that it may have hung up. What is later seen anywhere is not parked any more, and
what has ended never is again.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TypeAlias

from console.core.messages.facts import CommandRefused, Reading, ResourceRead
from console.core.messages.webhooks import CallDequeued, CallReported, Origin, ParticipantLeft
from console.core.model.command import AnyLeg, Order
from console.core.model.draft import Draft
from console.core.model.entities import Identity, Membership, Parked
from console.core.model.orders import after, conference_of
from console.core.model.resources import Leg, Moment, Problem, ProblemKind, Source
from console.core.model.stage import Stage
from console.core.model.state import Receipt, Sign

TAKE_OUT = frozenset({"leave", "leave_queue"})
"""The commands that park a leg."""
ALIVE = frozenset({"leave", "timeout"})
"""Reasons of call.dequeued with which the call goes on, and nowhere (Telnyx API, callLeftQueue)."""
ELSEWHERE = frozenset({"bridged", "bridging-in-process"})
"""Reasons with which it is connected to somebody."""
HUNG_UP = "hangup"
GONE_CODES = frozenset({"90015", "90018"})
"""Telnyx API, Errors: Invalid Call Control ID, Call has already ended."""
Place: TypeAlias = tuple[Membership, str | None, str | None]
"""What is known of a leg in one conference or one queue."""
ON_CALLS = "calls"
"""The first segment of a path that addresses the call itself."""


def left_conference(draft: Draft, fact: ParticipantLeft) -> None:
    """participant.left that was believed; it says neither why nor whether the call goes on."""
    _went(draft, fact.leg, fact.origin, conference=fact.conference)


def left_queue(draft: Draft, fact: CallDequeued) -> None:
    """call.dequeued that was believed; its reason tells what became of the call."""
    if fact.reason == HUNG_UP:
        ended(draft, fact.leg.id, fact.origin.at)
    elif fact.reason in ELSEWHERE:
        known = draft.parked.get(fact.leg.id)
        if known is not None and (known.queue == fact.queue or _not_after(known, fact.origin)):
            draft.parked.drop(fact.leg.id)
    else:
        reason = fact.reason if fact.reason in ALIVE else ""
        _went(draft, fact.leg, fact.origin, queue=fact.queue, reason=reason or "")


def missed(
    draft: Draft,
    leg: str,
    at: Moment,
    *,
    conference: str | None = None,
    queue: str | None = None,
    leg_id: str | None = None,
) -> None:
    """A listing, or the end of its conference, shows that it is not where it was."""
    if leg not in draft.parked.entries and not _is_over(draft, leg):
        gone = Parked(
            leg, at, None, conference, queue, sure=False, source=Source.POLL, seen=at, leg_id=leg_id
        )
        _put(draft, _by_us(draft, gone, None), _places(draft, leg))


def came(draft: Draft, leg: str, origin: Origin) -> None:
    """A webhook that was believed shows it somewhere, unless it went from elsewhere later."""
    known = draft.parked.get(leg)
    if known is not None and _not_after(known, origin):
        draft.parked.drop(leg)


def listed(draft: Draft, leg: str, reading: Reading, floor: float) -> None:
    """A listing that was believed shows it somewhere. ``floor`` as in reconcile.floor_of."""
    known = draft.parked.get(leg)
    if known is None:
        return
    if reading.asked > known.since or (known.stamp is not None and floor >= known.stamp):
        draft.parked.drop(leg)


def reported(draft: Draft, report: CallReported) -> None:
    """A call event: it hung up, or is connected to somebody."""
    if report.ended:
        ended(draft, report.leg.id, report.origin.at)
    elif report.origin.name == "call.bridged" and report.origin.occurred is not None:
        known = draft.parked.get(report.leg.id)
        if known is not None and known.stamp is not None and report.origin.occurred > known.stamp:
            draft.parked.drop(report.leg.id)


def ended(draft: Draft, leg: str, at: Moment, why: str = "") -> None:
    """Its call is over, for good; ``why`` is said where no webhook said so."""
    known = draft.identities.get(leg) or Identity(seen=at)
    if not known.over:
        draft.identities.put(leg, replace(known, over=True))
    if why and leg in draft.parked.entries:
        draft.log(at, Sign.POLL, "parked", f"hung up: {why}", leg=leg)
    draft.parked.drop(leg)


def refused(draft: Draft, order: Order, fact: CommandRefused) -> None:
    """An answer that says that the call is over clears it."""
    if len(order.legs) == 1 and _says_over(order, fact.problem):
        what = f"{fact.problem.code or fact.problem.status} {fact.problem.title}".strip()
        ended(draft, order.legs[0], fact.at, what)


def read(draft: Draft, fact: ResourceRead) -> None:
    """A read of the call itself (Telnyx API, Retrieve a call status) settles it, either way."""
    if fact.scope.path[0] != ON_CALLS:
        return
    (_, leg), at = fact.scope.path, fact.reading.answered
    known = draft.parked.get(leg)
    alive = None if fact.members is None else dict(fact.members).get("is_alive")
    if fact.members is None:
        ended(draft, leg, at, "404 when read")
    elif alive == "false":
        ended(draft, leg, at, "not alive when read")
    elif alive == "true" and known is not None:
        draft.parked.put(leg, replace(known, sure=True, source=Source.POLL, seen=at))


def forget(draft: Draft, at: Moment) -> None:
    """Drop who has been there for longer than the policy remembers, and say who."""
    policy, unsure = draft.policy, 0
    for leg, known in list(draft.parked.entries.items()):
        if at.mono - known.since.mono <= (
            policy.parked_kept if known.sure else policy.parked_unsure
        ):
            continue
        draft.parked.drop(leg)
        unsure += not known.sure
        if known.sure:
            text = f"forgotten after {policy.parked_kept / 60:.0f} min"
            draft.log(
                at,
                Sign.NOTE,
                "parked",
                text,
                conference=known.conference,
                queue=known.queue,
                leg=leg,
            )
    if unsure:
        text = f"{unsure} that may have hung up forgotten after {policy.parked_unsure / 60:.0f} min"
        draft.log(at, Sign.NOTE, "parked", text)


def _went(
    draft: Draft,
    leg: Leg,
    origin: Origin,
    *,
    conference: str | None = None,
    queue: str | None = None,
    reason: str = "",
) -> None:
    gone = Parked(
        leg.id,
        origin.at,
        origin.occurred,
        conference,
        queue,
        sure=bool(reason),
        reason=reason,
        seen=origin.at,
        leg_id=leg.leg_id,
    )
    known = draft.parked.get(leg.id)
    if _is_over(draft, leg.id) or (known is not None and not _not_after(known, origin)):
        return
    if known is not None and (known.conference, known.queue) == (conference, queue):
        gone = replace(
            gone,
            since=known.since,
            sure=gone.sure or known.sure,
            reason=reason or known.reason,
            by=known.by,
            source=Source.OWN if known.by else Source.WEBHOOK,
            leg_id=leg.leg_id or known.leg_id,
        )
    places = _places(draft, leg.id)
    latest = _latest(gone, places)
    if latest is gone and not gone.by:
        latest = _by_us(draft, gone, origin)
    _put(draft, latest, places)


def _latest(gone: Parked, places: tuple[Place, ...]) -> Parked:
    """Its going from elsewhere instead, where that was later and told while it was believed here.

    Of that nothing more is known by now than that it went.
    """
    if gone.stamp is None:
        return gone
    latest, stamp = gone, gone.stamp
    for register, conference, queue in places:
        if not register.here and register.stamp > stamp:
            stamp, since = register.stamp, register.seen
            latest = replace(latest, since=since, stamp=stamp, conference=conference, queue=queue)
            latest = replace(latest, sure=False, reason="", by="")
    return latest


def _put(draft: Draft, gone: Parked, places: tuple[Place, ...]) -> None:
    if not _is_elsewhere(gone, places):
        draft.parked.put(gone.leg, gone)


def _is_over(draft: Draft, leg: str) -> bool:
    identity = draft.identities.get(leg)
    return identity is not None and identity.over


def _not_after(known: Parked, origin: Origin) -> bool:
    """Whether it went no later than this event occurred, as far as can be told."""
    return known.stamp is None or origin.occurred is None or known.stamp <= origin.occurred


def _is_elsewhere(gone: Parked, places: tuple[Place, ...]) -> bool:
    """Whether it is in a conference or a queue. A webhook older than its going says nothing."""
    return any(
        register.here
        and (gone.stamp is None or register.stamp >= gone.stamp or register.answered_at > -inf)
        for register, _, _ in places
    )


def _places(draft: Draft, leg: str) -> tuple[Place, ...]:
    """Each conference and queue it ever was in, as far as is remembered."""
    conferences = (
        (person.membership, person.conference, None) for person in draft.people.values_at(leg)
    )
    queues = ((call.membership, None, call.queue) for call in draft.waiting.values_at(leg))
    return (*conferences, *queues)


def _by_us(draft: Draft, gone: Parked, origin: Origin | None) -> Parked:
    """With the operator whose command this is the doing of, where it is one's."""
    for receipt in draft.receipts.entries.values():
        order = receipt.order
        if (
            order.command.name in TAKE_OUT
            and gone.leg in order.legs
            and _may_be(receipt, gone, draft.policy.overlay)
        ):
            here = (
                conference_of(draft, order) == gone.conference
                if gone.conference
                else order.queue == gone.queue
            )
            if here and (origin is None or after(receipt, origin.occurred, draft.policy.skew)):
                return replace(gone, sure=True, by=order.operator, source=Source.OWN)
    return gone


def _may_be(receipt: Receipt, gone: Parked, overlay: float) -> bool:
    """Whether this command went out, and what it brings about was not seen before."""
    if receipt.stage in {Stage.NO_PROOF, Stage.UNKNOWN}:
        return gone.since.mono - receipt.order.at.mono <= overlay
    return receipt.stage.open and receipt.stage is not Stage.WAITING


def _says_over(order: Order, problem: Problem) -> bool:
    if problem.code in GONE_CODES:
        return problem.pointer in {None, "/call_control_id"}
    at_the_call = order.command.request(order).path[0] == ON_CALLS
    return problem.kind == ProblemKind.MISSING and at_the_call and isinstance(order.target, AnyLeg)
