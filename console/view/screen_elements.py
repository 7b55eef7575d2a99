"""Values that describe the screen: cells, rows, panes and dialogs.

There is no markup, widget or colour: a role says what a text means, and the theme its colour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from console.core.model.command import Field


class Role(StrEnum):
    """The meaning of a piece of text, from which the theme takes its colour."""

    PLAIN = "plain"
    """A value: no colour of its own."""
    DIM = "dim"
    """Column heads, labels, ages: everything that is not a value."""
    FAINT = "faint"
    """Lines, the empty part of a gauge: everything that may be overlooked."""
    STRONG = "strong"
    """The one word of a line that names it."""
    NOW = "now"
    SOON = "soon"
    """Look at this soon."""
    GOOD = "good"
    """Proved, open, healthy."""
    YOU = "you"
    ACCENT = "accent"
    """Focus, keys, gauges."""
    PENDING = "pending"
    """Asked for and not yet seen."""
    GONE = "gone"
    """A row or name that left a moment ago."""
    BADGE = "badge"
    """A block in the header that cannot be overlooked: DEMO, READ-ONLY."""
    ALARM = "alarm"
    """A block that says act now: OFFLINE, PROD."""


@dataclass(frozen=True, slots=True)
class Span:
    """A text with its role. The text is cleaned already and rendered literally."""

    text: str
    role: Role = Role.PLAIN


Cell: TypeAlias = tuple[Span, ...]
"""The content of one column of one row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a pane. ``width`` is in terminal cells; ``grow`` is its share of spare width.

    If the pane is too narrow, columns with ``drop_rank`` above zero are left out, highest first.
    """

    name: str
    title: str
    width: int
    right: bool = False
    grow: int = 0
    drop_rank: int = 0
    flows: bool = False
    """True if a long text runs on over the next columns while they are empty."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The content of one pane. Rows are requested by key, and only while they are on screen."""

    name: str
    title: str
    about: str
    """The queue or conference that the pane shows; empty for a pane that lists all."""
    figures: Cell
    """Counts and ages at the bottom right."""
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    row: Callable[[str], tuple[Cell, ...]]
    """Returns one cell for each column, for a key of ``keys``."""
    empty: tuple[Cell, ...] = ()
    """The lines shown if there are no rows."""
    alert: Cell = ()
    """The problem of the pane's listing, beside its title."""
    narrowed: Cell = ()
    """The filter and the number of rows it lets through."""
    over: str = ""
    """The text of the filter."""
    marked: frozenset[str] = frozenset()
    """The keys of the marked rows, including rows that are gone."""
    held: bool = False
    """True if no row may move now: gone rows leave, new rows wait."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the screen. ``left`` is cut before ``right``."""

    left: Cell = ()
    right: Cell = ()


class Confirm(StrEnum):
    """The way in which a dialog is confirmed."""

    RUN = "run"
    """The dialog has fields: ctrl+g runs the command."""
    YES = "yes"
    """``y`` runs the command; Cancel has the focus."""
    TYPED = "typed"
    """The operator must type the text of ``Form.typed``."""


Values: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a dialog that are rewritten when its answers or the state change."""

    title: str
    targets: Cell
    """The targets by name. Those who left are struck out; nobody is added."""
    notes: tuple[Cell, ...]
    run: str


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog, derived from a command's record and its targets."""

    title: str
    irreversible: bool
    """True if the command cannot be undone. The dialog is drawn as a danger."""
    targets: Cell
    """The targets by name."""
    notes: tuple[Cell, ...]
    """The lines about effects, proof and undo."""
    fields: tuple[Field, ...]
    values: Values
    confirm: Confirm
    run: str
    """The label of the button: "mute 5 people"."""
    typed: str = ""
    complain: Callable[[Values], Mapping[str, str]] = lambda _: {}
    """Returns the complaints about the answers, by field name."""
    warn: Callable[[Values], str] = lambda _: ""
    """Returns the side effect of these answers that needs a second confirmation; else empty."""
    preview: Callable[[Values], tuple[Cell, ...]] = lambda _: ()
    """Returns the state now beside the state after the command. Redrawn as the answers change."""
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each field name, the names that may be picked, with the id that each stands for."""
    plan: Callable[[Values], str] | None = None
    """Returns the request that these answers would send, as a shell command."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """For each field name, why Telnyx refused the answer that is offered again."""
    wording: Callable[[Values], Wording] | None = None
    """Returns title, targets, notes and button for these answers and the present state."""
    offered: Callable[[Values], Mapping[str, tuple[str, ...]]] = lambda _: {}
    """Returns, for each restricted field, the names of ``known`` that fit these answers."""
    read: Callable[[Values], Values] = lambda values: values
    """Returns the answers with each picked name replaced by its id."""


@dataclass(frozen=True, slots=True)
class Board:
    """The content of the whole workspace."""

    header: TextLine
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    receipt: TextLine = TextLine()
    hints: TextLine = TextLine()
