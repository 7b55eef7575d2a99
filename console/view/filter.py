"""The filter language typed after ``/``, which decides which rows of a pane are shown.

Every word must match. A word about an unknown value matches neither as it stands nor negated: a
participant who was never listed is not shown as "not muted".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import gt, lt
from typing import TypeAlias

from console.core.model.caller_numbers import digits_of

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
"""Seconds of each time unit."""
UNKNOWN = "?"
LEAST_OF_ID = 6
"""Least characters that are compared with ids. A shorter text occurs in most ids."""
_PHONE = re.compile(r"[+(]*\d[\d() ./+-]*\Z", re.ASCII)
"""Part of a phone number as people write it."""
_AGE = re.compile(r"age([<>])(\d{1,6})([smh]?)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class RowValues:
    """The values of a row that a filter compares. None is an unknown value."""

    text: str
    """All text that names the row: shown names, numbers, the end of its id."""
    id: str = ""
    """The whole id. It is compared with words of at least ``LEAST_OF_ID`` characters."""
    flags: Mapping[str, bool | None] = field(default_factory=dict)
    """``muted`` and ``hold``; empty for panes whose rows have neither."""
    rec: str | None = None
    """``on``, ``paused``, ``off`` or ``?``; None for panes whose rows are not recorded."""
    age: float | None = None
    """Age in seconds."""
    queue: str | None = None
    numbers: tuple[str, ...] = ()
    """The phone numbers of the row, as Telnyx spells them."""


RowTest: TypeAlias = Callable[[RowValues], bool | None]
"""Returns True if a row matches, and None if the value is not known."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter. If ``wrong`` has an error message, every row passes."""

    text: str
    tests: tuple[RowTest, ...] = ()
    wrong: str = ""

    def matches(self, row: RowValues) -> bool:
        """Return True if every word of the filter matches this row."""
        return all(test(row) is True for test in self.tests)


def parse(text: str) -> Filter:
    """Parse a filter. Everything after ``re:`` is one regular expression, spaces included."""
    text = text.strip()
    pattern = re.search(r"(?:^|\s)(!?)re:(.*)", text)
    tests: list[RowTest] = []
    for word in _words(text if pattern is None else text[: pattern.start()]):
        test = _word(word)
        if isinstance(test, str):
            return Filter(text, wrong=test)
        tests.append(test)
    if pattern is not None:
        try:
            found = re.compile(pattern[2], re.IGNORECASE)
        except (re.error, RecursionError, OverflowError) as problem:
            return Filter(text, wrong=f"re: {problem}")
        tests.append(_turned(lambda row: found.search(row.text) is not None, pattern[1]))
    return Filter(text, tuple(tests))


def _words(text: str) -> list[str]:
    """Split at spaces, but keep the parts of one phone number together."""
    words: list[str] = []
    for word in text.split():
        if words and _PHONE.match(word) and _PHONE.match(words[-1]):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return words


def _word(word: str) -> RowTest | str:
    sign = "!" if word.startswith("!") and len(word) > 1 else ""
    word = word.removeprefix(sign).casefold()
    if word in {"muted", "hold"}:
        return _turned(_flagged(word), sign)
    if word.startswith("rec:"):
        return _turned(_recording(word.removeprefix("rec:")), sign)
    if word.startswith("q:"):
        return _turned(_queued(word.removeprefix("q:")), sign)
    if word.startswith(("age>", "age<")):
        age = _AGE.match(word)
        if age is None:
            return f"{word}: as in age>30m or age<90s"
        return _turned(_aged(age[1], int(age[2]) * UNITS[age[3]]), sign)
    return _turned(_named(word), sign)


def _named(typed: str) -> RowTest:
    """Return a test of names and ids. Digits also match phone numbers, however they are grouped."""
    whole = len(typed) >= LEAST_OF_ID
    digits = digits_of(typed) if _PHONE.match(typed) else ""

    def test(row: RowValues) -> bool:
        if digits and any(digits in digits_of(number) for number in row.numbers):
            return True
        text = _text(row)
        return all(word in text for word in typed.split()) or (whole and typed in row.id.casefold())

    return test


def _flagged(name: str) -> RowTest:
    return lambda row: row.flags[name] if name in row.flags else name in _text(row)


def _queued(name: str) -> RowTest:
    return lambda row: None if row.queue is None else name in row.queue.casefold()


def _recording(state: str) -> RowTest:
    def test(row: RowValues) -> bool | None:
        unknown = row.rec == UNKNOWN and state != UNKNOWN
        return None if row.rec is None or unknown else row.rec.startswith(state)

    return test


def _aged(sign: str, seconds: float) -> RowTest:
    compare = gt if sign == ">" else lt
    return lambda row: None if row.age is None else compare(row.age, seconds)


def _turned(test: RowTest, sign: str) -> RowTest:
    """Return the test, negated if there is a sign. An unknown result stays unknown."""

    def opposite(row: RowValues) -> bool | None:
        found = test(row)
        return None if found is None else not found

    return opposite if sign else test


def _text(row: RowValues) -> str:
    return row.text.casefold()
