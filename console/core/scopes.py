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


@dataclass(frozen=True, slots=True)
class OneThing:
    """GET of one thing by its path, to be looked at as it is: a row that the operator inspects."""

    path: tuple[str, ...]


Scope: TypeAlias = Queues | Calls | Conferences | People | OneConference | CallStory | OneThing

LIVE = Conferences("in_progress")
INIT = Conferences("init")
