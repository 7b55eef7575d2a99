"""Sheets to draw, and the cells of the screen that they are drawn on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyte

from console.view.screen_elements import Column, Role, Sheet, Span

if TYPE_CHECKING:
    pass

SIZE = (90, 20)


COLUMNS = (Column("who", "who", 12, grow=1), Column("in", "in", 6, right=True))


def sheet(tick: int, names: tuple[str, ...]) -> Sheet:
    return Sheet(
        name="people",
        title="People",
        about="room",
        figures=(Span(f"{tick} here", Role.DIM),),
        columns=COLUMNS,
        keys=names,
        row=lambda key: (
            (Span(key, Role.YOU), Span(f" 名{tick % 3}")),
            (Span(f"0:{tick:02}", Role.NOW if tick % 2 else Role.DIM),),
        ),
    )


def cells(screen: pyte.Screen) -> list[list[Any]]:
    return [[screen.buffer[y][x] for x in range(SIZE[0])] for y in range(SIZE[1])]
