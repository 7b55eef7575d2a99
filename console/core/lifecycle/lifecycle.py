"""Commands from the key to the proof: asking, sending, accepting, seeing, giving up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from console.core.lifecycle import roles, shown_proof
from console.core.lifecycle.availability import closed
from console.core.lifecycle.proof import answered, close, settle, wanted
from console.core.lifecycle.settings_snapshot import settings, standing, way_back
from console.core.messages.effects import Refresh, Send
from console.core.messages.facts import (
    CommandAccepted,
    CommandRefused,
    CommandSent,
    CommandUnanswered,
)
from console.core.messages.intents import Declined, Hurried
from console.core.messages.read_scopes import OneConferenceScope
from console.core.model.command import (
    EndProof,
    EventProof,
    ListingProof,
    NoProof,
    Order,
    People,
    ShownProof,
)
from console.core.model.draft import Draft
from console.core.model.entities import (
    Conference,
    Membership,
    Recording,
    RecordingState,
    RecordingWish,
)
from console.core.model.resources import Moment, ProblemKind, Source
from console.core.model.stage import Stage
from console.core.model.state import Entry, Receipt, Sign
from console.core.sync import gap_detection, identity_updates, parked

SECONDS = re.compile(r"\d+(\.\d+)? s\b")
"""A time that grows while the same key is refused for the same reason."""
RECORDING = {
    "record": RecordingState.ON,
    "resume": RecordingState.ON,
    "pause": RecordingState.PAUSED,
    "record_stop": RecordingState.OFF,
}
"""What an accepted recording command lets us believe."""
NEED_A_RECORDING = frozenset({"pause", "resume"})
"""Commands that change a recording which runs already. They start none."""
RUNNING = frozenset({RecordingState.ON, RecordingState.PAUSED})


def asked(draft: Draft, order: Order) -> None:
    """A key became an order: refuse it, swallow it, let it wait, or send it."""
    why = closed(draft, order.at) or order.command.why_not(draft.seal(), order.target)
    if why is not None:
        _not_sent(draft, order, why)
        return
    free = _without_pending(draft, order)
    if free is None:
        _not_sent(draft, order, "already under way")
        return
    receipt = Receipt(
        free,
        Stage.WAITING,
        before=_before(draft, free),
        former=settings(draft, free),
        dropped=tuple(leg for leg in order.legs if leg not in free.legs),
    )
    draft.receipts.put(free.id, receipt)
    say(draft, free, order.at)
    if not _behind(draft, receipt):
        _send(draft, receipt)


def _not_sent(draft: Draft, order: Order, why: str) -> None:
    """Say why; one of a batch gets a receipt all the same, so that the batch adds up."""
    if order.batch is None:
        declined(draft, Declined(order.at, f"{order.command.words}: {why}"))
        return
    draft.receipts.put(order.id, Receipt(order, Stage.DROPPED, closed=order.at, note=why))

    def same(entry: Entry) -> bool:
        before = draft.receipts.get(entry.order or "")
        return (
            before is not None
            and before.order.act != order.act
            and before.stage is Stage.DROPPED
            and before.note == why
            and (before.order.command, before.order.target) == (order.command, order.target)
        )

    say(draft, order, order.at)
    draft.merge_repeated(same, order.at)


def say(draft: Draft, order: Order, at: Moment) -> None:
    """What was asked for, for the log."""
    draft.log(
        at,
        Sign.OPERATOR,
        order.command.name,
        order.values.get("reason", ""),
        conference=order.conference,
        queue=order.queue,
        leg=order.legs[0] if len(order.legs) == 1 else None,
        order=order.id,
    )


def declined(draft: Draft, fact: Declined | Hurried) -> None:
    """Say why a key did not become a command, in the log and on the receipt line.

    However often the key is pressed it is one line, with a count.
    """
    if isinstance(fact, Hurried):
        _hurried(draft, fact)
        return
    about = fact.about or SECONDS.sub("", fact.text)
    draft.decline(fact.at, fact.text, about, count=not fact.about)


def _hurried(draft: Draft, fact: Hurried) -> None:
    """Say which keys of a burst were taken. A burst is one line, however long it is."""
    taken = [press.key for press in fact.taken if any(_stands(draft, id_) for id_ in press.orders)]
    others = len(fact.taken) - len(taken) + fact.left_out
    rest = "1 other" if others == 1 else f"{others} others"
    said = f"{' '.join(taken)} taken, {rest} did nothing" if taken else "nothing was done"
    about = f"the burst that began at {fact.taken[0].at}"
    draft.decline(fact.at, f"too many keys at once: {said}", about, count=False)


def _stands(draft: Draft, id_: str) -> bool:
    """Return True if an order was not refused here: it was sent, or waits for another one."""
    receipt = draft.receipts.get(id_)
    return receipt is not None and receipt.stage is not Stage.DROPPED


def sent(draft: Draft, fact: CommandSent) -> None:
    """An attempt is on its way."""
    receipt = draft.receipts.get(fact.id)
    if receipt is not None and receipt.stage is Stage.SENT and receipt.sent is None:
        draft.receipts.put(fact.id, replace(receipt, sent=fact.at))


def accepted(draft: Draft, fact: CommandAccepted) -> None:
    """Telnyx said ok. That is not done: look for the proof, where there is one."""
    receipt = draft.receipts.get(fact.id)
    if receipt is None or receipt.stage not in {Stage.SENT, Stage.UNCERTAIN}:
        return
    receipt = replace(
        receipt,
        stage=Stage.ACCEPTED,
        accepted=fact.at,
        accepted_date=fact.date,
        looking=fact.at,
        problem=None,
    )
    if receipt.order.command.dials and fact.leg is not None:
        receipt = roles.dialled(draft, receipt, fact.leg, fact.at)
    receipt = answered(draft, receipt)
    draft.receipts.put(fact.id, receipt)
    _believe_recording(draft, receipt, fact)
    identity_updates.conference_made(draft, receipt.order, fact.conference)
    roles.given(draft, receipt.order, fact.at)
    match receipt.order.command.proof:
        case NoProof():
            close(draft, receipt, Stage.NO_PROOF, fact.at, "Telnyx offers nothing to see it with")
        case EventProof() | EndProof() | ShownProof() if receipt.proved:
            settle(draft, receipt, fact.at)
        case _:
            _look(draft, receipt)
    release(draft, fact.at)


def refused(draft: Draft, fact: CommandRefused) -> None:
    """A definite no."""
    receipt = draft.receipts.get(fact.id)
    if receipt is not None and receipt.stage.open:
        receipt = replace(receipt, problem=fact.problem)
        close(draft, receipt, Stage.REFUSED, fact.at, "")
        parked.refused(draft, receipt.order, fact)
        draft.effects += [Refresh(scope) for scope in shown_proof.scopes(draft, receipt.order)]
        if fact.problem.kind == ProblemKind.UNAUTHORISED:
            draft.health = replace(draft.health, stopped=fact.at)
        release(draft, fact.at)


def unanswered(draft: Draft, fact: CommandUnanswered) -> None:
    """We do not know whether it was done; a reading may settle it."""
    receipt = draft.receipts.get(fact.id)
    if receipt is None or receipt.stage is not Stage.SENT:
        return
    receipt = replace(receipt, problem=fact.problem)
    never = {
        ProblemKind.UNREACHABLE: "it never left: Telnyx cannot be reached",
        ProblemKind.LATE: f"it could not be sent within {draft.policy.unsent:.0f} s",
    }
    if fact.problem.kind in never:
        close(draft, receipt, Stage.DROPPED, fact.at, never[fact.problem.kind])
        release(draft, fact.at)
        return
    receipt = answered(draft, replace(receipt, stage=Stage.UNCERTAIN, looking=fact.at))
    draft.receipts.put(fact.id, receipt)
    roles.doubted(draft, receipt.order)
    if receipt.proved:
        settle(draft, receipt, fact.at)
    else:
        _look(draft, receipt)


def release(draft: Draft, at: Moment) -> None:
    """Send what waited behind a command that has ended, first in, first out."""
    for receipt in list(draft.receipts.entries.values()):
        if receipt.stage is not Stage.WAITING or _behind(draft, receipt):
            continue
        order = _still_to_do(draft, receipt.order)
        late = at.mono - receipt.order.at.mono > draft.policy.waiting
        why = receipt.order.command.why_not(draft.seal(), receipt.order.target)
        if late or why is not None or order is None:
            gone = "it waited too long behind another command" if late else "nothing to take back"
            close(draft, receipt, Stage.DROPPED, at, why or gone)
            continue
        before, former = _before(draft, order), settings(draft, order)
        _send(draft, replace(receipt, order=order, before=before, former=former))


def passed(draft: Draft, at: Moment) -> None:
    """Time passed: no command stays pending for ever."""
    policy = draft.policy
    for receipt in list(draft.receipts.entries.values()):
        if not receipt.stage.open:
            continue
        age = at.mono - (receipt.resumed or receipt.order.at).mono
        since = at.mono - receipt.looking.mono if receipt.looking else 0.0
        patience = receipt.order.command.patience
        if receipt.stage is Stage.WAITING and age > policy.waiting:
            text = "it waited too long behind another command"
            close(draft, receipt, Stage.DROPPED, at, text)
        elif receipt.stage is Stage.ACCEPTED and since > policy.proof + patience:
            close(draft, receipt, Stage.NO_PROOF, at, "accepted, and not seen since")
        elif receipt.stage is not Stage.WAITING and (
            since > policy.proof + patience
            or age > policy.overlay + (patience if receipt.accepted is not None else 0.0)
        ):
            close(draft, receipt, Stage.UNKNOWN, at, "no answer: it may have been done")
    release(draft, at)


def _send(draft: Draft, receipt: Receipt) -> None:
    draft.receipts.put(receipt.order.id, replace(receipt, stage=Stage.SENT))
    draft.effects.append(Send(receipt.order))
    _forget(draft, receipt.order)


def _forget(draft: Draft, newest: Order) -> None:
    """Drop the oldest ends, whole acts only: what one key did is taken back whole or not at all."""
    back = draft.receipts.get(newest.undoes or newest.redoes or "")
    kept = back.order.act if back is not None else None
    receipts = list(draft.receipts.entries.values())
    excess = sum(not receipt.stage.open for receipt in receipts) - draft.policy.receipts
    if excess <= 0:
        return
    acts: dict[str, list[Receipt]] = {}
    for receipt in receipts:
        acts.setdefault(receipt.order.act, []).append(receipt)
    for act, parts in acts.items():
        if excess <= 0:
            return
        if act != kept and not any(part.stage.open for part in parts):
            excess -= len(parts)
            for part in parts:
                draft.receipts.drop(part.order.id)


def _look(draft: Draft, receipt: Receipt) -> None:
    order = receipt.order
    if isinstance(order.command.proof, EndProof) and order.conference is not None:
        draft.effects.append(Refresh(OneConferenceScope(order.conference), draft.policy.burst))
        return
    burst = draft.policy.burst
    draft.effects += [Refresh(scope, burst) for scope in shown_proof.scopes(draft, order)]
    draft.effects += [Refresh(scope, burst[1:2]) for scope in shown_proof.origins(order)]


def _still_to_do(draft: Draft, order: Order) -> Order | None:
    """What waited, less what an undoing finds changed now that it may be sent."""
    back = draft.receipts.get(order.undoes or order.redoes or "")
    if back is None:
        return order
    holds, _ = standing(draft, back)
    legs = tuple(leg for leg in order.legs if leg in holds) if order.legs else holds
    way = way_back(draft, back, legs)
    return replace(order, target=way.target, values=way.values) if way is not None else None


def _open(draft: Draft) -> Iterable[Receipt]:
    return [r for r in draft.receipts.entries.values() if r.stage.open]


def _without_pending(draft: Draft, order: Order) -> Order | None:
    """The order less those who left, and those on whom the same verb is still pending.

    An answer named ``again`` says that the operator was told of it, and wants it once more.
    """
    own = {order.undoes, order.redoes}
    knowingly = "again" in order.values
    same = [
        r.order
        for r in _open(draft)
        if r.order.command.name == order.command.name and r.order.id not in own and not knowingly
    ]
    if not isinstance(order.target, People):
        twin = (order.target, order.conference, order.queue, order.legs)
        busy = any(twin == (o.target, o.conference, o.queue, o.legs) for o in same)
        return None if busy else order
    pending = {leg for other in same if other.conference == order.conference for leg in other.legs}
    here = draft.people.of(order.target.conference)
    free = tuple(
        leg
        for leg in order.target.legs
        if leg not in pending and leg in here and here[leg].membership.here
    )
    return replace(order, target=People(order.target.conference, free)) if free else None


def _behind(draft: Draft, receipt: Receipt) -> bool:
    """Whether an earlier command of the opposite meaning is still open on a target of it."""
    order = receipt.order
    for earlier in _open(draft):
        if earlier.order.id == order.id:
            return False
        opposite = order.command.inverse == earlier.order.command.name
        same = (order.conference, order.queue) == (earlier.order.conference, earlier.order.queue)
        if opposite and same and set(wanted(order)) & set(wanted(earlier.order)):
            return True
    return False


def _before(draft: Draft, order: Order) -> dict[str, bool | None]:
    proof = order.command.proof
    if isinstance(proof, ShownProof):
        return shown_proof.before(draft, order, proof)
    if not isinstance(proof, ListingProof):
        return {}
    people = draft.people.of(order.conference or "")
    return {leg: _value(people, leg, proof.field) for leg in order.legs}


def _value(people: object, leg: str, field: str) -> bool | None:
    person = people.get(leg)  # type: ignore[attr-defined]  # a mapping of Person
    if person is None or person.listed is None:
        return None
    value = getattr(person.listed, field)
    return value if isinstance(value, bool) else None


def _believe_recording(draft: Draft, receipt: Receipt, fact: CommandAccepted) -> None:
    state = RECORDING.get(receipt.order.command.name)
    id_ = receipt.order.conference
    if state is None or id_ is None:
        return
    conference = draft.conferences.get(id_)
    if conference is None:  # told by the journal before any listing
        conference = Conference(id_, Membership(known_at=fact.at.mono))
    running = conference.recording is not None and conference.recording.state in RUNNING
    if receipt.order.command.name in NEED_A_RECORDING and not running:
        wish = RecordingWish(receipt.order.command.name, fact.at)
        draft.conferences.put(
            conference.id, replace(conference, recording=None, recording_wish=wish)
        )
        return
    recording = Recording(state, fact.at, Source.OWN, fact.date)
    if state == RecordingState.OFF and running:
        gap_detection.saving(draft, conference.id, fact.at)
    draft.conferences.put(
        conference.id, replace(conference, recording=recording, recording_wish=None)
    )
