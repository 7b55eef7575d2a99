"""The log entry screen: one entry in full, with the result of each target of its command."""

from __future__ import annotations

from collections.abc import Iterator

from console.core.model.stage import Stage
from console.core.model.state import Entry, Receipt, Sign, State
from console.view.context import ViewContext, cell
from console.view.open_receipts import same_act
from console.view.panes.receipt import ROLES, outcome
from console.view.screen_elements import Cell, Role, Span
from console.view.text.error_text import LONGEST, failure_of
from console.view.text.labels import clean, conference_name, lag, leg_name, place_name

NAME = 12
"""Terminal cells of the name of a line."""
SOURCES = {
    Sign.WEBHOOK: "a webhook",
    Sign.POLL: "a poll",
    Sign.OPERATOR: "a command of this console",
    Sign.INFERRED: "inferred by this console",
    Sign.API: "the API, read afterwards",
    Sign.NOTE: "a note of this console",
}


def entry_at(state: State, key: str | None) -> Entry | None:
    """Return the log entry with this row key; None if there is none."""
    return next((entry for entry in state.log if str(entry.number) == key), None)


def title_of(entry: Entry) -> str:
    """Return the title of the screen that shows an entry."""
    return clean(entry.name, 60).replace("_", " ")


def entry_lines(scene: ViewContext, entry: Entry) -> tuple[Cell, ...]:
    """Return every line of an entry. The stage of its command is the present one."""
    receipt = scene.state.receipts.get(entry.order or "")
    return (*_entry(scene, entry), *(_act(scene, receipt) if receipt is not None else ()))


def _entry(scene: ViewContext, entry: Entry) -> Iterator[Cell]:
    yield _row("time", scene.clock(entry.at, tenths=True))
    yield _row("source", SOURCES[entry.sign])
    if entry.conference is not None:
        name = conference_name(scene.state, entry.conference)
        yield _row("conference", name, f"  {clean(entry.conference)}")
    if entry.queue is not None:
        yield _row("queue", clean(entry.queue))
    if entry.leg is not None:
        yield _row("who", leg_name(scene.state, entry.leg), f"  {clean(entry.leg)}")
    if entry.text:
        yield _row("text", clean(entry.text, LONGEST))
    for leg in entry.legs:
        yield _row("", leg_name(scene.state, leg), f"  {clean(leg)}")
    if entry.lag is not None:
        yield _row("delay", lag(entry.lag), "  from the event to its receipt, by two clocks")
    if entry.times > 1 and entry.first is not None:
        since = f"  since {scene.clock(entry.first, tenths=True)}"
        yield _row("times", str(entry.times), since)
    if entry.attempt > 1:
        yield _row("attempt", str(entry.attempt))
    if entry.order is not None and entry.order not in scene.state.receipts:
        yield _row("result", "no longer kept")


def _act(scene: ViewContext, receipt: Receipt) -> Iterator[Cell]:
    """Yield the lines of every order of the act, each with its targets."""
    yield _row("operator", clean(receipt.order.operator))
    for one in same_act(scene.state, receipt):
        yield cell("")
        yield from _order(scene, one)


def _order(scene: ViewContext, receipt: Receipt) -> Iterator[Cell]:
    order, (codes, title, detail) = receipt.order, failure_of(receipt)
    where = place_name(scene.state, order.conference, order.queue)
    yield (Span(f"{order.command.label}  ", Role.STRONG), Span(where))
    yield (Span("result".ljust(NAME), Role.DIM), *outcome(scene, receipt))
    pointer = clean(receipt.problem.pointer or "") if receipt.problem is not None else ""
    for name, text in (("code", codes), ("why", title), ("detail", detail), ("at", pointer)):
        if text:
            yield _row(name, text)
    for name, moment in (("sent", receipt.sent), ("accepted", receipt.accepted)):
        if moment is not None:
            yield _row(name, scene.clock(moment, tenths=True))
    for leg in order.legs:
        yield _target(scene, leg, *_result(scene, receipt, leg))
    for leg in receipt.not_sent_for:
        yield _target(scene, leg, "not sent: had left, or a command was under way", Role.SOON)
    for key in receipt.left_alone:
        yield _target(scene, key, "changed since, left alone", Role.SOON)


def _result(scene: ViewContext, receipt: Receipt, leg: str) -> tuple[str, Role]:
    if leg in receipt.proved:
        return "seen", ROLES[Stage.SEEN]
    if leg in receipt.lost:
        return "left first", Role.SOON
    open_ = scene.glyphs.ellipsis if receipt.stage.open else ""
    return f"{receipt.stage.value}{open_}", ROLES[receipt.stage]


def _target(scene: ViewContext, leg: str, result: str, role: Role) -> Cell:
    return (Span("  "), Span(leg_name(scene.state, leg)), Span("  "), Span(result, role))


def _row(name: str, value: str, more: str = "") -> Cell:
    return (Span(name.ljust(NAME), Role.DIM), Span(value), Span(more, Role.DIM))
