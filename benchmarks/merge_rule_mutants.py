"""Check that the merge needs each of its rules, by removing one at a time.

    python -m benchmarks.merge_rule_mutants [--examples 400] [--seed 1] [--whole 2000]

The unchanged merge runs first, through ``--whole`` random shifts of up to 60 steps; none may break
a promise (tests/support/promises.py). Then each rule is removed (tests/support/mutants.py), and the
search has ``--examples`` shifts to break a promise without it. It takes about ten minutes with the
defaults, most of them for the first part. The exit code is 1 if the whole merge broke a promise or
a mutant survived.
"""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import nullcontext

from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.targets import Targets
from support.merging import QUICK, Merging
from support.mutants import MUTANTS, Mutant

STEPS = 60


def search(mutant: Mutant | None, examples: int, start: int) -> str | None:
    """Return the first promise that broke, in words, or None if none did."""
    Merging.begun = 0
    search_settings = settings(
        QUICK,
        derandomize=False,
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    with mutant.applied() if mutant is not None else nullcontext():
        try:
            run_state_machine_as_test(seed(start)(Merging), settings=search_settings)
        except AssertionError as broken:
            return str(broken).partition("\n")[0]
    return None


def main() -> int:
    """Search with the whole merge, then with each mutant; return the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.merge_rule_mutants")
    parser.add_argument("--examples", type=int, default=400)
    parser.add_argument("--whole", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    targets = Targets()
    began = time.perf_counter()
    broken = search(None, args.whole, args.seed)
    targets.equal(
        f"promises broken in {Merging.begun} shifts with all rules", int(broken is not None), 0, ""
    )
    if broken is not None:
        print(f"        {broken}\n        {list(Merging.script)}, {Merging.terms}")
    for mutant in MUTANTS:
        found = search(mutant, args.examples, args.seed)
        targets.at_least(f"without {mutant.rule}: failures found", int(found is not None), 1, "")
        if found is not None:
            print(f"        at shift {Merging.begun}: {found}", flush=True)
    targets.show("wall time", time.perf_counter() - began, "s")
    return targets.exit_code()


if __name__ == "__main__":
    sys.exit(main())
