"""The control sequences that the console takes; every other one is dropped.

Textual's parser turns some unknown sequences into keys (``ESC [ 104 A`` into the key h, F18 into
space) and raises on others (a code point beyond Unicode), so it gets only what this module knows.
The sequences of keys are those of Textual 8.2.8, which is pinned, and those of the kitty keyboard
protocol (https://sw.kovidgoyal.net/kitty/keyboard-protocol/) and of xterm's modifyOtherKeys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, IGNORE_SEQUENCE
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual._xterm_parser import _re_extended_key

ESC: Final = "\x1b"
FOCUS: Final = frozenset({"\x1b[I", "\x1b[O"})
MOUSE: Final = re.compile(r"\x1b\[<\d{1,3};-?\d{1,5};-?\d{1,5}[Mm]")
"""An SGR mouse report: button, column, row, pressed or released."""
RESIZED: Final = re.compile(r"\x1b\[48;[1-9]\d{0,3}(?::\d*)?;[1-9]\d{0,3}(?::\d*)?(?:;\d{1,5}){2}t")
"""A size report of mode 2048: rows, columns, height and width in pixels."""
MODE: Final = re.compile(r"\x1b\[\?(?:2026|2048);[0-4]\$y")
"""The answer to a query about whole frames or about size reports (DECRPM)."""
SENDS_SGR: Final = re.compile(r"\x1b\[\?1006;[123]\$y|\x1b\[>84;[\d;]*c")
"""The terminal sends mouse reports in SGR form: it says so, or it is tmux, which does not say."""

_KEYS: Final = frozenset(
    sequence
    for sequence, keys in ANSI_SEQUENCES_KEYS.items()
    if sequence.startswith(("\x1b[", "\x1bO", "\x1b\t", "\x1b\x7f"))
    and keys is not IGNORE_SEQUENCE
    and not _re_extended_key.fullmatch(sequence)
)
"""Keys that the patterns below do not cover, most of them of rxvt and the Linux console."""
_LETTER_KEY: Final = re.compile(
    r"\x1b\[(?:1?|1;(?P<modifiers>\d{1,3})(?::(?P<event>\d))?)(?P<end>[A-DFHPQS])"
)
"""An arrow, home, end, F1, F2 or F4. ``R`` is the answer about the cursor, and F3 is CSI 13~."""
_NUMBER_KEY: Final = re.compile(
    r"\x1b\[(?P<code>\d{1,6})(?::[\d:]*)?"
    r"(?:;(?P<modifiers>\d{0,3})(?::(?P<event>\d))?(?:;(?P<text>[\d:]*))?)?(?P<end>[u~])"
)
_OTHER_KEY: Final = re.compile(r"\x1b\[27;(?P<modifiers>\d{1,3});(?P<code>\d{1,6})~")
_DIGITS: Final = 6
"""Digits of a code point that are read; no key needs a seventh."""
_ASCII: Final = 127
_RELEASED: Final = "3"
_SHIFT, _ALT, _LOCKED = 1, 2, 64 | 128
"""Bits of the modifiers less one; the last two are Caps Lock and Num Lock."""
_STATE_KEYS: Final = MODIFIER_FUNCTIONAL_KEYS | {"caps_lock", "num_lock", "scroll_lock"}


@dataclass(frozen=True, slots=True)
class Known:
    """A sequence as Textual's parser reads it."""

    text: str
    is_key: bool


@dataclass(frozen=True, slots=True)
class Composed:
    """Several characters that one key press made, as an input method does."""

    text: str


def known(sequence: str) -> Known | Composed | None:
    """Recognize a complete sequence; None for one that the console does not take."""
    if sequence in FOCUS or any(report.fullmatch(sequence) for report in (MOUSE, RESIZED, MODE)):
        return Known(sequence, is_key=False)
    if match := _LETTER_KEY.fullmatch(sequence):
        return _letter_key(match)
    if match := _OTHER_KEY.fullmatch(sequence):
        return _key(int(match["code"]), int(match["modifiers"]), "")
    if match := _NUMBER_KEY.fullmatch(sequence):
        return _unicode_key(match) if match["end"] == "u" else _tilde_key(match)
    return Known(sequence, is_key=True) if sequence in _KEYS else None


def _letter_key(match: re.Match[str]) -> Known | None:
    if match["event"] == _RELEASED:
        return None
    modifiers = match["modifiers"]
    return Known(f"\x1b[1;{modifiers}{match['end']}" if modifiers else match[0], is_key=True)


def _tilde_key(match: re.Match[str]) -> Known | None:
    """Recognize a numbered key such as page up or F5."""
    code, modifiers = match["code"], match["modifiers"]
    if match["event"] == _RELEASED or match["text"] or f"{code}~" not in FUNCTIONAL_KEYS:
        return None
    return Known(f"\x1b[{code};{modifiers}~" if modifiers else f"\x1b[{code}~", is_key=True)


def _unicode_key(match: re.Match[str]) -> Known | Composed | None:
    """Recognize a key by its code point, modifiers and text."""
    parts = (match["text"] or "").split(":")
    text = "".join(chr(int(part)) for part in parts if 0 < len(part) <= _DIGITS)
    text = "".join(filter(str.isprintable, text))
    if match["event"] == _RELEASED:
        return None
    if len(text) > 1:
        return Composed(text)
    return _key(int(match["code"]), int(match["modifiers"] or 1), text)


def _key(code: int, modifiers: int, text: str) -> Known | None:
    """Write a key as the kitty keyboard protocol does.

    A terminal that sends no text with a shifted letter means the upper case. Alt with the letter
    as its text is not that letter.
    """
    name = FUNCTIONAL_KEYS.get(f"{code}u")
    if name in _STATE_KEYS or not (name or text or chr(code).isprintable()):
        return None
    held = (modifiers - 1) & ~_LOCKED
    if held & _ALT and text.lower() == chr(code).lower():
        text = ""
    if held == _SHIFT and not text and not name:
        text = chr(code).upper() if code <= _ASCII else chr(code)
    plain = f"\x1b[{code};{modifiers}" if modifiers > 1 or text else f"\x1b[{code}"
    return Known(f"{plain};{ord(text)}u" if text else f"{plain}u", is_key=True)
