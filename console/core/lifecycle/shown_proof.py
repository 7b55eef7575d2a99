"""Proofs by being there or not: who joined, who waits, which queue or conference there is.

A listing proves only if it was asked for after the answer; where what is wanted was seen before
already, or nothing was, only if it is also later than reads may lag. A webhook proves only if it
can be this command's doing and what it says still stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.core.lifecycle.proof import close, heard, settle, since_it_left, wanted
from console.core.messages.facts import (
    CallsListed,
    ConferenceRead,
    ConferencesListed,
    ParticipantsListed,
    QueuesListed,
    Reading,
)
from console.core.messages.read_scopes import (
    INIT,
    LIVE,
    CallsScope,
    ParticipantsScope,
    QueuesScope,
    Scope,
)
from console.core.messages.webhooks import Origin
from console.core.model.command import Among, AnyLeg, Order, ShownProof
from console.core.model.draft import Draft
from console.core.model.entities import Conference, Participant, Queue, QueuedCall
from console.core.model.orders import conference_named, conference_of
from console.core.model.resources import ListedResource, Moment, ParticipantStatus
from console.core.model.stage import Stage
from console.core.model.state import Receipt


def before(draft: Draft, order: Order, proof: ShownProof) -> dict[str, bool | None]:
    """Whether what is wanted was so already when the key was pressed, as last seen."""
    return {key: _believed(draft, order, proof, key) for key in wanted(order)}


def scopes(draft: Draft, order: Order) -> tuple[Scope, ...]:
    """What is read to see what came of an order; first of all the listing that proves it."""
    found: list[Scope] = []
    proof = order.command.proof
    conference = conference_of(draft, order)
    if isinstance(proof, ShownProof):
        if proof.among is Among.QUEUES:
            found.append(QueuesScope())
        elif proof.among is Among.CONFERENCES or (
            proof.among is Among.PEOPLE and conference is None
        ):
            found += [LIVE, INIT]
    if order.queue is not None and not found:
        found.append(CallsScope(order.queue))
    if conference is not None:
        found.append(ParticipantsScope(conference))
    return tuple(found)


def origins(order: Order) -> tuple[Scope, ...]:
    """Where a leg that is brought elsewhere was."""
    target = order.target
    if not isinstance(target, AnyLeg):
        return ()
    conference = (
        (ParticipantsScope(target.from_conference),) if target.from_conference is not None else ()
    )
    queue = (CallsScope(target.from_queue),) if target.from_queue is not None else ()
    return (*conference, *queue)


def people_listed(draft: Draft, fact: ParticipantsListed) -> None:
    """The people of a conference."""
    if fact.items is None:
        return
    items = {item.leg: item for item in fact.items if item.status != ParticipantStatus.LEFT}
    for receipt, proof in _open(draft, Among.PEOPLE):
        if conference_of(draft, receipt.order) == fact.conference:
            _weigh(draft, receipt, proof, items, fact.reading)


def calls_listed(draft: Draft, fact: CallsListed) -> None:
    """The calls of a queue; none where the queue is not there."""
    items = {item.leg: item for item in fact.items or ()}
    for receipt, proof in _open(draft, Among.CALLS):
        if receipt.order.queue == fact.queue:
            _weigh(draft, receipt, proof, items, fact.reading)


def queues_listed(draft: Draft, fact: QueuesListed) -> None:
    """Every queue."""
    items = {item.name: item for item in fact.items}
    for receipt, proof in _open(draft, Among.QUEUES):
        _weigh(draft, receipt, proof, items, fact.reading)


def conferences_shown(draft: Draft, fact: ConferencesListed | ConferenceRead) -> None:
    """Conferences that are there; one that is not may have another status: that says nothing."""
    shown = fact.items if isinstance(fact, ConferencesListed) else (fact.item,)
    live = [item for item in shown if item is not None and not item.completed]
    items = {item.name: item for item in live if item.name is not None}
    for receipt, proof in _open(draft, Among.CONFERENCES):
        if set(wanted(receipt.order)) <= set(items):
            _weigh(draft, receipt, proof, items, fact.reading)


def told(
    draft: Draft,
    origin: Origin,
    leg: str,
    *,
    conference: str | None = None,
    queue: str | None = None,
) -> None:
    """A webhook that was believed: it may be what an order on this leg waits for."""
    for receipt in list(draft.receipts.entries.values()):
        order, proof = receipt.order, receipt.order.command.proof
        if not isinstance(proof, ShownProof) or origin.name not in proof.kinds:
            continue
        here = (
            conference is None
            or order.conference is None
            or conference_of(draft, order) == conference
        )
        here = here and (queue is None or order.queue in {queue, None})
        waits = receipt.stage.open and receipt.stage is not Stage.WAITING
        if here and waits and leg in order.legs:
            heard(draft, receipt, wanted(order), origin.occurred, origin.at)


def _open(draft: Draft, among: Among) -> list[tuple[Receipt, ShownProof]]:
    return [
        (receipt, proof)
        for receipt in draft.receipts.entries.values()
        if isinstance(proof := receipt.order.command.proof, ShownProof)
        and proof.among is among
        and receipt.stage.open
        and receipt.looking is not None
    ]


def _weigh(
    draft: Draft,
    receipt: Receipt,
    proof: ShownProof,
    items: Mapping[str, ListedResource],
    reading: Reading,
) -> None:
    since = receipt.looking or receipt.order.at
    for key in set(wanted(receipt.order)) - receipt.proved - receipt.lost:
        item = items.get(key)
        if item is None and not reading.atomic:
            continue
        verdict = _verdict(
            proof.shows(receipt.order, item),
            turned=receipt.before.get(key) is False
            and since_it_left(receipt, reading.asked, draft.policy.sigma),
            asked=reading.asked,
            since=since,
            sigma=draft.policy.sigma,
        )
        if verdict is True:
            receipt = replace(receipt, proved=receipt.proved | {key})
        elif verdict is False and item is None and not proof.presence:
            receipt = replace(receipt, lost=receipt.lost | {key})
        elif verdict is False:
            close(draft, receipt, Stage.NO_PROOF, reading.answered, "the listing does not show it")
            return
    if receipt != draft.receipts.get(receipt.order.id):
        settle(draft, receipt, reading.answered)


def _verdict(
    shows: bool | None, *, turned: bool, asked: Moment, since: Moment, sigma: float
) -> bool | None:
    settled = asked.mono > since.mono + sigma
    if shows is None:
        return None
    if shows:
        return True if settled or (turned and asked.mono >= since.mono) else None
    return False if settled else None


def _believed(draft: Draft, order: Order, proof: ShownProof, key: str) -> bool | None:
    here, item, covered = _known(draft, order, proof.among, key)
    if not here:
        return proof.shows(order, None) if covered else None
    if item is not None:
        return proof.shows(order, item)
    return not proof.shows(order, None) if proof.presence else None


def _known(
    draft: Draft, order: Order, among: Among, key: str
) -> tuple[bool, ListedResource | None, bool]:
    """Whether it is believed to be there, what was last listed of it, and if it ever could be."""
    thing: Participant | QueuedCall | Queue | Conference | None
    scope: Scope
    match among:
        case Among.PEOPLE:
            conference = conference_of(draft, order) or ""
            thing, scope = draft.people.get(conference, key), ParticipantsScope(conference)
        case Among.CALLS:
            thing, scope = draft.waiting.get(order.queue or "", key), CallsScope(order.queue or "")
        case Among.QUEUES:
            thing, scope = draft.queues.get(key), QueuesScope()
        case Among.CONFERENCES:
            id_ = conference_named(draft, key)
            thing, scope = draft.conferences.get(id_) if id_ is not None else None, LIVE
    here = thing is not None and thing.membership.here
    covered = draft.covered(scope).answered is not None
    return here, thing.listed if here and thing is not None else None, covered
