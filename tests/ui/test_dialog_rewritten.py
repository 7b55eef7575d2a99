"""An open dialog follows its answers and the state."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Button, Static
from ui.dialog_stage import ASK, Stage, listening, until

from console.core import key_guards
from console.ui.screens import dialog as dialogs
from console.ui.widgets.form_fields import AnswerInput, ChoiceInput
from console.ui.widgets.wrapped_text import WrappedText
from console.view.screen_elements import Span, Values, Wording


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_guards, "DIALOG_UNREAD", 0.001)
    monkeypatch.setattr(dialogs, "LOOK", 0.01)


def worded(values: Values) -> Wording:
    """Return a wording with two notes for wav, one for mp3, and the format in all other texts."""
    kind = values["format"]
    notes = tuple((Span(f"{kind} note {number}"),) for number in range(1 + (kind == "wav")))
    return Wording(f"as {kind}", (Span(f"to {kind}"),), notes, f"run {kind}")


def read(app: Stage) -> list[str]:
    """Return the title, targets, notes and button as drawn."""
    screen = app.screen
    notes = [str(note.render()) for note in screen.query("#notes WrappedText") if note.display]
    targets = str(screen.query_one("#targets", WrappedText).render())
    button = str(screen.query_one("#run", Button).label)
    return [str(screen.query_one("#dialog").border_title), targets, *notes, button]


async def test_title_targets_notes_and_button_follow_the_answers() -> None:
    form = replace(ASK, values={"text": "hi"}, wording=worded)
    async with Stage(form).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        mp3 = ["as mp3", "to mp3", "mp3 note 0", "run mp3"]
        wav = ["as wav", "to wav", "wav note 0", "wav note 1", "run wav"]
        await until(pilot, lambda: read(app) == mp3)
        app.screen.query(ChoiceInput).first().focus()
        await pilot.press("right")
        await until(pilot, lambda: read(app) == wav)
        await pilot.press("left")
        await until(pilot, lambda: read(app) == mp3)


async def test_what_may_be_picked_follows_the_answers_too() -> None:
    offers = {"mp3": ("Ana", "Bo"), "wav": ("Cy",)}
    form = replace(
        ASK,
        values={"format": "mp3"},
        known={"text": {"Ana": "a", "Bo": "b", "Cy": "c"}},
        offered=lambda values: {"text": offers[values["format"]]},
    )
    async with Stage(form).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        answer = app.screen.query(AnswerInput).first()
        await pilot.press("down", "down", "down")
        assert answer.value == "Ana", "from the last it goes to the first"
        app.screen.query(ChoiceInput).first().focus()
        await pilot.press("right")
        answer.focus()
        await pilot.press("down")
        assert answer.value == "Cy"


async def test_a_yes_is_no_yes_to_a_second_question_that_has_changed_meanwhile() -> None:
    hearers = ["1 person"]
    form = replace(ASK, values={"text": "hi"}, warn=lambda _: f"{hearers[0]} WILL hear this.")
    async with Stage(form).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        trouble = app.screen.query_one("#trouble", Static)
        cancel = app.screen.query_one("#cancel")
        await pilot.press("ctrl+g")
        await until(pilot, lambda: app.focused is cancel)
        hearers[0] = "4 people"
        await until(pilot, lambda: str(trouble.render()).startswith("4 people"))
        await pilot.press("y")
        await until(pilot, lambda: app.focused is cancel)
        assert app.answers == [], "the yes was to another question"
        await pilot.press("y")
        assert len(app.answers) == 1


async def test_the_second_question_is_on_the_screen_however_long_the_dialog_is() -> None:
    notes = tuple((Span(f"note {number}"),) for number in range(40))
    ahead = tuple((Span(f"row {number}"),) for number in range(12))
    form = replace(
        ASK,
        notes=notes,
        values={"text": "hi"},
        warn=lambda _: "11 people in the conference WILL hear this, but do not now.",
        preview=lambda _: ahead,
    )
    async with Stage(form).run_test(size=(80, 24)) as pilot:
        app = await listening(pilot)
        trouble, cancel = (app.screen.query_one(f"#{name}") for name in ("trouble", "cancel"))
        app.screen.query(AnswerInput).first().focus()
        await pilot.press("ctrl+g")
        await until(pilot, lambda: trouble.region.height and app.focused is cancel)
        assert app.screen.query_one("#run").region.bottom <= 24
        assert 0 < trouble.region.y < trouble.region.bottom < 24
        assert app.screen.get_widget_at(*trouble.region.offset)[0] is trouble
        assert trouble.region.bottom < app.screen.query_one("#run").region.y
