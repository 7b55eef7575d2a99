"""How urgent each thing is, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from console.core.model.entities import Conference, Parked, Queue, QueuedCall, RecordingState
from console.view.context import NOTHING, ViewContext, cell
from console.view.display import Cell, Role
from console.view.text.labels import duration


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


def sign(scene: ViewContext, level: Level) -> Cell:
    """The level's own sign, which stands beside the word and the colour."""
    if level is Level.CALM:
        return NOTHING
    return cell(scene.glyphs.now if level is Level.NOW else scene.glyphs.soon, level.role)


def of_conference(scene: ViewContext, conference: Conference) -> Alarm:
    """A conference: its four hours, and a recording left paused."""
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
    """The level of its alarm, without the words: it is asked of every conference there is."""
    return (
        Level.CALM
        if conference.ended
        else max(_fuse(scene, conference), _paused(scene, conference))
    )


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
    """A queued call: its wait against what a caller may wait, and whether it is alive."""
    if call.listed is not None and call.listed.alive is False:
        return Alarm(Level.SOON, "ghost")
    if call.enqueued_at is None:
        return CALM
    share = scene.since(call.enqueued_at) / scene.state.policy.sla
    if share >= 1:
        return Alarm(Level.NOW)
    return Alarm(Level.SOON) if share >= 0.75 else CALM


def of_parked(scene: ViewContext, gone: Parked) -> Alarm:
    """Somebody who hears silence for too long; soon, where they may have hung up."""
    if scene.ago(gone.since) <= scene.state.policy.parked_long:
        return CALM
    return Alarm(Level.NOW if gone.sure else Level.SOON)


def of_queue(scene: ViewContext, line: Queue, size: int | None, oldest: float | None) -> Alarm:
    """A queue: how full it is, and how long its first caller waits. ``oldest`` in seconds."""
    sla = scene.state.policy.sla
    found = [CALM]
    if line.listed is not None and size is not None and line.listed.max_size:
        share = size / line.listed.max_size
        if share >= FULL:
            found.append(Alarm(Level.NOW, "full"))
        elif share >= FILLING:
            found.append(Alarm(Level.SOON, "filling"))
    if oldest is not None and oldest > sla:
        found.append(Alarm(Level.NOW if oldest > 3 * sla else Level.SOON, "waits too long"))
    return max(found, key=lambda alarm: alarm.level)
