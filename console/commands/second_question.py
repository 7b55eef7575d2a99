"""The second question of a dialog: what its answers bring about, beyond its targets alone."""

from __future__ import annotations

from console.commands.bulk_targeting import Aimed, as_answered, trips_for
from console.commands.preflight import chosen_in_doubt
from console.commands.targeting import MANY, raised, tier_of
from console.core.model.command import Command, ConfirmationLevel, Order, Values, legs_of
from console.core.model.resources import Moment
from console.core.model.state import State


def second_question(
    command: Command, aimed: Aimed, values: Values, state: State, now: Moment
) -> str:
    """Say what these answers bring about, as the state is now; empty where nothing.

    The dialog asks for a yes before it runs an order of which this says something.
    """
    meant = as_answered(aimed, values)
    said = list(_included(command, aimed, meant, state, now))
    if command.warn is not None:
        said += [command.warn(state, target, values) for target in meant.targets]
    said.append(chosen_in_doubt(state, values, now))
    return " ".join(dict.fromkeys(filter(None, said)))


def _included(
    command: Command, aimed: Aimed, meant: Aimed, state: State, now: Moment
) -> tuple[str, ...]:
    """Say what changes when those who are left out are included after all."""
    if meant is aimed:
        return ()
    before = trips_for(command, aimed, state, now)
    trips = trips_for(command, meant, state, now)
    said = [t.text for t in trips if t not in before and t.tier >= ConfirmationLevel.CONFIRM]
    count = sum(len(legs_of(target)) for target in meant.targets)
    if count > MANY:
        said.append(f"This is for {count} people.")
    return tuple(said)


def tier_with(order: Order, state: State, now: Moment) -> ConfirmationLevel:
    """The confirmation level of this order. A second question may have raised it."""
    command = order.command
    tier = tier_of(command, order.target, state, now)
    alone = Aimed((order.target,), whole=(order.target,))
    if order.batch is not None or second_question(command, alone, order.values, state, now):
        tier = max(tier, ConfirmationLevel.CONFIRM)
    if order.batch is None:
        return tier
    return max(tier, raised(command.many, order.target, state, now))
