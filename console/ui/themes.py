"""Colours and text styles of every role, for each kind of terminal.

Meaning never depends on colour alone. Without colour (``NO_COLOR``) the roles differ by weight,
reverse and underline. Terminals with 256 or 16 colours have their own shades: the entry nearest to
a true-colour shade is often a garish one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from rich.style import Style
from textual.app import App
from textual.theme import Theme

from console.view.screen_elements import Role


@dataclass(frozen=True, slots=True)
class Shades:
    """The colours of one kind of terminal."""

    background: str
    raised: str
    """Background of header, hints and dialogs."""
    sunken: str
    """Background of a text field."""
    text: str
    dim: str
    faint: str
    rule: str
    band: str
    band_away: str
    """Empty if that row has no colour of its own."""
    now: str
    soon: str
    good: str
    you: str
    accent: str
    ink: str
    """Text on a block of colour."""
    pending: str
    """Text style, without a colour."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Styles of the roles, the cursor row and the frames on one kind of terminal."""

    roles: Mapping[Role, Style]
    band: Style
    """The row at the cursor of the focused pane."""
    band_away: Style
    """The row at the cursor of a pane without the focus."""
    bar: Style
    """The bar at the left of the band."""
    rule: Style
    """Frames and rules."""
    rule_focus: Style
    """The frame of the focused pane."""
    away_mark: str = " "
    """Sign before the row of ``band_away``, where that band has no colour of its own."""


def _roles(**styles: str) -> Mapping[Role, Style]:
    return MappingProxyType({role: Style.parse(styles[role.value]) for role in Role})


def _palette(shades: Shades) -> Palette:
    return Palette(
        roles=_roles(
            plain=shades.text,
            dim=shades.dim,
            faint=shades.faint,
            strong=f"bold {shades.text}",
            now=f"bold {shades.now}",
            soon=shades.soon,
            good=shades.good,
            you=shades.you,
            accent=shades.accent,
            pending=f"{shades.pending} {shades.accent}",
            gone=f"strike {shades.dim}",
            badge=f"bold {shades.ink} on {shades.accent}",
            alarm=f"bold {shades.ink} on {shades.now}",
        ),
        band=Style(bgcolor=shades.band),
        band_away=Style(bgcolor=shades.band_away or None),
        bar=Style(color=shades.accent),
        rule=Style(color=shades.rule),
        rule_focus=Style(color=shades.accent),
        away_mark=" " if shades.band_away else ">",
    )


STYLE_SHEET_SHADES: Final = (
    *("raised", "sunken", "ink", "dim", "faint", "rule", "band"),
    *("now", "soon", "good", "you"),
)
"""Shades that the style sheets use, as ``$dim``, ``$rule``, ``$now`` ..."""


def _theme(name: str, shades: Shades) -> Theme:
    return Theme(
        name=name,
        primary=shades.accent,
        secondary=shades.you,
        accent=shades.accent,
        warning=shades.soon,
        error=shades.now,
        success=shades.good,
        foreground=shades.text,
        background=shades.background,
        surface=shades.raised,
        panel=shades.raised,
        dark=True,
        variables={name: getattr(shades, name) for name in STYLE_SHEET_SHADES}
        | {
            "focus": shades.accent,
            "input-cursor-background": shades.accent,
            "input-cursor-foreground": shades.ink,
            "input-selection-background": shades.band,
            "scrollbar": shades.rule,
            "scrollbar-hover": shades.faint,
            "scrollbar-active": shades.accent,
            "scrollbar-background": shades.raised,
            "scrollbar-background-hover": shades.raised,
            "scrollbar-background-active": shades.raised,
            "scrollbar-corner-color": shades.raised,
        },
    )


_COLOURS: Final = {
    "background": ("#0f131a", "#121212", "#000000"),
    "raised": ("#141a23", "#1c1c1c", "#000000"),
    "sunken": ("#0b0e14", "#080808", "#0000aa"),
    "text": ("#d6dce5", "#dadada", "#ffffff"),
    "dim": ("#8c99ab", "#9e9e9e", "#aaaaaa"),
    "faint": ("#414d60", "#4e4e4e", "#555555"),
    "rule": ("#2a3342", "#3a3a3a", "#555555"),
    "band": ("#1e2b3f", "#303030", "#0000aa"),
    "band_away": ("#171e2a", "#262626", ""),
    "now": ("#ff6b6b", "#ff8787", "#ff5555"),
    "soon": ("#f5bd4f", "#ffaf5f", "#ffff55"),
    "good": ("#7ed6a5", "#87d7af", "#55ff55"),
    "you": ("#c099ff", "#d7afff", "#ff55ff"),
    "accent": ("#5cc3ff", "#5fd7ff", "#55ffff"),
    "ink": ("#0b0e14", "#080808", "#000000"),
    "pending": ("italic", "italic", "italic underline"),
}
"""The fields of ``Shades``, three values each.

The second are entries of xterm's table of 256 colours, with greys as backgrounds. The third are the
sixteen named colours, in the values that Rich has for them.
"""
FINE, INDEXED, NAMED = (
    Shades(**dict(zip(_COLOURS, column, strict=True)))
    for column in zip(*_COLOURS.values(), strict=True)
)

FULL: Final = _palette(FINE)
NARROW: Final = _palette(INDEXED)
SIXTEEN: Final = _palette(NAMED)
COLOURLESS: Final = Palette(
    roles=_roles(
        plain="none",
        dim="none",
        faint="dim",
        strong="bold",
        now="bold reverse",
        soon="bold",
        good="none",
        you="underline",
        accent="bold",
        pending="italic underline",
        gone="dim strike",
        badge="reverse",
        alarm="bold reverse underline",
    ),
    band=Style(reverse=True),
    band_away=Style.null(),
    bar=Style(bold=True),
    rule=Style(dim=True),
    rule_focus=Style(bold=True),
    away_mark=">",
)
"""The palette for ``NO_COLOR``: weight, reverse and underline only."""

THEMES: Final = (
    _theme("telnyx-console", FINE),
    _theme("telnyx-console-256", INDEXED),
    _theme("telnyx-console-16", NAMED),
)
_DEPTHS: Final = {"256": 1, "standard": 2, "windows": 2}


def palette_for(app: App[Any]) -> Palette:
    """Return the palette for the app's terminal."""
    if app.no_color:
        return COLOURLESS
    return (FULL, NARROW, SIXTEEN)[_DEPTHS.get(app.console.color_system or "", 0)]


def theme_for(app: App[Any]) -> Theme:
    """Return the Textual theme for the app's terminal."""
    return THEMES[_DEPTHS.get(app.console.color_system or "", 0)]
