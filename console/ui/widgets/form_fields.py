"""Form fields of a dialog: text input and choice, in a row with label, counter and complaint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from console.core.model.command import Field, FieldKind
from console.ui.widgets.line_widget import OneLine
from console.ui.widgets.rich_segments import literal, segments
from console.view.screen_elements import Role, Span
from console.view.text.line_layout import cut

FLAG = ("yes", "no")
CHOSEN, OTHER = "●", "○"
BEFORE, AFTER = "\u2039 ", " \u203a"
"""Signs around the chosen word where there is no room for the others."""
NOTHING = "-"
BETWEEN = 3
"""Cells between two choices."""


class AnswerInput(Input):
    """A text field of one line. Up and down pick a suggestion."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "pick(1)", show=False),
        Binding("up", "pick(-1)", show=False),
    ]

    def __init__(self, value: str = "", hint: str = "", picks: Sequence[str] = ()) -> None:
        self._hint = literal(hint)
        super().__init__(value, placeholder=self._hint, compact=True, select_on_focus=False)
        self.cursor_blink = False
        self._picks: tuple[str, ...] = ()
        self.offer(picks)

    def on_resize(self) -> None:
        """Cut the hint to the new width, with an ellipsis."""
        shown = cut((Span(self._hint),), self.content_size.width)
        self.placeholder = "".join(span.text for span in shown)

    def offer(self, picks: Sequence[str]) -> None:
        """Replace the suggestions. The text in the field stays."""
        if tuple(picks) != self._picks:
            self._picks = tuple(picks)
            self.suggester = SuggestFromList(picks, case_sensitive=False) if picks else None

    def action_pick(self, by: int) -> None:
        """Put the next suggestion into the field, or the previous one."""
        if not self._picks:
            return
        place = self._picks.index(self.value) + by if self.value in self._picks else min(by, 0)
        self.value = self._picks[place % len(self._picks)]
        self.cursor_position = len(self.value)

    def _on_paste(self, event: events.Paste) -> None:
        """Insert a paste as one line: line ends become spaces, unprintable characters go."""
        event.stop()
        event.prevent_default()
        text = " ".join(event.text.split())
        self.insert_text_at_cursor("".join(char for char in text if char.isprintable()))


class ChoiceInput(OneLine, can_focus=True):
    """A choice between a few words. Left, right and space step; typing finds a word."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right,space", "step(1)", show=False),
    ]

    class Changed(Message):
        """The choice has changed."""

    def __init__(self, choices: Sequence[str], value: str) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self.value = value
        self._typed = ""

    def draw(self, styles: Mapping[Role, Style], width: int) -> Iterator[Segment]:
        """Draw all words, or only the chosen one and its number if they do not fit."""
        if self._spread(width):
            cell = tuple(span for word in self._choices for span in self._option(word))
        else:
            place = self._choices.index(self.value) + 1 if self.value in self._choices else 0
            cell = (
                Span(BEFORE, Role.ACCENT),
                Span(self.value or NOTHING, self._role(self.value)),
                Span(AFTER, Role.ACCENT),
                Span(f"   {place} of {len(self._choices)}", Role.DIM),
            )
        yield from segments(cell, width, styles)

    def _spread(self, width: int) -> bool:
        return sum(cell_len(word) + 2 + BETWEEN for word in self._choices) <= width + BETWEEN

    def _role(self, word: str) -> Role:
        if word != self.value:
            return Role.DIM
        return Role.ACCENT if self.has_focus else Role.PLAIN

    def _option(self, word: str) -> tuple[Span, ...]:
        sign = CHOSEN if word == self.value else OTHER
        return Span(f"{sign} {word}", self._role(word)), Span(" " * BETWEEN)

    def _set(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed())
        self.repaint()

    def action_step(self, by: int) -> None:
        """Choose the next word, or the previous one. The ends wrap around."""
        self._typed = ""
        if self.value in self._choices:
            place = self._choices.index(self.value) + by
        else:
            place = 0 if by > 0 else -1
        self._set(self._choices[place % len(self._choices)])

    def on_key(self, event: events.Key) -> None:
        """Choose the word that begins with the typed text."""
        if event.character is None or not event.is_printable or event.character == " ":
            return
        event.stop()
        for typed in (self._typed + event.character, event.character):
            for word in self._choices:
                if word.lower().startswith(typed.lower()):
                    self._typed = typed
                    self._set(word)
                    return

    def on_click(self, event: events.Click) -> None:
        """Choose the word that was clicked."""
        if not self._spread(self.size.width):
            self.action_step(1)
            return
        x = 0
        for word in self._choices:
            if x <= event.x < x + cell_len(word) + 2:
                self._set(word)
            x += cell_len(word) + 2 + BETWEEN

    def on_focus(self) -> None:
        """Draw the chosen word as focused."""
        self.repaint()

    def on_blur(self) -> None:
        """Drop the typed text, and draw the chosen word as not focused."""
        self._typed = ""
        self.repaint()


class FieldRow(Vertical):
    """One question of a dialog: its label, its control and the complaint about its answer."""

    def __init__(self, field: Field, value: str, picks: Sequence[str] = ()) -> None:
        super().__init__()
        self.field = field
        self.edited = False
        """The operator has edited the answer. Without that, no complaint is shown."""
        self.control: AnswerInput | ChoiceInput
        if field.kind == FieldKind.FLAG:
            self.control = ChoiceInput(FLAG, value)
        elif field.kind == FieldKind.CHOICE:
            self.control = ChoiceInput(field.choices, value)
        else:
            offered = f"down picks: {', '.join(picks[:3])}" if picks else ""
            self.control = AnswerInput(value, offered or field.hint, picks)
        self._counter = Static(classes="counter")
        self._complaint = Static(classes="complaint")

    @property
    def value(self) -> str:
        """The present answer."""
        return self.control.value

    def compose(self) -> ComposeResult:
        """Create label, control and counter on one line, and the complaint below."""
        with Horizontal():
            label = literal(self.field.words) + (" *" if self.field.required else "")
            yield Static(Content(label), classes="label")
            yield self.control
            if self.field.limit is not None:
                yield self._counter
        yield self._complaint

    def on_mount(self) -> None:
        """Count the characters of the initial answer."""
        self._count()

    @on(AnswerInput.Changed)
    @on(ChoiceInput.Changed)
    def _note_edit(self) -> None:
        self.edited = True
        self._count()

    def complain(self, complaint: str) -> None:
        """Show a complaint below the question. An empty text removes it."""
        self._complaint.update(Content(literal(complaint)))
        self.set_class(bool(complaint), "-bad")

    def _count(self) -> None:
        limit = self.field.limit
        if limit is not None:
            self._counter.update(Content(f"{len(self.value)}/{limit}"))
            self._counter.set_class(len(self.value) > limit, "-over")
