"""When a command may be called done: only when a listing or a webhook shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf

from console.core.messages.facts import ParticipantsListed, Reading
from console.core.messages.webhooks import Origin, RecordingSaved
from console.core.model.command import (
    Among,
    EndProof,
    EventProof,
    ListingProof,
    NoProof,
    Order,
    ShownProof,
)
from console.core.model.draft import Draft
from console.core.model.entities import Conference
from console.core.model.orders import after, conference_of
from console.core.model.resources import Moment, ParticipantResource, ParticipantStatus
from console.core.model.stage import Stage
from console.core.model.state import Receipt


def participants_listed(draft: Draft, fact: ParticipantsListed) -> None:
    """A listing may prove, refute or lose each target of a command on this conference's people."""
    if fact.items is None:
        return
    items = {item.leg: item for item in fact.items if item.status != ParticipantStatus.LEFT}
    for receipt in _open_in(draft, fact.conference):
        proof = receipt.order.command.proof
        if isinstance(proof, ListingProof) and receipt.looking is not None:
            _weigh(draft, receipt, receipt.looking, items, fact.reading)


def event_came(draft: Draft, origin: Origin, conference: str, leg: str | None) -> None:
    """A webhook may prove a command that was already on its way when it occurred."""
    for receipt in _open_in(draft, conference):
        proof = receipt.order.command.proof
        if not isinstance(proof, EventProof) or not _of(origin.name, proof.kinds):
            continue
        targets = receipt.order.legs or (conference,)
        shown = leg if receipt.order.legs else (conference if leg is None else None)
        if shown is not None and shown in targets:
            heard(draft, receipt, (shown,), origin.occurred, origin.at)


def conference_ended(draft: Draft, conference: str, at: Moment, reason: str | None) -> None:
    """The end of a conference proves its end and ends every other command on it."""
    for receipt in _open_in(draft, conference):
        if isinstance(receipt.order.command.proof, EndProof):
            told = (reason or "ended").replace("_", " ")
            proved = replace(receipt, proved=frozenset({conference}))
            close(draft, proved, Stage.SEEN, at, "" if reason == "ended_via_api" else told)
        elif _wants_absence(receipt.order):
            proved = replace(receipt, proved=frozenset(wanted(receipt.order)))
            close(draft, proved, Stage.SEEN, at, "the conference has ended")
        else:
            close(draft, receipt, Stage.GONE, at, "the conference has ended")


def conference_read(draft: Draft, conference: Conference, at: Moment) -> None:
    """A read that shows the conference over settles what the webhook might have told."""
    if conference.ended:
        conference_ended(draft, conference.id, at, conference.end_reason)


def person_left(draft: Draft, conference: str, leg: str, at: Moment) -> None:
    """Who has left can be proved nothing about."""
    for receipt in _open_in(draft, conference):
        proof = receipt.order.command.proof
        if isinstance(proof, ShownProof) and proof.presence:
            continue
        if leg in receipt.order.legs and leg not in receipt.proved:
            settle(draft, replace(receipt, lost=receipt.lost | {leg}), at)


def recording_saved(draft: Draft, fact: RecordingSaved) -> None:
    """A saved recording proves a stop, and, late, the start that no other sign could show."""
    for receipt in list(draft.receipts.entries.values()):
        order = receipt.order
        if conference_of(draft, order) != fact.conference:
            continue
        proof = order.command.proof
        if isinstance(proof, EventProof) and _of(fact.origin.name, proof.kinds):
            if receipt.stage.open and receipt.stage is not Stage.WAITING:
                heard(draft, receipt, (fact.conference,), fact.ended, fact.origin.at)
        elif isinstance(proof, NoProof) and proof.later and receipt.stage is Stage.NO_PROOF:
            date, started = receipt.accepted_date, fact.started
            if date is not None and started is not None and abs(started - date) <= draft.policy.eps:
                close(draft, receipt, Stage.SEEN, fact.origin.at, "shown by the saved recording")


def settle(draft: Draft, receipt: Receipt, at: Moment) -> None:
    """An accepted command whose every target is proved is done."""
    if not set(wanted(receipt.order)) <= receipt.proved | receipt.lost:
        draft.receipts.put(receipt.order.id, receipt)
    elif receipt.proved:
        close(draft, receipt, Stage.SEEN, at, "")
    else:
        close(draft, receipt, Stage.GONE, at, "nobody it was meant for is there any more")


