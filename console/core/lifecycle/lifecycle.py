"""The stages of an order, from the key press to its end."""

from __future__ import annotations

import re
from dataclasses import replace

from console.core.lifecycle import roles
from console.core.lifecycle.availability import why_nothing_can_be_sent
from console.core.lifecycle.proof import answered, before, close, settle, wanted
from console.core.lifecycle.proof_scopes import origins, proving_scopes, scopes
from console.core.lifecycle.settings_snapshot import (
    current_settings,
    restoring_order,
    split_targets,
)
from console.core.messages.effects import Refresh, Send
from console.core.messages.facts import (
    CommandAccepted,
    CommandRefused,
    CommandSent,
    CommandUnanswered,
)
from console.core.messages.intents import Declined, KeysTooFast
from console.core.model import entities
from console.core.model.command import Order, People
from console.core.model.draft import Draft
from console.core.model.listed_resources import Moment, ProblemKind, Source
from console.core.model.proofs import EndProof, EventProof, NoProof, ShownProof
from console.core.model.stage import Stage
from console.core.model.state import Entry, Receipt, Sign
from console.core.sync import gap_detection, identity_updates, parked

TOO_LATE = "it waited too long behind another command"
SECONDS = re.compile(r"\d+(\.\d+)? s\b")
"""A duration in a refusal. It grows while the reason stays the same."""
RUNNING = frozenset({entities.RecordingState.ON, entities.RecordingState.PAUSED})


def order_asked(draft: Draft, order: Order) -> None:
    """Refuse a new order, drop it as a repeat, let it wait behind its opposite, or send it."""
    why = why_nothing_can_be_sent(draft, order.at)
    why = why or order.command.why_not(draft.seal(), order.target)
    free = _without_pending(draft, order) if why is None else None
    if free is None:
        _not_sent(draft, order, "already under way" if why is None else why)
        return
    receipt = Receipt(
        free,
        Stage.WAITING,
        listed_before=before(draft, free),
        settings_before=current_settings(draft, free),
        not_sent_for=tuple(leg for leg in order.legs if leg not in free.legs),
    )
    draft.receipts.put(free.id, receipt)
    log_order(draft, free, order.at)
    if not _behind(draft, receipt):
        _send(draft, receipt)


def _not_sent(draft: Draft, order: Order, why: str) -> None:
    """Log the reason. An order of a batch also gets a receipt, so that the batch adds up."""
    if order.batch is None:
        key_declined(draft, Declined(order.at, f"{order.command.label}: {why}"))
        return
    draft.receipts.put(order.id, Receipt(order, Stage.DROPPED, closed=order.at, note=why))

    def same(entry: Entry) -> bool:
        earlier = draft.receipts.get(entry.order or "")
        return (
            earlier is not None
            and earlier.order.key_press != order.key_press
            and earlier.stage is Stage.DROPPED
            and earlier.note == why
            and (earlier.order.command, earlier.order.target) == (order.command, order.target)
        )

    log_order(draft, order, order.at)
    draft.merge_repeated(same, order.at)


def log_order(draft: Draft, order: Order, at: Moment) -> None:
    """Log an order."""
    draft.log(
        at,
        Sign.OPERATOR,
        order.command.verb,
        order.values.get("reason", ""),
        conference=order.conference,
        queue=order.queue,
        leg=order.legs[0] if len(order.legs) == 1 else None,
        order=order.id,
    )


def key_declined(draft: Draft, fact: Declined | KeysTooFast) -> None:
    """Log why a key made no order, which the receipt line shows too. Count repeats in one line."""
    if isinstance(fact, KeysTooFast):
        _hurried(draft, fact)
        return
    about = fact.about or SECONDS.sub("", fact.text)
    draft.decline(fact.at, fact.text, about, count=not fact.about)


def _hurried(draft: Draft, fact: KeysTooFast) -> None:
    """Log which keys of a burst ran. Each burst is one line, whatever its length."""
    receipts = draft.receipts.entries.items()
    kept = {id_ for id_, receipt in receipts if receipt.stage is not Stage.DROPPED}
    taken = [press.key for press in fact.taken if not kept.isdisjoint(press.orders)]
    others = len(fact.taken) - len(taken) + fact.left_out
    rest = "1 other" if others == 1 else f"{others} others"
    result = f"{' '.join(taken)} taken, {rest} did nothing" if taken else "nothing was done"
    about = f"the burst that began at {fact.taken[0].at}"
    draft.decline(fact.at, f"too many keys at once: {result}", about, count=False)


def command_sent(draft: Draft, fact: CommandSent) -> None:
    """Note the time at which the first attempt was sent."""
    receipt = draft.receipts.get(fact.id)
    if receipt is not None and receipt.stage is Stage.SENT and receipt.sent is None:
        draft.receipts.put(fact.id, replace(receipt, sent=fact.at))


