"""The queues pane: size and waiting times of each queue."""

from __future__ import annotations

from console.core.messages.read_scopes import CallsScope, QueuesScope
from console.core.model.entities import Queue
from console.core.model.state import State
from console.view import alerts
from console.view.context import NOTHING, ViewContext, cell, gauge, lasted, unknown
from console.view.display import Cell, Column, Role, Sheet
from console.view.freshness import count_cell, dim_if_old, empty_lines, listing_age, listing_problem
from console.view.panes.queue_order import legs_in_queue
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
    urgency = {name: _alarm(scene, queue).level for name, queue in queues.items()}
    sizes = [size_of(scene.state, name) for name in queues]
    waiting = sum(size or 0 for size in sizes)
    more = "+" if None in sizes else ""
    count = f"{len(queues)} {scene.glyphs.dot} {waiting}{more} waiting"
    return Sheet(
        name="queues",
        title="Queues",
        about="",
        figures=(
            *count_cell(scene, QueuesScope(), len(queues), count),
            *listing_age(scene, QueuesScope()),
        ),
        columns=COLUMNS,
        keys=tuple(sorted(queues, key=lambda name: (-urgency[name], name))),
        row=dim_if_old(scene, QueuesScope(), COLUMNS, lambda key: _row(scene, queues[key])),
        empty=empty_lines(
            scene, QueuesScope(), "queues", "No queues.", "The first caller creates one."
        ),
        alert=listing_problem(scene, QueuesScope(), "queues"),
    )


def visible(state: State) -> dict[str, Queue]:
    """Return the queues that exist, in order of their names."""
    return {name: queue for name, queue in sorted(state.queues.items()) if queue.membership.here}


def size_of(state: State, queue: str) -> int | None:
    """Return the number of waiting calls; None if neither calls nor queue were listed."""
    known = state.queues.get(queue)
    coverage = state.coverage.get(CallsScope(queue))
    listed = known.listed.size if known is not None and known.listed is not None else None
    if coverage is not None and coverage.answered is not None:
        return len(legs_in_queue(state, queue))
    return listed


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
    alarm = _alarm(scene, queue)
    most = queue.listed.max_size if queue.listed else None
    return (
        alerts.level_glyph(scene, alarm.level),
        cell(clean(queue.name)),
        cell(f"{_or_unknown(size)}/{_or_unknown(most)}"),
        gauge(scene.glyphs, size / most, LOAD) if size is not None and most else NOTHING,
        lasted(queue.listed.average_wait if queue.listed else None),
        _oldest(scene, queue.name, size, oldest),
    )


def _alarm(scene: ViewContext, queue: Queue) -> alerts.Alarm:
    size = size_of(scene.state, queue.name)
    return alerts.of_queue(scene, queue, size, oldest_wait(scene, queue.name))


def _oldest(scene: ViewContext, queue: str, size: int | None, oldest: float | None) -> Cell:
    if oldest is None:
        return cell(scene.glyphs.dash, Role.FAINT) if size == 0 else unknown()
    sla = scene.state.policy.sla
    role = Role.NOW if oldest > 3 * sla else Role.SOON if oldest > sla else Role.PLAIN
    return cell(wait_words(scene.state, queue, oldest), role)


def _or_unknown(value: int | None) -> str:
    return "?" if value is None else str(value)
