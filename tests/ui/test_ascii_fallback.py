"""A terminal whose locale is not UTF-8 gets ASCII only, with every column in its place."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.ui.ascii_fallback import to_ascii
from support.terminal import Terminal


@given(st.text(st.characters(exclude_categories=["Mn", "Me", "Cf", "Cs", "Cc"]), max_size=40))
def test_plain_text_is_ascii_and_no_narrower(text: str) -> None:
    assert to_ascii(text).isascii()
    assert cell_len(to_ascii(text)) >= cell_len(text)


def test_frames_and_signs_keep_their_width() -> None:
    assert to_ascii("╭─ 1 Queues ─╮│▌● rec‖") == "+- 1 Queues -+||* rec?"


def test_in_the_c_locale_the_demo_writes_ascii() -> None:
    command = [sys.executable, "-P", "-m", "console", "demo", "empty"]
    with Terminal(command, size=(80, 24), env={"LC_ALL": "C"}) as terminal:
        terminal.wait_for("No conference is live.", timeout=20)
        terminal.close()
        assert terminal.raw.isascii()
