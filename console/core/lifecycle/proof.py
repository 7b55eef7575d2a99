"""Proofs: a command is done only when a listing or a webhook shows it.

A listing proves a target if it was asked for after the answer. If the last listing did not show the
opposite, it must also be later than listings may lag. A webhook proves a target if it can be the
result of this command.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import inf

from console.core.messages import facts, read_scopes
from console.core.messages.webhooks import Origin, RecordingSaved
from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.entities import Conference, Participant, Queue, QueuedCall
from console.core.model.listed_resources import ListedResource, Moment
from console.core.model.orders import can_be_effect, conference_named, conference_of
from console.core.model.proofs import Among, EndProof, EventProof, NoProof, ShownProof
from console.core.model.stage import Stage
from console.core.model.state import Receipt

OVER = "the conference has ended"


def wanted(order: Order) -> tuple[str, ...]:
    """Return the keys that need proof: the legs of an order, or its one conference or queue."""
    proof = order.command.proof
    among = proof.listing if isinstance(proof, ShownProof) else None
    if among is Among.QUEUES:
        return (order.queue or "",)
    if among is Among.CONFERENCES:
        return (order.values.get("name", ""),)
    return order.legs or (order.conference or "",)


def before(draft: Draft, order: Order) -> dict[str, bool | None]:
    """Return by key if the result of an order is true already. None: not known."""
    proof = order.command.proof
    if not isinstance(proof, ShownProof):
        return {}
    return {key: _is_true(draft, order, proof, key) for key in wanted(order)}


def people_listed(draft: Draft, fact: facts.ParticipantsListed) -> None:
    """Compare a listing of a conference's people with the open orders on them."""
    if fact.items is None:
        return
    items = fact.present()
    for receipt in _looking(draft, Among.PEOPLE):
        if conference_of(draft, receipt.order) == fact.conference:
            _weigh(draft, receipt, items, fact.reading)


def calls_listed(draft: Draft, fact: facts.CallsListed) -> None:
    """Compare a listing of a queue's calls with the open orders on them. No queue has no calls."""
    items = {item.leg: item for item in fact.items or ()}
    for receipt in _looking(draft, Among.CALLS):
        if receipt.order.queue == fact.queue:
            _weigh(draft, receipt, items, fact.reading)


def queues_listed(draft: Draft, fact: facts.QueuesListed) -> None:
    """Compare the listing of all queues with the open orders on queues."""
    items = {item.name: item for item in fact.items}
    for receipt in _looking(draft, Among.QUEUES):
        _weigh(draft, receipt, items, fact.reading)


def conferences_listed(draft: Draft, fact: facts.ConferencesListed | facts.ConferenceRead) -> None:
    """Compare live conferences with the orders that make one.

    A conference that is not among them may have another status, so its absence proves nothing.
    """
    shown = fact.items if isinstance(fact, facts.ConferencesListed) else (fact.item,)
    live = [item for item in shown if item is not None and not item.completed]
    items = {item.name: item for item in live if item.name is not None}
    for receipt in _looking(draft, Among.CONFERENCES):
        if set(wanted(receipt.order)) <= set(items):
            _weigh(draft, receipt, items, fact.reading)


def leg_event(
    draft: Draft,
    origin: Origin,
    leg: str,
    *,
    conference: str | None = None,
    queue: str | None = None,
) -> None:
    """Note that a webhook shows the result of the orders on this leg that wait for its type.

    ``origin`` is the webhook. Orders for another conference or queue are left out. Before the API
    has answered an order, the webhook is only stored.
    """
    for receipt in _sent(draft):
        order, proof = receipt.order, receipt.order.command.proof
        if not isinstance(proof, ShownProof) or origin.name not in proof.event_types:
            continue
        here = None in {conference, order.conference} or conference_of(draft, order) == conference
        here = here and (queue is None or order.queue in {queue, None})
        if here and leg in order.legs:
            heard(draft, receipt, wanted(order), origin.occurred, origin.at)


def audio_event(draft: Draft, origin: Origin, conference: str, leg: str | None) -> None:
    """Prove the orders that wait for this webhook of a conference or, with ``leg``, of a person."""
    for receipt in _sent_to(draft, conference):
        proof = receipt.order.command.proof
        if not isinstance(proof, EventProof) or not origin.name.endswith(proof.event_types):
            continue
        targets = receipt.order.legs or (conference,)
        shown = leg if receipt.order.legs else (conference if leg is None else None)
        if shown is not None and shown in targets:
            heard(draft, receipt, (shown,), origin.occurred, origin.at)


