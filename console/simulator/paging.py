"""Pages of a listing (Telnyx API, ``page[number]`` and ``page[size]``), and query filters."""

from __future__ import annotations

import base64
import binascii
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from console.simulator.errors import ApiError, Problem
from console.simulator.http_types import Json

DEFAULT_SIZE = 20
LARGEST_SIZE = 250
REGIONS = ("Australia", "Europe", "Middle East", "US")


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A requested page; ``shift`` is the number of entries that a fault makes it skip."""

    number: int = 1
    size: int = DEFAULT_SIZE
    shift: int = 0


def page_of(query: Mapping[str, str], *, cursors: bool = False) -> Page:
    """Return the page that a query requests.

    With ``cursors`` the listing documents page[limit], page[after] and page[before] too. INFERRED:
    a limit is a size. No answer of such a listing has a cursor, so every cursor is refused.

    Raises:
        ApiError: 422 if number or size is not an integer or is beyond its limits.
    """
    number = _whole(query, "page[number]", 1, None)
    if cursors:
        for name in ("page[after]", "page[before]"):
            if name in query:
                raise _wrong("10015", "Invalid value", name, "The cursor is not known.")
        if "page[size]" not in query:
            return Page(number, _whole(query, "page[limit]", DEFAULT_SIZE, LARGEST_SIZE))
    return Page(number, _whole(query, "page[size]", DEFAULT_SIZE, LARGEST_SIZE))


def listing(page: Page, total: int, entries: Callable[[int, int], Sequence[Json]]) -> Json:
    """Return ``data`` and ``meta`` of one page; ``entries(start, stop)`` returns the items.

    INFERRED: an empty listing has one page.
    """
    start = (page.number - 1) * page.size + (page.shift if page.number > 1 else 0)
    meta: dict[str, Json] = {
        "page_number": page.number,
        "page_size": page.size,
        "total_pages": max(1, -(-total // page.size)),
        "total_results": total,
    }
    return {"data": entries(start, start + page.size) if start < total else [], "meta": meta}


def cursor_listing(
    query: Mapping[str, str], total: int, entries: Callable[[int, int], Sequence[Json]]
) -> Json:
    """Return ``data`` and ``meta`` of a listing that is paged by cursors.

    ``page[limit]`` goes with ``page[after]`` or ``page[before]``. INFERRED: ``page[number]`` and
    ``page[size]``, which the official SDK sends, are accepted as well.
    """
    page = page_of(query)
    size = _whole(query, "page[limit]", page.size, LARGEST_SIZE)
    start = (page.number - 1) * size
    if "page[after]" in query:
        start = _offset(query, "page[after]")
    elif "page[before]" in query:
        start = max(0, _offset(query, "page[before]") - size)
    stop = start + size
    meta: dict[str, Json] = {"cursors": {}, "total_items": total}
    cursors: dict[str, Json] = {}
    if stop < total:
        cursors["after"] = meta["next"] = _cursor(stop)
    if start > 0:
        cursors["before"] = meta["previous"] = _cursor(start)
    return {"data": entries(start, stop), "meta": {**meta, "cursors": cursors}}


def time_window(
    query: Mapping[str, str], name: str, *, only_one: bool = False
) -> Callable[[float], bool]:
    """Return a check of a time against ``name[gt|gte|lt|lte|eq]``, which hold ISO 8601 times.

    Raises:
        ApiError: 422 for a value that is not a time, or (``only_one``) for a second comparison.
    """
    given = [(op, f"{name}[{op}]") for op in COMPARISONS if f"{name}[{op}]" in query]
    if only_one and len(given) > 1:
        detail = "Only one comparison is allowed."
        raise _wrong("10015", "Invalid value", given[1][1], detail)
    checks = [(COMPARISONS[op], _epoch(query, full)) for op, full in given]
    return lambda at: all(check(round(at, 6), round(limit, 6)) for check, limit in checks)


def flag(query: Mapping[str, str], name: str) -> bool | None:
    """Return a boolean filter, written true or false; None if absent.

    Raises:
        ApiError: 422 for anything else.
    """
    text = query.get(name)
    if text is None:
        return None
    if text not in ("true", "false"):
        raise _wrong("10015", "Invalid value", name, "The value must be true or false.")
    return text == "true"


def choice(query: Mapping[str, str], name: str, allowed: Sequence[str]) -> str | None:
    """Return a filter whose value is one of ``allowed``; None if absent.

    Raises:
        ApiError: 422 for any other value.
    """
    text = query.get(name)
    if text is not None and text not in allowed:
        detail = f"The value must be one of: {', '.join(allowed)}."
        raise _wrong("10032", "Invalid enumerated value", name, detail)
    return text


def _whole(query: Mapping[str, str], name: str, default: int, most: int | None) -> int:
    text = query.get(name)
    if text is None:
        return default
    if re.fullmatch(r"-?[0-9]{1,15}", text) is None:
        raise _wrong("10015", "Invalid value", name, "The value must be an integer.")
    value = int(text)
    if value < 1 or (most is not None and value > most):
        limits = "1 or more" if most is None else f"from 1 to {most}"
        raise _wrong("10033", "Value outside of range", name, f"The value must be {limits}.")
    return value


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode()


def _offset(query: Mapping[str, str], name: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(query[name]).decode().partition(":")
        if word == "offset":
            return max(0, int(number))
    except (binascii.Error, ValueError):
        pass
    raise _wrong("10015", "Invalid value", name, "The cursor is not known.")


def _epoch(query: Mapping[str, str], name: str) -> float:
    try:
        text = datetime.fromisoformat(query[name])
        return (text if text.tzinfo else text.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        detail = "The value must be an ISO 8601 time."
        raise _wrong("10015", "Invalid value", name, detail) from None


def _wrong(code: str, title: str, parameter: str, detail: str) -> ApiError:
    return ApiError(422, Problem(code, title, detail, parameter=parameter))
