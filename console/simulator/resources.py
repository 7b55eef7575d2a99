"""The resources as the API writes them (Telnyx API, response schemas)."""

from __future__ import annotations

from datetime import UTC, datetime

from console.simulator import recordings
from console.simulator.conferences import SITES
from console.simulator.http_types import Json
from console.simulator.models import (
    Conference,
    Leg,
    LegState,
    Media,
    Participant,
    QueuedCall,
    Recording,
    Status,
)
from console.simulator.queue_order import Queue, waited


def answer_time(epoch: float) -> str:
    """Return a time as answers write it, such as ``2026-11-22T09:00:02.574Z``."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def conference(conference: Conference) -> dict[str, Json]:
    """Return the JSON of a conference as the API gives it.

    INFERRED: ``end_reason`` and ``ended_by`` are there only after its end.
    """
    shown: dict[str, Json] = {
        "record_type": "conference",
        "id": conference.id,
        "name": conference.name,
        "created_at": answer_time(conference.created_at),
        "expires_at": answer_time(conference.expires_at),
        "updated_at": answer_time(conference.updated_at),
        "status": conference.status.value,
        "region": SITES[conference.region],
        "connection_id": conference.connection_id,
    }
    if conference.status is Status.COMPLETED:
        by = conference.ended_by
        shown["end_reason"] = conference.end_reason
        shown["ended_by"] = {
            "call_control_id": by.call_control_id if by else None,
            "call_session_id": by.call_session_id if by else None,
        }
    return shown


def participant_listed(conference: Conference, one: Participant) -> dict[str, Json]:
    """Return the JSON of a participant in a listing."""
    return {
        "record_type": "participant",
        "conference": {"id": conference.id, "name": conference.name},
        **_participant(one),
    }


def participant_read(conference: Conference, one: Participant) -> dict[str, Json]:
    """Return the JSON of a single participant: conference_id, any label, no record_type."""
    shown = {"conference_id": conference.id, **_participant(one)}
    if one.label is not None:
        shown["label"] = one.label
    return shown


def queue(one: Queue, now: float) -> dict[str, Json]:
    """Return the JSON of a queue; INFERRED: current_size counts ghosts, which are listed."""
    return {
        "record_type": "queue",
        "id": one.id,
        "name": one.name,
        "created_at": answer_time(one.created_at),
        "updated_at": answer_time(one.updated_at),
        "current_size": len(one),
        "max_size": one.max_size,
        "average_wait_time_secs": one.average_wait(now),
    }


def queued_call(one: Queue, call: QueuedCall, position: int, now: float) -> dict[str, Json]:
    """Return the JSON of a queued call."""
    leg = call.leg
    return {
        "record_type": "queue_call",
        "call_control_id": leg.call_control_id,
        "call_leg_id": leg.call_leg_id,
        "call_session_id": leg.call_session_id,
        "connection_id": leg.connection_id,
        "from": leg.from_,
        "to": leg.to,
        "enqueued_at": answer_time(call.enqueued_at),
        "wait_time_secs": waited(call, now),
        "queue_position": position,
        "queue_id": one.id,
        "is_alive": call.hung_up_at is None,
    }


def call(leg: Leg, now: float) -> dict[str, Json]:
    """Return the status of a call; end_time only once it has ended, client_state if it has one."""
    shown = dialled(leg)
    shown["is_alive"] = leg.state is LegState.ANSWERED
    shown["call_duration"] = int((leg.ended_at or now) - leg.started_at)
    shown["start_time"] = answer_time(leg.started_at)
    if leg.ended_at is not None:
        shown["end_time"] = answer_time(leg.ended_at)
    return shown


def dialled(leg: Leg) -> dict[str, Json]:
    """Return the answer to a dial; is_alive is always false, because dialling is asynchronous."""
    shown: dict[str, Json] = {
        "record_type": "call",
        "call_control_id": leg.call_control_id,
        "call_leg_id": leg.call_leg_id,
        "call_session_id": leg.call_session_id,
        "is_alive": False,
    }
    if leg.client_state is not None:
        shown["client_state"] = leg.client_state
    return shown


def active_call(leg: Leg, now: float) -> dict[str, Json]:
    """Return a call in a connection's list; INFERRED: client_state is empty if it has none."""
    return {
        "record_type": "call",
        "call_control_id": leg.call_control_id,
        "call_leg_id": leg.call_leg_id,
        "call_session_id": leg.call_session_id,
        "client_state": leg.client_state or "",
        "call_duration": int(now - leg.started_at),
    }


def recording(one: Recording) -> dict[str, Json]:
    """Return the JSON of a saved recording."""
    leg = one.creator
    return {
        "record_type": "recording",
        "id": one.id,
        "status": "completed",
        "source": "conference",
        "initiated_by": "StartConferenceRecordingAPI",
        "conference_id": one.conference_id,
        "call_control_id": leg.call_control_id,
        "call_leg_id": leg.call_leg_id,
        "call_session_id": leg.call_session_id,
        "connection_id": leg.connection_id,
        "from": leg.from_,
        "to": leg.to,
        "channels": one.channels,
        "download_urls": {one.format: recordings.url(one)},
        "duration_millis": recordings.millis(one, one.started_at),
        "recording_started_at": answer_time(one.started_at),
        "recording_ended_at": answer_time(one.ended_at or one.started_at),
        "created_at": answer_time(one.saved_at or one.started_at),
        "updated_at": answer_time(one.saved_at or one.started_at),
    }


def media(one: Media) -> dict[str, Json]:
    """Return the JSON of a file of the media library."""
    return {
        "media_name": one.name,
        "content_type": one.content_type,
        "created_at": answer_time(one.created_at),
        "updated_at": answer_time(one.created_at),
        "expires_at": answer_time(one.expires_at),
    }


def application(
    connection_id: str, url: Json, failover_url: Json, created_at: float
) -> dict[str, Json]:
    """Return the JSON of the Call Control application that every call belongs to."""
    return {
        "record_type": "call_control_application",
        "id": connection_id,
        "application_name": "simulator",
        "active": True,
        "anchorsite_override": "Latency",
        "created_at": answer_time(created_at),
        "updated_at": answer_time(created_at),
        "dtmf_type": "RFC 2833",
        "first_command_timeout": False,
        "first_command_timeout_secs": 30,
        "inbound": {"channel_limit": None, "shaken_stir_enabled": False},
        "outbound": {"channel_limit": None, "outbound_voice_profile_id": None},
        "webhook_api_version": "2",
        "webhook_event_url": url,
        "webhook_event_failover_url": failover_url,
        "webhook_timeout_secs": 2,
    }


def _participant(one: Participant) -> dict[str, Json]:
    return {
        "id": one.id,
        "call_control_id": one.leg.call_control_id,
        "call_leg_id": one.leg.call_leg_id,
        "created_at": answer_time(one.created_at),
        "updated_at": answer_time(one.updated_at),
        "end_conference_on_exit": one.end_on_exit,
        "soft_end_conference_on_exit": one.soft_end_on_exit,
        "muted": one.muted,
        "on_hold": one.on_hold,
        "status": one.status,
        "whisper_call_control_ids": list(one.whisper_to),
    }