def command_accepted(draft: Draft, fact: CommandAccepted) -> None:
    """Handle a yes from Telnyx. Accepted is not done: start to look for the proof."""
    receipt = draft.receipts.get(fact.id)
    if receipt is None or receipt.stage not in {Stage.SENT, Stage.UNCERTAIN}:
        return
    receipt = replace(
        receipt,
        stage=Stage.ACCEPTED,
        accepted=fact.at,
        accepted_date=fact.date,
        proof_since=fact.at,
        problem=None,
    )
    if receipt.order.command.dials and fact.leg is not None:
        receipt = roles.note_dialled_leg(draft, receipt, fact.leg, fact.at)
    receipt = answered(draft, receipt)
    draft.receipts.put(fact.id, receipt)
    _believe_recording(draft, receipt, fact)
    identity_updates.name_created_conference(draft, receipt.order, fact.conference)
    roles.store_given_role(draft, receipt.order, fact.at)
    match receipt.order.command.proof:
        case NoProof():
            note = "Telnyx shows nothing that could prove it"
            close(draft, receipt, Stage.NO_PROOF, fact.at, note)
        case EventProof() | EndProof() | ShownProof(flag=None) if receipt.proved:
            settle(draft, receipt, fact.at)
        case _:
            _look(draft, receipt)
    send_waiting(draft, fact.at)


def command_refused(draft: Draft, fact: CommandRefused) -> None:
    """Handle a definite no: close the order, and read its target again."""
    receipt = draft.receipts.get(fact.id)
    if receipt is not None and receipt.stage.open:
        receipt = replace(receipt, problem=fact.problem)
        close(draft, receipt, Stage.REFUSED, fact.at, "")
        parked.apply_refusal(draft, receipt.order, fact)
        draft.effects += [Refresh(scope) for scope in scopes(draft, receipt.order)]
        if fact.problem.kind == ProblemKind.UNAUTHORISED:
            draft.health = replace(draft.health, key_refused=fact.at)
        send_waiting(draft, fact.at)


def command_unanswered(draft: Draft, fact: CommandUnanswered) -> None:
    """Handle a missing answer. An order that never left is dropped. Another may have been done."""
    receipt = draft.receipts.get(fact.id)
    if receipt is None or receipt.stage is not Stage.SENT:
        return
    receipt = replace(receipt, problem=fact.problem)
    never = {
        ProblemKind.UNREACHABLE: "not sent: Telnyx cannot be reached",
        ProblemKind.LATE: f"not sent within {draft.policy.unsent:.0f} s",
    }
    if fact.problem.kind in never:
        close(draft, receipt, Stage.DROPPED, fact.at, never[fact.problem.kind])
        send_waiting(draft, fact.at)
        return
    receipt = answered(draft, replace(receipt, stage=Stage.UNCERTAIN, proof_since=fact.at))
    draft.receipts.put(fact.id, receipt)
    roles.forget_doubted_roles(draft, receipt.order)
    if receipt.proved:
        settle(draft, receipt, fact.at)
    else:
        _look(draft, receipt)


def send_waiting(draft: Draft, at: Moment) -> None:
    """Send the orders that waited behind an order that has ended, oldest first."""
    for receipt in list(draft.receipts.entries.values()):
        if receipt.stage is not Stage.WAITING or _behind(draft, receipt):
            continue
        order = _still_to_do(draft, receipt.order)
        late = at.mono - receipt.order.at.mono > draft.policy.waiting
        why = receipt.order.command.why_not(draft.seal(), receipt.order.target)
        if late or why is not None or order is None:
            gone = TOO_LATE if late else "nothing to take back"
            close(draft, receipt, Stage.DROPPED, at, why or gone)
            continue
        listed, settings = before(draft, order), current_settings(draft, order)
        changed = replace(receipt, order=order, listed_before=listed, settings_before=settings)
        _send(draft, changed)


def time_passed(draft: Draft, at: Moment) -> None:
    """Close orders whose time is over, so that no order stays pending for ever."""
    policy = draft.policy
    for receipt in list(draft.receipts.entries.values()):
        if not receipt.stage.open:
            continue
        age = at.mono - (receipt.resumed or receipt.order.at).mono
        since = at.mono - receipt.proof_since.mono if receipt.proof_since else 0.0
        patience = receipt.order.command.extra_proof_time
        over = age > policy.overlay + (patience if receipt.accepted is not None else 0.0)
        if receipt.stage is Stage.WAITING and age > policy.waiting:
            close(draft, receipt, Stage.DROPPED, at, TOO_LATE)
        elif receipt.stage is Stage.ACCEPTED and since > policy.proof + patience:
            close(draft, receipt, Stage.NO_PROOF, at, "accepted, but not seen")
        elif receipt.stage is not Stage.WAITING and (over or since > policy.proof + patience):
            close(draft, receipt, Stage.UNKNOWN, at, "no answer: it may have been done")
    send_waiting(draft, at)


