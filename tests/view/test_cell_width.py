"""View and widgets measure text in the same way, so text that fits is painted whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ui.widgets.rich_segments import crop
from console.view.screen_elements import Cell, Span
from console.view.text.labels import clean
from console.view.text.line_layout import Piece, cut, fit

JOINED = ("👩\u200d💻", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🧑🏽\u200d🚒")
FLAGS = ("🇩🇪", "🇩🇪🇫🇷", "🇩", "🏴\U000e0067\U000e0062\U000e007f")
SELECTED = ("❤\ufe0f", "❤\ufe0e", "1\ufe0f\u20e3", "☎\ufe0f", "©\ufe0f")
TONED = ("👍🏽", "🏽", "👍🏽🏽")
MARKED = ("e\u0301", "e\u0301\u0300\u0302", "\u0e19\u0e49\u0e33", "\u0915\u094d\u0937", "\u0301")
WIDE = ("漢字", "한국", "\u1112\u1161\u11ab", "\uff21", "☰", "䷀", "𝍠", "🀄")
NARROW = ("a", "é", "▲", "…", " ", "ﬁ", "½")
texts = st.lists(
    st.sampled_from((*JOINED, *FLAGS, *SELECTED, *TONED, *MARKED, *WIDE, *NARROW)), max_size=12
).map("".join)


def painted(cell: Cell, width: int) -> str:
    return "".join(span.text for span in crop(cell, width)[0])


def whole(cell: Cell) -> str:
    return "".join(span.text for span in cell)


@given(texts, st.integers(1, 40))
def test_a_cleaned_text_is_painted_whole(text: str, limit: int) -> None:
    shown = (Span(clean(text, limit)),)
    assert painted(shown, limit) == whole(shown)


@given(st.lists(texts, min_size=1, max_size=4), st.integers(2, 40))
def test_a_cut_text_is_painted_whole(several: list[str], width: int) -> None:
    shown = cut(tuple(Span(clean(text)) for text in several), width)
    assert painted(shown, width) == whole(shown)


@given(st.lists(texts, min_size=1, max_size=4), st.integers(20, 60))
def test_a_fitted_line_is_painted_whole(several: list[str], width: int) -> None:
    pieces = [
        Piece((Span(clean(text)),), place, keeps=None if place else 0)
        for place, text in enumerate(several)
    ]
    shown = fit(pieces, width)
    assert painted(shown, width) == whole(shown)


@pytest.mark.parametrize("sequence", [*FLAGS, *TONED, *MARKED, *WIDE])
def test_a_sequence_that_fits_exactly_is_not_cut(sequence: str) -> None:
    text = clean(sequence)
    width = crop((Span(text),), 1_000)[1]
    if width:
        assert clean(sequence, max(width, len(text))) == text
        assert whole(cut((Span(text),), width)) == text
