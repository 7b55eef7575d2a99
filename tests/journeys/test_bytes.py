"""Bytes that a terminal sends by itself do nothing to a call: the whole program in a pty."""

from __future__ import annotations

import time
from functools import partial

from journeys.account import account

from support.house import Simulator
from support.terminal import Terminal

ESC = "\x1b"
APART = 0.15
"""Seconds between two parts of a sequence: longer than the wait after an escape."""
ROWS = (
    (f"{ESC}[", "C"),
    (f"{ESC}[", "H"),
    (f"{ESC}[<35;50;", "13M"),
    (f"{ESC}[M",),
    (f"{ESC}[>84;0;0c",),
    (f"{ESC}[>41;390;0c",),
    (f"{ESC}]4;4;rgb:5c5c/5c5c/ffff\x07",),
    (f"{ESC}[", f"200~mute everyone: mMhHcCpP{ESC}[201~"),
    ("please end the call with 5125550142",),
)


def _passed(until: float, _: Terminal) -> bool:
    return time.monotonic() >= until


def play(terminal: Terminal, row: tuple[str, ...]) -> None:
    """Send the parts of a row, each in its own read."""
    for part in row:
        terminal.send(part)
        until = time.monotonic() + APART
        terminal.wait_for(partial(_passed, until))


def commands(sim: Simulator) -> list[str]:
    """Return the paths of all commands that the simulator received."""
    return [one["path"] for one in sim.requests()]


def test_bytes_that_nobody_typed_do_nothing_and_the_keyboard_still_acts() -> None:
    with account() as (terminal, sim, _):
        conference = sim.conference(
            "board-q3", sim.caller("+15125550101"), sim.caller("+15125550102")
        )
        terminal.wait_for("+1 512 555 0102")
        before = commands(sim)
        for pane in ("3", "4"):
            for row in ROWS:
                terminal.send(pane)
                play(terminal, row)
            terminal.wait_for("paste ignored: it goes into text fields only")
            assert not any("esc cancel" in line for line in terminal.text()), "no dialog is open"
        terminal.send("3")
        play(terminal, (f"{ESC}4", f"{ESC}m"))
        terminal.wait_for("m came together with esc and did nothing: press it again")
        assert commands(sim) == before
        terminal.send("4")
        terminal.send("m")
        terminal.wait_for("✓ muted +1 512 555 010")
        assert commands(sim)[len(before) :] == [f"/conferences/{conference}/actions/mute"]


def test_an_answer_that_never_ends_is_reported_and_escape_ends_it() -> None:
    with account() as (terminal, sim, _):
        sim.conference("board-q3", sim.caller("+15125550101"))
        terminal.wait_for("+1 512 555 0101")
        terminal.send("4")
        play(terminal, (f"{ESC}P", "mhM"))
        terminal.wait_for("the terminal sent an unfinished sequence; esc ends it")
        play(terminal, (ESC, "4", "m"))
        terminal.wait_for("✓ muted +1 512 555 0101")
