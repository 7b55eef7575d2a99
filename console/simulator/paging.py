"""Pages of a listing (Telnyx API, ``page[number]`` and ``page[size]``), and query filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from console.simulator.errors import ApiError, Problem
from console.simulator.wire import Json

DEFAULT_SIZE = 20
LARGEST_SIZE = 250
REGIONS = ("Australia", "Europe", "Middle East", "US")


@dataclass(frozen=True, slots=True)
class Page:
    """Which page is asked for; ``shift`` entries have slipped past it meanwhile (a fault)."""

    number: int = 1
    size: int = DEFAULT_SIZE
    shift: int = 0


def page_of(query: Mapping[str, str]) -> Page:
    """The page a query asks for.

    Raises:
        ApiError: 422 where number or size is no integer or beyond its limits.
    """
    number = _whole(query, "page[number]", 1, None)
    return Page(number, _whole(query, "page[size]", DEFAULT_SIZE, LARGEST_SIZE))


def listing(page: Page, total: int, entries: Callable[[int, int], Sequence[Json]]) -> Json:
    """``data`` and ``meta`` of one page; ``entries`` gives those from start to stop.

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


def flag(query: Mapping[str, str], name: str) -> bool | None:
    """A boolean filter, written true or false.

    Raises:
        ApiError: 422 for anything else.
    """
    said = query.get(name)
    if said is None:
        return None
    if said not in ("true", "false"):
        raise _wrong("10015", "Invalid value", name, "The value must be true or false.")
    return said == "true"


def choice(query: Mapping[str, str], name: str, allowed: Sequence[str]) -> str | None:
    """A filter with an enumeration.

    Raises:
        ApiError: 422 for a value outside it.
    """
    said = query.get(name)
    if said is not None and said not in allowed:
        detail = f"The value must be one of: {', '.join(allowed)}."
        raise _wrong("10032", "Invalid enumerated value", name, detail)
    return said


def _whole(query: Mapping[str, str], name: str, default: int, most: int | None) -> int:
    said = query.get(name)
    if said is None:
        return default
    if not (said.isascii() and said.lstrip("-").isdigit()):
        raise _wrong("10015", "Invalid value", name, "The value must be an integer.")
    value = int(said)
    if value < 1 or (most is not None and value > most):
        limits = "1 or more" if most is None else f"from 1 to {most}"
        raise _wrong("10033", "Value outside of range", name, f"The value must be {limits}.")
    return value


def _wrong(code: str, title: str, parameter: str, detail: str) -> ApiError:
    return ApiError(422, Problem(code, title, detail, parameter=parameter))
