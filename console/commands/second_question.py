"""The second question of a dialog: consequences of its answers."""

from __future__ import annotations

from console.commands.bulk_targeting import TargetSelection, side_effects_for, with_answers
from console.commands.doubts import chosen_in_doubt
from console.commands.targeting import MANY, level_of, raised_level
from console.core.model.command import Command, ConfirmationLevel, Order, Values, legs_of
from console.core.model.listed_resources import Moment
from console.core.model.state import State


def second_question(
    command: Command, aimed: TargetSelection, values: Values, state: State, now: Moment
) -> str:
    """Return the consequences of these answers in the current state; empty if there are none.

    The dialog asks for a yes if the text is not empty.
    """
    meant = with_answers(aimed, values)
    sentences = list(_included(command, aimed, meant, state, now))
    if command.warning is not None:
        sentences += [command.warning(state, target, values) for target in meant.targets]
    sentences.append(chosen_in_doubt(state, values, now))
    return " ".join(dict.fromkeys(filter(None, sentences)))


def _included(
    command: Command, aimed: TargetSelection, meant: TargetSelection, state: State, now: Moment
) -> tuple[str, ...]:
    """Return the consequences of including the excluded people."""
    if meant is aimed:
        return ()
    before = side_effects_for(command, aimed, state, now)
    effects = side_effects_for(command, meant, state, now)
    sentences = [
        t.text for t in effects if t not in before and t.confirmation >= ConfirmationLevel.CONFIRM
    ]
    count = sum(len(legs_of(target)) for target in meant.targets)
    if count > MANY:
        sentences.append(f"This is for {count} people.")
    return tuple(sentences)


def order_level(order: Order, state: State, now: Moment) -> ConfirmationLevel:
    """Return the confirmation level of an order. A second question can raise it."""
    command = order.command
    level = level_of(command, order.target, state, now)
    alone = TargetSelection((order.target,), whole=(order.target,))
    if order.batch is not None or second_question(command, alone, order.values, state, now):
        level = max(level, ConfirmationLevel.CONFIRM)
    if order.batch is None:
        return level
    return max(level, raised_level(command.confirmation_of_many, order.target, state, now))
