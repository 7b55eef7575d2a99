"""Meaning of the text typed after a colon: the lines to suggest, and the action of enter."""

from __future__ import annotations

from dataclasses import dataclass, replace

from console.commands.command_line import (
    PLAN,
    Offer,
    matching_offers,
    offers,
    split_line,
    why_not_here,
)
from console.core.model.command import Pane
from console.view.context import ViewContext
from console.view.text.labels import clean, conference_name, leg_name
from console.view.typed_names import LineTarget, accepted_names, completions, resolve


@dataclass(frozen=True, slots=True)
class LineAction:
    """The action of enter: a command with its target, or an action of the screen."""

    offer: Offer
    target: LineTarget | None = None
    """The target of a command, as shown when enter was pressed; None for a screen action."""
    argument: str = ""
    """The text typed after the line of a screen action."""
    plan: bool = False
    """True if the plan of the command is shown and the command does not run."""

    @property
    def action(self) -> str:
        """The screen action in the spelling of Textual, with its argument."""
        name, takes = self.offer.action, self.offer.takes
        return f"{name}({self.argument!r})" if takes else name


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One suggested line. Without ``chosen``, enter completes the text and runs nothing."""

    line: str
    key: str
    asks: str
    words: str
    chosen: LineAction | None = None


@dataclass(frozen=True, slots=True)
class LineReading:
    """The suggested lines. ``why`` is the reason if the typed text has no meaning, else empty."""

    rows: tuple[SuggestionRow, ...]
    why: str = ""


def cursor_label(scene: ViewContext) -> str:
    """Return the pane and the row under the cursor, which a line without a name acts on."""
    at = scene.cursor
    leg = {Pane.CALLS: at.call, Pane.PEOPLE: at.leg, Pane.PARKED: at.parked}.get(at.pane)
    row = "" if leg is None else leg_name(scene.state, leg)
    if at.pane is Pane.CONFERENCES and at.conference is not None:
        row = conference_name(scene.state, at.conference)
    elif at.pane is Pane.QUEUES and at.queue is not None:
        row = clean(at.queue, 40)
    return f"{at.pane.value}: {row}" if row else at.pane.value


def read_line(scene: ViewContext, text: str) -> LineReading:
    """Return the meaning of ``text`` for the present pane and cursor."""
    among = offers(scene.state.commands, scene.cursor.pane)
    found = split_line(text, among)
    if found is None:
        return _search(scene, text, among)
    offer, argument = found
    if offer.line == PLAN:
        return _planned(scene, offer, argument, open_=text.endswith(" "))
    if offer.command:
        found_lines = _command(scene, offer, argument, open_=text.endswith(" "))
        searched = () if found_lines.rows else matching_offers(text, among)
        return LineReading(tuple(_row(scene, one) for one in searched)) if searched else found_lines
    if argument and not offer.takes:
        return LineReading((), f"{offer.line} takes no argument")
    return LineReading((_row(scene, offer, argument),))


def _search(scene: ViewContext, text: str, among: tuple[Offer, ...]) -> LineReading:
    rows = tuple(_row(scene, offer) for offer in matching_offers(text, among))
    return LineReading(rows, "" if rows else why_not_here(scene.state.commands, text))


def _row(scene: ViewContext, offer: Offer, argument: str = "") -> SuggestionRow:
    chosen = LineAction(offer, LineTarget(scene.cursor) if offer.command else None, argument)
    if offer.line == PLAN:
        return SuggestionRow(f"{PLAN} ", offer.key, offer.asks, offer.words)
    line = f"{offer.line} {argument}".strip()
    return SuggestionRow(line, offer.key, offer.asks, offer.help or offer.words, chosen)


def _planned(scene: ViewContext, offer: Offer, argument: str, *, open_: bool) -> LineReading:
    """Return the suggestions for the command after ``plan``. Enter shows them and runs nothing."""
    if not argument and not open_:
        return LineReading((_row(scene, offer),))
    verbs = tuple(o for o in offers(scene.state.commands, scene.cursor.pane) if o.command)
    found = split_line(argument, verbs)
    if found is not None:
        inner = _command(scene, *found, open_=open_)
    else:
        inner = _search(scene, argument, verbs)
    return LineReading(tuple(map(_under_plan, inner.rows)), inner.why)


def _under_plan(row: SuggestionRow) -> SuggestionRow:
    chosen = replace(row.chosen, plan=True) if row.chosen is not None else None
    return replace(row, line=f"{PLAN} {row.line}", asks=PLAN, chosen=chosen)


def _command(scene: ViewContext, offer: Offer, argument: str, *, open_: bool) -> LineReading:
    command = scene.state.commands[offer.command]
    if not argument:
        every = accepted_names(scene, command) if open_ else ()
        return LineReading((_row(scene, offer), *(_to_complete(offer, name) for name in every)))
    found = resolve(scene, command, argument)
    if isinstance(found, LineTarget):
        line, words = f"{offer.line} {argument}", f"{offer.takes}: {found.name}"
        row = SuggestionRow(line, offer.key, offer.asks, words, LineAction(offer, found))
        return LineReading((row,))
    near = completions(argument, accepted_names(scene, command))
    return LineReading(tuple(_to_complete(offer, name) for name in near), found)


def _to_complete(offer: Offer, name: str) -> SuggestionRow:
    """Return a suggestion with this name. Enter writes it out; the next enter runs it."""
    return SuggestionRow(f"{offer.line} {name}", offer.key, offer.asks, offer.help or offer.words)
