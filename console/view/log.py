"""The log pane: what happened, newest first, each line with its source and its outcome."""

from __future__ import annotations

from console.core.state import Entry, Sign
from console.view.board import Cell, Column, Role, Sheet, Span
from console.view.receipt import outcome
from console.view.scene import NOTHING, Scene, cell
from console.view.words import clean, lag, room_name, who

COLUMNS = (
    Column("time", "", 10),
    Column("sign", "", 1),
    Column("name", "", 18),
    Column("place", "", 15, grow=1, shed=1),
    Column("text", "", 20, grow=2, flows=True),
    Column("result", "", 14, right=True),
)
SHORTER = ("conference.", "call.")
SIGNS = {
    Sign.WEBHOOK: Role.DIM,
    Sign.POLL: Role.DIM,
    Sign.OPERATOR: Role.ACCENT,
    Sign.INFERRED: Role.SOON,
    Sign.API: Role.SOON,
    Sign.NOTE: Role.SOON,
}
TOLD = {Sign.WEBHOOK, Sign.API}
"""Signs of what Telnyx itself told."""


def sheet(scene: Scene) -> Sheet:
    """The newest entries first."""
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


def _row(scene: Scene, entry: Entry) -> tuple[Cell, ...]:
    sign = scene.glyphs.operator if entry.sign is Sign.OPERATOR else entry.sign.value
    return (
        cell(scene.clock(entry.at, tenths=True), Role.FAINT),
        cell(sign, SIGNS[entry.sign]),
        cell(_name(entry), Role.PLAIN if entry.sign in TOLD else Role.STRONG),
        cell(_place(scene, entry), Role.DIM),
        _text(scene, entry),
        _result(scene, entry),
    )


def _name(entry: Entry) -> str:
    name = clean(entry.name)
    for prefix in SHORTER:
        name = name.removeprefix(prefix)
    return name.replace("_", " ")


def _place(scene: Scene, entry: Entry) -> str:
    if entry.room is not None:
        return room_name(scene.state, entry.room)
    return clean(entry.queue) if entry.queue is not None else ""


def _text(scene: Scene, entry: Entry) -> Cell:
    text = clean(entry.text)
    if entry.leg is not None:
        return (Span(who(scene.state, entry.leg)), Span(f" {text}" if text else "", Role.DIM))
    receipt = scene.state.receipts.get(entry.order or "")
    if receipt is not None and receipt.order.legs:
        return cell(f"{len(receipt.order.legs)} people")
    return cell(text, Role.DIM) if text else NOTHING


def _result(scene: Scene, entry: Entry) -> Cell:
    if entry.order is not None:
        receipt = scene.state.receipts.get(entry.order)
        return outcome(scene, receipt) if receipt is not None else NOTHING
    if entry.sign is Sign.API:
        return cell("from the API", Role.SOON)
    if entry.times > 1:
        return cell(f"{entry.times} times", Role.SOON)
    if entry.attempt > 1:
        return cell(f"try {entry.attempt}", Role.SOON)
    return cell(lag(entry.lag), Role.DIM) if entry.lag is not None else NOTHING
