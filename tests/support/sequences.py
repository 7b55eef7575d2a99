"""The bytes that our terminal program may write, and a search for all others.

This is the second defence against hostile text. Whatever a caller, a colleague or a stranger puts
into a name, only the sequences that Textual itself writes may reach the terminal, and only
characters that look like what they are.
"""

import re
import unicodedata
from dataclasses import dataclass

# Line wrap, cursor, mouse, focus, alternate screen, bracketed paste, whole frames, in-band resize.
_MODES = "7|25|1000|1002|1006|1004|1049|2004|2026|2048"

# Everything Textual 8.2 writes in full-screen mode.
_ALLOWED = re.compile(
    rf"""
    \x1b\[[0-9;]*m              # colour and weight
  | \x1b\[[0-9;]*H              # the cursor goes to a cell
  | \x1b\[[0-9]*[ABCDGJK]       # the cursor moves; a part of the screen is cleared
  | \x1b\[\?(?:{_MODES})[hl]    # a private mode is set or reset
  | \x1b\[\?(?:20(?:26|48)|1006)\$p  # does the terminal know this mode?
  | \x1b\[>c                   # which terminal is it?
  | \x1b\[(?:>[0-9]+|<)u        # kitty keyboard, on and off
  | \x1b\]22;[a-z-]+\x07        # the shape of the pointer
    """.encode(),
    re.VERBOSE,
)
_SEQUENCE = re.compile(
    rb"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    rb"|\x1b[\]P^_X][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC, DCS, PM, APC, SOS
    rb"|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
_PLAIN = re.compile(rb"[\x20-\x7e\r\n]+")
_CHARACTER = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# A right-to-left word (U+0590 to U+08FF) with the left-to-right mark that ends its run.
_MARKED = re.compile(
    rb"(?:\xd6[\x90-\xbf]|[\xd7-\xdf][\x80-\xbf]|\xe0[\xa0-\xa3][\x80-\xbf])+\xe2\x80\x8e"
)
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")

# Controls, bidi and zero-width, surrogates, private use, unassigned; separators other than a space.
_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
# Letters and marks that draw nothing: fillers, the grapheme joiner, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Bytes that should not have been written."""

    offset: int
    data: bytes


def strangers(raw: bytes) -> list[Stranger]:
    """Return everything in the output of a program that is not on the list, in order."""
    found = []
    offset = 0
    while offset < len(raw):
        if match := (
            _PLAIN.match(raw, offset) or _ALLOWED.match(raw, offset) or _MARKED.match(raw, offset)
        ):
            offset = match.end()
            continue
        match = _SEQUENCE.match(raw, offset) or _CHARACTER.match(raw, offset)
        data = match[0] if match else raw[offset : offset + 1]
        if not _is_visible(data):
            found.append(Stranger(offset, data))
        offset += len(data)
    return found


def modes_left_set(raw: bytes) -> set[int]:
    """Return the private modes that the program set last and did not reset."""
    state: dict[int, bool] = {}
    for modes, verb in _MODE.findall(raw):
        state.update(dict.fromkeys(map(int, modes.split(b";")), verb == b"h"))
    normal = {7, 25}  # on before any program came
    return {mode for mode, is_set in state.items() if is_set != (mode in normal)}


def _is_visible(data: bytes) -> bool:
    try:
        character = data.decode()
    except UnicodeDecodeError:
        return False
    return (
        len(character) == 1
        and unicodedata.category(character) not in _UNSEEN_CATEGORIES
        and not _UNSEEN.match(character)
    )
