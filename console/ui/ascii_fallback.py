"""ASCII replacements for a terminal whose locale is not UTF-8."""

from __future__ import annotations

import locale

from rich.cells import cell_len

SIGNS = dict(zip("─│╭╮╰╯▌▐●○\u2039\u203a·…", "-|++++||*o<>-~", strict=True))
"""ASCII replacements of the screen's frames and signs."""


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
