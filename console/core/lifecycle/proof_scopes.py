"""Listings to read for the proof of an order."""

from __future__ import annotations

from console.core.messages import read_scopes
from console.core.model.command import AnyLeg, Order
from console.core.model.draft import Draft
from console.core.model.orders import conference_of
from console.core.model.proofs import Among, EndProof, ShownProof


def proving_scopes(draft: Draft, order: Order) -> tuple[read_scopes.Scope, ...]:
    """Return the reads that can prove an order: its listings, or the read of its conference."""
    if isinstance(order.command.proof, EndProof) and order.conference is not None:
        return (read_scopes.OneConferenceScope(order.conference),)
    return scopes(draft, order)


def scopes(draft: Draft, order: Order) -> tuple[read_scopes.Scope, ...]:
    """Return the listings that show the result of an order. The first one proves it."""
    found: list[read_scopes.Scope] = []
    proof = order.command.proof
    conference = conference_of(draft, order)
    if isinstance(proof, ShownProof):
        if proof.listing is Among.QUEUES:
            found.append(read_scopes.QueuesScope())
        elif proof.listing is Among.CONFERENCES or (
            proof.listing is Among.PEOPLE and conference is None
        ):
            found += [read_scopes.LIVE, read_scopes.INIT]
    if order.queue is not None and not found:
        found.append(read_scopes.CallsScope(order.queue))
    if conference is not None:
        found.append(read_scopes.ParticipantsScope(conference))
    return tuple(found)


def origins(order: Order) -> tuple[read_scopes.Scope, ...]:
    """Return the listing of the place that a moved leg leaves."""
    target = order.target
    if not isinstance(target, AnyLeg):
        return ()
    conference, queue = target.from_conference, target.from_queue
    people = (read_scopes.ParticipantsScope(conference),) if conference is not None else ()
    calls = (read_scopes.CallsScope(queue),) if queue is not None else ()
    return (*people, *calls)
