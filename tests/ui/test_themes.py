"""Roles can be told apart with all colours, with few and with none."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from rich.color import Color, ColorSystem
from textual import constants
from textual.color import Color as Rgb

from console.ui.textual_patches.safe_app import SafeApp
from console.ui.themes import (
    COLOURLESS,
    FINE,
    FULL,
    INDEXED,
    NAMED,
    NARROW,
    SIXTEEN,
    Palette,
    palette_for,
)
from console.view.screen_elements import Role

URGENT = (Role.NOW, Role.SOON, Role.YOU, Role.PENDING, Role.BADGE, Role.ALARM)
PALETTES = {"truecolor": FULL, "256": NARROW, "standard": SIXTEEN}
SHADES = {"truecolor": FINE, "256": INDEXED, "standard": NAMED}


@pytest.mark.parametrize("palette", [*PALETTES.values(), COLOURLESS])
def test_every_role_has_a_look(palette: Palette) -> None:
    assert set(palette.roles) == set(Role)
    looks = [palette.roles[role] for role in URGENT]
    assert len(set(looks)) == len(looks)
    assert palette.roles[Role.PLAIN] not in looks


def test_without_colour_nothing_has_a_colour() -> None:
    styles = [*COLOURLESS.roles.values(), COLOURLESS.band, COLOURLESS.bar, COLOURLESS.rule_focus]
    assert all(style.color is None and style.bgcolor is None for style in styles)
    assert COLOURLESS.band.reverse
    assert COLOURLESS.away_mark.strip()


@pytest.mark.parametrize("system", list(SHADES))
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.FAINT])
def test_text_can_be_read(system: str, role: Role) -> None:
    style, shades = PALETTES[system].roles[role], SHADES[system]
    assert style.color is not None
    for ground in (shades.background, shades.raised, shades.band):
        behind = style.bgcolor or Color.parse(ground)
        assert contrast(style.color, behind) >= (4.0 if system == "standard" else 4.5)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of WCAG 2."""
    low, high = sorted(luminance(Rgb.from_rich_color(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(color: Rgb) -> float:
    total = 0.0
    for weight, part in zip((0.2126, 0.7152, 0.0722), color.normalized, strict=True):
        total += weight * (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4)
    return total


def test_256_colours_are_not_bent_to_others() -> None:
    for value in astuple(INDEXED):
        if value.startswith("#"):
            there = Rgb.from_rich_color(Color.parse(value).downgrade(ColorSystem.EIGHT_BIT))
            steps = zip(there.rgb, Rgb.parse(value).rgb, strict=True)
            assert all(abs(one - other) <= 10 for one, other in steps)


def test_sixteen_colours_are_those_with_the_names() -> None:
    names = {"now": 9, "good": 10, "soon": 11, "band": 4, "you": 13, "accent": 14, "text": 15}
    for name, number in names.items():
        color = Color.parse(getattr(NAMED, name))
        assert color.downgrade(ColorSystem.STANDARD).number == number


@pytest.mark.parametrize("system", list(PALETTES))
def test_the_terminal_decides(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "COLOR_SYSTEM", system)
    app = SafeApp()
    assert palette_for(app) is PALETTES[system]
    assert app.get_css_variables()["band"] == SHADES[system].band
    monkeypatch.setenv("NO_COLOR", "1")
    assert palette_for(SafeApp()) is COLOURLESS
