"""The merge of webhooks and listings ends in the simulator's state, whatever the network does."""

from __future__ import annotations

import pytest
from hypothesis.stateful import run_state_machine_as_test

from console.core.model.stage import Stage
from support.merging import QUICK, Merging
from support.mutants import MUTANTS, Mutant
from support.shift import CONFERENCES, LEGS, PAGE, Step
from support.traps import run


def test_no_promise_is_broken_whatever_happens() -> None:
    """Some of what ``python -m benchmarks.merge_rule_mutants`` searches at length."""
    run_state_machine_as_test(Merging, settings=QUICK)


PINNED: dict[str, list[Step]] = {
    "request start": [("trap_stale", 0, 0)],
    "last writer wins": [("trap_lww", 0, 0)],
    "an end is for good": [("gather", 0, 2), ("delay", 0), ("join", 0, 3, 0), ("end", 0)],
    "absence from a whole listing only": [("trap_paging", 0, 1)],
    "pages are read twice": [("trap_paging", 0, 2)],
    "each event once": [("create", 0, 0, 1), ("again", 0)],
    "floor": [("trap_short_life", 0, 0, 0)],
    "one reading of a scope at a time": [("trap_overlap", 0, 0, 1)],
    "seen only after asking": [("trap_confirm", 0, 0, 0)],
    "a command runs out of time": [
        ("gather", 0, 1),
        ("press", 0, 0),
        ("wait", 3),
        ("wait", 3),
        ("wait", 3),
        ("wait", 3),
    ],
    "scope floor": [("trap_short_life", 0, 0, 0)],
}
"""A shift for each rule that breaks a promise without it."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.rule)
def test_each_rule_is_needed(mutant: Mutant) -> None:
    script = PINNED[mutant.rule]
    run(script)
    with mutant.applied(), pytest.raises(AssertionError, match=r"^N[1-8]: "):
        run(script)


def test_a_stale_reading_proves_nothing_of_a_command_that_was_never_answered() -> None:
    """Another client mutes and unmutes just before our own mute request is lost."""
    script: list[Step] = [
        ("gather", 0, 2),
        ("list", 3, 0),
        ("set", 0, 0),
        ("begin", 3),
        ("serve", 0),
        ("set", 1, 0),
        ("press", 0, 0),
        ("come", 0, 2),
        ("wait", 2),
        ("answer", 0, 3),
    ]
    (receipt,) = run(script).state.receipts.values()
    assert receipt.stage is Stage.UNKNOWN


def test_the_shifts_hold_what_they_claim_to_hold() -> None:
    """Without conferences, people, calls and several pages the promises would test little."""
    script: list[Step] = [("gather", 0, 5), ("create", 1, 5, 1), ("enqueue", 6, 0), ("list", 3, 0)]
    shift = run(script)
    true = shift.true()
    assert (len(CONFERENCES), LEGS, len(true["people"]), len(true["calls"])) == (5, 7, 6, 1)
    assert len(true["people"]) > 2 * PAGE
