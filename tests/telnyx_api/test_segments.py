from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.telnyx.client import segment


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_segment_comes_back_as_it_was(name: str) -> None:
    encoded = segment(name)
    assert unquote(encoded) == name
    assert encoded not in {".", ".."}
    assert not set(encoded) & set("/?# \\")


def test_an_empty_segment_would_address_something_else() -> None:
    with pytest.raises(ValueError, match="empty"):
        segment("")
