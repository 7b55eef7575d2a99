"""The one place of colour: what each role looks like, on every kind of terminal.

Meaning never rests on colour alone. Where colour is scarce or unwanted (``NO_COLOR``, sixteen
colours) the roles differ by weight, reverse and underline.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from rich.style import Style
from textual.theme import Theme

from console.view.board import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App

BACKGROUND: Final = "#0f131a"
RAISED: Final = "#141a23"
"""Header, hints and dialogs stand a shade above the panes."""
SUNKEN: Final = "#0b0e14"
"""Where something is typed."""
TEXT: Final = "#d6dce5"
DIM: Final = "#8390a2"
FAINT: Final = "#414d60"
RULE: Final = "#2a3342"
BAND: Final = "#1e2b3f"
BAND_AWAY: Final = "#171e2a"
RED: Final = "#ff6b6b"
AMBER: Final = "#f5bd4f"
GREEN: Final = "#7ed6a5"
VIOLET: Final = "#c099ff"
ACCENT: Final = "#5cc3ff"
INK: Final = "#0b0e14"
"""Text on a block of colour."""


@dataclass(frozen=True, slots=True)
class Palette:
    """How roles and the few things that are not text look on one kind of terminal."""

    roles: Mapping[Role, Style]
    band: Style
    """The row under the cursor, where keys go."""
    band_away: Style
    """The row under the cursor of a pane that has not the focus."""
    bar: Style
    """The bar at the left of the band."""
    rule: Style
    """Frames and parting lines."""
    rule_focus: Style
    """The frame of the pane where keys go."""
    away_mark: str = " "
    """Stands before the row of ``band_away`` where a band could not be told from the ground."""


def _roles(**styles: str) -> Mapping[Role, Style]:
    return MappingProxyType({role: Style.parse(styles[role.value]) for role in Role})


FULL: Final = Palette(
    roles=_roles(
        plain=TEXT,
        dim=DIM,
        faint=FAINT,
        strong=f"bold {TEXT}",
        now=f"bold {RED}",
        soon=AMBER,
        good=GREEN,
        you=VIOLET,
        accent=ACCENT,
        pending=f"italic {ACCENT}",
        badge=f"bold {INK} on {ACCENT}",
        alarm=f"bold {INK} on {RED}",
    ),
    band=Style(bgcolor=BAND),
    band_away=Style(bgcolor=BAND_AWAY),
    bar=Style(color=ACCENT),
    rule=Style(color=RULE),
    rule_focus=Style(color=ACCENT),
)
"""256 colours and more."""

SIXTEEN: Final = Palette(
    roles=_roles(
        plain="default",
        dim="white",
        faint="bright_black",
        strong="bold bright_white",
        now="bold bright_red",
        soon="bold bright_yellow",
        good="green",
        you="bright_magenta",
        accent="bright_cyan",
        pending="underline cyan",
        badge="bold reverse bright_cyan",
        alarm="bold reverse bright_red",
    ),
    band=Style(bgcolor="blue"),
    band_away=Style.null(),
    bar=Style(color="bright_cyan"),
    rule=Style(color="bright_black"),
    rule_focus=Style(color="bright_cyan", bold=True),
    away_mark=">",
)
"""Terminals that have names for colours and nothing between them."""

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
        badge="reverse",
        alarm="bold reverse",
    ),
    band=Style(reverse=True),
    band_away=Style.null(),
    bar=Style(bold=True),
    rule=Style(dim=True),
    rule_focus=Style(bold=True),
    away_mark=">",
)
"""``NO_COLOR``: weight, reverse and underline only."""


def palette_for(app: App[Any]) -> Palette:
    """The palette for the terminal that the app draws on."""
    if app.no_color:
        return COLOURLESS
    return SIXTEEN if app.console.color_system == "standard" else FULL


THEME: Final = Theme(
    name="telnyx-console",
    primary=ACCENT,
    secondary=VIOLET,
    accent=ACCENT,
    warning=AMBER,
    error=RED,
    success=GREEN,
    foreground=TEXT,
    background=BACKGROUND,
    surface=RAISED,
    panel=RAISED,
    dark=True,
    variables={
        "raised": RAISED,
        "sunken": SUNKEN,
        "ink": INK,
        "dim": DIM,
        "faint": FAINT,
        "rule": RULE,
        "band": BAND,
        "focus": ACCENT,
        "now": RED,
        "soon": AMBER,
        "good": GREEN,
        "you": VIOLET,
        "input-cursor-background": ACCENT,
        "input-cursor-foreground": INK,
        "input-selection-background": BAND,
        "scrollbar": RULE,
        "scrollbar-hover": FAINT,
        "scrollbar-active": ACCENT,
        "scrollbar-background": RAISED,
        "scrollbar-background-hover": RAISED,
        "scrollbar-background-active": RAISED,
        "scrollbar-corner-color": RAISED,
    },
)
"""The same values for the style sheets: ``$dim``, ``$rule``, ``$now`` ..."""
