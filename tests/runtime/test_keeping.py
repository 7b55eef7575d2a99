"""What is kept is believed, also where the disk did more than it said."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from runtime.process import at

from console.core import facts
from console.core.state import State
from console.core.update import update
from console.runtime.journal_sqlite import SqliteLog
from console.runtime.keeping import Delivery, Keeper
from console.telnyx.events import event, fingerprint
from support.signing import event as body


class Lying(sqlite3.Connection):
    """A disk that does its first commit of an event and says that it has not."""

    lies = True
    holds = False

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:  # type: ignore[override]
        done = super().execute(sql, values)
        if sql.startswith("INSERT INTO events"):
            self.holds = True
        if sql == "COMMIT" and self.holds and Lying.lies:
            Lying.lies = False
            raise sqlite3.OperationalError("disk I/O error")
        return done


def lying(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=Lying)


async def test_an_event_that_was_kept_though_that_failed_is_believed_when_it_comes_again(
    tmp_path: Path,
) -> None:
    told: list[facts.Fact] = []
    log = SqliteLog(
        tmp_path / "j" / "x.db", wall=lambda: at(0).wall, said=lambda _: None, connect=lying
    )
    keeper = Keeper(
        log,
        clock=lambda: at(0),
        boot="b",
        post=told.append,
        decode=event,
        fingerprint=fingerprint,
    )
    raw = body("call.enqueued", queue="vip")
    answers = [await keeper.accept(Delivery(at(n), raw, "", "", "")) for n in range(3)]
    await log.close()
    assert answers == [False, True, True]
    state, _ = update(State(), told)
    assert "vip" in state.lines
    assert (state.health.verified, state.health.duplicates) == (1, 1)
    assert state.health.webhook == at(2), "a repetition shows that webhooks come"
    assert state.health.journal == ""
