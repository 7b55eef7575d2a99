"""Results of a run, read from the disk and the rig, compared with the targets."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.chaos_rig.api_proxy import Proxy
from benchmarks.chaos_rig.fault_plan import FAMILIES, Faults
from benchmarks.chaos_rig.intent_check import audited
from benchmarks.chaos_rig.live_world import Checks
from benchmarks.chaos_rig.processes import Engine, Program
from benchmarks.chaos_rig.webhook_sender import Sender
from benchmarks.pseudo_terminal import ROOT
from benchmarks.targets import Targets, median, p99
from console.core.model.command import ConfirmationLevel


@dataclass(slots=True)
class RunResults:
    """The results of a run."""

    seconds: float
    faults: Faults
    sender: Sender
    proxy: Proxy
    engine: Engine
    receiver: Program
    checks: Checks = field(default_factory=Checks)
    recorded: int = 0
    """Commands in the simulator's log."""
    codes: list[tuple[str, int]] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    """Disk faults without recovery."""
    journaled: set[str] = field(default_factory=set)
    stories: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    torn: list[str] = field(default_factory=list)
    verified: list[str] = field(default_factory=list)
    """Errors that the product's tools found in journal and audit."""

    @property
    def lost(self) -> set[str]:
        """Event ids that were acknowledged and that no journal holds."""
        return set(self.sender.acknowledged) - self.journaled

    @property
    def without_intent(self) -> list[str]:
        """Changing requests that needed an intent on the disk before, and had none."""
        grave = [
            one for one in self.proxy.intents.owed if (one.level or 0) >= ConfirmationLevel.CONFIRM
        ]
        return [*self.proxy.without_intent, *(one.request for one in grave)]

    @property
    def open(self) -> list[str]:
        """Commands without an end in the audit."""
        return [id_ for id_, rows in self.stories.items() if not _ended(rows)]


def _ended(rows: Sequence[dict[str, object]]) -> bool:
    return any(row["what"] in {"refused", "effect"} for row in rows)


def read(results: RunResults, state: Path, env: dict[str, str]) -> None:
    """Read the journal and the audits on the disk, and verify them with the product's tools."""
    results.torn = [path.name for path in state.glob("*broken*")]
    with closing(sqlite3.connect(state / "default.db")) as file:
        results.journaled = {id_ for (id_,) in file.execute("SELECT id FROM events")}
    results.stories = audited(state)
    for command in (("journal", "verify"), ("audit", "verify", "--seat", "2")):
        done = subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-P", "-m", "console", *command],
            env={**os.environ, "PYTHONPATH": str(ROOT), **env},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            results.verified.append(f"{' '.join(command)}: {done.stdout}{done.stderr}")


def show(results: RunResults) -> None:
    """Print the planned and effective faults of each kind."""
    for family in FAMILIES.values():
        for kind in family:
            planned, injected = results.faults.planned[kind], results.faults.injected[kind]
            print(f"        {kind:<24} planned {planned:>3}   injected {injected:>3}")


def compare_with_targets(results: RunResults, targets: Targets, share: float) -> None:
    """Compare the run with the targets; ``share`` scales those of a full run."""
    _compare_webhooks(results, targets, share)
    _compare_commands(results, targets)
    checks = results.checks
    targets.at_least("comparisons with the truth", checks.made, 100 * share, "")
    targets.show("  not counted: changed, or the engine died", checks.void, "")
    targets.equal("  failed", len(checks.failed), 0, "")
    _compare_recovery(results, targets)
    _print_failures(results)


def _compare_webhooks(results: RunResults, targets: Targets, share: float) -> None:
    sender = results.sender
    distinct, answers = len(sender.acknowledged), sender.acknowledged.total()
    targets.at_least("faults that took effect", results.faults.injected.total(), 60 * share, "")
    kills = results.faults.injected["receiver-kill"] + results.faults.injected["engine-kill"]
    targets.at_least("  of them kill -9", kills, 20 * share, "")
    targets.at_least("events sent", sender.sent, 20_000 * share, "")
    targets.show("  attempts beyond the first", sender.resent, "")
    targets.show("  acknowledged", distinct, "")
    targets.show("  journaled", len(results.journaled), "")
    targets.equal("  acknowledged and lost", len(results.lost), 0, "")
    targets.show("  duplicates acknowledged and filtered", answers - distinct, "")
    targets.show("  refused over a key or a clock, and sent again", sender.distrusted, "")
    targets.show("    acknowledged then", sender.regained, "")
    targets.equal("  corrupted and acknowledged", sender.forged, 0, "")


def _compare_commands(results: RunResults, targets: Targets) -> None:
    proxy, engine = results.proxy, results.engine
    targets.show("commands asked for", len(engine.orders), "")
    targets.show("  requests of them that reached the API", proxy.commands, "")
    targets.equal("  without an intent on the disk before", len(results.without_intent), 0, "")
    owed, unpaid = len(proxy.intents.owed), len(proxy.intents.unpaid)
    targets.show("  passed while the disk took none, low level", owed, "")
    targets.equal("    still not on the disk later", unpaid, 0, "")
    targets.equal("  in the simulator's log beyond those", results.recorded - proxy.executed, 0, "")
    targets.show("  uncertain at some time", len(engine.uncertain), "")
    targets.equal("  of them not settled", len(engine.uncertain - engine.settled), 0, "")
    targets.equal("  without an end in the audit", len(results.open), 0, "")


def _compare_recovery(results: RunResults, targets: Targets) -> None:
    seconds, recovered = results.sender.seconds, results.receiver.recovered
    targets.show("acknowledgement, median", median(seconds) * 1000, "ms")
    targets.show("  p99", p99(seconds) * 1000, "ms")
    targets.show("  worst", max(seconds) * 1000, "ms")
    targets.show("receiver ready again after, median", median(recovered) * 1000, "ms")
    targets.show("  worst", max(recovered) * 1000, "ms")
    targets.equal("disk faults without recovery", len(results.stuck), 0, "")
    targets.equal("journals set aside as torn", len(results.torn), 0, "")
    targets.equal("journal and audit verified, faults found", len(results.verified), 0, "")
    targets.equal("exit codes other than 0 after a signal to end", len(results.codes), 0, "")


def _print_failures(results: RunResults) -> None:
    """Print the failed checks, and the audit of each command without an end."""
    proxy, engine, checks = results.proxy, results.engine, results.checks
    unwritten = [f"never written: {one.request}" for one in proxy.intents.unpaid]
    for wrong in (
        *results.without_intent,
        *unwritten,
        *checks.failed,
        *results.verified,
        *results.stuck,
        *map(str, results.codes),
    ):
        print(f"        {wrong[:600]}")
    for id_ in [*results.open, *(engine.uncertain - engine.settled)][:20]:
        print(f"        {id_}: {results.stories.get(id_)}"[:600])
