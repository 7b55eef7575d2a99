"""When a command may be called done: only when a listing or a webhook shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import inf

from console.core.beliefs import Room
from console.core.command import EndProof, EventProof, ListingProof, NoProof
from console.core.draft import Draft
from console.core.facts import ParticipantsListed, Reading
from console.core.state import Receipt, Stage
from console.core.things import Moment, Participant, Presence
from console.core.webhooks import Origin, RecordingSaved


def participants_listed(draft: Draft, fact: ParticipantsListed) -> None:
    """A listing may prove, refute or lose each target of a command on this room's people."""
    if fact.items is None:
        return
    items = {item.leg: item for item in fact.items if item.status != Presence.LEFT}
    for receipt in _open_in(draft, fact.conference):
        proof = receipt.order.command.proof
        if isinstance(proof, ListingProof) and receipt.looking is not None:
            _weigh(draft, receipt, receipt.looking, items, fact.reading)


def event_came(draft: Draft, origin: Origin, room: str, leg: str | None) -> None:
    """A webhook may prove a command that was already on its way when it occurred."""
    for receipt in _open_in(draft, room):
        proof = receipt.order.command.proof
        if not isinstance(proof, EventProof) or not _of(origin.name, proof.kinds):
            continue
        if not _after(receipt, origin, draft.policy.skew):
            continue
        targets = receipt.order.legs or (room,)
        shown = leg if receipt.order.legs else (room if leg is None else None)
        if shown is None or shown not in targets:
            continue
        proved = replace(receipt, proved=receipt.proved | {shown})
        draft.receipts.put(receipt.order.id, proved)
        if proved.stage is not Stage.SENT:
            settle_room(draft, proved, origin.at)


def room_ended(draft: Draft, room: str, at: Moment, reason: str | None) -> None:
    """The end of a room proves its end and ends every other command on it."""
    for receipt in _open_in(draft, room):
        if isinstance(receipt.order.command.proof, EndProof):
            told = (reason or "ended").replace("_", " ")
            proved = replace(receipt, proved=frozenset({room}))
            close(draft, proved, Stage.SEEN, at, "" if reason == "ended_via_api" else told)
        else:
            close(draft, receipt, Stage.GONE, at, "the room has ended")


def room_read(draft: Draft, room: Room, at: Moment) -> None:
    """A read that shows the room over settles what the webhook might have told."""
    if room.ended:
        room_ended(draft, room.id, at, room.end_reason)


def person_left(draft: Draft, room: str, leg: str, at: Moment) -> None:
    """Who has left can be proved nothing about."""
    for receipt in _open_in(draft, room):
        if leg in receipt.order.legs and leg not in receipt.proved:
            _settle_people(draft, replace(receipt, lost=receipt.lost | {leg}), at)


def recording_saved(draft: Draft, fact: RecordingSaved) -> None:
    """A saved recording proves a stop, and, late, the start that no other sign could show."""
    for receipt in list(draft.receipts.entries.values()):
        order = receipt.order
        if order.room != fact.conference:
            continue
        proof = order.command.proof
        ended = inf if fact.ended is None else fact.ended
        if isinstance(proof, EventProof) and _of(fact.origin.name, proof.kinds):
            date = receipt.accepted_date
            if receipt.stage.open and (date is None or ended >= date - draft.policy.skew):
                proved = replace(receipt, proved=frozenset({order.room}))
                draft.receipts.put(order.id, proved)
                if proved.stage is not Stage.SENT:
                    settle_room(draft, proved, fact.origin.at)
        elif isinstance(proof, NoProof) and proof.later and receipt.stage is Stage.NO_PROOF:
            date, started = receipt.accepted_date, fact.started
            if date is not None and started is not None and abs(started - date) <= draft.policy.eps:
                close(draft, receipt, Stage.SEEN, fact.origin.at, "shown by the saved recording")


def settle_room(draft: Draft, receipt: Receipt, at: Moment) -> None:
    """An accepted command whose every target is proved is done."""
    targets = set(receipt.order.legs or (receipt.order.room,))
    if targets <= receipt.proved | receipt.lost:
        close(draft, receipt, Stage.SEEN, at, "")


def close(draft: Draft, receipt: Receipt, stage: Stage, at: Moment, note: str) -> None:
    """A command's story ends."""
    draft.receipts.put(
        receipt.order.id, replace(receipt, stage=stage, closed=at, note=note or receipt.note)
    )


def _weigh(
    draft: Draft,
    receipt: Receipt,
    since: Moment,
    items: Mapping[str, Participant],
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
        _settle_people(draft, updated, reading.answered)


def _verdict(
    receipt: Receipt,
    leg: str,
    item: Participant | None,
    reading: Reading,
    *,
    since: Moment,
    sigma: float,
) -> str | None:
    """What a listing says of one target.

    Where the opposite was last seen, the first listing asked for since then is enough;
    otherwise only one that is later than reads may lag.
    """
    proof = receipt.order.command.proof
    if not isinstance(proof, ListingProof):
        return None
    settled = reading.asked.mono > since.mono + sigma
    if item is None:
        return "lost" if settled and reading.atomic else None
    if getattr(item, proof.field) is not proof.value:
        return "refuted" if settled else None
    turned = receipt.before.get(leg) is (not proof.value)
    after = reading.asked.mono >= since.mono
    return "proved" if settled or (turned and after) else None


def _settle_people(draft: Draft, receipt: Receipt, at: Moment) -> None:
    remaining = set(receipt.order.legs) - receipt.proved - receipt.lost
    if remaining:
        draft.receipts.put(receipt.order.id, receipt)
    elif receipt.proved:
        close(draft, receipt, Stage.SEEN, at, "")
    else:
        close(draft, receipt, Stage.GONE, at, "nobody it was meant for is there any more")


def _open_in(draft: Draft, room: str) -> list[Receipt]:
    return [
        r
        for r in draft.receipts.entries.values()
        if r.order.room == room and r.stage.open and r.stage is not Stage.WAITING
    ]


def _of(name: str, kinds: tuple[str, ...]) -> bool:
    return any(name.endswith(kind) for kind in kinds)


def _after(receipt: Receipt, origin: Origin, skew: float) -> bool:
    """Whether the event can be this command's doing, by the provider's clock where it is told."""
    if receipt.accepted_date is None or origin.occurred is None:
        return True
    return origin.occurred >= receipt.accepted_date - skew
