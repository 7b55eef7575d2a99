"""Phone numbers in every spelling of people and programs, and the search for them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import strategies as st

ZEROS = "0\u0660\u06f0\u0966\uff10\U0001d7ce"
"""The zero of several scripts: ASCII, Arabic, Persian, Devanagari, full width, mathematical."""
GAPS = (
    *(" ", "  ", "-", " - ", ".", "/", "_", ",", ", ", "(", ") ", "[", "]", "|", ":", "*", "\t"),
    *("\u00a0", "\u2009", "\u202f", "\u3000", "\u200b", "\u200e", "\u2060", "\ufeff", "\u3164"),
    *("\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "\u00ad", "\u00b7", "\u2022", "\u0301"),
)
"""Characters between the digits of a number."""


@dataclass(frozen=True)
class Secret:
    """The digits of a number, with one spelling of them."""

    digits: str
    spelled: str


@st.composite
def secrets(draw: st.DrawFn, gaps: tuple[str, ...] = GAPS) -> Secret:
    """Draw a number of 9 to 19 digits in one script, in groups of any size.

    A shorter number could appear by chance.
    """
    digits = draw(st.text("0123456789", min_size=9, max_size=19).filter(lambda d: len(set(d)) > 4))
    zero = ord(draw(st.sampled_from(ZEROS)))
    between = draw(
        st.lists(st.just("") | st.sampled_from(gaps), min_size=len(digits), max_size=len(digits))
    )
    pairs = zip(digits, between, strict=True)
    text = "".join(chr(zero + int(digit)) + gap for digit, gap in pairs)
    return Secret(digits, draw(st.sampled_from(("", "+", "("))) + text)


ENCODINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "repr": repr,
    "ascii": ascii,
    "JSON": json.dumps,
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "percent": quote,
    "percent of each byte": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
}
"""The forms in which a text reaches a log line or a trace."""


def digits_in(text: str) -> str:
    """Return the letters and digits of a text in one row, each digit of any script in ASCII."""
    read = _ESCAPE.sub(lambda found: chr(int(found[found.lastindex or 0], 16)), text)
    return _DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), _GAPS.sub("", read))


_ESCAPE = re.compile(r"\\+(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_GAPS = re.compile(r"[\W_\u3164]+")
_DIGIT = re.compile(r"[^\W0-9a-zA-Z](?<=\d)")
