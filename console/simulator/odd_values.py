"""Odd values: a listing in which one member of one item is missing or has the wrong type.

No odd value can be taken for a valid one: a text is never replaced by another normal text, nor a
flag by another flag.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from console.simulator.http_types import Json, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.simulator.faults import Faults

ODD: tuple[Json, ...] = (
    None,
    "",
    True,
    46.5,
    [],
    [None],
    {},
    {"nested": [{"deeper": [None]}]},
    "9" * 5_000,
)
"""The enormous text is longer than any that the API documents."""


def insert_odd_value(response: Response, faults: Faults) -> Response:
    """Return the answer with one odd value, if it is a listing with items and the fault strikes."""
    listing: Json = json.loads(response.body) if response.body else None
    items = listing.get("data") if isinstance(listing, dict) else None
    if not isinstance(listing, dict) or not isinstance(items, list) or not items:
        return response
    if not faults.strikes("odd-values"):
        return response
    place = faults.pick(range(len(items)))
    changed = _with_odd_member(items[place], faults)
    body = {**listing, "data": [*items[:place], changed, *items[place + 1 :]]}
    return Response(response.status, response.headers, json.dumps(body).encode())


def _with_odd_member(item: Mapping[str, Json], faults: Faults) -> Json:
    member = faults.pick(sorted(item))
    others = {name: value for name, value in item.items() if name != member}
    sound = type(item[member])
    odd = [value for value in ODD if type(value) is not sound or value in ("", ODD[-1])]
    return faults.pick([others, *({**others, member: value} for value in odd)])