def _send(draft: Draft, receipt: Receipt) -> None:
    draft.receipts.put(receipt.order.id, replace(receipt, stage=Stage.SENT))
    draft.effects.append(Send(receipt.order))
    _forget(draft, receipt.order)


def _forget(draft: Draft, newest: Order) -> None:
    """Drop the oldest ended receipts beyond the policy's number.

    An act is dropped as a whole, because undo takes back a whole act or nothing. The act that
    ``newest`` undoes or redoes is kept.
    """
    back = draft.receipts.get(newest.undoes or newest.redoes or "")
    kept = back.order.key_press if back is not None else None
    receipts = list(draft.receipts.entries.values())
    excess = sum(not receipt.stage.open for receipt in receipts) - draft.policy.receipts
    if excess <= 0:
        return
    acts: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        acts.setdefault(receipt.order.key_press, []).append(receipt)
    for act, parts in acts.items():
        if excess <= 0:
            return
        if act != kept and not any(part.stage.open for part in parts):
            excess -= len(parts)
            for part in parts:
                draft.receipts.drop(part.order.id)


def _look(draft: Draft, receipt: Receipt) -> None:
    order, burst = receipt.order, draft.policy.burst
    draft.effects += [Refresh(scope, burst) for scope in proving_scopes(draft, order)]
    draft.effects += [Refresh(scope, burst[1:2]) for scope in origins(order)]


def _still_to_do(draft: Draft, order: Order) -> Order | None:
    """Return a waiting order without targets that others changed since; None if none is left."""
    back = draft.receipts.get(order.undoes or order.redoes or "")
    if back is None:
        return order
    holds, _ = split_targets(draft, back)
    legs = tuple(leg for leg in order.legs if leg in holds) if order.legs else holds
    way = restoring_order(draft, back, legs)
    if way is None:
        return None
    return replace(order, target=way.target, values=way.values, observed=way.observed)


def _open(draft: Draft) -> list[Receipt]:
    return [r for r in draft.receipts.entries.values() if r.stage.open]


def _without_pending(draft: Draft, order: Order) -> Order | None:
    """Return the order without people who left or for whom the same command is pending.

    None: no target remains. With ``order.repeats`` the pending targets stay: the dialog named them.
    """
    own = {order.undoes, order.redoes}
    alike = [r.order for r in _open(draft) if r.order.command.name == order.command.name]
    same = [o for o in alike if o.id not in own] if order.repeats is None else []
    if not isinstance(order.target, People):
        twin = (order.target, order.conference, order.queue, order.legs)
        busy = any(twin == (o.target, o.conference, o.queue, o.legs) for o in same)
        return None if busy else order
    pending = {leg for other in same if other.conference == order.conference for leg in other.legs}
    people = draft.people.of(order.target.conference)
    here = {leg for leg in order.target.legs if leg in people and people[leg].is_here}
    free = tuple(leg for leg in order.target.legs if leg in here and leg not in pending)
    return replace(order, target=People(order.target.conference, free)) if free else None


def _behind(draft: Draft, receipt: Receipt) -> bool:
    """Return True if an earlier order of the opposite command is open on a target of this one."""
    order = receipt.order
    for earlier in _open(draft):
        if earlier.order.id == order.id:
            return False
        opposite = order.command.inverse == earlier.order.command.name
        same = (order.conference, order.queue) == (earlier.order.conference, earlier.order.queue)
        if opposite and same and set(wanted(order)) & set(wanted(earlier.order)):
            return True
    return False


def _believe_recording(draft: Draft, receipt: Receipt, fact: CommandAccepted) -> None:
    change, id_ = receipt.order.command.recording, receipt.order.conference
    if change is None or id_ is None:
        return
    conference = draft.conferences.get(id_)
    if conference is None:  # replayed from the journal before any listing
        conference = entities.Conference(id_, entities.Membership(known_at=fact.at.mono))
    running = conference.recording is not None and conference.recording.state in RUNNING
    if change.needs_recording and not running:
        wish = entities.RecordingWish(receipt.order.command.name, fact.at)
        draft.conferences.put(id_, replace(conference, recording=None, recording_wish=wish))
        return
    recording = entities.Recording(change.state, fact.at, Source.OWN, fact.date)
    if change.state == entities.RecordingState.OFF and running:
        gap_detection.expect_saved_recording(draft, id_, fact.at)
    draft.conferences.put(id_, replace(conference, recording=recording, recording_wish=None))
