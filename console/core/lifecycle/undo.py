"""Taking back: the newest act that can be, exactly, for those it changed and nobody since.

An act is what one key did: one order, or several that were asked for in one breath. It is taken
back as one act, and what was taken back is taken back again by the same rule: that is redo. What
was changed since by another hand is left alone, and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.core.lifecycle.lifecycle import asked, declined
from console.core.lifecycle.settings_snapshot import settings, standing, way_back
from console.core.lifecycle.shown_proof import scopes
from console.core.messages.effects import Refresh
from console.core.messages.intents import Declined, UndoAsked
from console.core.messages.read_scopes import INIT, LIVE, Scope
from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.resources import Moment
from console.core.model.stage import FAILED
from console.core.model.state import Receipt, Sign, State

CHANGED = "changed since, left alone"


@dataclass(frozen=True, slots=True)
class _Share:
    """What one order of an act changed, and how it stands now."""

    receipt: Receipt
    holds: tuple[str, ...]
    """For whom it is still as it was made."""
    changed: tuple[str, ...]
    """Who was changed since."""
    unread: tuple[Scope, ...] = ()
    """What has to be read before it can be said of all of them: after a restart."""


def undo_asked(draft: Draft, fact: UndoAsked) -> None:
    """Take back the newest act, or the newest undoing, that can be."""
    act = _newest(draft, redo=fact.redo)
    verb = "redo" if fact.redo else "undo"
    if not act:
        words = "nothing was undone" if fact.redo else "nothing that can be taken back"
        declined(draft, Declined(fact.at, f"{verb}: {words}"))
        return
    unread = dict.fromkeys(scope for share in act for scope in share.unread)
    if unread:
        words = act[0].receipt.order.command.words.removesuffix(":")
        text = f"{verb}: {words}: how it is now is being read; press again"
        declined(draft, Declined(fact.at, text))
        draft.effects += [Refresh(scope, by_operator=True) for scope in unread]
        return
    orders = _orders(draft, act, fact)
    for share in act:
        if not share.holds:
            passed = replace(share.receipt, undo_passes=True)
            draft.receipts.put(passed.order.id, passed)
    for order in orders:
        asked(draft, order)
    changed = tuple(key for share in act for key in share.changed)
    undoing = next((r for o in orders if (r := draft.receipts.get(o.id)) is not None), None)
    if undoing is not None and changed:
        draft.receipts.put(undoing.order.id, replace(undoing, left_alone=changed))
    for share in act:
        words = CHANGED if orders else f"{share.receipt.order.command.words}: {CHANGED}"
        _name(draft, share, fact.at, words)


def foreseen(state: State, fact: UndoAsked) -> tuple[Order, ...]:
    """The orders that asking for this would make now."""
    draft = Draft(state)
    act = _newest(draft, redo=fact.redo)
    return () if any(share.unread for share in act) else _orders(draft, act, fact)


def _newest(draft: Draft, *, redo: bool) -> list[_Share]:
    """What is next to be taken back: all of it that was not yet, oldest first."""
    receipts = list(draft.receipts.entries.values())
    taken = {r.order.undoes or r.order.redoes for r in receipts if r.stage not in FAILED}
    act: list[_Share] = []
    for receipt in reversed(receipts):
        if receipt.undo_passes or receipt.order.id in taken:
            continue
        if (receipt.order.undoes is not None) is not redo:
            continue
        if act and receipt.order.act != act[0].receipt.order.act:
            continue
        holds, changed = standing(draft, receipt)
        unread = _unread(draft, receipt)
        back = holds and way_back(draft, receipt, holds) is not None
        if back or (changed and not holds) or unread:
            act.append(_Share(receipt, holds, changed, unread))
    return act[::-1]


def _unread(draft: Draft, receipt: Receipt) -> tuple[Scope, ...]:
    """What would tell how those it changed are now, and was not read by this process."""
    order = receipt.order
    done = receipt.accepted is not None or receipt.proved
    if receipt.stage.open or receipt.stage in FAILED or not done:
        return ()
    now = settings(draft, order)
    if all(key in now or key in receipt.lost for key in receipt.former):
        return ()
    conference = draft.conferences.get(order.conference or "")
    over = conference is None or conference.ended or not conference.membership.here
    where = (LIVE, INIT) if order.conference is not None and over else scopes(draft, order)[-1:]
    return tuple(scope for scope in where if draft.covered(scope).answered is None)


def _orders(draft: Draft, act: Sequence[_Share], fact: UndoAsked) -> tuple[Order, ...]:
    """One order for each that still holds. The first has the id that was asked with."""
    shares = [share for share in act if share.holds]
    backs = [(way_back(draft, share.receipt, share.holds), share) for share in shares]
    return tuple(
        replace(
            back,
            id=f"{fact.id}.{number}" if number else fact.id,
            at=fact.at,
            operator=fact.operator,
            undoes=None if fact.redo else share.receipt.order.id,
            redoes=share.receipt.order.id if fact.redo else None,
            batch=fact.id if len(shares) > 1 else None,
        )
        for number, (back, share) in enumerate(backs)
        if back is not None
    )


def _name(draft: Draft, share: _Share, at: Moment, text: str) -> None:
    """One line for each who is left alone; a conference or a queue is named by its place."""
    order = share.receipt.order
    for key in share.changed:
        leg = key if key in order.legs else None
        draft.log(
            at, Sign.NOTE, "not done", text, conference=order.conference, queue=order.queue, leg=leg
        )
