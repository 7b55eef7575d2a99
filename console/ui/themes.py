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

from console.view.display import Role


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
    band_away: str | None
    now: str
    soon: str
    good: str
    you: str
    accent: str
    ink: str
    """Text on a block of colour."""
    pending: str = "italic"


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
    away = shades.band_away
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
        band_away=Style(bgcolor=away) if away else Style.null(),
        bar=Style(color=shades.accent),
        rule=Style(color=shades.rule),
        rule_focus=Style(color=shades.accent),
        away_mark=" " if away else ">",
    )


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
        variables={
            "raised": shades.raised,
            "sunken": shades.sunken,
            "ink": shades.ink,
            "dim": shades.dim,
            "faint": shades.faint,
            "rule": shades.rule,
            "band": shades.band,
            "focus": shades.accent,
            "now": shades.now,
            "soon": shades.soon,
            "good": shades.good,
            "you": shades.you,
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


FINE: Final = Shades(
    background="#0f131a",
    raised="#141a23",
    sunken="#0b0e14",
    text="#d6dce5",
    dim="#8c99ab",
    faint="#414d60",
    rule="#2a3342",
    band="#1e2b3f",
    band_away="#171e2a",
    now="#ff6b6b",
    soon="#f5bd4f",
    good="#7ed6a5",
    you="#c099ff",
    accent="#5cc3ff",
    ink="#0b0e14",
)
INDEXED: Final = Shades(
    background="#121212",
    raised="#1c1c1c",
    sunken="#080808",
    text="#dadada",
    dim="#9e9e9e",
    faint="#4e4e4e",
    rule="#3a3a3a",
    band="#303030",
    band_away="#262626",
    now="#ff8787",
    soon="#ffaf5f",
    good="#87d7af",
    you="#d7afff",
    accent="#5fd7ff",
    ink="#080808",
)
"""Entries of xterm's table of 256 colours, with greys as backgrounds."""
NAMED: Final = Shades(
    background="#000000",
    raised="#000000",
    sunken="#0000aa",
    text="#ffffff",
    dim="#aaaaaa",
    faint="#555555",
    rule="#555555",
    band="#0000aa",
    band_away=None,
    now="#ff5555",
    soon="#ffff55",
    good="#55ff55",
    you="#ff55ff",
    accent="#55ffff",
    ink="#000000",
    pending="italic underline",
)
"""The sixteen named colours, in the values that Rich has for them."""

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

THEME: Final = _theme("telnyx-console", FINE)
"""The same colours for the style sheets, as ``$dim``, ``$rule``, ``$now`` ..."""
THEMES: Final = (
    THEME,
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
