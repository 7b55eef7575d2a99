"""The index of a partitioned map always agrees with its parts."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from console.core.model.draft import PartitionedMap
from support.promises import scanned

PARTS, KEYS = ("a", "b", "c"), ("x", "y", "z")
actions = st.lists(
    st.tuples(
        st.sampled_from(("put", "put", "put", "drop", "clear", "seal")),
        st.sampled_from(PARTS),
        st.sampled_from(KEYS),
        st.integers(0, 2),
    ),
    max_size=30,
)


@settings(max_examples=100)
@given(actions)
def test_the_index_names_exactly_the_parts_that_have_the_key(
    taken: list[tuple[str, str, str, int]],
) -> None:
    base: Mapping[str, Mapping[str, int]] = {}
    parts_of: Mapping[str, tuple[str, ...]] = {}
    parted: PartitionedMap[str, int] = PartitionedMap(base, parts_of)
    for action, part, key, value in taken:
        if action == "put":
            parted.put(part, key, value)
        elif action == "drop":
            parted.drop(part, key)
        elif action == "clear":
            parted.clear(part)
        else:
            base, parts_of = parted.seal(), parted.seal_parts_of()
            assert {key: set(parts) for key, parts in parts_of.items()} == scanned(base)
            parted = PartitionedMap(base, parts_of)
        for each in KEYS:
            there = [parted.of(one)[each] for one in PARTS if each in parted.of(one)]
            assert sorted(parted.values_at(each)) == sorted(there)
            assert parted.has(each) is bool(there)
