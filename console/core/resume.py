"""What an earlier process left: its commands recalled, and what it could not see the end of."""

from __future__ import annotations

from dataclasses import replace

from console.core.lifecycle import lifecycle, roles
from console.core.lifecycle.proof import answered, close, settle
from console.core.lifecycle.proof_scopes import scopes
from console.core.messages.effects import Refresh
from console.core.messages.facts import CommandRecalled, CommandSettled, Resumed
from console.core.messages.read_scopes import OneConferenceScope, Scope
from console.core.model.draft import Draft
from console.core.model.proofs import EndProof
from console.core.model.stage import Stage
from console.core.model.state import Receipt, Sign
from console.core.sync import gaps, parked


def recalled(draft: Draft, fact: CommandRecalled) -> None:
    """A command that was about to be sent, or was: nothing is sent for it any more."""
    order = fact.order
    draft.receipts.put(order.id, Receipt(order, Stage.SENT, former=fact.former))
    lifecycle.say(draft, order, fact.at)


def settled(draft: Draft, fact: CommandSettled) -> None:
    """How the earlier process saw a command end."""
    receipt = draft.receipts.get(fact.id)
    if receipt is not None and receipt.stage.open and not fact.stage.open:
        close(draft, receipt, fact.stage, fact.at, fact.note)


def resumed(draft: Draft, fact: Resumed) -> None:
    """The past is told. What was open then is uncertain, and looked for."""
    for receipt in list(draft.receipts.entries.values()):
        if not receipt.stage.open:
            continue
        stage = Stage.UNCERTAIN if receipt.stage is Stage.SENT else receipt.stage
        taken = answered(draft, replace(receipt, stage=stage, looking=fact.at, resumed=fact.at))
        draft.receipts.put(taken.order.id, taken)
        if taken.proved:
            settle(draft, taken, fact.at)
        draft.effects += [
            Refresh(scope, draft.policy.burst) for scope in _where_it_shows(draft, taken)
        ]
    if fact.alone:
        gaps.away(draft, fact.at)
    parked.forget(draft, fact.at)
    roles.forgotten(draft)
    draft.swept = fact.at.mono
    if fact.rows:
        draft.log(fact.at, Sign.NOTE, "journal", f"read on from {fact.rows} rows of the past")


def _where_it_shows(draft: Draft, receipt: Receipt) -> tuple[Scope, ...]:
    order = receipt.order
    if isinstance(order.command.proof, EndProof) and order.conference is not None:
        return (OneConferenceScope(order.conference),)
    return scopes(draft, order)
