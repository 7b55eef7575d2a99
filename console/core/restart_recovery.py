"""Take over the commands that an earlier process left in the journal."""

from __future__ import annotations

from dataclasses import replace

from console.core.lifecycle import lifecycle, roles
from console.core.lifecycle.proof import answered, close, settle
from console.core.lifecycle.proof_scopes import proving_scopes
from console.core.messages.effects import Refresh
from console.core.messages.facts import CommandRecalled, CommandSettled, Resumed
from console.core.model.draft import Draft
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

    Add a gap for the time without a listening console if ``fact.unattended``.
    """
    for receipt in list(draft.receipts.entries.values()):
        if not receipt.stage.open:
            continue
        stage = Stage.UNCERTAIN if receipt.stage is Stage.SENT else receipt.stage
        taken = answered(draft, replace(receipt, stage=stage, proof_since=fact.at, resumed=fact.at))
        draft.receipts.put(taken.order.id, taken)
        if taken.proved:
            settle(draft, taken, fact.at)
        reads = proving_scopes(draft, taken.order)
        draft.effects += [Refresh(scope, draft.policy.burst) for scope in reads]
    if fact.unattended:
        gap_tracking.add_downtime_gaps(draft, fact.at)
    parked.drop_expired(draft, fact.at)
    roles.forget_all_roles(draft)
    draft.expired_at = fact.at.mono
    if fact.rows:
        draft.log(fact.at, Sign.NOTE, "journal", f"replayed {fact.rows} rows")
