"""Numbers typed into a dialog are in no file of the state folder, in any spelling."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from journal.confiding import Confiding, confided

from console.commands import COMMANDS
from console.journal.confidential import Confidentiality
from console.journal.log import JournalTable
from console.journal.recorder import Delivery
from console.journal.schema import rows
from console.journal.sealing import Seal
from console.journal.shell_commands import Where, export
from console.runtime import crash_report
from console.runtime.logfile import logging_to
from support.playbook import at
from support.secrecy import Secret, digits_in, secrets
from support.signing import event

ONCE = settings(max_examples=1, phases=(Phase.reuse, Phase.generate))
"""One example answers every dialog with secrets of its own, some hundred of them."""


def exported(folder: Path) -> list[str]:
    """Return the output of ``journal export`` without the rows that Telnyx signed."""
    lines: list[str] = []
    where = Where(folder, "default", at(0.0).wall)
    assert export(where, lines.append, frozenset(JournalTable) - {JournalTable.EVENTS}) == 0
    return lines


def traces(folder: Path) -> Iterator[tuple[str, str]]:
    """Return all bytes in the folder, except the bodies that Telnyx signed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes().decode(errors="replace")
    for row in rows(folder / "default.db", 0, 9999):
        if row.record.table is not JournalTable.EVENTS:
            yield f"{row.record.table} {row.record.id}", row.record.body.decode()


def found(trial: Confiding, places: list[tuple[str, str]]) -> list[str]:
    """The place of a secret, and its typed form."""
    rowed = [(name, digits_in(text), text) for name, text in places]
    return [
        f"{name}: {typed!r}"
        for digits, typed in trial.said
        for name, row, text in rowed
        if digits in row or (_is_base64(typed) and typed in text)
    ]


def _is_base64(text: str) -> bool:
    return re.fullmatch(r"[0-9A-Za-z+/]{16,}={0,2}", text) is not None and not text.isdigit()


@ONCE
@given(st.data())
def test_a_secret_of_any_spelling_in_any_dialog_is_in_no_file(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "telnyx-console"
        folder.mkdir(mode=0o700)
        sealed = Confidentiality(Seal("KEY0123456789"))
        with logging_to(folder / "console.log", crash_report.redact):
            trial = asyncio.run(confided(folder, lambda: data.draw(secrets()), sealed))
        words = json.dumps([text for _, text in trial.said])
        assert crash_report.write(folder / "crash.txt", RuntimeError(f"cannot read {words}"))
        (folder / "export.jsonl").write_text("\n".join(exported(folder)))
        assert set(trial.sent) == set(COMMANDS)
        assert len({typed for _, typed in trial.said}) > 60
        assert found(trial, list(traces(folder))) == []


def test_a_signed_body_is_kept_byte_for_byte_with_what_telnyx_sent_back(tmp_path: Path) -> None:
    """``client_state`` comes back in every webhook of a call, as it was given."""
    state = base64.b64encode(b"card 4111 1111 1111 1111").decode()
    body = event("call.enqueued", id_="e1", client_state=state)

    async def receive() -> None:
        trial = Confiding(tmp_path, lambda: Secret("", ""), Confidentiality())
        assert await trial.keeper.accept(Delivery(at(0.0), body, "stamp", "signature", "key"))
        await trial.log.close()

    asyncio.run(receive())
    (row,) = rows(tmp_path / "default.db", 0, 9)
    assert row.record.body == body
    lines: list[str] = []
    where = Where(tmp_path, "default", at(0.0).wall)
    export(where, lines.append, frozenset({JournalTable.EVENTS}))
    assert json.loads(lines[0])["body"].encode() == body
