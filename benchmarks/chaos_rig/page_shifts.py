"""Listings that shift while their pages are read."""

from __future__ import annotations

from dataclasses import dataclass

from yarl import URL

FEWEST = 2
"""Rows that a listing needs to be split into two pages."""
PASSES = 3
"""Times that a split listing is read: once it shifts, then two passes must agree."""
PAGES = ("page[number]", "page[size]")


@dataclass(slots=True)
class _Cut:
    passes: int = 0
    shifted: bool = False


class Shifts:
    """Splits some listings into two pages; at first the second begins one row too late.

    The same happens if a row of the first page goes away between the two requests. No row is false,
    but the row between the pages is on neither.
    """

    def __init__(self) -> None:
        self._cut: dict[str, _Cut] = {}

    def begin(self, url: URL, rows: int) -> bool:
        """Split the requested listing; return False if it cannot be split."""
        if url.query.get(PAGES[0]) != "1" or rows < FEWEST:
            return False
        self._cut[_which(url)] = _Cut()
        return True

    def whole(self, url: URL) -> URL:
        """Return the URL to request: the whole listing if it is split."""
        return url.update_query({PAGES[0]: "1"}) if _which(url) in self._cut else url

    def page(self, url: URL, rows: list[object]) -> tuple[dict[str, object], bool] | None:
        """Return the requested page and True if a row is missing; None if the listing is whole."""
        cut = self._cut.get(_which(url))
        if cut is None:
            return None
        seam, second = len(rows) // 2, url.query.get(PAGES[0]) != "1"
        cut.passes += not second
        if cut.passes > PASSES:
            del self._cut[_which(url)]
            return None
        shifts = second and not cut.shifted
        cut.shifted |= shifts
        shown = rows[seam + shifts :] if second else rows[:seam]
        meta = {"page_number": 1 + second, "page_size": seam, "total_pages": 2}
        return {"data": shown, "meta": {**meta, "total_results": len(rows)}}, shifts


def _which(url: URL) -> str:
    return str(url.without_query_params(*PAGES))
