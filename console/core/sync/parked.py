"""Track parked legs: those in no conference and no queue, which hear silence and no listing shows.

A leg that leaves is parked (Telnyx API, Conference leave; leave_queue), has hung up, or was moved
elsewhere. Only two signs tell these apart for sure: a command of ours that took the leg out, and
the reason of ``call.dequeued``. After any other leave the leg is parked without ``was_alive``: it
may have hung up. A leg that is seen anywhere later is no longer parked. A call that has ended is
never parked again.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TypeAlias

from console.core.messages.facts import CommandRefused, Reading, ResourceRead
from console.core.messages.webhooks import CallDequeued, CallReported, Origin
from console.core.model.command import AnyLeg, Order
from console.core.model.draft import Draft
from console.core.model.entities import Identity, Membership, Parked
from console.core.model.listed_resources import Leg, Moment, Problem, ProblemKind, Source
from console.core.model.orders import can_be_effect, conference_of
from console.core.model.stage import Stage
from console.core.model.state import Receipt, Sign
from console.core.sync import merge_rules

ALIVE_REASONS = frozenset({"leave", "timeout"})
"""Telnyx API, callLeftQueue: reasons after which the call goes on in no conference or queue."""
CONNECTED_REASONS = frozenset({"bridged", "bridging-in-process"})
"""Reasons of ``call.dequeued`` for a call that was connected to another leg."""
CALL_OVER_CODES = frozenset({"90015", "90018"})
"""Telnyx API, Errors: Invalid Call Control ID, Call has already ended."""
KnownPlace: TypeAlias = tuple[Membership, str | None, str | None]
"""A leg's membership in one conference or one queue: (membership, conference, queue)."""
CALLS_PATH = "calls"
"""First segment of a request path that addresses the call itself."""


def park_after_dequeue(draft: Draft, fact: CallDequeued) -> None:
    """Park, end or drop a leg after a trusted ``call.dequeued``, depending on its reason."""
    if fact.reason == "hangup":
        mark_call_ended(draft, fact.leg.id, fact.origin.at)
    elif fact.reason in CONNECTED_REASONS:
        known = draft.parked.get(fact.leg.id)
        if known is not None and (known.queue == fact.queue or _parked_before(known, fact.origin)):
            draft.parked.drop(fact.leg.id)
    else:
        reason = fact.reason if fact.reason in ALIVE_REASONS else None
        park(draft, fact.leg, fact.origin, queue=fact.queue, reason=reason or "")


def park_absent(
    draft: Draft,
    leg: str,
    at: Moment,
    *,
    conference: str | None = None,
    queue: str | None = None,
    leg_id: str | None = None,
) -> None:
    """Park a leg that a listing, or the end of its conference, shows to be gone from its place."""
    if leg not in draft.parked.entries and not _has_ended(draft, leg):
        gone = Parked(leg, at, None, conference, queue, was_alive=False, seen=at, leg_id=leg_id)
        gone = _with_operator(draft, replace(gone, source=Source.POLL), None)
        _put_unless_elsewhere(draft, gone, _known_places(draft, leg))


def drop_seen_by_webhook(draft: Draft, leg: str, origin: Origin) -> None:
    """Drop a parked leg that a trusted webhook shows somewhere, unless it was parked later."""
    known = draft.parked.get(leg)
    if known is not None and _parked_before(known, origin):
        draft.parked.drop(leg)


def drop_seen_by_listing(draft: Draft, leg: str, reading: Reading) -> None:
    """Drop a parked leg that a trusted listing shows somewhere, unless the listing is older."""
    known = draft.parked.get(leg)
    if known is None:
        return
    floor = merge_rules.floor_of(reading, draft.policy)
    if reading.asked > known.since or (known.stamp is not None and floor >= known.stamp):
        draft.parked.drop(leg)


def apply_call_event(draft: Draft, report: CallReported) -> None:
    """Drop a parked leg whose call event says that it hung up or was connected to another leg."""
    if report.ended:
        mark_call_ended(draft, report.leg.id, report.origin.at)
    elif report.origin.name == "call.bridged" and report.origin.occurred is not None:
        known = draft.parked.get(report.leg.id)
        if known is not None and known.stamp is not None and report.origin.occurred > known.stamp:
            draft.parked.drop(report.leg.id)


def mark_call_ended(draft: Draft, leg: str, at: Moment, why: str = "") -> None:
    """Mark a leg's call as ended for good. ``why`` is logged if the leg was parked."""
    known = draft.identities.get(leg) or Identity(seen=at)
    if not known.ended:
        draft.identities.put(leg, replace(known, ended=True))
    if why and leg in draft.parked.entries:
        draft.log(at, Sign.POLL, "parked", f"hung up: {why}", leg=leg)
    draft.parked.drop(leg)


def apply_refusal(draft: Draft, order: Order, fact: CommandRefused) -> None:
    """Mark the target's call as ended if a refusal of a command says so."""
    if len(order.legs) == 1 and _says_call_over(order, fact.problem):
        what = f"{fact.problem.code or fact.problem.status} {fact.problem.title}".strip()
        mark_call_ended(draft, order.legs[0], fact.at, what)


def apply_call_read(draft: Draft, fact: ResourceRead) -> None:
    """Confirm or end a parked leg by a read of its call (Telnyx API, Retrieve a call status)."""
    if fact.scope.path[0] != CALLS_PATH:
        return
    (_, leg), at = fact.scope.path, fact.reading.answered
    known = draft.parked.get(leg)
    alive = None if fact.members is None else dict(fact.members).get("is_alive")
    if fact.members is None:
        mark_call_ended(draft, leg, at, "404 when read")
    elif alive == "false":
        mark_call_ended(draft, leg, at, "not alive when read")
    elif alive == "true" and known is not None:
        draft.parked.put(leg, replace(known, was_alive=True, source=Source.POLL, seen=at))


