"""A dialog runs on no stray key, such as the one that opened it or an early enter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.widgets import Button, Static
from ui.dialog_stage import AHEAD, ASK, END, HOSTILE, YES, Stage, listening, until

from console.core import key_guards
from console.core.model.command import Field, FieldKind
from console.ui.screens.dialog import Dialog
from console.ui.widgets.form_fields import AnswerInput, ChoiceInput, FieldRow
from console.view.screen_elements import Span

if TYPE_CHECKING:
    pass


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 0.001)


async def test_while_deaf_nothing_is_heard_but_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 3600.0)
    for form, keys in ((YES, "y"), (ASK, "x"), (END, "esc-4471")):
        app = Stage(form)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda app=app: isinstance(app.screen, Dialog))  # type: ignore[misc]
            await pilot.press(*keys, "enter", "tab", "enter", "ctrl+g")
            await pilot.click("#run")
            assert app.answers == []
            assert not any(answer.value for answer in app.screen.query(AnswerInput))
            await pilot.press("escape")
            assert app.answers == [None]


async def test_a_key_that_comes_too_early_is_answered_and_the_buttons_are_dim_until_it_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 3600.0)
    for form, keys, said in (
        (YES, ["y"], "y came too early and did nothing: press it again"),
        (ASK, ["ctrl+g"], "ctrl+g came too early and did nothing: press it again"),
        (ASK, [*"hi", "ctrl+g"], "3 keys came too early and did nothing: type again"),
    ):
        app = Stage(form)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda app=app: isinstance(app.screen, Dialog))  # type: ignore[misc]
            await pilot.pause()
            screen = app.screen
            assert isinstance(screen, Dialog)
            run, way, early = (screen.query_one(f"#{name}") for name in ("run", "keys", "early"))
            assert "run" not in str(way.render())
            dim = run.rich_style.color, way.rich_style.color
            assert not early.display
            await pilot.press(*keys)
            assert early.display
            assert str(early.render()) == said
            screen._begin()  # noqa: SLF001  # its timer calls this
            await pilot.pause()
            assert "run   esc cancel" in str(way.render())
            assert dim != (run.rich_style.color, way.rich_style.color)
            assert run.rich_style.color not in dim
            assert early.display, "it stands until the next key"
            await pilot.press("shift+tab")
            assert not early.display


@pytest.mark.usefixtures("quick")
async def test_yes_runs_and_enter_on_the_way_out_cancels() -> None:
    for keys, answers in ((["y"], [{}]), (["enter"], [None]), (["tab", "enter"], [{}])):
        async with Stage(YES).run_test(size=(80, 24)) as pilot:
            app = await listening(pilot)
            assert isinstance(app.focused, Button)
            assert app.focused.id == "cancel"
            await pilot.press(*keys)
            assert app.answers == answers


@pytest.mark.usefixtures("quick")
async def test_the_first_empty_required_field_has_the_focus_and_enter_never_runs() -> None:
    async with Stage(ASK).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        rows = list(app.screen.query(FieldRow))
        assert app.focused is rows[1].control
        await pilot.press("enter")
        assert app.focused is rows[2].control
        await pilot.press("enter", "enter", "y")
        assert app.answers == []
        await pilot.press("shift+tab", *"hi", "ctrl+g")
        assert app.answers == [{"format": "mp3", "text": "hi", "beep": "yes"}]


@pytest.mark.usefixtures("quick")
async def test_a_refused_answer_says_so_until_it_is_changed_and_may_be_sent_again() -> None:
    folded = Field("state", "client state", hidden_at_first=True)
    again = replace(
        ASK,
        fields=(*ASK.fields, folded),
        values={"format": "mp3", "text": "hi", "beep": "yes"},
        refused={"state": f"Invalid value (422 10015) {HOSTILE}"},
    )
    async with Stage(again).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        row = list(app.screen.query(FieldRow))[3]
        assert row.display, "it is folded away no more"
        assert row.has_class("-bad")
        assert app.focused is row.control
        await pilot.press("x")
        assert not row.has_class("-bad")
        await pilot.press("ctrl+g")
        assert app.answers == [{"format": "mp3", "text": "hi", "beep": "yes", "state": "x"}]
    async with Stage(again).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        await pilot.press("ctrl+g")
        assert app.answers == [{"format": "mp3", "text": "hi", "beep": "yes", "state": ""}]


@pytest.mark.usefixtures("quick")
async def test_complaints_stand_on_their_field_and_stop_the_run() -> None:
    async with Stage(ASK).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        row = list(app.screen.query(FieldRow))[1]
        assert not row.has_class("-bad"), "nobody complains before anybody has tried"
        await pilot.press("tab", "ctrl+g")
        assert app.answers == []
        assert row.has_class("-bad")
        assert app.focused is row.control
        await pilot.press("x")
        assert not row.has_class("-bad")


@pytest.mark.usefixtures("quick")
async def test_a_choice_is_made_with_arrows_and_by_typing() -> None:
    async with Stage(ASK).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        choice = app.screen.query(ChoiceInput).first()
        choice.focus()
        await pilot.press("right")
        assert choice.value == "wav"
        await pilot.press("m")
        assert choice.value == "mp3"
        await pilot.press("left", "left", "space")
        assert choice.value == "wav"


@pytest.mark.usefixtures("quick")
async def test_what_must_be_typed_must_be_typed_exactly() -> None:
    async with Stage(END).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        run = app.screen.query_one("#run", Button)
        await pilot.press(*"esc-447", "enter", "ctrl+g")
        assert run.disabled
        assert app.answers == []
        await pilot.press("1")
        assert not run.disabled
        await pilot.press("enter")
        assert app.answers == [{}]


@pytest.mark.usefixtures("quick")
async def test_pasting_is_only_text_of_one_line() -> None:
    async with Stage(ASK).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        app.post_message(events.Paste("one\r\ntwo\x1b[2J\ny\n"))
        await until(pilot, lambda: app.screen.query(FieldRow)[1].value)
        assert app.screen.query(FieldRow)[1].value == "one two[2J y"
        assert app.answers == []
    async with Stage(YES).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        app.post_message(events.Paste("y\n"))
        await pilot.pause()
        assert app.answers == []


@pytest.mark.usefixtures("quick")
async def test_hostile_names_are_only_text_and_a_long_dialog_fits() -> None:
    notes = tuple((Span(f"note {number}"),) for number in range(40))
    async with Stage(replace(ASK, notes=ASK.notes + notes)).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        box = app.screen.query_one("#dialog")
        assert box.region.height <= 24
        assert app.screen.query_one("#run").region.bottom <= 24
        assert box.border_title is not None
        assert "app.quit" in box.border_title
        shot = app.export_screenshot()
        assert "[@click=app.quit]Bo[/]" in shot.replace("&#160;", " ").replace("&#x27;", "'")
        assert "\x1b" not in shot


@pytest.mark.usefixtures("quick")
async def test_what_would_be_is_drawn_anew_with_every_answer_and_a_warning_is_asked_again() -> None:
    ahead = replace(
        ASK,
        values={"text": "hi"},
        preview=lambda values: ((Span(f"as {values['format']} {HOSTILE}"),),),
        warn=lambda values: "They WILL hear it." if values["format"] == "wav" else "",
    )
    async with Stage(ahead).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        preview, trouble = (app.screen.query_one(f"#{name}", Static) for name in AHEAD)
        assert str(preview.render()).startswith("as mp3 [@click")
        app.screen.query(ChoiceInput).first().focus()
        await pilot.press("right")
        assert str(preview.render()).startswith("as wav")
        await pilot.press("y")
        assert app.answers == [], "nothing was asked yet"
        await pilot.press("ctrl+g")
        await until(pilot, lambda: app.focused is app.screen.query_one("#cancel"))
        assert str(trouble.render()) == "They WILL hear it. y runs it."
        assert app.answers == []
        app.screen.query(ChoiceInput).first().focus()
        await pilot.press("left", "right", "right")
        assert not trouble.display
        await pilot.press("y")
        assert app.answers == [], "what was asked about has changed"
        await pilot.press("right", "ctrl+g")
        await until(pilot, lambda: app.focused is app.screen.query_one("#cancel"))
        await pilot.press("y")
        assert app.answers == [{"format": "wav", "text": "hi", "beep": "yes"}]


@pytest.mark.parametrize("short", [True, False])
async def test_a_hint_that_is_too_long_is_cut_with_an_ellipsis(*, short: bool) -> None:
    names = tuple(f"conference-{number}" for number in range(3))
    room = Field("text", "conference", kind=FieldKind.CONFERENCE)
    known = {"text": dict.fromkeys(names, "id")}
    asked = replace(ASK, fields=(room,), values={"text": ""}, known=known)
    async with Stage(asked).run_test(size=(60 if short else 80, 24)) as pilot:
        await listening(pilot)
        answer = pilot.app.screen.query_one(AnswerInput)
        hint, whole = str(answer.placeholder), f"down picks: {', '.join(names)}"
        assert len(hint) <= answer.content_size.width
        assert whole.startswith(hint.removesuffix("…"))
        assert hint.endswith("…") is (hint != whole) is short