def wanted(order: Order) -> tuple[str, ...]:
    """What has to be proved, one key each: legs, or the one conference or queue."""
    proof = order.command.proof
    among = proof.among if isinstance(proof, ShownProof) else None
    if among is Among.QUEUES:
        return (order.queue or "",)
    if among is Among.CONFERENCES:
        return (order.values.get("name", ""),)
    return order.legs or (order.conference or "",)


def _wants_absence(order: Order) -> bool:
    proof = order.command.proof
    return isinstance(proof, ShownProof) and proof.presence and bool(proof.shows(order, None))


def close(draft: Draft, receipt: Receipt, stage: Stage, at: Moment, note: str) -> None:
    """A command's story ends."""
    draft.receipts.put(
        receipt.order.id, replace(receipt, stage=stage, closed=at, note=note or receipt.note)
    )


def _weigh(
    draft: Draft,
    receipt: Receipt,
    since: Moment,
    items: Mapping[str, ParticipantResource],
    reading: Reading,
) -> None:
    waiting = set(receipt.order.legs) - receipt.proved - receipt.lost
    verdicts = {
        leg: _verdict(receipt, leg, items.get(leg), reading, since=since, sigma=draft.policy.sigma)
        for leg in waiting
    }
    updated = replace(
        receipt,
        proved=receipt.proved | {leg for leg, verdict in verdicts.items() if verdict == "proved"},
        lost=receipt.lost | {leg for leg, verdict in verdicts.items() if verdict == "lost"},
    )
    if "refuted" in verdicts.values():
        close(draft, updated, Stage.NO_PROOF, reading.answered, "the listing does not show it")
    elif updated != receipt:
        settle(draft, updated, reading.answered)


def _verdict(
    receipt: Receipt,
    leg: str,
    item: ParticipantResource | None,
    reading: Reading,
    *,
    since: Moment,
    sigma: float,
) -> str | None:
    """What a listing says of one target.

    Where the opposite was last seen, the first listing asked for since then is enough, if it
    cannot be older than the command; otherwise only one that is later than reads may lag.
    """
    proof = receipt.order.command.proof
    if not isinstance(proof, ListingProof):
        return None
    settled = reading.asked.mono > since.mono + sigma
    if item is None:
        return "lost" if settled and reading.atomic else None
    value = getattr(item, proof.field)
    if value is None:
        return None
    if value is not proof.value:
        return "refuted" if settled else None
    turned = receipt.before.get(leg) is (not proof.value)
    after = reading.asked.mono >= since.mono and since_it_left(receipt, reading.asked, sigma)
    return "proved" if settled or (turned and after) else None


def since_it_left(receipt: Receipt, asked: Moment, sigma: float) -> bool:
    """Whether what a reading shows was surely so after the command had left.

    What was accepted was done, and so it was. What was never answered may not have been done: a
    reading that lags can show what somebody else did just before.
    """
    left = receipt.sent or receipt.order.at
    return receipt.accepted is not None or asked.mono > left.mono + sigma


def _open_in(draft: Draft, conference: str) -> list[Receipt]:
    return [
        r
        for r in draft.receipts.entries.values()
        if conference_of(draft, r.order) == conference
        and r.stage.open
        and r.stage is not Stage.WAITING
    ]


def _of(name: str, kinds: tuple[str, ...]) -> bool:
    return any(name.endswith(kind) for kind in kinds)


def heard(
    draft: Draft, receipt: Receipt, keys: tuple[str, ...], occurred: float | None, at: Moment
) -> None:
    """A webhook tells of what a command was to do to these, at a time of the provider's clock.

    Before the answer it cannot be known whether that was the command's doing: it is weighed then.
    """
    when = inf if occurred is None else occurred
    newest = {key: max(when, receipt.heard.get(key, -inf)) for key in keys}
    receipt = replace(receipt, heard={**receipt.heard, **newest})
    draft.receipts.put(receipt.order.id, receipt)
    if receipt.stage is not Stage.SENT and (weighed := answered(draft, receipt)).proved:
        settle(draft, weighed, at)


def answered(draft: Draft, receipt: Receipt) -> Receipt:
    """With the proofs that webhooks told of before the answer."""
    skew = draft.policy.skew
    shown = {key for key, occurred in receipt.heard.items() if after(receipt, occurred, skew)}
    return replace(receipt, proved=receipt.proved | shown)
