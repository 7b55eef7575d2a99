"""Undo and redo of the newest act.

An act is the result of one key: one order, or several with the same batch. Undo restores the exact
settings from before the act. Redo undoes an undo by the same rule. Targets that another client has
changed since are left alone and named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.core.lifecycle.lifecycle import key_declined, order_asked
from console.core.lifecycle.proof_scopes import scopes
from console.core.lifecycle.settings_snapshot import (
    current_settings,
    restoring_order,
    split_targets,
)
from console.core.messages.effects import Refresh
from console.core.messages.intents import Declined, UndoAsked
from console.core.messages.read_scopes import INIT, LIVE, Scope
from console.core.model.command import Order
from console.core.model.draft import Draft
from console.core.model.listed_resources import Moment
from console.core.model.stage import FAILED
from console.core.model.state import Receipt, Sign, State

CHANGED = "changed since, left alone"


@dataclass(frozen=True, slots=True)
class _Share:
    """One order of an act, with the current condition of its targets."""

    receipt: Receipt
    holds: tuple[str, ...]
    """Target keys that still have the order's values."""
    changed: tuple[str, ...]
    """Target keys that were changed since."""
    unread: tuple[Scope, ...] = ()
    """Listings that must be read before every target can be compared, after a restart."""


def undo_asked(draft: Draft, fact: UndoAsked) -> None:
    """Undo the newest act that can be undone; with ``fact.redo``, the newest undo."""
    act = _newest(draft, redo=fact.redo)
    verb = "redo" if fact.redo else "undo"
    if not act:
        words = "nothing was undone" if fact.redo else "there is nothing to undo"
        key_declined(draft, Declined(fact.at, f"{verb}: {words}"))
        return
    unread = dict.fromkeys(scope for share in act for scope in share.unread)
    if unread:
        label = act[0].receipt.order.command.label
        text = f"{verb}: {label}: reading the current setting; press again"
        key_declined(draft, Declined(fact.at, text))
        draft.effects += [Refresh(scope, by_operator=True) for scope in unread]
        return
    orders = _orders(draft, act, fact)
    for share in act:
        if not share.holds:
            passed = replace(share.receipt, undo_passes=True)
            draft.receipts.put(passed.order.id, passed)
    for order in orders:
        order_asked(draft, order)
    changed = tuple(key for share in act for key in share.changed)
    undoing = next((r for o in orders if (r := draft.receipts.get(o.id)) is not None), None)
    if undoing is not None and changed:
        draft.receipts.put(undoing.order.id, replace(undoing, left_alone=changed))
    for share in act:
        words = CHANGED if orders else f"{share.receipt.order.command.label}: {CHANGED}"
        _name(draft, share, fact.at, words)


def foreseen_orders(state: State, fact: UndoAsked) -> tuple[Order, ...]:
    """Return the orders that this undo or redo would send now."""
    draft = Draft(state)
    act = _newest(draft, redo=fact.redo)
    return () if any(share.unread for share in act) else _orders(draft, act, fact)


def _newest(draft: Draft, *, redo: bool) -> list[_Share]:
    """Return the orders of the act that the next undo (or redo) takes back, oldest first.

    Each comes with the condition of its targets. Orders already taken back are left out.
    """
    receipts = list(draft.receipts.entries.values())
    taken = {r.order.undoes or r.order.redoes for r in receipts if r.stage not in FAILED}
    act: list[_Share] = []
    for receipt in reversed(receipts):
        if receipt.undo_passes or receipt.order.id in taken:
            continue
        if (receipt.order.undoes is not None) is not redo:
            continue
        if act and receipt.order.key_press != act[0].receipt.order.key_press:
            continue
        holds, changed = split_targets(draft, receipt)
        unread = _unread(draft, receipt)
        back = holds and restoring_order(draft, receipt, holds) is not None
        if back or (changed and not holds) or unread:
            act.append(_Share(receipt, holds, changed, unread))
    return act[::-1]


def _unread(draft: Draft, receipt: Receipt) -> tuple[Scope, ...]:
    """Return the listings that show the order's settings and that were not read yet."""
    order = receipt.order
    done = receipt.accepted is not None or receipt.proved
    if receipt.stage.open or receipt.stage in FAILED or not done:
        return ()
    now = current_settings(draft, order)
    if all(key in now or key in receipt.lost for key in receipt.settings_before):
        return ()
    conference = draft.conferences.get(order.conference or "")
    over = conference is None or conference.ended or not conference.membership.here
    where = (LIVE, INIT) if order.conference is not None and over else scopes(draft, order)[-1:]
    return tuple(scope for scope in where if draft.coverage_of(scope).answered is None)


def _orders(draft: Draft, act: Sequence[_Share], fact: UndoAsked) -> tuple[Order, ...]:
    """Return one order for each share that can be put back. The first has the id of ``fact``."""
    shares = [share for share in act if share.holds]
    backs = [(restoring_order(draft, share.receipt, share.holds), share) for share in shares]
    return tuple(
        replace(
            back,
            id=f"{fact.id}.{number}" if number else fact.id,
            at=fact.at,
            operator=fact.operator,
            confirmation=fact.confirmation,
            undoes=None if fact.redo else share.receipt.order.id,
            redoes=share.receipt.order.id if fact.redo else None,
            batch=fact.id if len(shares) > 1 else None,
        )
        for number, (back, share) in enumerate(backs)
        if back is not None
    )


def _name(draft: Draft, share: _Share, at: Moment, text: str) -> None:
    """Log one line for each target that is left alone."""
    order = share.receipt.order
    place, queue = order.conference, order.queue
    for key in share.changed:
        leg = key if key in order.legs else None
        draft.log(at, Sign.NOTE, "not done", text, conference=place, queue=queue, leg=leg)
