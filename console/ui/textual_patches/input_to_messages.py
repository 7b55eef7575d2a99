"""Translation of decoded terminal input to Textual's messages: keys, pastes, mouse, focus, size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.message import Message

from console.commands.navigation_keys import NAVIGATION
from console.ui.textual_patches import input_decoder
from console.ui.textual_patches.input_decoder import ESC
from console.ui.textual_patches.input_order import NotTaken
from console.ui.textual_patches.known_sequences import SENDS_SGR, Composed, Known, known

WAITING: Final = "the terminal sent an unfinished sequence; esc ends it"
LEFT_OUT: Final = "{} came together with esc and did nothing: press it again"
MOVES: Final = frozenset(
    key
    for each in NAVIGATION
    if each.action in {"table.down", "table.up", "table.top", "table.bottom"}
    for key in each.keys.split(",")
    if len(key) == 1
)
"""Movement keys that send one printable character."""


class TerminalInput:
    """Reads one terminal. Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._decoder = input_decoder.Decoder(MOVES, constants.ESCAPE_DELAY)
        self._parser = XTermParser()
        self.sends_sgr = False
        """The terminal is known to send mouse reports in SGR form."""

    def feed(self, text: str, now: float) -> list[Message]:
        """Return the messages of one read."""
        return [message for found in self._decoder.feed(text, now) for message in self._read(found)]

    def tick(self, now: float) -> list[Message]:
        """Return the messages due to the passing of time. Call it when nothing can be read."""
        return [message for found in self._decoder.tick(now) for message in self._read(found)]

    def due(self) -> float | None:
        """Return the time at which ``tick`` has something to do; None if there is none."""
        return self._decoder.due()

    def _read(self, found: input_decoder.Input) -> Iterator[Message]:
        match found:
            case input_decoder.Typed(char) if char == ESC:
                yield events.Key("escape", ESC)
            case input_decoder.Typed(char):
                yield from self._parser.feed(char)
            case input_decoder.Pasted(text):
                yield events.Paste(text)
            case input_decoder.Control(text, late):
                yield from self._read_sequence(text, late=late)
            case input_decoder.LeftOut(text):
                yield NotTaken(LEFT_OUT.format(text if text.isprintable() else "a key"))
            case input_decoder.StillOpen():
                yield NotTaken(WAITING)

    def _read_sequence(self, sequence: str, *, late: bool) -> Iterator[Message]:
        """Read a whole control sequence. A late one does nothing as a key."""
        if SENDS_SGR.fullmatch(sequence):
            self.sends_sgr = True
        match known(sequence):
            case Composed(text):
                yield events.Paste(text)
            case Known(text, is_key) if not (is_key and late):
                yield from self._parser.feed(text)
                self._parser.mouse_pixels = False  # the driver never asks for mode 1016