def drop_expired(draft: Draft, at: Moment) -> None:
    """Drop legs that have been parked for longer than the policy allows, and log them."""
    policy, unsure = draft.policy, 0
    for leg, known in list(draft.parked.entries.items()):
        kept = policy.parked_kept if known.was_alive else policy.parked_unsure
        if at.mono - known.since.mono <= kept:
            continue
        draft.parked.drop(leg)
        unsure += not known.was_alive
        if known.was_alive:
            text = f"dropped after {policy.parked_kept / 60:.0f} min"
            place, queue = known.conference, known.queue
            draft.log(at, Sign.NOTE, "parked", text, conference=place, queue=queue, leg=leg)
    if unsure:
        text = f"{unsure} dropped after {policy.parked_unsure / 60:.0f} min: they may have hung up"
        draft.log(at, Sign.NOTE, "parked", text)


def park(
    draft: Draft,
    leg: Leg,
    origin: Origin,
    *,
    conference: str | None = None,
    queue: str | None = None,
    reason: str = "",
) -> None:
    """Park a leg that left, unless it is elsewhere or its call is over. ``reason``: it is alive."""
    at, stamp, alive = origin.at, origin.occurred, bool(reason)
    gone = Parked(leg.id, at, stamp, conference, queue, alive, reason, seen=at, leg_id=leg.leg_id)
    known = draft.parked.get(leg.id)
    if _has_ended(draft, leg.id) or (known is not None and not _parked_before(known, origin)):
        return
    if known is not None and (known.conference, known.queue) == (conference, queue):
        gone = replace(
            gone,
            since=known.since,
            was_alive=gone.was_alive or known.was_alive,
            reason=reason or known.reason,
            operator=known.operator,
            source=Source.OWN if known.operator else Source.WEBHOOK,
            leg_id=leg.leg_id or known.leg_id,
        )
    places = _known_places(draft, leg.id)
    latest = _newest_departure(gone, places)
    if latest is gone and not gone.operator:
        latest = _with_operator(draft, gone, origin)
    _put_unless_elsewhere(draft, latest, places)


def _newest_departure(gone: Parked, places: tuple[KnownPlace, ...]) -> Parked:
    """Return the leg's newest departure: ``gone``, or a later one from another place.

    A webhook may have reported the later one while the leg still counted as being here. Of that
    departure only the place and the time are still known.
    """
    if gone.stamp is None:
        return gone
    latest, stamp = gone, gone.stamp
    for membership, conference, queue in places:
        if not membership.here and membership.stamp > stamp:
            stamp, since = membership.stamp, membership.seen
            latest = replace(latest, since=since, stamp=stamp, conference=conference, queue=queue)
            latest = replace(latest, was_alive=False, reason="", operator="")
    return latest


def _put_unless_elsewhere(draft: Draft, gone: Parked, places: tuple[KnownPlace, ...]) -> None:
    """Park the leg, unless it is in a conference or queue. An older webhook is no evidence."""
    elsewhere = any(
        membership.here
        and (gone.stamp is None or membership.stamp >= gone.stamp or membership.answered_at > -inf)
        for membership, _, _ in places
    )
    if not elsewhere:
        draft.parked.put(gone.leg, gone)


def _has_ended(draft: Draft, leg: str) -> bool:
    identity = draft.identities.get(leg)
    return identity is not None and identity.ended


def _parked_before(known: Parked, origin: Origin) -> bool:
    """True if the leg was parked before the event occurred, or if either time is unknown."""
    return known.stamp is None or origin.occurred is None or known.stamp <= origin.occurred


def _known_places(draft: Draft, leg: str) -> tuple[KnownPlace, ...]:
    """Return the leg's memberships, past and present, as far as they are still held."""
    people, calls = draft.people.values_at(leg), draft.waiting.values_at(leg)
    conferences = ((person.membership, person.conference, None) for person in people)
    return (*conferences, *((call.membership, None, call.queue) for call in calls))


def _with_operator(draft: Draft, gone: Parked, origin: Origin | None) -> Parked:
    """Return ``gone`` with our operator who caused it, if any. ``origin`` is None for a listing."""
    for receipt in draft.receipts.entries.values():
        order = receipt.order
        took_out = order.command.parks and gone.leg in order.legs
        if not took_out or not _can_be_cause(receipt, gone, draft.policy.overlay):
            continue
        if gone.conference:
            here = conference_of(draft, order) == gone.conference
        else:
            here = order.queue == gone.queue
        occurred = origin.occurred if origin is not None else None
        if here and can_be_effect(receipt, occurred, draft.policy.skew):
            return replace(gone, was_alive=True, operator=order.operator, source=Source.OWN)
    return gone


def _can_be_cause(receipt: Receipt, gone: Parked, overlay: float) -> bool:
    """True if the command was sent and its effect was not seen before this departure."""
    if receipt.stage in {Stage.NO_PROOF, Stage.UNKNOWN}:
        return gone.since.mono - receipt.order.at.mono <= overlay
    return receipt.stage.open and receipt.stage is not Stage.WAITING


def _says_call_over(order: Order, problem: Problem) -> bool:
    if problem.code in CALL_OVER_CODES:
        return problem.pointer in {None, "/call_control_id"}
    at_the_call = order.command.request(order).path[0] == CALLS_PATH
    return problem.kind == ProblemKind.MISSING and at_the_call and isinstance(order.target, AnyLeg)
