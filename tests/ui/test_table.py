"""A table keeps its cursor on a key, builds visible rows only, and repaints changed cells only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from console.ui.widgets.table import Table
from console.view.screen_elements import Cell, Column, Role, Sheet, Span

if TYPE_CHECKING:
    from collections.abc import Callable

COLUMNS = (
    Column("sign", "", 1),
    Column("who", "who", 8, grow=1),
    Column("in", "in", 5, right=True),
)


def cells(sign: str, who: str, since: str) -> tuple[Cell, ...]:
    return (Span(sign, Role.NOW),), (Span(who),), (Span(since, Role.DIM),)


def named(key: str) -> tuple[Cell, ...]:
    return cells("!", f"name {key}", "0:01")


def sheet(keys: str | tuple[str, ...], row: Callable[[str], tuple[Cell, ...]] = named) -> Sheet:
    return Sheet("people", "4 People", "room", (), COLUMNS, tuple(keys), row)


class Watched(Table):
    """Keeps the regions that it was asked to repaint; None stands for everything."""

    regions: list[Region | None]

    def refresh(self, *regions: Region, **options: bool) -> Watched:
        if not hasattr(self, "regions"):
            self.regions = []
        self.regions.extend(regions or [None])
        return super().refresh(*regions, **options)


class Stage(App[None]):
    CSS = "Table { height: 6; width: 30; }"

    def __init__(self, *, follows: bool = False) -> None:
        super().__init__()
        self.table = Watched(follows=follows)
        self.moves: list[tuple[str | None, bool]] = []
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_table_moved(self, message: Table.Moved) -> None:
        self.moves.append((message.key, message.by_hand))

    def on_table_chosen(self, message: Table.Chosen) -> None:
        self.chosen.append(message.key)

    def lines(self) -> list[str]:
        return [self.table.render_line(y).text for y in range(self.table.size.height)]


async def test_it_shows_heads_rows_and_a_bar_at_the_cursor() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(sheet("abc"))
        await pilot.pause()
        assert [line.rstrip() for line in app.lines()] == [
            "   who                     in",
            "▌! name a                0:01",
            " ! name b                0:01",
            " ! name c                0:01",
            "",
            "",
        ]


@pytest.mark.parametrize(
    ("after", "cursor"),
    [
        ("xyabcde", "c"),
        ("edcba", "c"),
        ("abde", "d"),
        ("ab", "b"),
        ("ae", "e"),
        ("xyz", "x"),
        ("", None),
    ],
)
async def test_the_cursor_stays_on_its_key_or_goes_to_the_nearest(
    after: str, cursor: str | None
) -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(sheet("abcde"))
        assert app.table.go_to("c")
        app.table.show(sheet(after))
        assert app.table.cursor_key == cursor


async def test_the_cursor_stays_on_screen_and_on_its_line_when_rows_come_above() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(sheet("abcdefghij"))
        app.table.go_to("g")
        line = next(y for y, text in enumerate(app.lines()) if "name g" in text)
        app.table.show(sheet("xyabcdefghij"))
        assert "name g" in app.lines()[line]
        assert app.lines()[line].startswith("▌")


async def test_a_following_table_stays_with_the_first_row_until_somebody_moves_off_it() -> None:
    async with Stage(follows=True).run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(sheet("bc"))
        app.table.show(sheet("abc"))
        assert app.table.cursor_key == "a"
        await pilot.press("down")
        app.table.show(sheet("xabc"))
        assert app.table.cursor_key == "b"


async def test_a_changed_cell_repaints_that_cell_and_nothing_else() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        since = {"a": "0:01", "b": "0:01"}
        value = sheet("ab", lambda key: cells("", key, since[key]))
        app.table.show(value)
        await pilot.pause()
        app.table.regions.clear()
        app.table.show(replace(value))
        assert app.table.regions == []
        since["b"] = "0:02"
        app.table.show(replace(value))
        assert app.table.regions == [Region(24, 2, 5, 1)]


async def test_a_changed_order_repaints_only_the_rows_that_differ() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(sheet("abcd"))
        await pilot.pause()
        app.table.regions.clear()
        app.table.show(sheet("acbd"))
        assert {region.y for region in app.table.regions if region} == {2, 3}
        app.table.regions.clear()
        app.table.show(replace(sheet("acbd"), columns=COLUMNS[1:], row=lambda k: named(k)[1:]))
        assert None in app.table.regions


async def test_ten_thousand_rows_are_asked_only_for_what_is_seen() -> None:
    asked: list[str] = []

    def row(key: str) -> tuple[Cell, ...]:
        asked.append(key)
        return named(key)

    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        keys = tuple(str(number) for number in range(10_000))
        app.table.show(sheet(keys, row))
        await pilot.pause()
        assert set(asked) == set(keys[:5])
        asked.clear()
        await pilot.press("down", "G")
        assert set(asked) == set(keys[-5:])
        assert app.table.cursor_key == "9999"


async def test_a_held_order_keeps_its_rows_and_counts_who_waits() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(sheet("abcd"))
        app.table.show(replace(sheet("xdba"), held=True))
        assert "".join(app.table.shown_keys) == "abd"
        assert app.table.held_back == 1
        app.table.show(sheet("xdba"))
        assert "".join(app.table.shown_keys) == "xdba"
        assert app.table.held_back == 0
        app.table.show(replace(sheet("new"), held=True))
        assert "".join(app.table.shown_keys) == "new", "an empty pane would be a lie"
        app.table.show(replace(sheet("abnew"), held=True, over="a"))
        assert "".join(app.table.shown_keys) == "abnew", "another filter is another list"


async def test_keys_and_mouse_move_and_choose() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(sheet("abcdefghij"))
        await pilot.press("j", "down", "k", "enter")
        assert app.table.cursor_key == "b"
        await pilot.press("end")
        assert app.table.cursor_key == "j"
        await pilot.press("pageup")
        assert app.table.cursor_key == "f"
        await pilot.press("g")
        await pilot.click(Table, offset=(5, 3))
        assert app.table.cursor_key == "c"
        await pilot.pause()
        assert app.chosen == ["b"]
        assert app.moves[:2] == [("a", False), ("b", True)]


async def test_hostile_text_is_only_text() -> None:
    hostile = "[@click=app.quit]x[/] [red]\x1b[2J\u202e\n"
    async with Stage().run_test(size=(60, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.styles.width = 60
        app.table.show(sheet("a", lambda _: cells("", hostile, "")))
        await pilot.pause()
        line = app.table.render_line(1)
        assert "[@click=app.quit]x[/] [red]\ufffd[2J\ufffd\ufffd" in line.text
        assert not any(segment.style and segment.style.meta for segment in line)


async def test_an_empty_sheet_says_so() -> None:
    async with Stage().run_test(size=(40, 10)) as pilot:
        app: Stage = pilot.app  # type: ignore[assignment]
        app.table.show(replace(sheet(""), empty=((Span("nobody waits", Role.DIM),),)))
        await pilot.pause()
        assert app.lines()[1].strip() == "nobody waits"
        assert app.table.cursor_key is None
        await pilot.press("down", "enter", "G")
        app.table.show(sheet("a"))
        assert app.lines()[1].strip() == "▌! name a                0:01"
