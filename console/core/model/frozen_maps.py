"""Read-only mappings, which a published state is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import compress, islice
from operator import is_, is_not
from types import MappingProxyType
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
BUCKETS = 256


def copied(entries: Mapping[K, V]) -> dict[K, V]:
    """Return a writable copy. A mapping proxy copies itself far faster than ``dict`` reads it."""
    return entries.copy() if isinstance(entries, MappingProxyType) else dict(entries)


def sealed(entries: Mapping[K, V] | None = None) -> Mapping[K, V]:
    """Return a read-only copy, so that a published state cannot be written by mistake."""
    return MappingProxyType(copied(entries or {}))


def changes(before: Mapping[str, V], after: Mapping[str, V]) -> list[str]:
    """Return the keys whose value was added, removed or replaced. Values compare by identity.

    A map that was copied and then written keeps the order of its keys. Then no key is looked up.
    """
    size = len(before)
    if size <= len(after) and all(map(is_, before, after)):
        found = list(compress(after, map(is_not, before.values(), after.values())))
        return found + list(islice(after, size, None))
    found = list(compress(after, map(is_not, map(before.get, after), after.values())))
    if size + sum(key not in before for key in found) > len(after):
        found += sorted(before.keys() - after.keys())
    return found


@dataclass(frozen=True, slots=True)
class BucketMap(Generic[V]):
    """A read-only map of which a changed copy is cheap: only changed buckets are copied."""

    buckets: tuple[Mapping[str, V], ...] = (MappingProxyType({}),) * BUCKETS

    def get(self, key: str) -> V | None:
        """Return the value at ``key``, or None."""
        return self.buckets[hash(key) % BUCKETS].get(key)

    def changed(self, entries: Mapping[str, V | None]) -> BucketMap[V]:
        """Return a copy with these entries. None removes a key."""
        buckets = list(self.buckets)
        fresh: dict[int, dict[str, V]] = {}
        for key, value in entries.items():
            at = hash(key) % BUCKETS
            if at not in fresh:
                buckets[at] = fresh[at] = copied(buckets[at])
            if value is None:
                fresh[at].pop(key, None)
            else:
                fresh[at][key] = value
        return BucketMap(tuple(buckets))
