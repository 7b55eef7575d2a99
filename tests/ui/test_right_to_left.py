"""Columns keep their places on a terminal that reorders right-to-left text."""

from __future__ import annotations

from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from console.ui.right_to_left import LEFT_TO_RIGHT, keep_columns
from console.view.text.cell_width import cells
from console.view.text.labels import clean

LETTERS = "אבגדהוזח ابتثج دذر 0123456789 ٠١٢ +-()., abcXYZ é"
names = st.text(LETTERS, min_size=1, max_size=12).map(lambda text: clean(text.strip() or "x"))


def shown(row: str) -> str:
    """Return the row as a terminal draws it that reorders text."""
    return str(get_display(keep_columns(row), base_dir="L")).replace(LEFT_TO_RIGHT, "")


@given(st.lists(names, min_size=2, max_size=5), st.sampled_from(["│", " ", "  "]))
def test_every_column_keeps_its_characters(cells_of_row: list[str], gap: str) -> None:
    padded = [name + " " * (14 - cells(name)) for name in cells_of_row]
    row = gap.join(padded)
    drawn = shown(row)
    assert len(drawn) == len(row)
    start = 0
    for column in padded:
        there = drawn[start : start + len(column)]
        assert sorted(there) == sorted(column), f"{row!r} is drawn {drawn!r}"
        start += len(column) + len(gap)


def test_without_marks_two_columns_change_places() -> None:
    row = "דוד   שרה"
    assert str(get_display(row, base_dir="L")) == "הרש   דוד"
    assert shown(row) == "דוד   הרש"


def test_other_text_is_left_as_it_is() -> None:
    for text in ("\x1b[1;1H plain │ 会議室 é", ""):
        assert keep_columns(text) is text or keep_columns(text) == text
