"""Recognition of caller numbers that are withheld or that belong to one subscriber.

A carrier that must deliver a number sends a placeholder when the caller withholds it. Common
placeholders spell a word on the keypad (+266696687 is ANONYMOUS) or are that word in a SIP address
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
    """True for an empty number or a withheld number's placeholder, perhaps after country code 1."""
    digits = digits_of(number)
    if digits:
        return digits in _SPELT or (digits[:1] == "1" and digits[1:] in _SPELT)
    user = number.strip().casefold().removeprefix("sip:").partition("@")[0]
    return not user or _NOT_A_LETTER.sub("", user) in _NAMED


def is_own_number(number: str) -> bool:
    """True if a number is in E.164 format and no placeholder, so that it has one subscriber."""
    return _E164.match(number) is not None and not is_withheld(number)


def digits_of(text: str) -> str:
    """Return the ASCII digits of a text, joined."""
    return _NOT_A_DIGIT.sub("", text)
