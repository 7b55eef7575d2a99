"""The audit of a real session names the targets, and no file has the spoken text."""

from __future__ import annotations

import base64
from pathlib import Path

from textual import events

from console.core.model.policy import Policy
from console.journal.shell_commands import Where, show
from console.journal.sqlite import SqliteLog
from console.sources.clock import now
from console.view.text.labels import clean
from support.house import house

HASTY = Policy(sigma=0.3, proof=3.0, burst=(0.1, 0.4, 0.8, 1.5))
NAMED = base64.b64encode(b'{"name": "Dana Kowalski"}').decode()
SPOKEN = "card 4111 1111 1111"


def shown(folder: Path) -> list[list[str]]:
    """Return the output of ``telnyx-console audit show``, part by part."""
    lines: list[str] = []
    assert show(Where(folder, "demo", now().wall), lines.append, clean, as_written=False) == 0
    return [line.split("  ") for line in lines]


def written(folder: Path) -> bytes:
    """Return the bytes of the journal's files."""
    return b"".join(file.read_bytes() for file in folder.glob("demo.db*"))


async def test_the_audit_names_who_was_meant_also_of_an_undo(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    log = SqliteLog(path, wall=lambda: now().wall, notify=lambda _: None)
    async with house("--scenario", "empty", policy=HASTY, log=log) as at:
        leg = at.sim.caller("+15125550142", client_state=NAMED)
        conference = at.sim.conference("refund", leg)
        await at.until(lambda: leg in at.state.people.get(conference, {}))
        await at.until(lambda: at.state.people[conference][leg].listed)
        await at.see("Dana Kowalski")
        await at.press("4", "m")
        await at.receipt("mute", "seen")
        await at.press("z")
        await at.receipt("unmute", "seen")
        await at.press("s")
        await at.until(lambda: at.app.screen.query("#dialog"))
        await at.until(lambda: not at.app.screen.query("#dialog").first().disabled)
        at.app.post_message(events.Paste(SPOKEN))
        await at.pilot.pause()
        await at.press("ctrl+g")
        await at.receipt("speak", "seen")
        assert at.state.answers["speak", conference].values["payload"] == SPOKEN
    muted, unmuted, spoken = shown(tmp_path)
    assert muted[3:] == ["mute Dana Kowalski in refund", "seen"]
    assert unmuted[3:] == ["unmute Dana Kowalski in refund", "seen", f"undo of {muted[1]}"]
    assert spoken[3:] == ["speak to Dana Kowalski in refund (text: card ..1111)", "seen"]
    assert SPOKEN.encode() not in written(tmp_path)
