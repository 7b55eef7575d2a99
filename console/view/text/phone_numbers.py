"""Phone numbers in groups of digits.

Only a number with an assigned country code is grouped (ITU-T E.164, list of assigned country
codes). The groups after the country code have three digits. Each country has its own grouping, but
that takes a library of patterns: `phonenumbers` needs 140 ms to load and 2 to 20 ms for the first
number of each country, on the thread that draws.
"""

from __future__ import annotations

import re

_NANP = re.compile(r"\+1(\d{3})(\d{3})(\d{4})\Z", re.ASCII)
_E164 = re.compile(r"\+\d{7,15}\Z", re.ASCII)
_ASSIGNED = frozenset(
    str(code)
    for first, last in (
        *((1, 1), (7, 7), (20, 20), (27, 27), (30, 34), (36, 36), (39, 41), (43, 49), (51, 58)),
        *((60, 66), (81, 82), (84, 84), (86, 86), (90, 95), (98, 98)),
        *((211, 213), (216, 216), (218, 218), (220, 258), (260, 269), (290, 291), (297, 299)),
        *((350, 359), (370, 378), (380, 383), (385, 387), (389, 389), (420, 421), (423, 423)),
        *((500, 509), (590, 599), (670, 670), (672, 683), (685, 692), (800, 800), (808, 808)),
        *((850, 850), (852, 853), (855, 856), (870, 870), (878, 878), (880, 883), (886, 886)),
        *((888, 888), (960, 968), (970, 977), (979, 979), (992, 996), (998, 998)),
    )
    for code in range(first, last + 1)
)
"""Assigned country codes. None is the beginning of another."""


def grouped(text: str) -> str | None:
    """Return an E.164 number in groups, or None if its country code is not assigned."""
    american = _NANP.match(text)
    if american:
        return "+1 " + " ".join(american.groups())
    code = country_code(text)
    return " ".join((f"+{code}", *_threes(text[1 + len(code) :]))) if code else None


def country_code(text: str) -> str:
    """Return the country code of an E.164 number; empty for any other text or an unassigned one."""
    if not _E164.match(text):
        return ""
    return next((text[1:end] for end in (2, 3, 4) if text[1:end] in _ASSIGNED), "")


def _threes(digits: str) -> list[str]:
    """Split digits into groups of three. A single last digit joins the group before."""
    groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = ["".join(groups[-2:])]
    return groups
