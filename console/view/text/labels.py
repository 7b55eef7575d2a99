"""Labels for the screen: cleaned text, durations and names.

All text from outside passes through ``clean``. Its result cannot move the cursor, hide or reverse
characters, or break a line. It is rendered literally all the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from console.core.model.caller_numbers import is_withheld
from console.core.model.identity import is_mine, name_of
from console.core.model.name_index import NameKind
from console.core.model.state import State
from console.view.text.cell_width import beginning, cells
from console.view.text.phone_numbers import grouped

LONGEST = 120
"""Most characters of a text from outside that are shown."""
MARKS = 2
"""Most combining marks kept on one base character."""
HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
BLANK = frozenset({0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0})
"""Letters and symbols that are drawn as blank."""
JOINED = ((0x1161, 0x11FF), (0xD7B0, 0xD7FB))
"""Hangul vowels and final consonants: letters that combine with the letter before."""
UNSEEN = frozenset(
    {0x034F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)}
    | set(range(0xE0100, 0xE01F0))
)
"""Marks that draw nothing: joiners and variation selectors."""
_PLAIN = re.compile(r"[ -~]*\Z")
WITHHELD = "withheld"
"""Shown for the number of a caller who withholds it."""


@lru_cache(maxsize=8192)
def clean(text: str, limit: int = LONGEST) -> str:
    """Return ``text`` as one inert line. Characters that cannot be shown become code points.

    The result has at most ``limit`` terminal cells and at most ``limit`` characters.
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
    return whole if complete else beginning(whole[: limit - 1], limit - 1) + "…"


def _rides(character: str, category: str) -> bool:
    """Return True if a character is drawn on the character before it."""
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


def duration(seconds: float) -> str:
    """Return a duration: ``3:41`` under an hour, then ``1h12``; never negative."""
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    return f"{whole // 3600}h{whole % 3600 // 60:02}"


def age(seconds: float) -> str:
    """Return an age in at most four characters: ``5s``, ``12m``, ``3h``, ``9d``."""
    whole = max(0, int(seconds))
    if whole < 100:
        return f"{whole}s"
    if whole < 6000:
        return f"{whole // 60}m"
    return f"{whole // 3600}h" if whole < 360_000 else f"{min(whole // 86400, 999)}d"


def lag(seconds: float) -> str:
    """Return a short time: ``80 ms``, ``1.2 s``, from 100 seconds on as an age."""
    if seconds >= 100:
        return age(seconds)
    return f"{seconds * 1000:.0f} ms" if abs(seconds) < 0.1 else f"{seconds:.1f} s"


@lru_cache(maxsize=8192)
def caller_number(text: str) -> str:
    """Return a caller number in groups, ``withheld`` for a placeholder, anything else cleaned."""
    if is_withheld(text):
        return WITHHELD
    return grouped(text) or clean(text)


def id_tail(id_: str) -> str:
    """Return the end of an id, which distinguishes namesakes: ``..a1b2``."""
    return f"..{clean(id_[-4:])}"


def leg_name(state: State, leg: str) -> str:
    """Return the best known name of a leg. ``~`` marks an inferred name, ``you`` the own leg."""
    name, mine = name_of(state, leg), is_mine(state, leg)
    tail = id_tail(leg)
    match name.kind:
        case NameKind.TAIL:
            return f"you {tail}" if mine else f"?leg {tail}"
        case NameKind.NUMBER:
            text = caller_number(name.text)
            text = f"{WITHHELD} {tail}" if text == WITHHELD else text
            if mine:
                return f"you {text}"
        case _:
            text = clean(name.text)
    if not name.sure:
        text = f"{text} ~" if name.kind is NameKind.ALIAS else f"?leg {tail} ~{text}"
    return f"{text} (you)" if mine else text


def conference_name(state: State, conference: str) -> str:
    """Return a conference's name, or ``?`` and the beginning of its id if it is not known."""
    known = state.conferences.get(conference)
    name = known.listed.name if known is not None and known.listed else state.names.get(conference)
    return f"?{clean(conference[:8])}" if name is None else clean(name) or "?"


def people_count(count: int) -> str:
    """Return a count of people: ``1 person``, ``4 people``."""
    return "1 person" if count == 1 else f"{count} people"


def place_name(state: State, conference: str | None, queue: str | None) -> str:
    """Return the name of the conference, else of the queue, else nothing."""
    if conference is not None:
        known = conference in state.conferences or conference in state.names
        return conference_name(state, conference) if known else clean(conference)
    return clean(queue) if queue is not None else ""
