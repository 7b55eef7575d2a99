"""How things are set now and were before a command: what undo compares, and puts back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.core.lifecycle.proof import wanted
from console.core.model.command import Order, People, Values
from console.core.model.draft import Draft
from console.core.model.orders import conference_of
from console.core.model.stage import FAILED, Stage
from console.core.model.state import Receipt


def settings(draft: Draft, order: Order) -> dict[str, Values]:
    """How everything that an order changes is set now, by key, as far as it is known."""
    undo = order.command.undo
    if undo is None:
        return {}
    state = draft.seal()
    read = {
        key: undo.now(state, order, key, _own(draft, order, key, undo.made(order)))
        for key in wanted(order)
    }
    return {key: value for key, value in read.items() if value is not None}


def standing(draft: Draft, receipt: Receipt) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys to put back, and the keys that another hand changed since.

    A key is in both where one of the members that the command changed was changed since, and
    another was not. While the command is under way, none counts as changed since.
    """
    left = _left(draft, receipt)
    holds = tuple(key for key, (still, _) in left.items() if still)
    return holds, tuple(key for key, (_, changed) in left.items() if changed)


def _left(draft: Draft, receipt: Receipt) -> dict[str, tuple[frozenset[str], bool]]:
    """By key, the members that are still as the command changed them, and if any is not."""
    order, undo = receipt.order, receipt.order.command.undo
    if undo is None or receipt.stage in FAILED:
        return {}
    made = undo.made(order)
    now = {} if receipt.stage.open else settings(draft, order)
    found = {}
    for key, was in receipt.former.items():
        ours = frozenset(name for name, value in made.items() if was.get(name, "") != value)
        done = receipt.stage.open or receipt.accepted is not None or key in receipt.proved
        unknown = not receipt.stage.open and key not in now
        if not ours or not done or unknown or key in receipt.lost:
            continue
        read = now.get(key, made)
        still = frozenset(name for name in ours if read.get(name, "") == made[name])
        if undo.whole:
            still = frozenset(made) if agrees(read, made) else frozenset()
        found[key] = still, not ours <= still
    return found


def agrees(setting: Values, wish: Values) -> bool:
    """Whether a setting is as it is wished to be, so far as there is a wish."""
    return all(setting.get(name, "") == value for name, value in wish.items())


def way_back(draft: Draft, receipt: Receipt, keys: tuple[str, ...]) -> Order | None:
    """The order that puts these settings back as they were; None where none does it exactly.

    Its id, time and operator are those of what it takes back.
    """
    undo = receipt.order.command.undo
    command = draft.commands.get(undo.by) if undo is not None else None
    if undo is None or command is None or command.undo is None or not keys:
        return None
    asked = set(keys)
    left = {key: still for key, (still, _) in _left(draft, receipt).items() if key in asked}
    first = left.get(keys[0], frozenset())
    wish = {name: receipt.former[keys[0]].get(name, "") for name in sorted(first)}
    alike = tuple(key for key in left if left[key] == first and agrees(receipt.former[key], wish))
    if not wish:
        return None
    order = receipt.order
    target = order.target
    if isinstance(target, People):
        target = People(target.conference, alike)
    state = draft.seal()
    known = command.current(state, target) if command.current is not None else {}
    named = {field.name for field in command.fields}
    kept: Values = {} if command is order.command else _answers(draft, order, command.name)
    answers = {**kept, **{name: value for name, value in wish.items() if name in named}}
    back = replace(order, command=command, target=target, values={**known, **answers}, names={})
    return back if command.undo.made(back) == wish else None


def _answers(draft: Draft, order: Order, name: str) -> Values:
    """What was answered when it was last done by that command, and now: the same audio again."""
    command = draft.commands[name]
    named = {field.name for field in command.fields}
    found: Mapping[str, str] = {}
    for receipt in draft.receipts.entries.values():
        mine = receipt.order
        if mine.command is command and receipt.stage not in FAILED and _shares(draft, mine, order):
            found = mine.values
    return {key: value for key, value in {**found, **order.values}.items() if key in named}


def _shares(draft: Draft, one: Order, other: Order) -> bool:
    same = one.queue == other.queue and conference_of(draft, one) == conference_of(draft, other)
    return same and bool(set(wanted(one)) & set(wanted(other)))


def _own(draft: Draft, order: Order, key: str, made: Values) -> Values | None:
    """What the newest accepted command of our own that said all of this made of it."""
    if not made:
        return None
    for receipt in reversed(list(draft.receipts.entries.values())):
        mine = receipt.order
        if receipt.stage in FAILED or receipt.stage is Stage.WAITING or key not in wanted(mine):
            continue
        if not _shares(draft, mine, order) or not _of_this_stay(draft, receipt, order, key):
            continue
        undo = mine.command.undo
        said = undo.made(mine) if undo is not None else mine.values
        if all(name in said for name in made):
            doubtful = receipt.accepted is None
            return None if doubtful else {name: said[name] for name in made}
    return None


def _of_this_stay(draft: Draft, receipt: Receipt, order: Order, key: str) -> bool:
    """Whether they have been there since that command: who comes again comes anew."""
    person = draft.people.get(conference_of(draft, order) or "", key)
    call = draft.waiting.get(order.queue or "", key)
    since = [t for t in (person and person.joined_at, call and call.enqueued_at) if t]
    date = receipt.accepted_date
    return date is None or all(moment <= date + draft.policy.skew for moment in since)
