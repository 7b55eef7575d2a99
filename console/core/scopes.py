"""What one read of the API covers: the unit of polling, of staleness and of absence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Queues:
    """GET /queues."""


@dataclass(frozen=True, slots=True)
class Calls:
    """GET /queues/{queue_name}/calls."""

    queue: str


@dataclass(frozen=True, slots=True)
class Conferences:
    """GET /conferences with ``filter[status]``."""

    status: str


@dataclass(frozen=True, slots=True)
class People:
    """GET /conferences/{conference_id}/participants."""

    conference: str


@dataclass(frozen=True, slots=True)
class OneConference:
    """GET /conferences/{id}."""

    id: str


@dataclass(frozen=True, slots=True)
class CallStory:
    """GET /call_events of one leg, beyond the specification: who it is, where the key allows."""

    leg_id: str


Scope: TypeAlias = Queues | Calls | Conferences | People | OneConference | CallStory

LIVE = Conferences("in_progress")
INIT = Conferences("init")
