"""Phone numbers as values: the ones that stand for nobody, and the digits in a text.

A carrier that must deliver a number where the caller withholds it sends a placeholder. The common
ones spell a word on the keypad (+266696687 is ANONYMOUS), or are that word in a SIP address
(RFC 3323, section 4.1.1.3: anonymous@anonymous.invalid).
"""

from __future__ import annotations

import re

_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_WORDS = (
    *("ANONYMOUS", "RESTRICTED", "BLOCKED", "UNAVAILABLE", "UNKNOWN", "PRIVATE", "WITHHELD"),
    *("NOTAVAILABLE", "NOCALLERID", "CIDBLOCKED"),
)
_SPELT = frozenset(word.translate(_KEYPAD) for word in _WORDS)
_NAMED = frozenset(word.casefold() for word in _WORDS)
_E164 = re.compile(r"\+\d{7,15}\Z", re.ASCII)
_NOT_A_DIGIT = re.compile(r"\D+", re.ASCII)
_NOT_A_LETTER = re.compile(r"[^a-z]+")


def is_withheld(number: str) -> bool:
    """Return whether a caller number says that the caller withholds it. Empty counts as withheld.

    A placeholder may carry a country code in front of it.
    """
    digits = digits_of(number)
    if digits:
        return digits in _SPELT or (digits[:1] == "1" and digits[1:] in _SPELT)
    user = number.strip().casefold().removeprefix("sip:").partition("@")[0]
    return not user or _NOT_A_LETTER.sub("", user) in _NAMED


def is_own_number(number: str) -> bool:
    """Return whether a number belongs to one subscriber: E.164, and no placeholder."""
    return _E164.match(number) is not None and not is_withheld(number)


def digits_of(text: str) -> str:
    """Return the ASCII digits of a text, joined."""
    return _NOT_A_DIGIT.sub("", text)
