"""Settings before and after a command, which undo compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from console.core.lifecycle.proof import wanted
from console.core.model.command import Order, People, Values
from console.core.model.draft import Draft
from console.core.model.orders import NOT_OBSERVED, conference_of
from console.core.model.stage import FAILED, Stage
from console.core.model.state import Receipt


def current_settings(draft: Draft, order: Order) -> dict[str, Values]:
    """Return the current settings that the order changes, by target key, as far as known."""
    undo = order.command.undo
    if undo is None:
        return {}
    state, made = draft.seal(), undo.setting_made(order)
    read = {
        key: undo.present_setting(state, order, key, _own(draft, order, key, made))
        for key in wanted(order)
    }
    return {key: value for key, value in read.items() if value is not None}


def split_targets(draft: Draft, receipt: Receipt) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split the targets into (settings to put back, settings that another client changed since).

    A key is in both if only some of its members were changed since. While the command is open,
    every target counts as unchanged.
    """
    left = _left(draft, receipt)
    holds = tuple(key for key, (still, _) in left.items() if still)
    return holds, tuple(key for key, (_, changed) in left.items() if changed)


def _left(draft: Draft, receipt: Receipt) -> dict[str, tuple[frozenset[str], bool]]:
    """Return by target key: (members that still have the command's value, if any has not)."""
    order, undo = receipt.order, receipt.order.command.undo
    if undo is None or receipt.stage in FAILED:
        return {}
    made = undo.setting_made(order)
    now = {} if receipt.stage.open else current_settings(draft, order)
    found = {}
    for key, was in receipt.settings_before.items():
        ours = frozenset(name for name, value in made.items() if was.get(name, "") != value)
        done = receipt.stage.open or receipt.accepted is not None or key in receipt.proved
        unknown = not receipt.stage.open and key not in now
        if not ours or not done or unknown or key in receipt.lost:
            continue
        read = now.get(key, made)
        still = frozenset(name for name in ours if read.get(name, "") == made[name])
        if undo.whole:
            still = frozenset(made) if has_values(read, made) else frozenset()
        found[key] = still, not ours <= still
    return found


def has_values(setting: Values, wish: Values) -> bool:
    """Return True if a setting has every value of ``wish``."""
    return all(setting.get(name, "") == value for name, value in wish.items())


def restoring_order(draft: Draft, receipt: Receipt, keys: tuple[str, ...]) -> Order | None:
    """Return the order that restores the settings of ``keys`` exactly, or None if no order can.

    It keeps the id, time and operator of the order that it takes back. It covers only the keys
    that need the same values as the first one.
    """
    undo = receipt.order.command.undo
    command = draft.commands.get(undo.command) if undo is not None else None
    if undo is None or command is None or command.undo is None or not keys:
        return None
    asked = set(keys)
    left = {key: still for key, (still, _) in _left(draft, receipt).items() if key in asked}
    first = left.get(keys[0], frozenset())
    was, order, target = receipt.settings_before, receipt.order, receipt.order.target
    wish = {name: was[keys[0]].get(name, "") for name in sorted(first)}
    if not wish:
        return None
    if isinstance(target, People):
        alike = (key for key in left if left[key] == first and has_values(was[key], wish))
        target = People(target.conference, tuple(alike))
    state = draft.seal()
    known = command.current(state, target) if command.current is not None else {}
    observed = NOT_OBSERVED if command.observe is None else command.observe(state, target)
    named = {field.name for field in command.fields}
    kept: Values = {} if command is order.command else _answers(draft, order, command.name)
    answers = {name: value for name, value in wish.items() if name in named}
    values = {**known, **kept, **answers}
    back = replace(order, command=command, target=target, values=values, observed=observed)
    back = replace(back, repeats=None, names={})
    return back if command.undo.setting_made(back) == wish else None


def _answers(draft: Draft, order: Order, name: str) -> Values:
    """Return the last answers to the command ``name`` for these targets, such as the hold audio."""
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
    """Return the values that our newest order on this key gave to the members of ``made``.

    None if no order set all of them, or if that order was not accepted.
    """
    if not made:
        return None
    for receipt in reversed(list(draft.receipts.entries.values())):
        mine = receipt.order
        if receipt.stage in FAILED or receipt.stage is Stage.WAITING or key not in wanted(mine):
            continue
        if not _shares(draft, mine, order) or not _of_this_stay(draft, receipt, order, key):
            continue
        undo = mine.command.undo
        values = undo.setting_made(mine) if undo is not None else mine.values
        if all(name in values for name in made):
            doubtful = receipt.accepted is None
            return None if doubtful else {name: values[name] for name in made}
    return None


def _of_this_stay(draft: Draft, receipt: Receipt, order: Order, key: str) -> bool:
    """Return True if the leg has not left and come back since that command."""
    person = draft.people.get(conference_of(draft, order) or "", key)
    call = draft.waiting.get(order.queue or "", key)
    since = [t for t in (person and person.joined_at, call and call.enqueued_at) if t]
    date = receipt.accepted_date
    return date is None or all(moment <= date + draft.policy.skew for moment in since)