def conference_ended(draft: Draft, conference: str, at: Moment, reason: str | None) -> None:
    """Close every order on a conference that has ended. The end proves an end and a leave."""
    for receipt in _sent_to(draft, conference):
        order, proof = receipt.order, receipt.order.command.proof
        if isinstance(proof, EndProof):
            proved = replace(receipt, proved=frozenset({conference}))
            how = "" if reason == "ended_via_api" else (reason or "ended").replace("_", " ")
            close(draft, proved, Stage.SEEN, at, how)
        elif isinstance(proof, ShownProof) and proof.by_presence and proof.shows(order, None):
            close(draft, replace(receipt, proved=frozenset(wanted(order))), Stage.SEEN, at, OVER)
        else:
            close(draft, receipt, Stage.GONE, at, OVER)


def person_left(draft: Draft, conference: str, leg: str, at: Moment) -> None:
    """Count a leg that left as lost for the orders that change somebody who is there."""
    for receipt in _sent_to(draft, conference):
        proof = receipt.order.command.proof
        if isinstance(proof, ShownProof) and proof.by_presence:
            continue
        if leg in receipt.order.legs and leg not in receipt.proved:
            settle(draft, replace(receipt, lost=receipt.lost | {leg}), at)


def recording_saved(draft: Draft, fact: RecordingSaved) -> None:
    """Prove a stop by its saved recording, and later the start, which nothing else shows."""
    for receipt in list(draft.receipts.entries.values()):
        order = receipt.order
        if conference_of(draft, order) != fact.conference:
            continue
        proof = order.command.proof
        if isinstance(proof, EventProof) and fact.origin.name.endswith(proof.event_types):
            if receipt.stage.open and receipt.stage is not Stage.WAITING:
                heard(draft, receipt, (fact.conference,), fact.ended, fact.origin.at)
        elif isinstance(proof, NoProof) and proof.later and receipt.stage is Stage.NO_PROOF:
            date, started = receipt.accepted_date, fact.started
            if date is not None and started is not None and abs(started - date) <= draft.policy.eps:
                close(draft, receipt, Stage.SEEN, fact.origin.at, "shown by the saved recording")


def heard(
    draft: Draft, receipt: Receipt, keys: tuple[str, ...], occurred: float | None, at: Moment
) -> None:
    """Note that a webhook shows the result of an order for these keys.

    ``occurred`` is in Telnyx's seconds. Before the answer it is unknown if the order caused the
    event, so ``answered`` decides then.
    """
    when = inf if occurred is None else occurred
    newest = {key: max(when, receipt.webhook_times.get(key, -inf)) for key in keys}
    receipt = replace(receipt, webhook_times={**receipt.webhook_times, **newest})
    draft.receipts.put(receipt.order.id, receipt)
    if receipt.stage is not Stage.SENT and (weighed := answered(draft, receipt)).proved:
        settle(draft, weighed, at)


def answered(draft: Draft, receipt: Receipt) -> Receipt:
    """Return the receipt of an answered order with the proofs of webhooks that came earlier."""
    times, skew = receipt.webhook_times.items(), draft.policy.skew
    shown = {key for key, occurred in times if can_be_effect(receipt, occurred, skew)}
    return replace(receipt, proved=receipt.proved | shown)


def settle(draft: Draft, receipt: Receipt, at: Moment) -> None:
    """Store a receipt, and close it if every key is proved or lost."""
    if not set(wanted(receipt.order)) <= receipt.proved | receipt.lost:
        draft.receipts.put(receipt.order.id, receipt)
    elif receipt.proved:
        close(draft, receipt, Stage.SEEN, at, "")
    else:
        close(draft, receipt, Stage.GONE, at, "every target is gone")


def close(draft: Draft, receipt: Receipt, stage: Stage, at: Moment, note: str) -> None:
    """Store a receipt at its last stage. An empty note keeps the earlier one."""
    closed = replace(receipt, stage=stage, closed=at, note=note or receipt.note)
    draft.receipts.put(receipt.order.id, closed)


