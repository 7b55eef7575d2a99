"""The app survives a terminal that sends rubbish, stalls or hangs up, and restores it."""

from __future__ import annotations

import os
import re
import select
import signal
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

import console
from console.runtime import crash_report
from console.runtime.crash_report import BROKEN
from console.ui.textual_patches.safe_app import SafeApp
from console.ui.textual_patches.terminal_driver import HUNG_UP, SafeDriver, Writer
from support.terminal import ANSWERS, Terminal

PROGRAM = """
import pathlib, sys, threading
from textual.widgets import Static
from textual import events
from console.ui.textual_patches import safe_app

class Probe(safe_app.SafeApp):
    count = 0
    def compose(self):
        yield Static("", id="typed", markup=False)
        yield Static("", id="count", markup=False)
    def on_key(self, event: events.Key):
        secret = "KEY0123456789abcdef"
        number = "+15125550142"
        if event.key == "c":
            raise RuntimeError(f"no luck with {secret} for {number}")
        if event.key == "q":
            self.exit(0)
        if event.key == "s":
            self.set_interval(0.002, self.storm)
        if event.key == "r":
            threading.Thread(target=self.last_words).start()
        self.query_one("#typed", Static).update(f"typed {event.character}")
    def on_click(self, event: events.Click):
        self.query_one("#typed", Static).update(f"clicked {event.screen_x} {event.screen_y}")
    def on_mouse_scroll_down(self, event: events.MouseScrollDown):
        self.query_one("#typed", Static).update("rolled")
    def last_words(self):
        safe_app.restore()
        import os
        os._exit(3)
    def storm(self):
        self.count += 1
        line = f"{self.count} " * 400
        self.query_one("#count", Static).update(line[:1500])
        if self.count == 600:
            pathlib.Path(sys.argv[2]).write_text("there")
    def on_mount(self):
        self.query_one("#typed", Static).update("ready")

sys.exit(safe_app.run(Probe(), pathlib.Path(sys.argv[1])))
"""


class Probe(Terminal):
    """The program above in a pseudo-terminal."""

    def __init__(self, folder: Path, answers: Mapping[bytes, bytes] = ANSWERS) -> None:
        self.crash_file = folder / "crash"
        self.told = folder / "told"
        os.mkfifo(self.told)
        root = str(Path(console.__file__).resolve().parents[1])
        command = [sys.executable, "-c", PROGRAM, str(self.crash_file), str(self.told)]
        super().__init__(command, env={"PYTHONPATH": root}, answers=answers)

    @property
    def given_back(self) -> bool:
        """True if screen, cursor, mouse and line discipline are as before."""
        modes = {mode: self.raw.rfind(mode) for mode in (b"?1049h", b"?25l", b"?1000h", b"?2004h")}
        ends = {b"?1049h": b"?1049l", b"?25l": b"?25h", b"?1000h": b"?1000l", b"?2004h": b"?2004l"}
        off = all(self.raw.rfind(ends[mode]) >= at for mode, at in modes.items())
        return off and self.modes_restored()

    def storms(self) -> None:
        """Wait until the program has counted to 600, without reading the terminal."""
        told = os.open(self.told, os.O_RDONLY | os.O_NONBLOCK)
        try:
            while not select.select([told], [], [], 0.1)[0]:
                assert self._process.poll() is None
        finally:
            os.close(told)


