"""A line made to fit leaves out what matters least, and nothing changes places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.view.board import Span
from console.view.fitting import Piece, fit, width_of

WORDS = st.text("abc 漢é", max_size=8)


@st.composite
def pieces(draw: st.DrawFn, *, least: int = 0) -> list[Piece]:
    """Pieces whose place can be read off their text."""
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
    assert all(piece in kept for piece in line if not piece.shed)
    gone = [piece for piece in line if piece not in kept]
    if gone:
        assert max((p.shed for p in kept), default=0) <= min(p.shed for p in gone)
        last = min(reversed(gone), key=lambda piece: piece.shed)
        again = [piece for piece in line if piece in kept or piece is last]
        assert sum(p.width for p in again) > width, "nothing is left out without need"
    else:
        assert shown == tuple(span for piece in line for span in piece.cell)


def test_cells_are_counted_and_not_characters() -> None:
    wide = Piece((Span("漢字"),), 1)
    assert fit([wide], 3) == ()
    assert fit([wide], 4) == (Span("漢字"),)
