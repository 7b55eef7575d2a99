"""The log pane: events, commands and notes, newest first."""

from __future__ import annotations

from console.core.model.stage import Stage
from console.core.model.state import Entry, Receipt, Sign
from console.view.context import NOTHING, ViewContext, cell
from console.view.panes.receipt import ROLES, outcome
from console.view.screen_elements import Cell, Column, Role, Sheet, Span
from console.view.text.error_text import EXPLAINED, failure_of
from console.view.text.labels import clean, conference_name, lag, leg_name

COLUMNS = (
    Column("time", "", 10),
    Column("sign", "", 1),
    Column("name", "", 18),
    Column("place", "", 15, grow=1, drop_rank=1),
    Column("text", "", 20, grow=2, flows=True),
    Column("result", "", 14, right=True),
)
SHORTER = ("conference.", "call.")
"""Prefixes of event types that are left out of the name."""
SIGNS = {
    Sign.WEBHOOK: Role.DIM,
    Sign.POLL: Role.DIM,
    Sign.OPERATOR: Role.ACCENT,
    Sign.INFERRED: Role.SOON,
    Sign.API: Role.SOON,
    Sign.NOTE: Role.SOON,
}
TELNYX = {Sign.WEBHOOK, Sign.API}
"""Signs of entries that Telnyx reported."""


def sheet(scene: ViewContext) -> Sheet:
    """Return the log entries, newest first, with counts of odd webhooks."""
    entries = {str(entry.number): entry for entry in reversed(scene.state.log)}
    health = scene.state.health
    odd = [
        f"{count} {word}"
        for count, word in (
            (health.duplicates, "doubled"),
            (health.unknown, "unknown"),
            (health.unreadable, "unreadable"),
            (health.retried, "retried"),
            (health.recovered, "from the API"),
            (health.refused, "refused"),
        )
        if count
    ]
    dot = f" {scene.glyphs.dot} "
    return Sheet(
        name="log",
        title="Log",
        about="",
        figures=cell(dot.join([f"{health.verified} webhooks", *odd]), Role.DIM),
        columns=COLUMNS,
        keys=tuple(entries),
        row=lambda key: _row(scene, entries[key]),
        empty=(cell("Nothing has happened yet.", Role.DIM),),
    )


def _row(scene: ViewContext, entry: Entry) -> tuple[Cell, ...]:
    sign = scene.glyphs.operator if entry.sign is Sign.OPERATOR else entry.sign.value
    return (
        cell(scene.clock(entry.at, tenths=True), Role.FAINT),
        cell(sign, SIGNS[entry.sign]),
        cell(_name(scene, entry), Role.PLAIN if entry.sign in TELNYX else Role.STRONG),
        cell(_place(scene, entry), Role.DIM),
        _text(scene, entry),
        _result(scene, entry),
    )


def _name(scene: ViewContext, entry: Entry) -> str:
    """Return the verb of a command, else the event type in short."""
    command = scene.state.commands.get(entry.name) if entry.order is not None else None
    if command is not None:
        return f"{command.verb} to" if command.toward == "to" else command.verb
    name = clean(entry.name)
    for prefix in SHORTER:
        name = name.removeprefix(prefix)
    return name.replace("_", " ")


def _place(scene: ViewContext, entry: Entry) -> str:
    if entry.conference is not None:
        return conference_name(scene.state, entry.conference)
    return clean(entry.queue) if entry.queue is not None else ""


def _text(scene: ViewContext, entry: Entry) -> Cell:
    receipt = scene.state.receipts.get(entry.order or "")
    text = "  ".join(filter(None, (clean(entry.text), _failure(receipt))))
    legs = entry.legs or (receipt.order.legs if receipt is not None else ())
    who = f"{len(legs)} people" if legs else ""
    if entry.leg is not None:
        who = leg_name(scene.state, entry.leg)
    if who:
        return (Span(who), Span(f" {text}" if text else "", Role.DIM))
    return cell(text, Role.DIM) if text else NOTHING


def _failure(receipt: Receipt | None) -> str:
    """Return the reason of a command that was refused, dropped or is unknown; else empty."""
    if receipt is None or receipt.stage not in EXPLAINED:
        return ""
    _, title, detail = failure_of(receipt)
    return f"{title}: {detail}" if detail else title


def _result(scene: ViewContext, entry: Entry) -> Cell:
    if entry.order is not None:
        receipt = scene.state.receipts.get(entry.order)
        times = Span(f" x{entry.times}" if entry.times > 1 else "", Role.SOON)
        return (*_outcome(scene, receipt), times) if receipt is not None else NOTHING
    if entry.sign is Sign.API:
        return cell("from the API", Role.SOON)
    if entry.times > 1:
        return cell(f"x{entry.times}", Role.SOON)
    if entry.attempt > 1:
        return cell(f"try {entry.attempt}", Role.SOON)
    return cell(lag(entry.lag), Role.DIM) if entry.lag is not None else NOTHING


def _outcome(scene: ViewContext, receipt: Receipt) -> Cell:
    """Return the outcome of a command. A refusal has its error code, or the HTTP status."""
    shown, problem = outcome(scene, receipt), receipt.problem
    code = "" if problem is None else problem.code or str(problem.status or "")
    if receipt.stage is not Stage.REFUSED or not code:
        return shown
    return (*shown, Span(f" {clean(code)}", ROLES[receipt.stage]))
