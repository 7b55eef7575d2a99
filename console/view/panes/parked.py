"""The parked pane: legs that are in no conference and no queue."""

from __future__ import annotations

from collections.abc import Mapping

from console.core.model.command import AnyLeg
from console.core.model.entities import Parked
from console.core.model.listed_resources import Source
from console.core.model.stage import Stage
from console.core.model.state import Receipt
from console.view import alerts
from console.view.context import ViewContext, cell
from console.view.provenance import source_label
from console.view.screen_elements import Cell, Column, Role, Sheet, Span
from console.view.text.labels import clean, duration, leg_name, place_name

COLUMNS = (
    Column("sign", "", 1),
    Column("who", "who", 12, grow=2),
    Column("since", "since", 5, right=True),
    Column("from", "came from", 9, grow=1),
    Column("by", "by", 8, grow=1, drop_rank=1),
    Column("source", "src", 5, right=True),
)


def sheet(scene: ViewContext) -> Sheet:
    """Return the parked legs: sure ones first, then those that may have hung up; oldest first."""
    parked, moving = visible(scene), _moving(scene)
    ages = [scene.ago(one.since) for one in parked.values()]
    oldest = f" {scene.glyphs.dot} oldest {duration(max(ages))}" if ages else ""
    return Sheet(
        name="parked",
        title="Parked",
        about="",
        figures=cell(f"{len(parked)}{oldest}", Role.DIM),
        columns=COLUMNS,
        keys=tuple(
            sorted(parked, key=lambda leg: (not parked[leg].was_alive, parked[leg].since, leg))
        ),
        row=lambda leg: _row(scene, parked[leg], moving),
        empty=(cell("Nobody is parked.", Role.DIM),),
    )


def visible(scene: ViewContext) -> Mapping[str, Parked]:
    """Return the parked legs, without legs that an open command moves between two places.

    A leg that was parked when the command was given stays until it is seen elsewhere.
    """
    moving = _moving(scene)
    return {
        leg: parked
        for leg, parked in scene.state.parked.items()
        if leg not in moving or moving[leg].order.target == AnyLeg(leg)
    }


def alarm_levels(scene: ViewContext) -> list[alerts.Level]:
    """Return the alarm level of each visible parked leg."""
    moving = _moving(scene)
    return [_alarm(scene, parked, moving).level for parked in visible(scene).values()]


def _alarm(scene: ViewContext, parked: Parked, moving: Mapping[str, Receipt]) -> alerts.Alarm:
    """Return the alarm of a parked leg. A leg that a command moves raises none."""
    return alerts.CALM if parked.leg in moving else alerts.of_parked(scene, parked)


def _moving(scene: ViewContext) -> dict[str, Receipt]:
    """Return, for each leg, the newest open command that moves it.

    A command stays for ``policy.sigma`` seconds after its proof: the proof may show the new place
    before the leg is in it.
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


def _row(scene: ViewContext, parked: Parked, moving: Mapping[str, Receipt]) -> tuple[Cell, ...]:
    alarm, by = _alarm(scene, parked, moving), _by(parked)
    if parked.leg in moving:
        verb = moving[parked.leg].order.command.verb
        by = cell(f"{verb}{scene.glyphs.ellipsis}", Role.PENDING)
    return (
        alerts.level_glyph(scene, alarm.level),
        cell(leg_name(scene.state, parked.leg), Role.PLAIN if parked.was_alive else Role.DIM),
        cell(duration(scene.ago(parked.since)), alarm.level.role),
        cell(place_name(scene.state, parked.conference, parked.queue)),
        by,
        (source_label(scene, parked.source if parked.was_alive else Source.INFERRED, parked.seen),),
    )


def _by(parked: Parked) -> Cell:
    """Return the operator or the event that parked the leg; ``hung up?`` if it may be gone."""
    if parked.operator:
        return (Span(clean(parked.operator, 12), Role.YOU),)
    if not parked.was_alive:
        return cell("hung up?", Role.DIM)
    known = "timeout" if parked.reason == "timeout" else "another"
    return cell(known if parked.reason else "alive")
