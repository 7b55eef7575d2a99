"""The queues pane: size and waiting times of each queue."""

from __future__ import annotations

from console.core.messages.read_scopes import CallsScope, QueuesScope
from console.core.model.command import Pane
from console.core.model.entities import Queue
from console.core.model.state import State
from console.view import alerts
from console.view.context import NOTHING, ViewContext, cell, gauge, lasted, unknown
from console.view.freshness import listing_sheet
from console.view.panes.queue_order import legs_in_queue
from console.view.screen_elements import Cell, Column, Role, Sheet
from console.view.text.labels import clean, duration

LOAD = 8
"""Cells of the gauge that shows how full a queue is."""
COLUMNS = (
    Column("sign", "", 1),
    Column("queue", "queue", 10, grow=1),
    Column("size", "size", 8, right=True),
    Column("load", "load", LOAD, drop_rank=2),
    Column("average", "avg", 5, right=True),
    Column("oldest", "oldest", 6, right=True, drop_rank=1),
)


def sheet(scene: ViewContext) -> Sheet:
    """Return all queues, the most urgent first, then by name."""
    queues = visible(scene.state)
    urgency = {name: alarm_of(scene, queue).level for name, queue in queues.items()}
    sizes = [size_of(scene.state, name) for name in queues]
    waiting = sum(size or 0 for size in sizes)
    more = "+" if None in sizes else ""
    return listing_sheet(
        scene,
        Pane.QUEUES,
        QueuesScope(),
        sorted(queues, key=lambda name: (-urgency[name], name)),
        lambda key: _row(scene, queues[key]),
        columns=COLUMNS,
        count=len(queues),
        counted=f" {scene.glyphs.dot} {waiting}{more} waiting",
        empty=("No queues.", "The first caller creates one."),
    )


def visible(state: State) -> dict[str, Queue]:
    """Return the queues that exist, in order of their names."""
    return {name: queue for name, queue in sorted(state.queues.items()) if queue.is_here}


def size_of(state: State, queue: str) -> int | None:
    """Return the number of waiting calls; None if neither calls nor queue were listed."""
    known, coverage = state.queues.get(queue), state.coverage.get(CallsScope(queue))
    if coverage is not None and coverage.answered is not None:
        return len(legs_in_queue(state, queue))
    return known.listed.size if known is not None and known.listed is not None else None


def oldest_wait(scene: ViewContext, queue: str) -> float | None:
    """Return the wait of the first caller in seconds; None if it is not known."""
    legs = legs_in_queue(scene.state, queue)
    if not legs:
        return None
    since = scene.state.waiting[queue][legs[0]].enqueued_at
    return None if since is None else scene.since(since)


def wait_words(state: State, queue: str, oldest: float) -> str:
    """Return the longest known wait, with ``+`` if the wait of other callers is not known."""
    legs = legs_in_queue(state, queue)
    all_known = not legs or state.waiting[queue][legs[-1]].enqueued_at is not None
    return duration(oldest) + ("" if all_known else "+")


def _row(scene: ViewContext, queue: Queue) -> tuple[Cell, ...]:
    size = size_of(scene.state, queue.name)
    oldest = oldest_wait(scene, queue.name)
    alarm = alarm_of(scene, queue)
    most = queue.listed.max_size if queue.listed else None
    return (
        alerts.level_glyph(scene, alarm.level),
        cell(clean(queue.name)),
        cell("/".join("?" if value is None else str(value) for value in (size, most))),
        gauge(scene.glyphs, size / most, LOAD) if size is not None and most else NOTHING,
        lasted(queue.listed.average_wait if queue.listed else None),
        _oldest(scene, queue.name, size, oldest),
    )


def alarm_of(scene: ViewContext, queue: Queue) -> alerts.Alarm:
    """Return the alarm of a queue: how full it is, or how long its first caller waits."""
    size = size_of(scene.state, queue.name)
    return alerts.of_queue(scene, queue, size, oldest_wait(scene, queue.name))


def _oldest(scene: ViewContext, queue: str, size: int | None, oldest: float | None) -> Cell:
    if oldest is None:
        return cell(scene.glyphs.dash, Role.FAINT) if size == 0 else unknown()
    sla = scene.state.policy.sla
    role = Role.NOW if oldest > 3 * sla else Role.SOON if oldest > sla else Role.PLAIN
    return cell(wait_words(scene.state, queue, oldest), role)
