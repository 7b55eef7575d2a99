r"""Split terminal input into key presses, control sequences and pastes (ECMA-48, 5th edition).

A terminal sends more than keys: answers to queries, mouse and focus reports, pastes. Only a key
press may act on a call, so no byte of a control sequence ever becomes a key, however late its parts
arrive. The grammar, with the code points that may stand in each place:

    CSI     ESC [  { 0x20-0x3F }  0x40-0x7E         keys, mouse reports, answers
    SS3     ESC O  { 0x30-0x3F }  any               keys of the keypad, F1 to F4
    string  ESC ]  OSC   ESC P  DCS   ESC _  APC    up to BEL or ST (ESC \)
            ESC ^  PM    ESC X  SOS
    paste   CSI 200~  any  CSI 201~                 xterm's bracketed paste
    C1      U+0080-U+009F                           the same introducers in one character

It differs from ECMA-48 where terminals do:

- ``ESC [ [`` takes one more character (F1 to F5 of the Linux console).
- ``ESC [ number $`` is a whole key (rxvt with shift).
- SS3 may carry parameters (``ESC O 5 P``).
- ``ESC [ M`` ends there (F1 in PuTTY's SCO mode). An X10 mouse report would add three characters,
  but the driver asks for mouse reports only from terminals that are known to send the SGR form.

An ESC can also be the escape key. It is one when nothing follows it for ``ESCAPE_DELAY``. ``[``,
``O``, ``]``, ``^`` and ``_`` have no key binding, so they continue a sequence after any delay; a
key that arrives in that way is left out, because the escape has already acted. ESC together with
another character is the escape key. The character is a key if it is a digit, otherwise it is left
out and reported, since alt with a letter looks the same. ``ESC TAB`` and ``ESC DEL`` are keys of
their own (shift+tab of the Linux console, alt+backspace).

No input can block the keyboard for good. An ESC inside a sequence, a string or a paste ends it,
unless it starts the end mark. After ``PATIENCE`` an open sequence is reported, so that the operator
knows to press escape.

Text without a begin mark is a paste in three cases. One read holds ``PASTE`` printable characters
or more, and they do not all repeat one movement key, which may be held down. Or the text has bytes
that are no UTF-8. Or an end mark follows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

ESCAPE_DELAY: Final = 0.1
"""Seconds after which an ESC that nothing follows is the escape key."""
PATIENCE: Final = 1.0
"""Seconds after which a sequence that has not ended is reported."""
PASTE: Final = 5
"""Printable characters in one read that count as a paste."""
LONGEST: Final = 1024
"""Characters of a control sequence that are kept. No known sequence is as long."""
LARGEST: Final = 100_000
"""Characters of a paste that are kept."""

ESC: Final = "\x1b"
BEGIN: Final = "\x1b[200~"
END: Final = "\x1b[201~"
DIGITS: Final = "0123456789"
UNREADABLE: Final = "\ufffd"
UNBOUND: Final = "[O]^_"
"""Introducers that no key binding uses."""

_RUN: Final = re.compile(r"[^\x1b\x80-\x9f]+")
_STRING_END: Final = re.compile(r"[\x07\x18\x1a\x1b\x9c]")
_RXVT: Final = re.compile(r"\x1b\[[0-9]+\$")
_PART_OF_END: Final = re.compile(r"\x1b(?:\[(?:2(?:0(?:1)?)?)?)?\Z")
_OTHER_ESC: Final = re.compile(r"\x1b(?!(?:\[(?:2(?:0(?:1)?)?)?)?\Z)")


@dataclass(frozen=True, slots=True)
class Typed:
    """A key that sends one character. ESC is the escape key."""

    char: str


@dataclass(frozen=True, slots=True)
class Control:
    """A complete control sequence. ``late``: its ESC has already acted as the escape key."""

    text: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Pasted:
    """Text for a text field, never keys."""

    text: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Characters that came together with an escape and are not taken as keys."""

    text: str


@dataclass(frozen=True, slots=True)
class StillOpen:
    """A sequence has been open for ``PATIENCE``."""


