"""The calls pane: the callers who wait in the selected queue."""

from __future__ import annotations

from console.core.messages.read_scopes import CallsScope
from console.core.model.command import Pane
from console.core.model.entities import QueuedCall
from console.core.model.identity import name_of
from console.core.model.name_index import NameKind
from console.view import alerts
from console.view.context import NOTHING, ViewContext, cell, gauge, lasted, unknown
from console.view.freshness import listing_sheet
from console.view.panes.queue_order import legs_in_queue, position_in
from console.view.panes.queues import oldest_wait, wait_words
from console.view.screen_elements import Cell, Column, Role, Sheet, Span
from console.view.text.labels import caller_number, clean, leg_name

SLA = 6
"""Cells of the gauge that shows the wait against the limit."""
COLUMNS = (
    Column("position", "#", 2, right=True),
    Column("from", "from", 16, grow=1),
    Column("wait", "wait", 5, right=True),
    Column("sla", "limit", SLA, drop_rank=1),
    Column("alive", "alive", 5),
)


def sheet(scene: ViewContext) -> Sheet:
    """Return the calls of the selected queue, first come first."""
    queue = scene.cursor.queue
    if queue is None:
        empty = (cell("Select a queue above.", Role.DIM),)
        return Sheet("calls", "Calls", "", (), COLUMNS, (), lambda _: (), empty)
    legs = legs_in_queue(scene.state, queue)
    calls = scene.state.waiting.get(queue, {})
    oldest = oldest_wait(scene, queue)
    waited = wait_words(scene.state, queue, oldest) if oldest is not None else ""
    return listing_sheet(
        scene,
        Pane.CALLS,
        CallsScope(queue),
        legs,
        lambda leg: _row(scene, calls[leg], position_in(scene.state, queue, leg)),
        columns=COLUMNS,
        count=len(legs),
        counted=f" {scene.glyphs.dot} oldest {waited}" if waited else "",
        about=clean(queue),
        empty=("Nobody waits here.", "Callers sent to this queue appear here."),
    )


def _row(scene: ViewContext, call: QueuedCall, place: int) -> tuple[Cell, ...]:
    alarm = alerts.of_call(scene, call)
    waited = None if call.enqueued_at is None else scene.since(call.enqueued_at)
    share = 0.0 if waited is None else waited / scene.state.policy.sla
    bar = Role.ACCENT if alarm.level is alerts.Level.CALM else alarm.level.role
    return (
        cell(str(place), Role.DIM),
        _from(scene, call),
        lasted(waited, alarm.level.role),
        gauge(scene.glyphs, share, SLA, bar) if waited is not None else NOTHING,
        _alive(call),
    )


def _from(scene: ViewContext, call: QueuedCall) -> Cell:
    """Return the caller's name and number if the name is sure, else the number."""
    role = Role.PLAIN if call.listed else Role.DIM
    named = name_of(scene.state, call.leg)
    caller = call.listed.from_ if call.listed is not None else None
    if caller is None:
        return cell(leg_name(scene.state, call.leg), role)
    shown = caller_number(caller)
    sure = named.sure and named.kind not in {NameKind.NUMBER, NameKind.TAIL}
    if not sure and named.kind is not NameKind.ALIAS:
        return cell(shown, role)
    return (Span(leg_name(scene.state, call.leg), role), Span(f" {shown}", Role.FAINT))


def _alive(call: QueuedCall) -> Cell:
    if call.listed is None or call.listed.alive is None:
        return unknown()
    return cell("yes", Role.DIM) if call.listed.alive else cell("no", Role.SOON)
