"""The dialog in front of a command: targets, side effects, questions and the buttons."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import ClassVar

from rich.text import Text
from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Static

from console.core import key_guards
from console.ui.screens.plan_preview import Plan
from console.ui.themes import palette_for
from console.ui.widgets.form_fields import AnswerInput, ChoiceInput, FieldRow
from console.ui.widgets.rich_segments import literal, text_of
from console.ui.widgets.wrapped_text import WrappedText
from console.view.screen_elements import Cell, Confirm, Form, Role, Span, Values, Wording

IGNORED = frozenset({"run", "plan", "answered", "focus_next", "focus_previous"})
"""Actions that a dialog ignores while it counts as unread."""
LOOK = 0.25
"""Seconds between two updates of the targets, notes and preview from the state."""
FINAL = "cannot be taken back"
WAIT = "wait   esc cancel"
"""Shown instead of the keys while every key but escape is ignored."""


class Dialog(ModalScreen[Values | None]):
    """Asks the questions of a form. Returns the answers, or None if it was cancelled."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", show=False, priority=True),
        Binding("ctrl+g", "run", "run", show=False, priority=True),
        Binding("enter", "answered", "answered", show=False, priority=True),
        Binding("ctrl+t", "plan", "plan", show=False, priority=True),
        Binding("y", "yes", "yes", show=False),
    ]

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._form = form
        self._unread = True
        self._attempted = False
        self._rows = [
            FieldRow(f, form.values.get(f.name, f.default), tuple(form.known.get(f.name, ())))
            for f in form.fields
        ]
        for row in self._rows:
            row.display = not self._may_fold(row)
        self._warned: tuple[Values, str] | None = None
        """The answers that raised the second question, and the text of that question."""
        self._more = Button(Content("More"), id="more", compact=True)
        self._more.display = any(not row.display for row in self._rows)
        self._typed = AnswerInput()
        self._cancel = Button(Content("Cancel"), id="cancel", compact=True)
        self._run = Button(Content(literal(form.run)), id="run", compact=True)
        self._trouble = Static(id="trouble")
        self._early = Static(id="early")
        self._preview = Static(id="preview")
        for empty in (self._trouble, self._early, self._preview):
            empty.display = False
        self._too_early = 0
        self._shown = Wording(form.title, form.targets, form.notes, form.run)
        self._targets = WrappedText(id="targets")
        self._notes = Vertical(id="notes")
        self._ahead: tuple[Cell, ...] = ()

    def compose(self) -> ComposeResult:
        """Create title, targets, notes, questions and buttons, from top to bottom."""
        form = self._form
        with Vertical(
            id="dialog", disabled=True, classes="-final" if form.irreversible else ""
        ) as frame:
            frame.border_title = Content(literal(form.title))
            edge = ["ctrl+t plan"] if form.plan is not None else []
            edge += [FINAL] if form.irreversible else []
            frame.border_subtitle = Content("   ".join(edge))
            with VerticalScroll(id="body", can_focus=False):
                yield self._targets
                with self._notes:
                    yield from (WrappedText(self._text(note)) for note in form.notes)
                with Vertical(id="fields"):
                    yield from self._rows
                if form.confirm is Confirm.TYPED:
                    with Vertical(id="typing"), Horizontal():
                        prompt = Span("type ", Role.DIM), Span(form.typed, Role.STRONG)
                        yield Static(self._text(prompt), classes="label")
                        yield self._typed
                yield self._preview
            with Vertical(id="foot"):  # docked: a reason not to run is visible in a long dialog
                yield self._trouble
                yield self._early
                with Horizontal(id="buttons"):
                    yield Static(Content(WAIT), id="keys")
                    yield self._more
                    yield self._cancel
                    yield self._run

    def on_mount(self) -> None:
        """Fill the dialog, and ignore keys until ``DIALOG_UNREAD`` after its first frame.

        Keys that were typed before the dialog appeared were not meant for it.
        """
        self._run.disabled = not self._may_run()
        self._targets.display = bool(self._shown.targets)
        self._targets.show(self._text(self._shown.targets))
        self._show_complaints()
        self._update_preview()
        self.set_interval(LOOK, self._update)
        self.call_after_refresh(self.set_timer, key_guards.DIALOG_UNREAD, self._begin)

    def _update(self) -> None:
        """Update every text that depends on the state."""
        self._update_preview()
        if self._asks_again():
            self._say_warning(self._form.warn(self._values()))

    def _update_wording(self, answers: Values) -> None:
        """Update title, targets, notes and button to these answers."""
        if self._form.wording is None:
            return
        before, now = self._shown, self._form.wording(answers)
        self._shown = now
        if now.title != before.title:
            self.query_one("#dialog").border_title = Content(literal(now.title))
        if now.targets != before.targets:
            self._targets.display = bool(now.targets)
            self._targets.show(self._text(now.targets))
        if now.run != before.run:
            self._run.label = Content(literal(now.run))
        if now.notes != before.notes:
            self._update_notes(now.notes)

    def _update_notes(self, notes: tuple[Cell, ...]) -> None:
        """Show each note in a widget of its own. Add or hide widgets as the number changes."""
        lines = list(self._notes.query(WrappedText))
        for line, note in zip_longest(lines, notes):
            if line is None:
                self._notes.mount(WrappedText(self._text(note)))
            else:
                line.display = note is not None
                line.show(self._text(note or ()))

    def _may_fold(self, row: FieldRow) -> bool:
        """True if a question stays hidden behind "More": its answer is the default."""
        asked = row.field.name in self._form.refused
        return row.field.hidden_at_first and row.value == row.field.default and not asked

    def _unfold(self) -> None:
        for row in self._rows:
            row.display = True
        self._more.display = False

    def _begin(self) -> None:
        self._accept_keys(accept=True)
        self.set_focus(self._first_focus())

    def _accept_keys(self, *, accept: bool) -> None:
        """Accept keys, or ignore all but escape. The footer and the buttons show which."""
        self._unread = not accept
        self.query_one("#dialog").disabled = not accept
        run = "y" if self._form.confirm is Confirm.YES else "ctrl+g"
        keys = f"{run} run   esc cancel"
        self.query_one("#keys", Static).update(Content(keys if accept else WAIT))

    def on_key(self, event: events.Key) -> None:
        """Report a key that came too early. The next key clears the report."""
        if not self._unread:
            self._too_early = 0
            self._early.display = False
            return
        shown = event.character if event.is_printable and event.character else event.key
        self._too_early += 1
        one = f"{literal(shown)} came too early and did nothing: press it again"
        many = f"{self._too_early} keys came too early and did nothing: type again"
        self._early.update(Content(one if self._too_early == 1 else many))
        self._early.display = True
        self._early.scroll_visible(animate=False)

    def _first_focus(self) -> Widget:
        """Return the first question that needs an answer; otherwise the Cancel button."""
        if self._asks_again():
            return self._cancel
        lacking = self._form.complain(self._values())
        for row in self._rows:
            told = row.field.name in self._form.refused
            if told or row.field.name in lacking or (row.field.required and not row.value.strip()):
                return row.control
        return self._typed if self._form.confirm is Confirm.TYPED else self._cancel

    def _text(self, cell: Cell) -> Text:
        return text_of(cell, palette_for(self.app))

    def _values(self) -> dict[str, str]:
        return {row.field.name: row.value for row in self._rows}

    def _may_run(self) -> bool:
        typed = self._form.typed
        return self._form.confirm is not Confirm.TYPED or self._typed.value == typed != ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuse the actions in ``IGNORED`` while keys are ignored.

        ``y`` runs only a dialog that asks yes or no, or its second question.
        """
        del parameters
        if action == "yes":
            plain = self._form.confirm is Confirm.YES
            return not self._unread and (self._asks_again() or plain)
        return not self._unread or action not in IGNORED

    @on(Button.Pressed, "#cancel")
    def action_cancel(self) -> None:
        """Close the dialog without running the command."""
        self.dismiss(None)

    def action_yes(self) -> None:
        """Run the command."""
        self.action_run()

    @on(Button.Pressed, "#run")
    def action_run(self) -> None:
        """Run the command if every answer is valid; otherwise show what is wrong."""
        self._attempted = True
        complaints = self._show_complaints()
        if complaints:
            bad = next((row for row in self._rows if row.field.name in complaints), None)
            if bad is not None:
                if not bad.display:
                    self._unfold()
                self.set_focus(bad.control)
        elif not self._may_run():
            self.set_focus(self._typed)
        elif self._is_warned():
            self.dismiss(self._values())

    def action_plan(self) -> None:
        """Open the plan of these answers: their effect, the request, or what is missing."""
        if self._form.plan is not None:
            self.app.push_screen(Plan(self._form, self._values()))

    def _asks_again(self) -> bool:
        """True if the second question was asked about the present answers."""
        return self._warned is not None and self._warned[0] == self._values()

    def _is_warned(self) -> bool:
        """True if the answers have no warning, or if that warning has been shown.

        Otherwise ask the second question, and ignore keys for ``DIALOG_UNREAD`` seconds.
        """
        values = self._values()
        warning = self._form.warn(values)
        if not warning or self._warned == (values, warning):
            return True
        self._warned = (values, warning)
        self._say_warning(warning)
        self._accept_keys(accept=False)
        self.set_timer(key_guards.DIALOG_UNREAD, self._begin)
        return False

    def _say_warning(self, warning: str) -> None:
        self._trouble.update(Content(literal(f"{warning} y runs it." if warning else "")))
        self._trouble.display = bool(warning)

    def _update_preview(self) -> None:
        """Update the preview, the wording and the suggestions to the answers and the state."""
        answers = self._values()
        self._update_wording(answers)
        offered = self._form.offered(answers)
        for row in self._rows:
            if row.field.name in offered and isinstance(row.control, AnswerInput):
                row.control.offer(offered[row.field.name])
        lines = self._form.preview(answers)
        if lines == self._ahead:
            return
        self._ahead = lines
        self._preview.display = bool(lines)
        self._preview.update(Text("\n").join(self._text(line) for line in lines))

    def _show_complaints(self) -> Mapping[str, str]:
        """Show each complaint below its question, and return the complaints.

        A question that nobody edited shows none before the first attempt to run.
        """
        complaints = self._form.complain(self._values())
        for row in self._rows:
            shown = self._attempted or row.edited
            refused = "" if row.edited else self._form.refused.get(row.field.name, "")
            row.complain((shown and complaints.get(row.field.name, "")) or refused)
        names = {row.field.name for row in self._rows}
        others = [text for name, text in complaints.items() if name not in names]
        self._trouble.update(Content(literal(". ".join(others))))
        self._trouble.display = self._attempted and bool(others)
        return complaints

    @on(AnswerInput.Changed)
    @on(ChoiceInput.Changed)
    def _changed(self) -> None:
        if not self._asks_again():
            self._warned = None
        self._update_preview()
        self._show_complaints()
        self._run.disabled = not self._may_run()

    def action_answered(self) -> None:
        """Go to the next question on enter. Run only if the exact confirmation text was typed."""
        control = self.focused
        if not isinstance(control, AnswerInput | ChoiceInput):  # a button handles enter itself
            raise SkipAction
        if control is self._typed:
            if self._may_run():
                self.action_run()
            return
        controls: list[Widget] = [row.control for row in self._rows if row.display]
        if self._form.confirm is Confirm.TYPED:
            controls.append(self._typed)
        place = next((i for i, other in enumerate(controls) if other is control), 0)
        self.set_focus(controls[min(place + 1, len(controls) - 1)])

    @on(Button.Pressed, "#more")
    def _show_more(self) -> None:
        hidden = next((row for row in self._rows if not row.display), None)
        self._unfold()
        if hidden is not None:
            self.set_focus(hidden.control)
