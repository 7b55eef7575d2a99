"""Output text in the form that the terminal shows correctly.

A terminal whose locale is not UTF-8 gets ASCII replacements.

Another terminal gets marks beside right-to-left names. A terminal that reorders text (UAX #9, the
Unicode bidirectional algorithm) treats two right-to-left words and the blanks between them as one
phrase, so that two columns change places. A left-to-right mark (U+200E) after each such word ends
the phrase. The terminal still reorders the letters of a word, and nothing else. The mark is
invisible and takes no cell.
"""

from __future__ import annotations

import locale
import re

from rich.cells import cell_len

SIGNS = dict(zip("─│╭╮╰╯▌▐●○\u2039\u203a·…", "-|++++||*o<>-~", strict=True))
"""ASCII replacements of the screen's frames and signs."""

LEFT_TO_RIGHT = "\u200e"
_RIGHT_TO_LEFT = (
    "\u0590-\u08ff"  # Hebrew, Arabic, Syriac, Thaana, N'Ko and their supplements
    "\ufb1d-\ufdff\ufe70-\ufefc"  # presentation forms
    "\U00010800-\U00010fff"  # historic scripts, Hanifi Rohingya, Yezidi
    "\U0001e800-\U0001efff"  # Mende Kikakui, Adlam, Arabic mathematical letters
)
_WORD = re.compile(f"[{_RIGHT_TO_LEFT}]+")


class _Ascii(dict[int, str]):
    """A table for ``str.translate``. Another character becomes one ``?`` per cell of its width."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = sign if sign.isascii() else "?" * max(1, cell_len(sign))
        return self[code]


_ASCII = _Ascii({ord(sign): plain for sign, plain in SIGNS.items()})


def to_ascii(text: str) -> str:
    """Return the text in ASCII, with the same width in cells."""
    return text.translate(_ASCII)


def is_utf8() -> bool:
    """True if the process's locale uses UTF-8, and so its terminal can show every character.

    The answer comes from the C library, since Python assumes UTF-8 in the C locale (PEP 540).
    """
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        return False
    return locale.nl_langinfo(locale.CODESET).lower().replace("-", "") == "utf8"


def keep_columns(text: str) -> str:
    """Return the text with a left-to-right mark after each right-to-left word."""
    return text if text.isascii() else _WORD.sub(_marked, text)


def _marked(word: re.Match[str]) -> str:
    return word[0] + LEFT_TO_RIGHT
