"""The glyphs of the screen, one terminal cell each, in Unicode and in ASCII."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Every glyph that the console draws. The locale decides between UNICODE and ASCII."""

    now: str
    soon: str
    on: str
    paused: str
    play: str
    speak: str
    floor: str
    full: str
    empty: str
    dot: str
    done: str
    sent: str
    failed: str
    unsure: str
    operator: str
    ellipsis: str
    dash: str
    pin: str


UNICODE = Glyphs(
    now="▲",
    soon="◆",
    on="●",
    paused="‖",
    play="♪",
    speak="“",
    floor="◉",
    full="━",
    empty="━",
    dot="·",
    done="✓",
    sent="…",
    failed="✗",
    unsure="?",
    operator="›",
    ellipsis="…",
    dash="–",
    pin="◊",
)
ASCII = Glyphs(
    now="!",
    soon="~",
    on="*",
    paused="=",
    play="p",
    speak="s",
    floor=">",
    full="#",
    empty=".",
    dot="-",
    done="+",
    sent=".",
    failed="x",
    unsure="?",
    operator=">",
    ellipsis="~",
    dash="-",
    pin="^",
)
