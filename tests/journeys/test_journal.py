"""An acknowledged webhook is on the disk; one that cannot be written gets 503 and is shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from console.journal import schema
from console.journal.schema import connect, read_only, rows
from console.journal.sqlite import SqliteLog
from console.sources.clock import now
from support.house import NOBODY, House, house
from support.signing import PUBLIC, event, headers


async def post(at: House, body: bytes) -> int:
    async with httpx.AsyncClient(verify=NOBODY) as client:
        return (await client.post(at.url, content=body, headers=headers(body))).status_code


def log_at(path: Path, connect: Callable[[Path], sqlite3.Connection] = connect) -> SqliteLog:
    return SqliteLog(path, wall=lambda: now().wall, notify=lambda _: None, connect=connect)


async def test_what_is_answered_200_lies_on_the_disk_with_its_proof(tmp_path: Path) -> None:
    path = tmp_path / "j" / "default.db"
    body = event("call.enqueued", id_="kept")
    async with house("--scenario", "empty", trust=(PUBLIC,), log=log_at(path)) as at:
        await at.see("No conference is live.")
        sent = headers(body)
        async with httpx.AsyncClient(verify=NOBODY) as client:
            assert (await client.post(at.url, content=body, headers=sent)).status_code == 200
        (found,) = [row.record for row in rows(path, 0, 99) if row.record.id == "kept"]
        assert (found.body, found.key) == (body, PUBLIC)
        assert (found.stamp, found.signature) == (sent[0][1], sent[1][1])
        assert (found.source, found.type) == ("127.0.0.1", "call.enqueued")
        happened = datetime(2026, 11, 22, 9, 10, 0, 120001, UTC)
        assert found.occurred == happened.timestamp()
        again = body.replace(b'"attempt": 1', b'"attempt": 2')
        assert again != body
        assert await post(at, again) == 200
        await at.until(lambda: at.state.health.duplicates == 1)
        assert at.state.health.collided == 0
        other = event("call.enqueued", id_="kept", queue="another")
        assert await post(at, other) == 200
        await at.see("webhook differs")
        assert at.state.health.collided == 1
        assert "another" not in at.state.queues


class Disk:
    """A disk that can be full, read-only or locked by another process."""

    def __init__(self, path: Path, harm: str) -> None:
        self.path, self.harm, self.well = path, harm, True

    def connect(self, path: Path) -> sqlite3.Connection:
        if not self.well and self.harm == "read-only":
            return read_only(path)
        found = connect(path)
        if not self.well and self.harm == "full":
            found.execute("PRAGMA max_page_count = 1")
        return found

    def tell(self, *, well: bool) -> None:
        self.well = well


@pytest.mark.parametrize("harm", ["full", "read-only", "locked"])
async def test_a_journal_that_cannot_be_written_answers_503_and_says_so_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(schema, "LOCKED", 0.01)
    path = tmp_path / "j" / "default.db"
    disk = Disk(path, harm)
    disk.tell(well=harm == "locked")
    log = log_at(path, disk.connect)
    with closing(connect_to(path)) as other:
        if harm == "locked":
            other.execute("BEGIN EXCLUSIVE")
        async with house("--scenario", "empty", trust=(PUBLIC,), log=log) as at:
            await at.see("No conference is live.")
            body = event("call.enqueued", id_="late", queue="vip")
            assert await post(at, body) == 503
            await at.see("NOT SAVED")
            assert not at.state.queues
            disk.tell(well=True)
            if harm == "locked":
                other.execute("ROLLBACK")
            assert await post(at, body) == 200
            await at.see("vip")
            await at.see("everything is kept again")
            assert "NOT SAVED" not in at.text()
    assert "late" in [row.record.id for row in rows(path, 0, 99)]


def connect_to(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700)
    made = connect(path)
    path.chmod(0o600)
    return made
