"""Take over the commands that an earlier process left in the journal."""

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
from console.core.sync import gap_tracking, parked


def command_recalled(draft: Draft, fact: CommandRecalled) -> None:
    """Add the receipt of an earlier process's command. It is never sent again."""
    order = fact.order
    draft.receipts.put(order.id, Receipt(order, Stage.SENT, settings_before=fact.settings_before))
    lifecycle.log_order(draft, order, fact.at)


def command_settled(draft: Draft, fact: CommandSettled) -> None:
    """Close the receipt of a command whose end the earlier process saw."""
    receipt = draft.receipts.get(fact.id)
    if receipt is not None and receipt.stage.open and not fact.stage.open:
        close(draft, receipt, fact.stage, fact.at, fact.note)


def finish_replay(draft: Draft, fact: Resumed) -> None:
    """Finish the replay: mark open commands as uncertain, and read the scopes that can prove them.

    Add a gap for the time without a listening console if ``fact.alone``.
    """
    for receipt in list(draft.receipts.entries.values()):
        if not receipt.stage.open:
            continue
        stage = Stage.UNCERTAIN if receipt.stage is Stage.SENT else receipt.stage
        taken = answered(draft, replace(receipt, stage=stage, proof_since=fact.at, resumed=fact.at))
        draft.receipts.put(taken.order.id, taken)
        if taken.proved:
            settle(draft, taken, fact.at)
        draft.effects += [
            Refresh(scope, draft.policy.burst) for scope in _proving_scopes(draft, taken)
        ]
    if fact.unattended:
        gap_tracking.add_downtime_gaps(draft, fact.at)
    parked.drop_expired(draft, fact.at)
    roles.forget_all_roles(draft)
    draft.expired_at = fact.at.mono
    if fact.rows:
        draft.log(fact.at, Sign.NOTE, "journal", f"replayed {fact.rows} rows")


def _proving_scopes(draft: Draft, receipt: Receipt) -> tuple[Scope, ...]:
    """Return the scopes whose readings can prove the receipt's order."""
    order = receipt.order
    if isinstance(order.command.proof, EndProof) and order.conference is not None:
        return (OneConferenceScope(order.conference),)
    return scopes(draft, order)
