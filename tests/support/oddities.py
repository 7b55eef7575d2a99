"""Odd JSON values, and the answers of Telnyx with one of them in one member."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

from console.core.messages.facts import Listed
from console.core.messages.read_scopes import Scope
from console.core.model.listed_resources import Moment
from console.telnyx.listings import ApiReply, read

ABSENT = object()
"""Stands for a missing member."""
DEEP: Any = 1
for _ in range(200):
    DEEP = {"a": [DEEP]}
ODD: tuple[Any, ...] = (
    ABSENT, None, True, False, 0, 7, -1, 46.5, inf, 10**4000, "", "odd", "7", "9" * 5_000,
    "\ud800",
    "9999-12-31T00:00:00Z", [], [None], ["v3:x", 5, {}], {}, {"id": {"id": None}}, DEEP,
)  # fmt: skip
"""Values of every JSON type and more: absent, empty, a number as text, enormous, nested."""


def spoilt(item: Mapping[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield every member with every odd value, and the item that has it."""
    for member in item:
        for odd in ODD:
            rest = {name: value for name, value in item.items() if name != member}
            yield member, odd, rest if odd is ABSENT else {**rest, member: odd}


def read_now(scope: Scope, *pages: object, at: Moment | None = None) -> Listed:
    """Read a scope at once; ``pages`` are the JSON answers, the last for all that follow."""
    now = at or Moment(1.0, 1.0)

    async def get(_: tuple[str, ...], query: Mapping[str, str]) -> ApiReply:
        number = min(int(query.get("page[number]", "1")), len(pages))
        said = pages[number - 1]
        return ApiReply(200, {}, json.dumps(said).encode(), now, now, now.wall, None)

    try:
        read(scope, get, None).__await__().send(None)
    except StopIteration as done:
        found: Listed = done.value
        return found
    raise AssertionError("it waits for something")
