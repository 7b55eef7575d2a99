"""What a draft keeps beside its tables always agrees with them."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from console.core.model.draft import PartitionedMap
from support.promises import scanned

PARTS, KEYS = ("a", "b", "c"), ("x", "y", "z")
deeds = st.lists(
    st.tuples(
        st.sampled_from(("put", "put", "put", "drop", "clear", "seal")),
        st.sampled_from(PARTS),
        st.sampled_from(KEYS),
        st.integers(0, 2),
    ),
    max_size=30,
)


@settings(max_examples=100)
@given(deeds)
def test_where_a_key_is_equals_what_a_look_into_every_part_finds(
    done: list[tuple[str, str, str, int]],
) -> None:
    base: Mapping[str, Mapping[str, int]] = {}
    parts_of: Mapping[str, tuple[str, ...]] = {}
    shelves: PartitionedMap[str, int] = PartitionedMap(base, parts_of)
    for deed, part, key, value in done:
        if deed == "put":
            shelves.put(part, key, value)
        elif deed == "drop":
            shelves.drop(part, key)
        elif deed == "clear":
            shelves.clear(part)
        else:
            base, parts_of = shelves.seal(), shelves.seal_parts_of()
            assert {key: set(parts) for key, parts in parts_of.items()} == scanned(base)
            shelves = PartitionedMap(base, parts_of)
        for each in KEYS:
            there = [shelves.of(one)[each] for one in PARTS if each in shelves.of(one)]
            assert sorted(shelves.everywhere(each)) == sorted(there)
            assert shelves.has(each) is bool(there)
