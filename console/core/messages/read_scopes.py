"""What one read of the API covers: the unit of polling, of staleness and of absence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class QueuesScope:
    """GET /queues."""


@dataclass(frozen=True, slots=True)
class CallsScope:
    """GET /queues/{queue_name}/calls."""

    queue: str


@dataclass(frozen=True, slots=True)
class ConferencesScope:
    """GET /conferences with ``filter[status]``."""

    status: str


@dataclass(frozen=True, slots=True)
class ParticipantsScope:
    """GET /conferences/{conference_id}/participants."""

    conference: str


@dataclass(frozen=True, slots=True)
class OneConferenceScope:
    """GET /conferences/{id}."""

    id: str


@dataclass(frozen=True, slots=True)
class CallEventsScope:
    """GET /call_events of one leg, beyond the specification: who it is, where the key allows."""

    leg_id: str


@dataclass(frozen=True, slots=True)
class MissedEventsScope:
    """GET /call_events of one connection, beyond the specification: what no webhook brought.

    ``since`` is the provider's time from which on, in seconds.
    """

    connection: str
    since: float = field(compare=False)


@dataclass(frozen=True, slots=True)
class DeliveryScope:
    """GET /webhook_deliveries of one event, beyond the specification."""

    event_id: str


@dataclass(frozen=True, slots=True)
class OneResourceScope:
    """GET of one thing by its path, to be looked at as it is: a row that the operator inspects."""

    path: tuple[str, ...]


Aside: TypeAlias = CallEventsScope | MissedEventsScope | DeliveryScope
"""What the specification does not have: read where the key allows, and when nothing else is due."""
Scope: TypeAlias = (
    QueuesScope
    | CallsScope
    | ConferencesScope
    | ParticipantsScope
    | OneConferenceScope
    | OneResourceScope
    | Aside
)

LIVE = ConferencesScope("in_progress")
INIT = ConferencesScope("init")
