"""A pane is a box, or a rule on a small screen, and a running time repaints its own cells only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual.containers import Vertical
from textual.screen import Screen

from console.ui.app import stylesheets
from console.ui.textual_patches.safe_app import SafeApp
from console.ui.widgets.line_widget import LineWidget, OneLine
from console.ui.widgets.pane import PaneBox
from console.view.screen_elements import Column, Role, Sheet, Span, TextLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.geometry import Region

SHEET = Sheet(
    name="people",
    title="People",
    about="[red]conference[/]",
    figures=(Span("4 here", Role.DIM),),
    columns=(Column("who", "who", 10, grow=1),),
    keys=("a", "b"),
    row=lambda key: ((Span(f"name {key}"),),),
    alert=(Span("12 s old", Role.SOON),),
)


class Main(Screen[None]):
    HORIZONTAL_BREAKPOINTS = [(0, "-compact"), (100, "-normal")]  # noqa: RUF012 - Textual's way

    def compose(self) -> ComposeResult:
        with Vertical():
            yield LineWidget(id="line")
            yield PaneBox(3, id="first")
            yield PaneBox(4, id="second")


class Stage(SafeApp):
    CSS_PATH = stylesheets()

    def on_mount(self) -> None:
        self.push_screen(Main())


def screen_of(app: Stage) -> list[str]:
    lines = app.screen._compositor.render_strips()  # noqa: SLF001 - the whole screen as text
    return ["".join(segment.text for segment in line) for line in lines]


async def test_a_box_with_its_name_alert_and_figures() -> None:
    app = Stage()
    async with app.run_test(size=(120, 12)) as pilot:
        await pilot.pause()
        app.screen.query_one("#first", PaneBox).show(SHEET)
        await pilot.pause()
        lines = screen_of(app)
        assert lines[1].startswith("╭─ 3 People · [red]conference[/]  12 s old ─")
        assert lines[2].startswith("│ who")
        assert lines[3].startswith("│▌name a")
        assert lines[5].endswith("─ 4 here ─╯")
        assert {len(line) for line in lines} == {120}


async def test_at_80_columns_one_rule_parts_the_panes() -> None:
    app = Stage()
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        app.screen.query_one("#second", PaneBox).show(SHEET)
        await pilot.pause()
        lines = screen_of(app)
        rule = next(line for line in lines if "4 People" in line)
        assert rule.startswith("── 4 People · [red]conference[/]  12 s old ─")
        assert rule.endswith("─ 4 here ──")
        assert not any(corner in "".join(lines) for corner in "╭╮╰╯│")


async def test_figures_that_tick_repaint_their_cells_only(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Stage()
    async with app.run_test(size=(120, 12)) as pilot:
        await pilot.pause()
        pane = app.screen.query_one("#first", PaneBox)
        pane.show(SHEET)
        await pilot.pause()
        painted: list[tuple[Region, ...]] = []
        refresh = OneLine.refresh

        def watched(self: OneLine, *regions: Region, **options: Any) -> OneLine:  # noqa: ANN401
            painted.append(regions)
            return refresh(self, *regions, **options)

        monkeypatch.setattr(OneLine, "refresh", watched)
        pane.show(replace(SHEET, figures=(Span("5 here", Role.DIM),)))
        assert [[(region.x, region.width) for region in one] for one in painted] == [[(111, 1)]]
        painted.clear()
        pane.show(replace(SHEET, figures=(Span("5 here", Role.DIM),)))
        assert painted == []
        retry = replace(SHEET, figures=(Span("5 here", Role.DIM),), about="a room", name="x")
        pane.show(replace(retry, alert=(Span("error 503, retry 3 in 8 s", Role.SOON),)))
        painted.clear()
        pane.show(replace(retry, alert=(Span("error 503, retry 3 in 7 s", Role.SOON),)))
        assert [region.width for one in painted for region in one] == [1], "a countdown is one cell"


@pytest.mark.parametrize(
    ("width", "title"),
    [
        (60, "4 People · a long name"),
        (50, "4 People · a lon…"),
        (46, "4 People"),
        (40, "4"),
        (36, "4"),
    ],
)
async def test_what_is_wrong_is_whole_before_the_name_is(width: int, title: str) -> None:
    app = Stage()
    async with app.run_test(size=(width, 12)) as pilot:
        await pilot.pause()
        pane = app.screen.query_one("#second", PaneBox)
        retry = (Span("error 503, retry 3 in 8 s", Role.SOON),)
        pane.show(replace(SHEET, about="a long name", alert=retry))
        await pilot.pause()
        rule = next(line for line in screen_of(app) if "4 " in line)
        assert rule.startswith(f"── {title}  error 503, retry 3 in 8 s ─")


async def test_the_left_of_a_line_is_cut_before_the_right() -> None:
    app = Stage()
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.pause()
        line = app.screen.query_one("#line", LineWidget)
        line.show(TextLine((Span("日本語 a long left part of it"),), (Span("[b]right[/b]"),)))
        assert line.render_line(0).text == "日本語 a long…  [b]right[/b]"
        assert line.render_line(0).cell_length == 28
