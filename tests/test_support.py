"""Tests for the end-to-end harness itself, with a small Textual program."""

import signal
import sys
from collections.abc import Iterator

import pytest

from support.sequences import modes_left_set, strangers
from support.terminal import Terminal

PROGRAM = """
from textual.app import App
from textual.content import Content
from textual.widgets import Input, Static
from console.ui.textual_patches.terminal_driver import SafeDriver

class Small(App):
    def compose(self):
        yield Static(Content("Grüße 漢字"), id="hello")
        yield Static("", id="size")
        yield Input()

    def on_resize(self, event):
        self.query_one("#size", Static).update(f"{event.size.width} by {event.size.height}")

    def on_input_submitted(self, event):
        self.exit(return_code=int(event.value)) if event.value.isdigit() else self.notify("no")

Small(driver_class=SafeDriver).run()
import sys; sys.exit(7)
"""


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal([sys.executable, "-c", PROGRAM], size=(60, 20)) as terminal:
        terminal.wait_for("60 by 20")
        yield terminal


def test_what_is_typed_is_seen_and_the_terminal_is_left_as_found(terminal: Terminal) -> None:
    assert terminal.text()[0].startswith("Grüße 漢字")
    assert not terminal.modes_restored()
    terminal.wait_for(lambda seen: modes_left_set(seen.raw) >= {25, 1049, 1000})
    terminal.send("12")
    terminal.wait_for("12")
    terminal.send("\r")
    assert terminal.wait_exit() == 7
    assert terminal.modes_restored()
    assert modes_left_set(terminal.raw) == set()
    assert strangers(terminal.raw) == []


def test_a_resize_is_followed(terminal: Terminal) -> None:
    terminal.resize(100, 30)
    terminal.wait_for("100 by 30")
    assert (len(terminal.text()), len(terminal.text()[1])) == (30, 100)


def test_frames_come_whole(terminal: Terminal) -> None:
    terminal.wait_for(lambda seen: b"\x1b[?2026h" in seen.raw)


def test_waiting_in_vain_shows_the_screen(terminal: Terminal) -> None:
    with pytest.raises(AssertionError, match="Grüße"):
        terminal.wait_for("what never comes", timeout=0.1)


def test_the_end_of_the_program_ends_the_wait() -> None:
    with Terminal([sys.executable, "-c", "print('last words')"]) as terminal:
        with pytest.raises(AssertionError, match=r"(?s)ended.*last words"):
            terminal.wait_for("never")
        assert terminal.close() == 0


def test_a_program_that_will_not_end_is_ended() -> None:
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf'); signal.pause()"
    with Terminal([sys.executable, "-c", deaf]) as terminal:
        terminal.wait_for("deaf")
        assert terminal.close(patience=0.1) == -signal.SIGKILL


@pytest.mark.parametrize(
    "raw",
    [
        b"plain \xc3\xa9 \xe6\xbc\xa2 \xf0\x9f\x8e\xa4 \xe2\x94\x82\r\n",
        b"\x1b[38;2;1;2;3m\x1b[0m\x1b[12;1H\x1b[H\x1b[3A\x1b[K\x1b[2J",
        b"\x1b[?1049h\x1b[?1000h\x1b[?2026$p\x1b[>25u\x1b[<u",
        b"\x1b]22;pointer\x07",
    ],
)
def test_what_textual_writes_is_allowed(raw: bytes) -> None:
    assert strangers(raw) == []


@pytest.mark.parametrize(
    "data",
    [
        b"\x07",
        b"\x00",
        b"\t",
        b"\x7f",
        b"\x9b",  # a lone C1 byte
        "\x9b".encode(),  # CSI as a character
        "\u202e".encode(),  # right to left
        "\u200b".encode(),  # zero width
        "\ufeff".encode(),
        "\ue000".encode(),  # private use
        "\u2028".encode(),
        "\u00a0".encode(),
        "\u3164".encode(),  # a filler
        "\ufe0f".encode(),
        b"\x1b]0;title\x07",
        b"\x1b]52;c;aGk=\x07",
        b"\x1b]8;;https://example.net\x1b\\",
        b"\x1bP+q544e\x1b\\",
        b"\x1bc",
        b"\x1b[6n",
        b"\x1b[c",
        b"\x1b[?1h",
        b"\x1b[1;5r",
        b"\x1b[?1049;1000h",
        b"\x1b[201~",
    ],
)
def test_anything_else_is_found_where_it_is(data: bytes) -> None:
    found = strangers(b"\x1b[Hbefore " + data + b" after")
    assert [(each.offset, each.data) for each in found] == [(10, data)]
