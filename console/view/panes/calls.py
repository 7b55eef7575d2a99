"""The calls pane: who waits in the selected queue, and for how long."""

from __future__ import annotations

from console.core.messages.read_scopes import CallsScope
from console.core.model.entities import QueuedCall
from console.core.model.identity import name_of
from console.core.model.name_index import Kind
from console.view import alerts
from console.view.context import NOTHING, ViewContext, cell, gauge, lasted, unknown
from console.view.display import Cell, Column, Role, Sheet, Span
from console.view.freshness import ageing, condition, counted, figures_age, tone
from console.view.panes.queue_order import place_in, waiting_in
from console.view.panes.queues import oldest_wait, wait_words
from console.view.text.labels import clean, number, who

SLA = 6
COLUMNS = (
    Column("position", "#", 2, right=True),
    Column("from", "from", 16, grow=1),
    Column("wait", "wait", 5, right=True),
    Column("sla", "limit", SLA, shed=1),
    Column("alive", "alive", 5),
)


def sheet(scene: ViewContext) -> Sheet:
    """The calls of the selected queue, first come first."""
    queue = scene.queue
    if queue is None:
        return Sheet("calls", "Calls", "", (), COLUMNS, (), lambda _: (), _no_queue())
    legs = waiting_in(scene.state, queue)
    calls = scene.state.waiting.get(queue, {})
    oldest = oldest_wait(scene, queue)
    told = wait_words(scene.state, queue, oldest) if oldest is not None else ""
    longest = f" {scene.glyphs.dot} oldest {told}" if told else ""
    return Sheet(
        name="calls",
        title="Calls",
        about=clean(queue),
        figures=(
            *counted(scene, CallsScope(queue), len(legs), f"{len(legs)}{longest}"),
            *figures_age(scene, CallsScope(queue)),
        ),
        columns=COLUMNS,
        keys=legs,
        row=ageing(
            scene,
            CallsScope(queue),
            COLUMNS,
            lambda leg: _row(scene, calls[leg], place_in(scene.state, queue, leg)),
        ),
        empty=condition(
            scene,
            CallsScope(queue),
            "calls",
            "Nobody waits here.",
            "Whoever is sent to this queue comes here.",
        ),
        alert=tone(scene, CallsScope(queue), "calls"),
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
    """Return the caller's name where one is known, with the number behind it, else the number."""
    role = Role.PLAIN if call.listed else Role.DIM
    named = name_of(scene.state, call.leg)
    told = call.listed.from_ if call.listed is not None else None
    if told is None:
        return cell(who(scene.state, call.leg), role)
    shown = number(told)
    if named.kind in {Kind.NUMBER, Kind.TAIL} or not (named.sure or named.kind is Kind.ALIAS):
        return cell(shown, role)
    return (Span(who(scene.state, call.leg), role), Span(f" {shown}", Role.FAINT))


def _alive(call: QueuedCall) -> Cell:
    if call.listed is None or call.listed.alive is None:
        return unknown()
    return cell("yes", Role.DIM) if call.listed.alive else cell("no", Role.SOON)


def _no_queue() -> tuple[Cell, ...]:
    return (cell("Select a queue above.", Role.DIM),)
