"""Behaviour of the whole program with a terminal that is odd, broken or gone."""

from __future__ import annotations

import shlex
import signal
import sys

from console.ui.textual_patches.terminal_driver import HUNG_UP
from support.sequences import modes_left_set, strangers
from support.terminal import Terminal

DEMO = [sys.executable, "-P", "-m", "console", "demo", "empty"]
READY = "No conference is live."


def deaf_to_hangups() -> Terminal:
    """Run the demo under a wrapper that ignores SIGHUP, as nohup does."""
    return Terminal(["sh", "-c", f"trap '' HUP; exec {shlex.join(DEMO)}"])


def test_rubbish_and_two_hundred_resizes_leave_it_at_work() -> None:
    with Terminal(DEMO, size=(120, 36)) as terminal:
        terminal.wait_for(READY, timeout=20)
        for step in range(200):
            terminal.resize(60 + step % 90, 15 + step % 40)
            terminal.send(b"\xff\xc3(\xed\xa0\x80")
        terminal.resize(100, 30)
        terminal.wait_for(lambda shown: "3 Conferences" in "".join(shown.text()))
        terminal.send("?")
        terminal.wait_for("type to search")
        terminal.send("\x1b")
        terminal.wait_for(READY)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert strangers(terminal.raw) == []
        assert modes_left_set(terminal.raw) == set()
        assert terminal.modes_restored()


def test_a_hangup_ends_it_even_where_the_signal_is_ignored() -> None:
    terminal = deaf_to_hangups()
    terminal.wait_for(READY, timeout=20)
    terminal.hang_up()
    assert terminal.end_unread() == HUNG_UP


def test_a_terminal_that_is_not_read_keeps_no_signal_waiting() -> None:
    terminal = deaf_to_hangups()
    terminal.wait_for(READY, timeout=20)
    terminal.signal(signal.SIGTERM)
    assert terminal.end_unread() == 128 + signal.SIGTERM
    with terminal:
        assert terminal.modes_restored()


def test_without_a_terminal_on_every_stream_it_says_which_and_starts_nothing() -> None:
    for redirection, name in (("</dev/null", "stdin"), (">/dev/null", "stdout")):
        with Terminal(["sh", "-c", f"exec {shlex.join(DEMO)} {redirection}"]) as terminal:
            assert terminal.wait_exit() == 2
            assert f"{name} is not a terminal".encode() in terminal.raw
            assert modes_left_set(terminal.raw) == set()
