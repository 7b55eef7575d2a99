"""How urgent each thing is, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from console.core.beliefs import Line, Parked, Room, Waiting
from console.view.board import Cell, Role
from console.view.scene import NOTHING, Scene, cell
from console.view.words import duration


class Level(IntEnum):
    """The higher, the sooner."""

    CALM = 0
    SOON = 1
    NOW = 2

    @property
    def role(self) -> Role:
        """What it is drawn as."""
        return (Role.PLAIN, Role.SOON, Role.NOW)[self]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A level and its reason."""

    level: Level
    why: str = ""


CALM = Alarm(Level.CALM)
FULL = 0.9
FILLING = 0.7


def sign(scene: Scene, level: Level) -> Cell:
    """The level's own sign, which stands beside the word and the colour."""
    if level is Level.CALM:
        return NOTHING
    return cell(scene.glyphs.now if level is Level.NOW else scene.glyphs.soon, level.role)


def of_room(scene: Scene, room: Room) -> Alarm:
    """A conference: its four hours, and a recording left paused."""
    if room.ended:
        return CALM
    policy = scene.state.policy
    found = [CALM]
    if room.fields is not None:
        left = -scene.since(room.fields.expires_at)
        if left <= policy.fuse_soon:
            level = Level.NOW if left <= policy.fuse_now else Level.SOON
            found.append(Alarm(level, f"ends in {duration(left)}"))
        if room.fields.status == "init":
            found.append(Alarm(Level.CALM, "waiting to start"))
    if room.recording is not None and room.recording.state == "paused":
        paused = scene.ago(room.recording.since)
        level = Level.NOW if paused > policy.pause_limit else Level.SOON
        found.append(Alarm(level, f"rec off {duration(paused)}"))
    return max(found, key=lambda alarm: (alarm.level, bool(alarm.why)))


def of_call(scene: Scene, call: Waiting) -> Alarm:
    """A queued call: its wait against what a caller may wait, and whether it is alive."""
    if call.fields is not None and not call.fields.alive:
        return Alarm(Level.SOON, "ghost")
    if call.enqueued_at is None:
        return CALM
    share = scene.since(call.enqueued_at) / scene.state.policy.sla
    if share >= 1:
        return Alarm(Level.NOW)
    return Alarm(Level.SOON) if share >= 0.75 else CALM


def of_parked(scene: Scene, gone: Parked) -> Alarm:
    """Somebody who hears silence for too long; soon, where they may have hung up."""
    if scene.ago(gone.since) <= scene.state.policy.shelf_long:
        return CALM
    return Alarm(Level.NOW if gone.sure else Level.SOON)


def of_queue(scene: Scene, line: Line, size: int | None, oldest: float | None) -> Alarm:
    """A queue: how full it is, and how long its first caller waits. ``oldest`` in seconds."""
    sla = scene.state.policy.sla
    found = [CALM]
    if line.fields is not None and size is not None and line.fields.max_size:
        share = size / line.fields.max_size
        if share >= FULL:
            found.append(Alarm(Level.NOW, "full"))
        elif share >= FILLING:
            found.append(Alarm(Level.SOON, "filling"))
    if oldest is not None and oldest > sla:
        found.append(Alarm(Level.NOW if oldest > 3 * sla else Level.SOON, "waits too long"))
    return max(found, key=lambda alarm: alarm.level)
