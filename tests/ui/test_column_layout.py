"""Every text stays in its column, and every column in the pane."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style

from console.ui.themes import FULL
from console.ui.widgets.column_layout import lay_out
from console.ui.widgets.rich_segments import crop, role_styles, segments
from console.ui.widgets.table_row import Row, RowPainter, changed_regions
from console.view.screen_elements import Column, Span

STYLES = role_styles(FULL, Style())
ANY_COLUMN = st.builds(
    Column,
    name=st.just("c"),
    title=st.sampled_from(["", "title"]),
    width=st.integers(0, 30),
    grow=st.integers(0, 3),
    drop_rank=st.integers(0, 3),
)


@given(st.lists(ANY_COLUMN, max_size=8), st.integers(0, 120))
def test_columns_stay_in_the_pane_and_apart(columns: list[Column], width: int) -> None:
    end = 1
    for slot in lay_out(columns, 1, width):
        assert slot.x >= end
        assert slot.end <= 1 + width
        end = slot.end


def test_the_highest_shed_goes_first() -> None:
    columns = (
        Column("a", "a", 10),
        Column("b", "b", 10, drop_rank=1),
        Column("c", "c", 10, drop_rank=2),
    )
    assert [slot.index for slot in lay_out(columns, 0, 32)] == [0, 1, 2]
    assert [slot.index for slot in lay_out(columns, 0, 31)] == [0, 1]
    assert [slot.index for slot in lay_out(columns, 0, 12)] == [0]


def test_what_is_left_over_goes_to_those_who_grow() -> None:
    columns = (Column("a", "a", 4, grow=1), Column("b", "b", 4), Column("c", "c", 4, grow=3))
    assert [slot.width for slot in lay_out(columns, 0, 24)] == [6, 4, 10]


@given(st.text(max_size=40), st.integers(0, 30), st.booleans())
def test_a_cell_takes_exactly_its_width(text: str, width: int, right: bool) -> None:
    drawn = list(segments((Span(text), Span("日本")), width, STYLES, right=right))
    assert sum(cell_len(segment.text) for segment in drawn) == width


@pytest.mark.parametrize(
    ("width", "shown"),
    [(7, "日本語a"), (6, "日本…"), (5, "日本…"), (4, "日…"), (1, "…"), (0, "")],
)
def test_wide_characters_are_never_halved(width: int, shown: str) -> None:
    spans, used = crop((Span("日本語"), Span("a")), width)
    assert "".join(span.text for span in spans) == shown
    assert used == cell_len(shown) <= width


FLOWING = (Column("time", "", 4), Column("text", "", 8, flows=True), Column("end", "", 6))


def flowing(text: str, end: str) -> Row:
    return Row(((Span("now"),), (Span(text),), (Span(end),) if end else ()))


@pytest.mark.parametrize(
    ("end", "shown"),
    [
        ("", " now  connection ref…"),
        ("try 2", " now  connect… try 2"),
    ],
)
def test_a_text_that_flows_runs_on_while_the_columns_behind_it_are_empty(
    end: str, shown: str
) -> None:
    slots = lay_out(FLOWING, 1, 22)
    drawn = RowPainter(FULL, Style()).draw(flowing("connection refused by", end), slots, 24)
    assert drawn.text.rstrip() == shown
    assert drawn.cell_length == 24


def test_where_such_a_text_comes_or_goes_or_is_cut_short_all_of_it_is_painted() -> None:
    slots = lay_out(FLOWING, 1, 22)
    long, short, cut = flowing("a" * 16, ""), flowing("b", ""), flowing("a" * 16, "try 2")
    (_, text, end) = slots
    for old, new in ((long, short), (short, long)):
        (region,) = changed_regions(old, new, slots, 3, 24)
        assert (region.x, region.right) == (text.x, end.end)
    for old, new in ((long, cut), (cut, long)):
        (first, *_) = changed_regions(old, new, slots, 3, 24)
        assert (first.x, first.right) == (text.x, end.end)
    assert list(changed_regions(long, long, slots, 3, 24)) == []
