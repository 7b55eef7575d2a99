"""Urgency of conferences, calls, queues and parked legs, with the reason to show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from console.core.model.entities import Conference, Parked, Queue, QueuedCall, RecordingState
from console.view.context import NOTHING, ViewContext, cell
from console.view.screen_elements import Cell, Role
from console.view.text.labels import duration


class Level(IntEnum):
    """Urgency: the higher, the sooner it needs attention."""

    CALM = 0
    SOON = 1
    NOW = 2

    @property
    def role(self) -> Role:
        """The role that this level is drawn in."""
        return (Role.PLAIN, Role.SOON, Role.NOW)[self]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A level with the reason to show. The reason is empty if the row says it already."""

    level: Level
    why: str = ""


CALM = Alarm(Level.CALM)
FULL = 0.9
FILLING = 0.7
"""Shares of a queue's maximum size from which it counts as full or filling."""


def level_glyph(scene: ViewContext, level: Level) -> Cell:
    """Return the glyph of a level, so that it does not depend on colour alone. CALM has none."""
    if level is Level.CALM:
        return NOTHING
    return cell(scene.glyphs.now if level is Level.NOW else scene.glyphs.soon, level.role)


def of_conference(scene: ViewContext, conference: Conference) -> Alarm:
    """Return the alarm of a conference: its end is near, or its recording is paused."""
    if conference.ended:
        return CALM
    fuse, paused = _fuse(scene, conference), _paused(scene, conference)
    expires = conference.listed.expires_at if conference.listed is not None else None
    if expires is not None and fuse is not Level.CALM and fuse >= paused:
        return Alarm(fuse, f"ends in {duration(-scene.since(expires))}")
    if conference.recording is not None and paused is not Level.CALM:
        return Alarm(paused, f"rec off {duration(scene.ago(conference.recording.since))}")
    if conference.listed is not None and conference.listed.status == "init":
        return Alarm(Level.CALM, "waiting to start")
    return CALM


def level_of_conference(scene: ViewContext, conference: Conference) -> Level:
    """Return the level of ``of_conference``. Cheaper: it is computed for every conference."""
    if conference.ended:
        return Level.CALM
    return max(_fuse(scene, conference), _paused(scene, conference))


def _fuse(scene: ViewContext, conference: Conference) -> Level:
    if conference.listed is None or conference.listed.expires_at is None:
        return Level.CALM
    left, policy = -scene.since(conference.listed.expires_at), scene.state.policy
    if left > policy.end_soon:
        return Level.CALM
    return Level.NOW if left <= policy.end_now else Level.SOON


def _paused(scene: ViewContext, conference: Conference) -> Level:
    if conference.recording is None or conference.recording.state != RecordingState.PAUSED:
        return Level.CALM
    paused = scene.ago(conference.recording.since)
    return Level.NOW if paused > scene.state.policy.pause_limit else Level.SOON


def of_call(scene: ViewContext, call: QueuedCall) -> Alarm:
    """Return the alarm of a queued call: its wait against the limit, or the caller hung up."""
    if call.listed is not None and call.listed.alive is False:
        return Alarm(Level.SOON, "ghost")
    if call.enqueued_at is None:
        return CALM
    share = scene.since(call.enqueued_at) / scene.state.policy.sla
    if share >= 1:
        return Alarm(Level.NOW)
    return Alarm(Level.SOON) if share >= 0.75 else CALM


def of_parked(scene: ViewContext, parked: Parked) -> Alarm:
    """Return the alarm of a leg parked too long: NOW, or SOON if it may have hung up."""
    if scene.ago(parked.since) <= scene.state.policy.parked_long:
        return CALM
    return Alarm(Level.NOW if parked.was_alive else Level.SOON)


def of_queue(scene: ViewContext, queue: Queue, size: int | None, oldest: float | None) -> Alarm:
    """Return the worse alarm of a queue: how full it is, or the ``oldest`` wait in seconds."""
    sla = scene.state.policy.sla
    found = [CALM]
    if queue.listed is not None and size is not None and queue.listed.max_size:
        share = size / queue.listed.max_size
        if share >= FULL:
            found.append(Alarm(Level.NOW, "full"))
        elif share >= FILLING:
            found.append(Alarm(Level.SOON, "filling"))
    if oldest is not None and oldest > sla:
        found.append(Alarm(Level.NOW if oldest > 3 * sla else Level.SOON, "waits too long"))
    return max(found, key=lambda alarm: alarm.level)
