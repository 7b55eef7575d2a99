"""The program as a user starts it: in a real terminal, at three sizes, with hostile names."""

from __future__ import annotations

import base64
import json
import os
import signal
import sys
from pathlib import Path

import httpx
import pytest
from journeys.account import CONSOLE, account

from support.house import NOBODY, Simulator, simulator
from support.sequences import modes_left_set, strangers
from support.signing import event, headers
from support.terminal import Terminal

SIZES = [(80, 24), (120, 36), (200, 50)]


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x36", "200x50"])
def test_the_demo_shows_a_join_and_a_leave_and_clips_nothing(size: tuple[int, int]) -> None:
    with Terminal([*CONSOLE, "demo", "--seed", "7", "--speed", "15"], size=size) as terminal:
        terminal.wait_for("DEMO", timeout=20)
        terminal.wait_for("participant.joined", timeout=40)
        terminal.wait_for("participant.left", timeout=40)
        columns, rows = size
        lines = terminal.text()
        assert len(lines) == rows
        header, hints = lines[0], lines[-1]
        assert header.rstrip().count(":") >= 2, "the clock is whole"
        assert "…" not in header + hints
        assert hints.lstrip().startswith("m/M mute")
        assert "? keys" in hints
        for title in ("3 Conferences", "4 People", "5 Log"):
            assert any(title in line for line in lines)
        if columns >= 100:
            frames = [line for line in lines[1:-2] if line.strip()]
            assert all(line.rstrip()[-1] in "│╮╯" for line in frames), "every frame is closed"
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert strangers(terminal.raw) == []
        assert modes_left_set(terminal.raw) == set()
        assert terminal.modes_restored()


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1]
)
def test_a_signal_leaves_the_terminal_as_it_was_found(number: signal.Signals) -> None:
    with Terminal([*CONSOLE, "demo", "empty"], size=(80, 24)) as terminal:
        terminal.wait_for("No conference is live.", timeout=20)
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert modes_left_set(terminal.raw) == set()
        assert terminal.modes_restored()


HOSTILE = {
    "osc52": "\x1b]52;c;ZXZpbA==\x07",
    "title": "\x1b]0;owned\x07",
    "csi": "\x1b[2J\x1b[31mred",
    "c1": "\x9b2J\x9d0;x\x9c",
    "controls": "a\x00b\x05c\x7fd\ne\rf\tg\x08",
    "bidi": "\u202eevil\u2066x\u2069",
    "unseen": "z\u200bw\u200d\ufeff\u00ad\u2028l\u3164",
    "markup": "[/]",
    "click": "[@click=app.exit()]press me[/]",
    "style": "[bold red on white]x[/] [$primary]",
    "marks": "e" + "\u0301" * 40 + "\U000e0041\U000e0042\ufe0f",
    "right to left": "דוד כהן",
    "wide": "会議室 🎧 👩‍👩‍👧",
}


def populate(sim: Simulator, url: str) -> None:
    """Fill the simulator with hostile names."""
    for number, text in enumerate(HOSTILE.values()):
        state = base64.b64encode(json.dumps({"agent": text}).encode()).decode()
        leg = sim.caller(text, to=text, name=text, client_state=state)
        sim.conference(f"{text} {number}", leg)
        queued = sim.caller(f"{text}!", client_state=state)
        sim.api("POST", f"/calls/{queued}/actions/enqueue", queue_name=f"{text} q{number}")
    with httpx.Client(verify=NOBODY) as client:
        for number, text in enumerate(HOSTILE.values()):
            for kind in ("conference.participant.joined", "call.dequeued", text, "call.enqueued"):
                body = event(
                    kind,
                    f"{number}{kind}{text}",
                    call_control_id=text,
                    conference_id=text,
                    queue=text,
                    reason=text,
                    client_state=text,
                )
                assert client.post(url, content=body, headers=headers(body)).status_code == 200


def test_hostile_names_reach_the_terminal_as_inert_text() -> None:
    with account() as (terminal, sim, url):
        populate(sim, url)
        terminal.wait_for("会議室", timeout=20)
        for keys in ("1", "j" * 12, "2", "5", "3", "k" * 12):
            terminal.send(keys)
        for pane in ("3", "4"):
            terminal.send(pane)
            for dialog in ("p", "s", "e"):
                terminal.send(dialog)
                terminal.wait_for("esc cancel")
                terminal.send("\x1b")
                terminal.wait_for(lambda seen: "esc cancel" not in "\n".join(seen.text()))
        terminal.send("q")
        terminal.send("q")
        terminal.close()
        assert strangers(terminal.raw) == []
        assert b"evil" in terminal.raw, "it was shown, only inert"
        assert "דוד\u200e כהן\u200e".encode() in terminal.raw, "no column can change its place"
        assert modes_left_set(terminal.raw) == set()


def test_a_verb_typed_right_after_a_panes_number_acts_in_that_pane() -> None:
    with account() as (terminal, sim, _):
        sim.conference("board-q3", sim.caller("+15125550101"))
        terminal.wait_for("+1 512 555 0101")
        terminal.wait_for("open")
        terminal.send("1")
        terminal.send("4m")
        terminal.wait_for("✓ muted +1 512 555 0101")


def test_a_verb_typed_right_after_a_move_acts_on_the_row_moved_to() -> None:
    with account() as (terminal, sim, _):
        for number in range(3):
            sim.conference(f"room-{number}", sim.caller(f"+1512555010{number}"))
            terminal.wait_for(f"room-{number}")
        terminal.send("g")
        terminal.send("jjp")
        terminal.wait_for("play to everyone in room-2")


def test_what_is_typed_ahead_of_a_dialog_is_no_command() -> None:
    with account() as (terminal, sim, _):
        sim.conference("board-q3", sim.caller("+15125550101"))
        terminal.wait_for(lambda t: any("+1 512 555 0101" in x and "open" in x for x in t.text()))
        terminal.send("4")
        terminal.send("phmh")
        terminal.wait_for("play to +1 512 555 0101")
        terminal.wait_for("esc cancel")
        terminal.send("\x1b")
        terminal.wait_for(lambda t: "esc cancel" not in "\n".join(t.text()))
        terminal.send("qq")
        assert terminal.wait_exit() == 0
        acted = [one["path"] for one in sim.requests() if one["path"].endswith(("hold", "mute"))]
        assert acted == []


def test_a_crash_shows_no_secret_and_leaves_the_terminal_as_it_was() -> None:
    with simulator("", "--scenario", "empty") as sim:
        env = {
            "TELNYX_API_KEY": sim.api_key,
            "TELNYX_PUBLIC_KEY": sim.public_key,
            "TELNYX_BASE_URL": sim.base_url,
        }
        broken = (
            "import sys; from console.ui.screens import workspace;"
            "workspace.Workspace.action_undo = lambda self: 1 / 0;"
            "from console.cli import main; sys.exit(main(['--listen', '127.0.0.1:0']))"
        )
        with Terminal([sys.executable, "-c", broken], size=(120, 36), env=env) as terminal:
            terminal.wait_for("No conference is live.", timeout=20)
            terminal.send("z")
            assert terminal.wait_exit() == 70
            assert sim.api_key.encode() not in terminal.raw
            assert b"ended by an error of its own" in terminal.raw
            assert modes_left_set(terminal.raw) == set()
            assert terminal.modes_restored()
    reports = [path for path in Path(os.environ["XDG_STATE_HOME"]).rglob("*") if path.is_file()]
    assert reports
    for path in reports:
        assert path.stat().st_mode & 0o077 == 0
        assert sim.api_key.encode() not in path.read_bytes()
