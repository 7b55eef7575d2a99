"""Listings to read for the proof of an order."""

from __future__ import annotations

from console.core.messages import read_scopes
from console.core.model.command import AnyLeg, Order
from console.core.model.draft import Draft
from console.core.model.orders import conference_of
from console.core.model.proofs import Among, ShownProof


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
    left = target.from_conference
    conference = (read_scopes.ParticipantsScope(left),) if left is not None else ()
    queue = (read_scopes.CallsScope(target.from_queue),) if target.from_queue is not None else ()
    return (*conference, *queue)
