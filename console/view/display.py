"""What the screen should show: rows, cells and roles. No markup, no widget, no colour.

A role says what a text means; only the terminal knows how that looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from console.core.model.command import Field


class Role(StrEnum):
    """What a piece of text means."""

    PLAIN = "plain"
    """A value: no colour of its own."""
    DIM = "dim"
    """Column heads, labels, ages, what is not a value."""
    FAINT = "faint"
    """Rules, empty gauge, what may be overlooked."""
    STRONG = "strong"
    """The one word of a line that names it."""
    NOW = "now"
    """Act now."""
    SOON = "soon"
    """Look at this soon."""
    GOOD = "good"
    """Proved, open, healthy."""
    YOU = "you"
    """The operator."""
    ACCENT = "accent"
    """Focus, keys, gauges."""
    PENDING = "pending"
    """Asked for and not yet seen."""
    GONE = "gone"
    """It was there a moment ago."""
    BADGE = "badge"
    """A block in the header that cannot be overlooked: DEMO, READ-ONLY."""
    ALARM = "alarm"
    """A block that says act now: OFFLINE, PROD."""


@dataclass(frozen=True, slots=True)
class Span:
    """Text of one meaning. Already cleaned; rendered literally."""

    text: str
    role: Role = Role.PLAIN


Cell: TypeAlias = tuple[Span, ...]
"""What stands in one column of one row."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's place. ``width`` in terminal cells; ``grow`` is its share of what is left over.

    A column with ``shed`` above zero is left out when the pane is too narrow, highest first.
    """

    name: str
    title: str
    width: int
    right: bool = False
    grow: int = 0
    shed: int = 0
    flows: bool = False
    """Whether a text that does not fit runs on over the columns behind it while they are empty."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One pane: its rows are asked for by key, and only those that are on screen."""

    name: str
    title: str
    about: str
    """What the pane is of: the queue, the conference. Empty when it is of everything."""
    figures: Cell
    """The pane's own figures, bottom right."""
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    row: Callable[[str], tuple[Cell, ...]]
    """One cell a column, for a key of ``keys``."""
    empty: tuple[Cell, ...] = ()
    """What stands there instead of rows."""
    alert: Cell = ()
    """What is wrong with this pane's reading, beside its title."""
    narrowed: Cell = ()
    """Which rows are left out of it, and how many are not."""
    over: str = ""
    """The filter over it."""
    marked: frozenset[str] = frozenset()
    """The keys that are marked, of ``keys`` and of what has gone."""
    held: bool = False
    """Whether no row may change its place now: gone ones go, new ones wait."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of the screen: ``left`` is cut before ``right`` is."""

    left: Cell = ()
    right: Cell = ()


class Confirm(StrEnum):
    """The way in which a dialog is confirmed."""

    RUN = "run"
    """Fields were asked for: ctrl+g runs."""
    YES = "yes"
    """``y`` runs; Cancel has the focus."""
    TYPED = "typed"
    """The text of ``Form.typed`` must be typed."""


Values: TypeAlias = Mapping[str, str]


def no_complaints(_: Values) -> Mapping[str, str]:
    """Every answer will do."""
    return {}


def no_warning(_: Values) -> str:
    """Nothing follows that would have to be said."""
    return ""


def no_preview(_: Values) -> tuple[Cell, ...]:
    """Nothing to be looked at beforehand."""
    return ()


def no_offers(_: Values) -> Mapping[str, tuple[str, ...]]:
    """All that is known may be picked, whatever the other answers are."""
    return {}


def as_typed(values: Values) -> Values:
    """The answers mean what they say."""
    return values


@dataclass(frozen=True, slots=True)
class Wording:
    """The parts of a dialog that are written anew as its answers and the state change."""

    title: str
    targets: Cell
    """The targets by name; those who have left are struck out, and nobody is added."""
    notes: tuple[Cell, ...]
    run: str


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog, derived from a command's record and its targets."""

    title: str
    final: bool
    """Whether it cannot be taken back; drawn so."""
    targets: Cell
    """Who it is aimed at, by name."""
    notes: tuple[Cell, ...]
    """What will happen, what will show it, what undo can do."""
    fields: tuple[Field, ...]
    values: Values
    confirm: Confirm
    run: str
    """What the button says: "mute 5 people"."""
    typed: str = ""
    complain: Callable[[Values], Mapping[str, str]] = no_complaints
    """Complaints about the answers, by field name."""
    warn: Callable[[Values], str] = no_warning
    """What these answers would also bring about: it is asked about again. Empty where nothing."""
    preview: Callable[[Values], tuple[Cell, ...]] = no_preview
    """The state after the command beside the state now. Drawn anew as the answers change."""
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field name, what may be picked as it is shown, and what is meant by it."""
    plan: Callable[[Values], str] | None = None
    """The request that these answers would send, as a line for a shell."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """By field name, why Telnyx refused the answer that is offered again."""
    wording: Callable[[Values], Wording] | None = None
    """Title, targets, notes and button for these answers, as the state is now."""
    offered: Callable[[Values], Mapping[str, tuple[str, ...]]] = no_offers
    """By field name, the names of ``known`` that fit these answers, where not all do."""
    read: Callable[[Values], Values] = as_typed
    """The answers as they are meant: what was picked stands for what it showed."""


@dataclass(frozen=True, slots=True)
class Board:
    """The whole screen."""

    header: TextLine
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    receipt: TextLine = TextLine()
    hints: TextLine = TextLine()
