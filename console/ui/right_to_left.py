"""Marks after right-to-left words, so that a terminal that reorders text keeps the columns.

Such a terminal (UAX #9, the Unicode bidirectional algorithm) treats two right-to-left words and the
blanks between them as one phrase, so that two columns change places. A left-to-right mark (U+200E)
after each such word ends the phrase. The terminal still reorders the letters of a word, and nothing
else. The mark is invisible and takes no cell.
"""

from __future__ import annotations

import re

LEFT_TO_RIGHT = "\u200e"
_RIGHT_TO_LEFT = (
    "\u0590-\u08ff"  # Hebrew, Arabic, Syriac, Thaana, N'Ko and their supplements
    "\ufb1d-\ufdff\ufe70-\ufefc"  # presentation forms
    "\U00010800-\U00010fff"  # historic scripts, Hanifi Rohingya, Yezidi
    "\U0001e800-\U0001efff"  # Mende Kikakui, Adlam, Arabic mathematical letters
)
_WORD = re.compile(f"[{_RIGHT_TO_LEFT}]+")


def keep_columns(text: str) -> str:
    """Return the text with a left-to-right mark after each right-to-left word."""
    return text if text.isascii() else _WORD.sub(_marked, text)


def _marked(word: re.Match[str]) -> str:
    return word[0] + LEFT_TO_RIGHT
