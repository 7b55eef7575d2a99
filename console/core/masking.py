"""Mask long numbers, keys and credentials in text before it is written to disk.

Commands, notes, the audit, the log file, exports and crash reports all pass through ``mask``.
Signed webhook bodies do not: their signature covers every byte.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote

HIDDEN: Final = "[hidden]"
FEWEST_DIGITS: Final = 7
"""Fewest digits of a run that is masked: a phone, card or account number, or a code."""
TAIL: Final = 4
"""Last digits of a number that stay readable."""

_CREDENTIAL = re.compile(r"\bKEY[0-9A-Za-z_-]{6,}|(?i:\b(?:bearer|basic)\s+(?=\S*[0-9=])\S{6,})")
_BASE64 = (
    re.compile(r"(?<![0-9A-Za-z+/])[0-9A-Za-z+/]{10,}={0,2}"),
    re.compile(r"(?<![0-9A-Za-z+_-])[0-9A-Za-z+_-]{10,}={0,2}"),
)
"""Runs of Base64, with and without the slash: it is a Base64 letter, and separates URL segments."""
_UUID = (
    r"(?<![0-9A-Za-z])(?=[0-9-]*[A-Fa-f])"
    r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Za-z])"
)
_THIS_HOST = r"(?<![0-9.])(?:127\.0\.0\.1|0\.0\.0\.0)(?::[0-9]{1,5})?(?![0-9.])"
_ESCAPE = (
    r"\\+u[dD][89abAB][0-9a-fA-F]{2}\\+u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\+u[0-9a-fA-F]{4}|\\+U[0-9a-fA-F]{8}|\\+x[0-9a-fA-F]{2}"
)
_SPELLINGS = (
    rf"(?P<whole>{_UUID}|{_THIS_HOST})|(?P<escape>{_ESCAPE})|(?P<percent>(?:%[0-9a-fA-F]{{2}})+)"
    r"|(?P<gap>\\[a-zA-Z]|&[a-zA-Z]{2,8};)"
)
"""Spellings of one character: ``\\u00a0`` and ``\\x20`` as JSON and ``repr`` write them, ``%20`` of
a URL, an entity of SSML. Also a UUID and this host's address, which are not masked as numbers.
"""
_UNTAGGED = re.compile(_SPELLINGS)
_TAGGED = re.compile(rf"{_SPELLINGS}|(?P<tag><[^<>]*>)")
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that are drawn as nothing."""
_LAST: Final = 0x10FFFF
"""Unicode's last code point."""


class _Unit(NamedTuple):
    """One character as it is read, and the part of the text that spells it."""

    character: str
    start: int
    end: int


def mask(text: str) -> str:
    """Return ``text`` with keys and credentials hidden and numbers cut to ``..`` and four digits.

    A number is a run of seven or more digits of any script. Any characters but letters and digits
    may stand between its digits: spaces, dots, dashes, brackets, invisible characters, their
    escapes and entities, tags. Base64 that decodes to such a text is hidden whole.
    """
    text = _CREDENTIAL.sub(HIDDEN, text)
    for word in _BASE64:
        text = word.sub(_unless_it_decodes, text)
    for pattern in (_UNTAGGED, _TAGGED):  # a tag may hold a number, and may stand within one
        if sum(map(str.isnumeric, text)) >= FEWEST_DIGITS:
            text = _masked(text, pattern)
    return text


def _unless_it_decodes(found: re.Match[str]) -> str:
    """Return a Base64 match as it is, or hidden if it decodes to a text that must be masked."""
    word = found[0].rstrip("=")
    padded = word + "=" * (-len(word) % 4)
    try:
        text = base64.b64decode(padded.translate(str.maketrans("-_", "+/"))).decode()
    except ValueError:
        return found[0]
    return found[0] if mask(text) == text else HIDDEN


def _masked(text: str, pattern: re.Pattern[str]) -> str:
    """Replace the numbers that ``pattern`` can spell by ``..`` and their last digits."""
    pieces: list[str] = []
    done = 0
    for run in _runs(_units(text, pattern)):
        start = run[0].start
        while start > done and text[start - 1] in "+(":
            start -= 1
        tail = "".join(_plain(unit.character) for unit in run[-TAIL:])
        pieces += [text[done:start], "..", tail]
        done = run[-1].end
    return "".join([*pieces, text[done:]])


def _runs(units: Iterator[_Unit]) -> Iterator[list[_Unit]]:
    """Yield the digits of each number, without the characters between them."""
    digits: list[_Unit] = []
    for unit in units:
        if unit.character.isnumeric():
            digits.append(unit)
        elif unit.character.isalnum() and unit.character not in _BLANK:
            if len(digits) >= FEWEST_DIGITS:
                yield digits
            digits = []
    if len(digits) >= FEWEST_DIGITS:
        yield digits


def _units(text: str, pattern: re.Pattern[str]) -> Iterator[_Unit]:
    done = 0
    for found in pattern.finditer(text):
        start, end = found.span()
        yield from (_Unit(text[place], place, place + 1) for place in range(done, start))
        yield from (_Unit(character, start, end) for character in _spelled(found))
        done = end
    yield from (_Unit(text[place], place, place + 1) for place in range(done, len(text)))


def _spelled(found: re.Match[str]) -> str:
    """Return the characters that an escape, a percent-encoding, an entity or a tag stands for."""
    match found.lastgroup:
        case "whole":
            return "x"
        case "escape":
            return _unescaped(found[0])
        case "percent":
            return unquote(found[0])
        case _:
            return " "


def _unescaped(text: str) -> str:
    codes = [int(code, 16) for code in re.findall(r"\\[uUx]([0-9a-fA-F]+)", text)]
    if len(codes) > 1:
        high, low = codes
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return chr(codes[0]) if codes[0] <= _LAST else " "


def _plain(digit: str) -> str:
    """Return a decimal digit of any script in ASCII; another numeric character as it is."""
    value = unicodedata.decimal(digit, None)
    return digit if value is None else str(value)
