"""Taking back: the newest command that can be, exactly, for those it changed and nobody since.

What was taken back is taken back again by the same rule: that is redo. What was changed since by
another hand is left alone, and named.
"""

from __future__ import annotations

from dataclasses import replace

from console.core.ask import asked, declined
from console.core.command import Order
from console.core.draft import Draft
from console.core.former import FAILED, standing, way_back
from console.core.intents import Declined, UndoAsked
from console.core.state import Receipt, Sign, State
from console.core.things import Moment

CHANGED = "changed since, left alone"


def undo_asked(draft: Draft, fact: UndoAsked) -> None:
    """Take back the newest command, or the newest undoing, that can be."""
    found = _newest(draft, redo=fact.redo)
    if found is None:
        words = "redo: nothing was undone" if fact.redo else "undo: nothing that can be taken back"
        declined(draft, Declined(fact.at, words))
        return
    receipt, holds, changed = found
    if not holds:
        draft.receipts.put(receipt.order.id, replace(receipt, passed_over=True))
        _name(draft, receipt, changed, fact.at, f"{receipt.order.command.words}: {CHANGED}")
        return
    order = _order(draft, receipt, holds, fact)
    asked(draft, order)
    undoing = draft.receipts.get(order.id)
    if undoing is not None and changed:
        draft.receipts.put(order.id, replace(undoing, left_alone=changed))
        _name(draft, receipt, changed, fact.at, CHANGED)


def foreseen(state: State, fact: UndoAsked) -> Order | None:
    """The order that asking for this would make now; None where it would make none."""
    draft = Draft(state)
    found = _newest(draft, redo=fact.redo)
    return _order(draft, found[0], found[1], fact) if found is not None and found[1] else None


def _newest(draft: Draft, *, redo: bool) -> tuple[Receipt, tuple[str, ...], tuple[str, ...]] | None:
    """What is next to be taken back, for whom it holds and for whom it was changed since."""
    receipts = list(draft.receipts.entries.values())
    taken = {r.order.undoes or r.order.redoes for r in receipts if r.stage not in FAILED}
    for receipt in reversed(receipts):
        if receipt.passed_over or receipt.order.id in taken:
            continue
        if (receipt.order.undoes is not None) is not redo:
            continue
        holds, changed = standing(draft, receipt)
        back = holds and way_back(draft, receipt, holds) is not None
        if back or (changed and not holds):
            return receipt, holds, changed
    return None


def _order(draft: Draft, receipt: Receipt, holds: tuple[str, ...], fact: UndoAsked) -> Order:
    back = way_back(draft, receipt, holds)
    if back is None:
        raise ValueError("there is a way back, or it was not chosen")
    id_ = receipt.order.id
    return replace(
        back,
        id=fact.id,
        at=fact.at,
        operator=fact.operator,
        undoes=None if fact.redo else id_,
        redoes=id_ if fact.redo else None,
    )


def _name(draft: Draft, receipt: Receipt, keys: tuple[str, ...], at: Moment, text: str) -> None:
    """One line for each who is left alone; a conference or a queue is named by its place."""
    order = receipt.order
    for key in keys:
        leg = key if key in order.legs else None
        draft.log(at, Sign.NOTE, "not done", text, room=order.room, queue=order.queue, leg=leg)
