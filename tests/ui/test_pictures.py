"""Reference pictures: two panes as boxes, the same with rules, and a dialog over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import constants
from textual.screen import Screen

from console.core import key_guards
from console.core.model.command import Field, FieldKind
from console.ui.app import stylesheets
from console.ui.screens.dialog import Dialog
from console.ui.textual_patches.safe_app import SafeApp
from console.ui.widgets.line_widget import LineWidget
from console.ui.widgets.pane import PaneBox
from console.view.screen_elements import Cell, Column, Confirm, Form, Role, Sheet, Span, TextLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.pilot import Pilot

ROW_VALUES = {
    "esc-4471-refund": ("▲", 4, "‖ 6:10", Role.SOON, "rec paused", Role.NOW),
    "board-q3": ("▲", 7, "● rec", Role.NOW, "ends in 9 min", Role.NOW),
    "t1-0391": ("◆", 2, "?", Role.DIM, "silent 0:41", Role.SOON),
    "Müller GmbH": ("", 3, "● rec", Role.NOW, "1 joining", Role.DIM),
}
PEOPLE = {
    "+1 512 555 0199": ("caller", "open", Role.GOOD, 5),
    "Bo Reyes": ("agent", "mute…", Role.PENDING, 3),
    "ana (you)": ("monitor", "muted", Role.SOON, 0),
}


def cell(text: str, role: Role = Role.PLAIN) -> Cell:
    return (Span(text, role),)


def conference(key: str) -> tuple[Cell, ...]:
    sign, people, recording, role, why, urgency = ROW_VALUES[key]
    return (
        cell(sign, urgency),
        cell(key),
        cell(str(people)),
        cell(recording, role),
        cell("1:12", Role.DIM),
        cell(why, urgency),
    )


def person(key: str) -> tuple[Cell, ...]:
    role, mic, state, talk = PEOPLE[key]
    return (
        (),
        cell(key, Role.YOU if "you" in key else Role.PLAIN),
        cell(role),
        cell(mic, state),
        (Span("━" * talk, Role.ACCENT), Span("━" * (8 - talk), Role.FAINT)),
    )


CONFERENCES = Sheet(
    name="conferences",
    title="Conferences",
    about="",
    figures=cell("8 live", Role.DIM),
    columns=(
        Column("sign", "", 1),
        Column("name", "conference", 16, grow=1),
        Column("people", "ppl", 3, right=True),
        Column("rec", "rec", 6),
        Column("age", "age", 5, right=True, drop_rank=1),
        Column("why", "why", 14),
    ),
    keys=tuple(ROW_VALUES),
    row=conference,
)
CALLERS = Sheet(
    name="people",
    title="People",
    about="esc-4471-refund",
    figures=cell("4 · floor +1 512 555 0199", Role.DIM),
    columns=(
        Column("sign", "", 1),
        Column("who", "who", 16, grow=1),
        Column("role", "role", 8),
        Column("mic", "mic", 6),
        Column("talk", "talk 5 min", 10, drop_rank=1),
    ),
    keys=tuple(PEOPLE),
    row=person,
    alert=cell("seen 12 s ago", Role.SOON),
)
END = Form(
    title="end esc-4471-refund",
    irreversible=True,
    targets=(Span("Bo Reyes", Role.STRONG), Span("   "), Span("Dana K.", Role.STRONG)),
    notes=(cell("Hangs up everyone. This cannot be undone.", Role.DIM),),
    fields=(
        Field("reason", "reason", hint="kept in the log"),
        Field("format", "format", kind=FieldKind.CHOICE, choices=("mp3", "wav"), default="mp3"),
    ),
    values={},
    confirm=Confirm.TYPED,
    run="end esc-4471-refund",
    typed="esc-4471-refund",
)


class Main(Screen[None]):
    HORIZONTAL_BREAKPOINTS = [(0, "-compact"), (100, "-normal")]  # noqa: RUF012 - Textual's way
    AUTO_FOCUS = "#people Table"

    def compose(self) -> ComposeResult:
        yield LineWidget(id="line")
        yield PaneBox(3, id="conferences")
        yield PaneBox(4, id="people")

    def on_mount(self) -> None:
        alarm = (Span(" PROD ", Role.ALARM), Span("  api ", Role.DIM), Span("84 ms", Role.GOOD))
        self.query_one(LineWidget).show(TextLine(alarm, cell("14:22:07")))
        self.query_one("#conferences", PaneBox).show(CONFERENCES)
        self.query_one("#people", PaneBox).show(CALLERS)


class Stage(SafeApp):
    CSS_PATH = stylesheets()

    def __init__(self, form: Form | None = None) -> None:
        super().__init__()
        self.form = form

    def on_mount(self) -> None:
        self.push_screen(Main())
        if self.form is not None:
            self.push_screen(Dialog(self.form))


@pytest.fixture(autouse=True)
def truecolor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fix the colours for every terminal."""
    monkeypatch.setattr(constants, "COLOR_SYSTEM", "truecolor")
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 0.001)


async def listening(pilot: Pilot[int]) -> None:
    while pilot.app.focused is None:
        await pilot.pause()


def test_boxes(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(Stage(), terminal_size=(100, 22))


def test_rules(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(Stage(), terminal_size=(80, 16))


def test_dialog(snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(Stage(END), terminal_size=(100, 22), run_before=listening)
