"""A text wraps at its spaces, and a phone number counts as one word."""

from __future__ import annotations

import itertools

import pytest
from rich.text import Text
from textual.app import App, ComposeResult

from console.ui.widgets.wrapped_text import WrappedText, breaks

CHIPS = "+1 512 555 0101 ..xb1z   +44 20 7946 0018 ..cQMO   Bo Reyes (agent) ..zz12"


def lines(text: str, width: int) -> list[str]:
    edges = (0, *breaks(text, width), len(text))
    return [text[a:b].rstrip() for a, b in itertools.pairwise(edges)]


@pytest.mark.parametrize("width", range(17, 80))
def test_no_number_is_ever_on_two_lines(width: int) -> None:
    shown = lines(CHIPS, width)
    assert all(len(line) <= width for line in shown)
    assert "".join("".join(shown).split()) == "".join(CHIPS.split()), "nothing is lost"
    for number in ("+1 512 555 0101", "+44 20 7946 0018"):
        assert sum(number in line for line in shown) == 1


def test_a_word_wider_than_the_line_stays_whole_and_an_unknown_width_breaks_nothing() -> None:
    assert lines("a verylongword b", 4) == ["a", "verylongword", "b"]
    assert breaks(CHIPS, 0) == ()
    assert lines("two  spaces", 5) == ["two", "spaces"]


class Stage(App[None]):
    def compose(self) -> ComposeResult:
        yield WrappedText(Text(CHIPS), id="chips")


async def test_it_is_broken_anew_with_the_width_and_with_the_text() -> None:
    app = Stage()
    async with app.run_test(size=(30, 10)) as pilot:
        chips = app.query_one(WrappedText)
        await pilot.pause()
        assert chips.size.height == 3
        await pilot.resize_terminal(60, 10)
        assert chips.size.height == 2
        chips.show(Text("+1 512 555 0101"))
        await pilot.pause()
        assert chips.size.height == 1
