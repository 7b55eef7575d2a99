"""What a terminal can show: every sign where its locale is UTF-8, ASCII where it is not."""

from __future__ import annotations

import locale

from rich.cells import cell_len

SIGNS = {
    "─": "-",
    "│": "|",
    "╭": "+",
    "╮": "+",
    "╰": "+",
    "╯": "+",
    "▌": "|",
    "▐": "|",
    "●": "*",
    "○": "o",
    "\u2039": "<",
    "\u203a": ">",
    "·": "-",
    "…": "~",
}
"""What the frames and signs of the screen become."""


class _Plain(dict[int, str]):
    """A table for ``str.translate``: what has no ASCII sign becomes as many ``?`` as it is wide."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = sign if sign.isascii() else "?" * max(1, cell_len(sign))
        return self[code]


_PLAIN = _Plain({ord(sign): plain for sign, plain in SIGNS.items()})


def plain(text: str) -> str:
    """The text in ASCII, as many cells wide as before."""
    return text.translate(_PLAIN)


def is_utf8() -> bool:
    """Whether the locale of this process says that its terminal speaks UTF-8.

    Asked of the C library: Python itself takes UTF-8 for granted in the C locale (PEP 540).
    """
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        return False
    return locale.nl_langinfo(locale.CODESET).lower().replace("-", "") == "utf8"
