"""Words for people: cleaned text, durations, names. The one place where text from outside enters.

Nothing that leaves this module unchanged can move a cursor, hide or reverse a character, or break
a line. Rendering stays literal all the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from console.core.model.caller_numbers import is_withheld
from console.core.model.identity import is_mine, name_of
from console.core.model.name_index import Kind
from console.core.model.state import State
from console.view.text.phone_numbers import grouped

LONGEST = 120
"""Characters of a text from outside that are ever shown."""
MARKS = 2
"""Combining marks kept on one base character."""
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
BLANK = frozenset({0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0})
"""Letters and symbols that are drawn as nothing."""
JOINED = ((0x1161, 0x11FF), (0xD7B0, 0xD7FB))
"""Hangul vowels and finals: letters that are drawn on the one before them."""
UNSEEN = frozenset(
    {0x034F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}
    | set(range(0xE0100, 0xE01F0))
)
"""Marks that are drawn as nothing: joiners and variation selectors."""
_PLAIN = re.compile(r"[ -~]*\Z")
WITHHELD = "withheld"
"""Stands for the number of a caller who withholds it."""
UNKNOWN = "?"


@lru_cache(maxsize=8192)
def clean(text: str, limit: int = LONGEST) -> str:
    """``text`` made inert and one line long: what cannot be shown is shown as its code point.

    It takes at most ``limit`` terminal cells, and no more characters than that.
    """
    if len(text) <= limit and _PLAIN.match(text):
        return text
    shown: list[str] = []
    marks = 0
    for character in text[: limit * 2]:
        category = unicodedata.category(character)
        if _rides(character, category):
            if ord(character) in UNSEEN:
                continue
            marks += 1
            if marks > MARKS or not shown:
                continue
        else:
            marks = 0
        shown.append(_visible(character, category))
    whole = "".join(shown)
    complete = len(text) <= limit * 2 and len(whole) <= limit and cells(whole) <= limit
    return whole if complete else _cut(whole[: limit - 1], limit - 1) + "…"


def _cut(text: str, limit: int) -> str:
    """As much of the beginning as so many terminal cells hold."""
    space = limit
    for place, character in enumerate(text):
        space -= _width(character)
        if space < 0:
            return text[:place]
    return text


def _rides(character: str, category: str) -> bool:
    """Whether it is drawn on the character before it."""
    code = ord(character)
    return category in {"Mn", "Mc", "Me"} or any(first <= code <= last for first, last in JOINED)


def _visible(character: str, category: str) -> str:
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return "^" + chr(code ^ 0x40)
    if category in HIDDEN or code in BLANK:
        return f"‹{code:04X}›"
    if category == "Zs":
        return " "
    return character


@lru_cache(maxsize=8192)
def cells(text: str) -> int:
    """Return the width of a cleaned text in terminal cells."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if _rides(character, unicodedata.category(character)):
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def duration(seconds: float) -> str:
    """Under an hour ``3:41``, from then on ``1h12``; never negative."""
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    return f"{whole // 3600}h{whole % 3600 // 60:02}"


def age(seconds: float) -> str:
    """How old something is, in at most four characters."""
    whole = max(0, int(seconds))
    if whole < 100:
        return f"{whole}s"
    if whole < 6000:
        return f"{whole // 60}m"
    return f"{whole // 3600}h" if whole < 360_000 else f"{min(whole // 86400, 999)}d"


def lag(seconds: float) -> str:
    """A short time: milliseconds under a second's tenth, then seconds, then as an age."""
    if seconds >= 100:
        return age(seconds)
    return f"{seconds * 1000:.0f} ms" if abs(seconds) < 0.1 else f"{seconds:.1f} s"


@lru_cache(maxsize=8192)
def number(text: str) -> str:
    """Return a caller number in groups, ``withheld`` for a placeholder, anything else cleaned."""
    if is_withheld(text):
        return WITHHELD
    return grouped(text) or clean(text)


def who(state: State, leg: str) -> str:
    """The best name there is for a leg; ``~`` where it is inferred, and which is the operator's."""
    name, mine = name_of(state, leg), is_mine(state, leg)
    tail = f"..{clean(leg[-4:])}"
    match name.kind:
        case Kind.TAIL:
            return f"you {tail}" if mine else f"?leg {tail}"
        case Kind.NUMBER:
            text = number(name.text)
            text = f"{WITHHELD} {tail}" if text == WITHHELD else text
            if mine:
                return f"you {text}"
        case _:
            text = clean(name.text)
    if not name.sure:
        text = f"{text} ~" if name.kind is Kind.ALIAS else f"?leg {tail} ~{text}"
    return f"{text} (you)" if mine else text


def conference_name(state: State, conference: str) -> str:
    """A conference's name, or the head of its id while nothing has told its name."""
    known = state.conferences.get(conference)
    name = known.listed.name if known is not None and known.listed else state.names.get(conference)
    return f"?{clean(conference[:8])}" if name is None else clean(name) or UNKNOWN


def people(count: int) -> str:
    """``1 person``, ``4 people``."""
    return "1 person" if count == 1 else f"{count} people"


def place(state: State, conference: str | None, queue: str | None) -> str:
    """Where something is done: the conference's name, else the queue's."""
    if conference is not None:
        known = conference in state.conferences or conference in state.names
        return conference_name(state, conference) if known else clean(conference)
    return clean(queue) if queue is not None else ""
