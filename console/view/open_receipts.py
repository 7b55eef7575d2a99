"""Commands that still wait for their proof."""

from __future__ import annotations

from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.view.context import cell
from console.view.screen_elements import Confirm, Form

LEAVE = Form(
    title="leave",
    irreversible=False,
    targets=(),
    notes=(
        cell("A command is still waiting for its proof."),
        cell("Telnyx carries on with it, but its outcome will not be seen here."),
    ),
    fields=(),
    values={},
    confirm=Confirm.YES,
    run="leave",
)
"""The dialog shown when the operator leaves while a command is open."""


def open_receipts(state: State) -> list[Receipt]:
    """Return the commands that still wait for an answer or a proof, oldest first."""
    return [receipt for receipt in state.receipts.values() if receipt.stage.open]


def pending_value(state: State, conference: str, leg: str, field: str) -> bool | None:
    """Return the value that an open command gives to ``field`` of a participant; None if none."""
    wanted: bool | None = None
    for receipt in open_receipts(state):
        flag = receipt.order.command.flag
        if receipt.order.conference != conference or leg not in receipt.order.legs:
            continue
        if flag is not None and flag.field == field:
            settled = leg in receipt.proved or leg in receipt.lost
            wanted = wanted if settled else flag.value
    return wanted


def same_act(state: State, receipt: Receipt) -> list[Receipt]:
    """Return the receipts of the same act: all orders of one key press, this one included."""
    key_press = receipt.order.key_press
    return [one for one in state.receipts.values() if one.order.key_press == key_press]


def newest_started(state: State) -> Receipt | None:
    """Return the receipt that the receipt line shows: the newest that has been sent."""
    started = [one for one in state.receipts.values() if one.stage is not Stage.WAITING]
    return max(started, key=lambda receipt: receipt.order.at, default=None)