def _sent(draft: Draft) -> list[Receipt]:
    receipts = draft.receipts.entries.values()
    return [one for one in receipts if one.stage.open and one.stage is not Stage.WAITING]


def _sent_to(draft: Draft, conference: str) -> Iterator[Receipt]:
    return (one for one in _sent(draft) if conference_of(draft, one.order) == conference)


def _looking(draft: Draft, among: Among) -> Iterator[Receipt]:
    """Yield the receipts of sent orders that wait for a proof in a listing of this kind."""
    for receipt in _sent(draft):
        proof = receipt.order.command.proof
        shown = isinstance(proof, ShownProof) and proof.listing is among
        if shown and receipt.proof_since is not None:
            yield receipt


def _weigh(
    draft: Draft, receipt: Receipt, items: Mapping[str, ListedResource], reading: facts.Reading
) -> None:
    since, sigma = receipt.proof_since or receipt.order.at, draft.policy.sigma
    verdicts = {
        key: _verdict(receipt, key, items.get(key), reading, since=since, sigma=sigma)
        for key in set(wanted(receipt.order)) - receipt.proved - receipt.lost
    }
    seen = {key for key, stage in verdicts.items() if stage is Stage.SEEN}
    gone = {key for key, stage in verdicts.items() if stage is Stage.GONE}
    weighed = replace(receipt, proved=receipt.proved | seen, lost=receipt.lost | gone)
    if Stage.NO_PROOF in verdicts.values():
        close(draft, weighed, Stage.NO_PROOF, reading.answered, "the listing does not show it")
    elif weighed != receipt:
        settle(draft, weighed, reading.answered)


def _verdict(
    receipt: Receipt,
    key: str,
    item: ListedResource | None,
    reading: facts.Reading,
    *,
    since: Moment,
    sigma: float,
) -> Stage | None:
    """Return SEEN, NO_PROOF or GONE for one key, or None while the listing does not decide.

    ``item`` is None if the key is not listed. Listings lag by up to ``sigma`` seconds.
    """
    proof = receipt.order.command.proof
    if not isinstance(proof, ShownProof) or (item is None and not reading.atomic):
        return None
    shows = proof.shows(receipt.order, item)
    settled = reading.asked.mono > since.mono + sigma
    if shows:
        turned = receipt.listed_before.get(key) is False and reading.asked.mono >= since.mono
        turned = turned and _after_it_left(receipt, reading.asked, sigma)
        return Stage.SEEN if settled or turned else None
    if shows is None or not settled:
        return None
    return Stage.GONE if item is None and not proof.by_presence else Stage.NO_PROOF


def _after_it_left(receipt: Receipt, asked: Moment, sigma: float) -> bool:
    """Return True if a listing asked for at this time surely shows a state after the command.

    An accepted command was carried out before its answer. One without an answer may not have been:
    a listing that lags can show an earlier change by another client.
    """
    left = receipt.sent or receipt.order.at
    return receipt.accepted is not None or asked.mono > left.mono + sigma


def _is_true(draft: Draft, order: Order, proof: ShownProof, key: str) -> bool | None:
    entity, scope = _entity(draft, order, proof.listing, key)
    if entity is None or not entity.membership.here:
        known = proof.by_presence and draft.coverage_of(scope).answered is not None
        return proof.shows(order, None) if known else None
    if entity.listed is not None:
        return proof.shows(order, entity.listed)
    return not proof.shows(order, None) if proof.by_presence else None


def _entity(
    draft: Draft, order: Order, among: Among, key: str
) -> tuple[Participant | QueuedCall | Queue | Conference | None, read_scopes.Scope]:
    """Return the entity of a key, or None, with the listing that shows it."""
    match among:
        case Among.PEOPLE:
            conference = conference_of(draft, order) or ""
            return draft.people.get(conference, key), read_scopes.ParticipantsScope(conference)
        case Among.CALLS:
            queue = order.queue or ""
            return draft.waiting.get(queue, key), read_scopes.CallsScope(queue)
        case Among.QUEUES:
            return draft.queues.get(key), read_scopes.QueuesScope()
        case Among.CONFERENCES:
            id_ = conference_named(draft, key)
            return draft.conferences.get(id_) if id_ is not None else None, read_scopes.LIVE
