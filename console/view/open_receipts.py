"""Which commands are still open on whom, and how a row shows it."""

from __future__ import annotations

from console.core.model.stage import Stage
from console.core.model.state import Receipt, State
from console.view.context import cell
from console.view.display import Confirm, Form

LEAVE = Form(
    title="leave",
    final=False,
    targets=(),
    notes=(
        cell("A command is still waiting for its proof."),
        cell("It goes on at Telnyx; its outcome will not be seen here."),
    ),
    fields=(),
    values={},
    confirm=Confirm.YES,
    run="leave",
)
"""What is asked of whoever leaves while something is waited for."""


def open_receipts(state: State) -> list[Receipt]:
    """The commands something is still waited for, oldest first."""
    return [receipt for receipt in state.receipts.values() if receipt.stage.open]


def asked_of(state: State, conference: str, leg: str, field: str) -> bool | None:
    """The value somebody asked this field of a participant to have and that is not seen yet."""
    wanted: bool | None = None
    for receipt in open_receipts(state):
        flag = receipt.order.command.flag
        if receipt.order.conference != conference or leg not in receipt.order.legs:
            continue
        if flag is not None and flag.field == field:
            settled = leg in receipt.proved or leg in receipt.lost
            wanted = wanted if settled else flag.value
    return wanted


def together(state: State, receipt: Receipt) -> list[Receipt]:
    """The commands that were asked for in one breath with this one, itself among them."""
    return [one for one in state.receipts.values() if one.order.act == receipt.order.act]


def newest(state: State) -> Receipt | None:
    """The command whose story the receipt line tells."""
    told = [receipt for receipt in state.receipts.values() if receipt.stage is not Stage.WAITING]
    return max(told, key=lambda receipt: receipt.order.at, default=None)
