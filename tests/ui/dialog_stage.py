"""An app that shows one dialog and keeps its answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from console.core.model.command import Field, FieldKind
from console.ui.app import stylesheets
from console.ui.screens.dialog import Dialog
from console.ui.textual_patches.safe_app import SafeApp
from console.view.screen_elements import Confirm, Form, Role, Span, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.pilot import Pilot

HOSTILE = "[@click=app.quit]Bo[/]\x1b[2J"


YES = Form(
    title=f"mute {HOSTILE}",
    irreversible=False,
    targets=(Span(HOSTILE, Role.STRONG),),
    notes=((Span(HOSTILE, Role.DIM),),),
    fields=(),
    values={},
    confirm=Confirm.YES,
    run=f"mute {HOSTILE}",
)


def complain(values: Values) -> Mapping[str, str]:
    return {} if values["text"].strip() else {"text": "this is needed"}


ASK = replace(
    YES,
    confirm=Confirm.RUN,
    fields=(
        Field("format", "format", kind=FieldKind.CHOICE, choices=("mp3", "wav"), default="mp3"),
        Field("text", "text", required=True, limit=10),
        Field("beep", "beep", kind=FieldKind.FLAG, default="yes"),
    ),
    complain=complain,
)


AHEAD = ("preview", "trouble")


END = replace(YES, irreversible=True, confirm=Confirm.TYPED, typed="esc-4471", run="end esc-4471")


class Stage(SafeApp):
    CSS_PATH = stylesheets()

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form
        self.answers: list[Values | None] = []

    def on_mount(self) -> None:
        self.push_screen(Dialog(self.form), self.answers.append)


async def until(pilot: Pilot[int], true: Callable[[], object]) -> None:
    while not true():
        assert isinstance(pilot.app, Stage)
        assert pilot.app.crash is None
        await pilot.pause()


async def listening(pilot: Pilot[int]) -> Stage:
    app = pilot.app
    assert isinstance(app, Stage)
    await until(pilot, lambda: isinstance(app.screen, Dialog) and app.focused)
    return app
