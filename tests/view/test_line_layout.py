"""A narrow line leaves out the least important pieces and keeps the order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.view.screen_elements import Span
from console.view.text.cell_width import width_of
from console.view.text.line_layout import LEAST, Piece, fit

WORDS = st.text("abc 漢é", max_size=8)


@st.composite
def pieces(draw: st.DrawFn, *, least: int = 0) -> list[Piece]:
    """Generate pieces whose text tells their place."""
    drawn = draw(st.lists(st.tuples(WORDS, st.integers(least, 6)), max_size=12))
    return [Piece((Span(f"<{n}>{word}"),), shed) for n, (word, shed) in enumerate(drawn)]


@given(pieces(least=1), st.integers(0, 80))
def test_what_may_all_be_left_out_never_exceeds_the_width(line: list[Piece], width: int) -> None:
    assert width_of(fit(line, width)) <= width


@given(pieces(), st.integers(0, 80))
def test_order_is_kept_what_must_stay_stays_and_the_highest_goes_first(
    line: list[Piece], width: int
) -> None:
    shown = fit(line, width)
    kept = [piece for piece in line if piece.cell[0] in shown]
    assert shown == tuple(span for piece in kept for span in piece.cell)
    assert all(piece in kept for piece in line if not piece.drop_rank)
    gone = [piece for piece in line if piece not in kept]
    if gone:
        assert max((p.drop_rank for p in kept), default=0) <= min(p.drop_rank for p in gone)
        last = min(reversed(gone), key=lambda piece: piece.drop_rank)
        again = [piece for piece in line if piece in kept or piece is last]
        assert sum(p.width for p in again) > width, "nothing is left out without need"
    else:
        assert shown == tuple(span for piece in line for span in piece.cell)


def test_cells_are_counted_and_not_characters() -> None:
    wide = Piece((Span("漢字"),), 1)
    assert fit([wide], 3) == ()
    assert fit([wide], 4) == (Span("漢字"),)


texts = st.text("abcé漢", min_size=1, max_size=12)


@st.composite
def mixed(draw: st.DrawFn) -> list[Piece]:
    """Generate pieces, some of which may be cut; each begins with its place."""
    drawn = draw(
        st.lists(
            st.tuples(texts, st.integers(0, 4), st.none() | st.integers(0, 12)),
            max_size=8,
        )
    )
    return [
        Piece((Span(f"{n}"), Span(word)), shed, keeps)
        for n, (word, shed, keeps) in enumerate(drawn)
    ]


@given(mixed(), st.integers(0, 60))
def test_a_text_that_is_cut_ends_in_an_ellipsis_and_is_never_left_out(
    line: list[Piece], width: int
) -> None:
    shown = fit(line, width)
    told = "".join(span.text for span in shown)
    fixed = sum(piece.width for piece in line if piece.keeps is None and not piece.drop_rank)
    flexible = [piece for piece in line if piece.keeps is not None]
    if fixed + LEAST * len(flexible) <= width:
        assert width_of(shown) <= width
    for number, piece in enumerate(line):
        if piece.keeps is not None:
            assert str(number) in told
    texts_that_stay = ["".join(span.text for span in piece.cell) for piece in flexible]
    cut_short = [text for text in texts_that_stay if text not in told]
    assert told.count("…") == len(cut_short)
    if cut_short:
        assert width_of(shown) >= width - 3, "a text is cut without need"


def test_a_piece_is_left_out_before_a_text_is_cut_shorter_than_it_keeps() -> None:
    why = Piece((Span(" no reason"),), keeps=10)
    where = Piece((Span(" in board"),), 1)
    assert fit([where, why], 18) == why.cell
    assert fit([where, why], 9) == (Span(" no reas…"),)
    assert fit([where, Piece(why.cell, keeps=4)], 14) == (Span(" in board"), Span(" no…"))
