"""Read scopes: what one read of the API covers. They decide polling, staleness and absence."""

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
    """GET /call_events of one leg, to learn who it is. Not in the specification."""

    leg_id: str


@dataclass(frozen=True, slots=True)
class MissedEventsScope:
    """GET /call_events of one connection, to find missed events. Not in the specification.

    ``since`` is the begin of the period, in seconds on Telnyx's clock.
    """

    connection: str
    since: float = field(compare=False)


@dataclass(frozen=True, slots=True)
class DeliveryScope:
    """GET /webhook_deliveries of one event. Not in the specification."""

    event_id: str


@dataclass(frozen=True, slots=True)
class OneResourceScope:
    """GET of one resource by its path, for a row that the operator inspects."""

    path: tuple[str, ...]


UnspecifiedScope: TypeAlias = CallEventsScope | MissedEventsScope | DeliveryScope
"""Scopes outside the specification. They are read when nothing else is due, if the API key may."""
Scope: TypeAlias = (
    QueuesScope
    | CallsScope
    | ConferencesScope
    | ParticipantsScope
    | OneConferenceScope
    | OneResourceScope
    | UnspecifiedScope
)

LIVE = ConferencesScope("in_progress")
INIT = ConferencesScope("init")
