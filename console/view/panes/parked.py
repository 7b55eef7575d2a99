"""The parked pane: legs in no conference and no queue, since when, from where and by whom."""

from __future__ import annotations

from collections.abc import Mapping

from console.core.model.command import AnyLeg
from console.core.model.entities import Parked
from console.core.model.resources import Source
from console.core.model.stage import Stage
from console.core.model.state import Receipt
from console.view import alerts
from console.view.context import ViewContext, cell
from console.view.display import Cell, Column, Role, Sheet, Span
from console.view.provenance import label
from console.view.text.labels import clean, duration, place, who

COLUMNS = (
    Column("sign", "", 1),
    Column("who", "who", 12, grow=2),
    Column("since", "since", 5, right=True),
    Column("from", "came from", 9, grow=1),
    Column("by", "by", 8, grow=1, shed=1),
    Column("source", "src", 5, right=True),
)


def sheet(scene: ViewContext) -> Sheet:
    """The parked legs, the one that hears silence longest first, those that surely do before."""
    shelf, moved = visible(scene), _moved(scene)
    ages = [scene.ago(gone.since) for gone in shelf.values()]
    oldest = f" {scene.glyphs.dot} oldest {duration(max(ages))}" if ages else ""
    return Sheet(
        name="parked",
        title="Parked",
        about="",
        figures=cell(f"{len(shelf)}{oldest}", Role.DIM),
        columns=COLUMNS,
        keys=tuple(sorted(shelf, key=lambda leg: (not shelf[leg].sure, shelf[leg].since, leg))),
        row=lambda leg: _row(scene, shelf[leg], moved),
        empty=(cell("Nobody is parked.", Role.DIM),),
    )


def visible(scene: ViewContext) -> Mapping[str, Parked]:
    """Who is on the shelf, but for those whom a command of ours is bringing from where they were.

    Whoever is brought from the shelf itself stays on it until they are seen elsewhere.
    """
    moved = _moved(scene)
    return {
        leg: gone
        for leg, gone in scene.state.parked.items()
        if leg not in moved or _from_the_shelf(moved[leg])
    }


def levels(scene: ViewContext) -> list[alerts.Level]:
    """How urgent each of them is."""
    moved = _moved(scene)
    return [_alarm(scene, gone, moved).level for gone in visible(scene).values()]


def _alarm(scene: ViewContext, gone: Parked, moved: Mapping[str, Receipt]) -> alerts.Alarm:
    """For whom something is being done nothing else is to be done now."""
    return alerts.CALM if gone.leg in moved else alerts.of_parked(scene, gone)


def _moved(scene: ViewContext) -> dict[str, Receipt]:
    """The newest command under way that brings each leg elsewhere.

    One that was proved by what it made, and not by who came, is under way a little longer.
    """
    return {
        receipt.order.target.leg: receipt
        for receipt in scene.state.receipts.values()
        if isinstance(receipt.order.target, AnyLeg) and _under_way(scene, receipt)
    }


def _under_way(scene: ViewContext, receipt: Receipt) -> bool:
    if receipt.stage is Stage.SEEN and receipt.closed is not None:
        return scene.ago(receipt.closed) <= scene.state.policy.sigma
    return receipt.stage.open


def _from_the_shelf(receipt: Receipt) -> bool:
    target = receipt.order.target
    return (
        isinstance(target, AnyLeg) and target.from_conference is None and target.from_queue is None
    )


def _row(scene: ViewContext, gone: Parked, moved: Mapping[str, Receipt]) -> tuple[Cell, ...]:
    alarm, bringing = _alarm(scene, gone, moved), moved.get(gone.leg)
    return (
        alerts.sign(scene, alarm.level),
        cell(who(scene.state, gone.leg), Role.PLAIN if gone.sure else Role.DIM),
        cell(duration(scene.ago(gone.since)), alarm.level.role),
        cell(place(scene.state, gone.conference, gone.queue)),
        _bringing(scene, bringing) if bringing is not None else _by(gone),
        (label(scene, gone.source if gone.sure else Source.INFERRED, gone.seen),),
    )


def _bringing(scene: ViewContext, moved: Receipt) -> Cell:
    verb = moved.order.command.verb
    return cell(f"{verb}{scene.glyphs.ellipsis}", Role.PENDING)


def _by(gone: Parked) -> Cell:
    """Whose doing it is, as far as that is known; of others, that they may have hung up."""
    if gone.by:
        return (Span(clean(gone.by, 12), Role.YOU),)
    if not gone.sure:
        return cell("hung up?", Role.DIM)
    return cell("timeout" if gone.reason == "timeout" else "another" if gone.reason else "alive")