Input: TypeAlias = Typed | Control | Pasted | LeftOut | StillOpen


@dataclass(frozen=True, slots=True)
class _Text:
    """Characters outside any sequence. The whole read decides if they are keys."""

    text: str
    pasted: bool = False
    after_escape: bool = False


_INTRODUCERS: Final = "[O]P_^X"
_C1: Final = dict(zip("\x8f\x90\x98\x9b\x9d\x9e\x9f", "OPX[]^_", strict=True))


class Decoder:
    """Decodes what one terminal sends. Times are seconds of any one clock."""

    def __init__(
        self, moves: frozenset[str] = frozenset(), escape_delay: float = ESCAPE_DELAY
    ) -> None:
        """``moves``: keys that move a cursor and may be held down. ``escape_delay``: in seconds."""
        self._moves = moves
        self._escape_delay = escape_delay
        self._state: Callable[[str, int], int] = self._ground
        """Takes what it can of a text from an index on, and returns the index after that."""
        self._now = 0.0
        self._sequence = ""
        self._late = False
        self._opened = 0.0
        self._reported = False
        self._escaped = 0.0
        self._pasted: list[str] = []
        self._tail = ""
        """The end of a paste so far that may be the start of its end mark."""
        self._spoilt = False
        """The rest of this read follows an ESC inside a paste."""
        self._found: list[Input | _Text] = []

    def feed(self, text: str, now: float) -> list[Input]:
        """Return what one read completes."""
        self._now, self._spoilt = now, False
        self._walk(text)
        return self._taken()

    def tick(self, now: float) -> list[Input]:
        """Return what the passing of time completes. Call it when nothing can be read."""
        if self._escape_waits() and now >= self._escaped + self._escape_delay:
            if self._state == self._paste:
                self._end_paste()
            inside = self._state == self._string_escape
            self._state = self._string_acted if inside else self._acted
            self._found.append(Typed(ESC))
        if self._is_open() and now >= self._opened + PATIENCE:
            self._reported = True
            self._found.append(StillOpen())
        return self._taken()

    def due(self) -> float | None:
        """Return the time at which ``tick`` has something to do; None if there is none."""
        times = [self._escaped + self._escape_delay] if self._escape_waits() else []
        times += [self._opened + PATIENCE] if self._is_open() else []
        return min(times, default=None)

    def _escape_waits(self) -> bool:
        in_paste = self._state == self._paste and self._tail == ESC
        return in_paste or self._state in {self._escape, self._string_escape}

    def _is_open(self) -> bool:
        inside = {self._csi, self._last, self._ss3, self._string, self._paste}
        return self._state in inside and not self._reported

    def _walk(self, text: str) -> None:
        at = 0
        while at < len(text):
            at = self._state(text, at)

    def _taken(self) -> list[Input]:
        """Decide about the text of this read: keys, or a paste."""
        found, self._found = self._found, []
        text = "".join(one.text for one in found if isinstance(one, _Text))
        held_down = len(set(text)) == 1 and text[0] in self._moves
        many = sum(map(str.isprintable, text)) >= PASTE and not held_down
        taken: list[Input] = []
        for one in found:
            if not isinstance(one, _Text):
                taken.append(one)
            elif many or one.pasted:
                taken.append(_paste_of(one.text))
            elif one.after_escape:
                taken.append(LeftOut(one.text))
            else:
                taken += map(Typed, one.text)
        return taken

    def _ground(self, text: str, at: int) -> int:
        char = text[at]
        if char == ESC:
            return self._begin_escape(at)
        if char in _C1:
            return self._introduce(_C1[char], at)
        run = _RUN.match(text, at)
        if run is None:
            return at + 1
        self._found.append(self._text(run))
        return run.end()

    def _text(self, run: re.Match[str], *, after_escape: bool = False) -> _Text:
        broken = UNREADABLE in run[0] and run[0] != UNREADABLE
        before_an_end = run.string.startswith(END, run.end())
        return _Text(run[0], self._spoilt or broken or before_an_end, after_escape)

    def _begin_escape(self, at: int) -> int:
        self._state, self._escaped = self._escape, self._now
        return at + 1

    def _introduce(self, char: str, at: int, *, late: bool = False) -> int:
        self._state = {"[": self._csi, "O": self._ss3}.get(char, self._string)
        self._sequence, self._late = ESC + char, late
        self._opened, self._reported = self._now, False
        return at + 1

    def _escape(self, text: str, at: int) -> int:
        """Decide what an ESC is by the character after it."""
        char = text[at]
        if char in _INTRODUCERS:
            return self._introduce(char, at)
        self._state = self._ground
        if char in "\t\x7f":
            self._found.append(Control(ESC + char))
            return at + 1
        self._found.append(Typed(ESC))
        run = _RUN.match(text, at)
        if char in DIGITS or run is None:
            return at
        self._found.append(self._text(run, after_escape=True))
        return run.end()

    def _acted(self, text: str, at: int) -> int:
        """An ESC has acted as the escape key, and may still turn out to open a sequence."""
        if text[at] in UNBOUND:
            return self._introduce(text[at], at, late=True)
        self._state = self._ground
        return at

    def _csi(self, text: str, at: int) -> int:
        char = text[at]
        if char == ESC:
            return self._begin_escape(at)
        if char == "[" and self._sequence == ESC + "[":
            self._sequence += char
            self._state = self._last
        elif "\x20" <= char <= "\x3f":
            self._lengthen(char)
            if char == "$" and _RXVT.fullmatch(self._sequence):
                self._finish("")
        elif "\x40" <= char <= "\x7e":
            self._finish(char)
        else:
            self._state = self._ground
        return at + 1

    def _last(self, text: str, at: int) -> int:
        """Take any character as the last one of a sequence."""
        if text[at] == ESC:
            return self._begin_escape(at)
        self._finish(text[at])
        return at + 1

    def _ss3(self, text: str, at: int) -> int:
        if "\x30" <= text[at] <= "\x3f":
            self._lengthen(text[at])
            return at + 1
        return self._last(text, at)

    def _lengthen(self, char: str) -> None:
        if len(self._sequence) < LONGEST:
            self._sequence += char

    def _finish(self, char: str) -> None:
        sequence = self._sequence + char
        if sequence == BEGIN:
            self._state, self._opened, self._reported = self._paste, self._now, False
        else:
            self._state = self._ground
            self._found.append(Control(sequence, self._late))

    def _string(self, text: str, at: int) -> int:
        end = _STRING_END.search(text, at)
        if end is None:
            return len(text)
        if end[0] == ESC:
            self._state, self._escaped = self._string_escape, self._now
        else:
            self._state = self._ground
        return end.end()

    def _string_escape(self, text: str, at: int) -> int:
        """Take the second half of an ST; another character follows an ESC outside the string."""
        ended = text[at] == "\\"
        self._state = self._ground if ended else self._escape
        return at + ended

    def _string_acted(self, text: str, at: int) -> int:
        """Take the second half of an ST whose ESC has acted as the escape key."""
        end = self._string_escape(text, at)
        if self._state == self._escape:
            self._state = self._acted
        return end

    def _paste(self, text: str, at: int) -> int:
        held, self._tail = self._tail + text[at:], ""
        end = held.find(END)
        if end >= 0:
            self._keep(held[:end])
            self._end_paste()
            return len(text) - (len(held) - end - len(END))
        other = _OTHER_ESC.search(held)
        if other is not None:
            self._keep(held[: other.start()])
            self._end_paste()
            self._spoilt = True
            self._walk(held[other.start() :])
            return len(text)
        part = _PART_OF_END.search(held)
        if part is not None:
            self._tail, self._escaped = part[0], self._now
        self._keep(held.removesuffix(self._tail))
        return len(text)

    def _keep(self, text: str) -> None:
        self._pasted.append(text[: max(0, LARGEST - sum(map(len, self._pasted)))])

    def _end_paste(self) -> None:
        self._found.append(_paste_of("".join(self._pasted)))
        self._pasted, self._tail, self._state = [], "", self._ground


def _paste_of(text: str) -> Pasted:
    return Pasted(text.replace("\x00", ""))
