"""Webhook events: their payloads and the body that carries them.

The fields are those of the Telnyx API, webhook schemas. The place of the time differs by event:
``occurred_at`` is in ``data`` for calls and for joined and left, and in ``payload`` for the others.
recording.saved has only the start and end of the recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from console.simulator.http_types import Json
from console.simulator.models import Conference, Leg, WebhookOptions

FLOOR = "conference.floor.changed"
SAVED = "conference.recording.saved"
TIME_OUTSIDE = ("conference.participant.joined", "conference.participant.left")


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """The call that an event or a command is recorded under."""

    call_leg_id: str
    call_session_id: str
    connection_id: str
    from_: str
    to: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event that is sent as a webhook.

    Attributes:
        event_type: Such as ``conference.created``.
        id: Stays the same through every attempt at delivery.
        occurred_at: Epoch seconds.
        payload: As the API writes it.
        flat: True if written without the ``data`` wrapper (only floor.changed ever is).
        hooks: Webhook URLs and retries of the call itself, which replace the account's; None for
            the account's.
    """

    event_type: str
    id: str
    occurred_at: float
    payload: Mapping[str, Json]
    flat: bool = False
    webhook_options: WebhookOptions | None = None


def webhook_time(epoch: float) -> str:
    """Return a time as webhooks write it, such as ``2026-11-22T09:00:02.574031Z``."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def body(event: Event, attempt: int, delivered_to: str) -> Json:
    """Return the webhook body of one attempt; ``meta`` has the attempt number and the URL."""
    data: dict[str, Json] = {
        "record_type": "event",
        "event_type": event.event_type,
        "id": event.id,
    }
    if event.event_type.startswith("call.") or event.event_type in TIME_OUTSIDE:
        data["occurred_at"] = webhook_time(event.occurred_at)
    data["payload"] = event.payload
    meta: Json = {"attempt": attempt, "delivered_to": delivered_to}
    return {**data, "meta": meta} if event.flat else {"data": data, "meta": meta}


def original_event(event: Event) -> Json:
    """Return the event as /call_events and /webhook_deliveries show it."""
    return {
        "record_type": "event",
        "event_type": event.event_type,
        "id": event.id,
        "occurred_at": webhook_time(event.occurred_at),
        "payload": event.payload,
    }


def recorded_call(leg: Leg) -> RecordedCall:
    """Return the fields that identify a call in the history."""
    return RecordedCall(leg.call_leg_id, leg.call_session_id, leg.connection_id, leg.from_, leg.to)


def leg_fields(leg: Leg) -> dict[str, Json]:
    """Return the payload fields that identify a call; client_state is null if the leg has none."""
    return {
        "call_control_id": leg.call_control_id,
        "call_leg_id": leg.call_leg_id,
        "call_session_id": leg.call_session_id,
        "connection_id": leg.connection_id,
        "client_state": leg.client_state,
    }


def conference_fields(conference: Conference, leg: Leg) -> dict[str, Json]:
    """Return the payload fields that identify a leg in a conference.

    A client_state that was given when the conference was created is in all its webhooks (Telnyx
    API, conference create, client_state). INFERRED: without it, the client_state of the leg is
    sent.
    """
    block = leg_fields(leg)
    if conference.client_state is not None:
        block["client_state"] = conference.client_state
    return {**block, "conference_id": conference.id}


def creator_fields(conference: Conference) -> dict[str, Json]:
    """Return the payload fields of audio for a whole conference, which have no leg's ids."""
    return {
        "connection_id": conference.connection_id,
        "creator_call_session_id": conference.creator.call_session_id,
        "conference_id": conference.id,
    }


def initiated(leg: Leg) -> dict[str, Json]:
    """Return the payload of call.initiated."""
    payload: dict[str, Json] = {
        **leg_fields(leg),
        **_ends(leg),
        "direction": leg.direction,
        "state": "parked" if leg.direction == "incoming" else "bridging",
    }
    if leg.caller_name is not None:
        payload["caller_id_name"] = leg.caller_name
    return payload


def answered(leg: Leg) -> dict[str, Json]:
    """Return the payload of call.answered."""
    return {**leg_fields(leg), **_ends(leg), "state": "answered"}


def bridged(leg: Leg) -> dict[str, Json]:
    """Return the payload of call.bridged."""
    return {**leg_fields(leg), **_ends(leg)}


def hung_up(leg: Leg, source: str) -> dict[str, Json]:
    """Return the payload of call.hangup; ``source`` is caller, callee or unknown."""
    return {
        **leg_fields(leg),
        **_ends(leg),
        "state": "hangup",
        "hangup_cause": leg.hangup_cause,
        "hangup_source": source,
        "sip_hangup_cause": "200",
    }


def _ends(leg: Leg) -> dict[str, Json]:
    return {"from": leg.from_, "to": leg.to, "start_time": webhook_time(leg.started_at)}