def test_bytes_that_are_no_utf8_are_survived(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.wait_for("ready")
        probe.send(b"\xff\xfe\xc3(\x1b[A")
        probe.wait_for("typed None")
        probe.send(b"x")
        probe.wait_for("typed x")
        probe.send(b"q")
        assert probe.wait_exit() == 0
        assert probe.given_back


def test_a_click_and_the_wheel_are_taken_and_a_drag_is_followed_to_its_end(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.wait_for("ready")
        probe.wait_for(lambda seen: b"\x1b[?1006h\x1b[?1000h" in seen.raw)
        probe.send("\x1b[<0;5;2M")
        probe.wait_for(lambda seen: b"\x1b[?1002h" in seen.raw)
        probe.send("\x1b[<0;5;2m")
        probe.wait_for(lambda seen: b"\x1b[?1002l\x1b[?1000h" in seen.raw)
        probe.wait_for("clicked 4 1")
        probe.send("\x1b[<65;5;2M")
        probe.wait_for("rolled")
        probe.send("q")
        assert probe.wait_exit() == 0
        assert probe.given_back
        assert not {b"1003", b"1015", b"1016"} & set(re.findall(rb"\d+", probe.raw))


def test_a_terminal_that_may_send_the_old_form_is_not_asked_for_the_mouse(tmp_path: Path) -> None:
    with Probe(tmp_path, answers={}) as probe:
        probe.wait_for("ready")
        probe.send("\x1b[<65;5;2M")
        probe.send("x")
        probe.wait_for("typed x")
        assert b"?1000h" not in probe.raw
        probe.send("\x1b[>84;0;0c")
        probe.wait_for(lambda seen: b"?1000h" in seen.raw)
        probe.send("q")
        assert probe.wait_exit() == 0


def test_an_error_ends_in_one_line_and_a_private_file_without_values(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.wait_for("ready")
        probe.send("c")
        assert probe.wait_exit() == BROKEN
        assert probe.given_back
        after = probe.raw[probe.raw.rfind(b"\x1b[?1004l") :].decode()
        report = probe.crash_file.read_text()
        assert "RuntimeError" in after
        assert str(probe.crash_file) in after
        for text in (after, report):
            assert "KEY0123" not in text
            assert "512555" not in text
        assert "on_key" in report
        assert "..0142" in report
        assert stat.S_IMODE(probe.crash_file.stat().st_mode) == 0o600


def test_a_terminal_that_went_away_ends_the_app(tmp_path: Path) -> None:
    probe = Probe(tmp_path)
    probe.wait_for("ready")
    probe.hang_up()
    assert probe.end_unread() in {HUNG_UP, -signal.SIGHUP}


def test_a_terminal_that_does_not_read_freezes_nothing_and_catches_up(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.wait_for("ready")
        probe.send("s")
        probe.storms()  # nothing is read meanwhile: the app goes on all the same
        probe.wait_for(lambda terminal: int((terminal.text()[1].split() or ["0"])[0]) >= 600)
        probe.send("q")
        assert probe.wait_exit() == 0
        assert probe.given_back


def test_a_stalled_terminal_does_not_keep_the_app_from_ending(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.wait_for("ready")
        probe.send("s")
        probe.storms()
        probe.send("q")
        assert probe.end_unread() == 0
        assert probe.modes_restored()


def test_any_thread_gives_the_terminal_back(tmp_path: Path) -> None:
    with Probe(tmp_path) as probe:
        probe.wait_for("ready")
        probe.send("r")
        assert probe.wait_exit() == 3
        assert probe.given_back


def test_the_private_parts_of_textual_that_we_use_exist() -> None:
    for name in (
        "_run_input_thread",
        "run_input_thread",
        "start_application_mode",
        "process_message",
    ):
        assert callable(getattr(LinuxDriver, name)), name
    assert "_writer_thread" in LinuxDriver.__init__.__code__.co_names
    assert "_queue" in WriterThread.__init__.__code__.co_names
    for name in ("_check_bindings", "_on_message", "check_message_enabled"):
        assert callable(getattr(App, name)), name
    key = events.Key("a", "a")
    assert not key._stop_propagation  # noqa: SLF001  # one of them
    key._set_forwarded()  # noqa: SLF001  # another
    assert key.is_forwarded
    for name in ("on_event", "_display", "_handle_exception", "_print_error_renderables"):
        assert callable(getattr(App, name)), name
        assert getattr(SafeApp, name) is not getattr(App, name)
    assert "_exception" in App.__init__.__code__.co_names
    assert callable(Screen.refresh)
    assert issubclass(Writer, WriterThread)
    assert SafeApp().driver_class is SafeDriver


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("401 for KEY018F2C_abcdefgh", "401 for [hidden]"),
        ("Authorization: Bearer abc.def", "Authorization: [hidden]"),
        ("call +1 512 555 0142 failed", "call ..0142 failed"),
        ("v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ", "[hidden]"),
        ("KeyError: 'room'", "KeyError: 'room'"),
    ],
)
def test_messages_lose_their_secrets(text: str, shown: str) -> None:
    assert crash_report.redact(text) == shown


def test_a_crash_file_is_never_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    assert not crash_report.write(tmp_path / "link", ValueError("x"))
    assert not (tmp_path / "elsewhere").exists()
